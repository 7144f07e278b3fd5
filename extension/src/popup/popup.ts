// The popup: asks the background for the view of the tab once a second and shows it. Decides nothing.

import { browser } from "../shared/browser";
import { byId, make, tell } from "../shared/dom";
import type { Choice, Opinion, PopupMessage, Report, TabView } from "../shared/messages";
import { grantAccess, prepare, saveAs, showAccess } from "../shared/page";
import { keyEnd, number, say } from "../shared/words";
import { showBusy } from "./busy";
import { showFindings } from "./findings";

const REFRESH_MS = 1000;

/** The tab that the popup speaks of: the one in front, or `?tab=` when the page stands in a tab of its own. */
async function tabInFront(): Promise<number | undefined> {
  const asked = new URLSearchParams(location.search).get("tab");
  if (asked !== null) return Number(asked);
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  return tab?.id;
}

function ask<T>(message: PopupMessage): Promise<T | undefined> {
  return browser.runtime.sendMessage(message);
}

function show(view: TabView): void {
  tell(byId("site", HTMLElement), view.site ?? "");
  byId("verdict", HTMLElement).dataset["tone"] = view.tone;
  tell(byId("sentence", HTMLElement), say(view.sentence.key, ...view.sentence.args));
  tell(byId("decision", HTMLElement), view.decision === "undecided" ? "" : say(`decision${keyEnd(view.decision)}`));
  tell(byId("mode", HTMLElement), view.mode === "block" ? "" : say(`mode${keyEnd(view.mode)}Hint`));
  showActions(view);
  showFindings(view);
  showBusy(view);
  showUnwatched(view);
}

function showActions(view: TabView): void {
  byId("once", HTMLButtonElement).hidden = !view.can_allow_once;
  byId("hour", HTMLButtonElement).hidden = !view.can_allow_always;
  byId("always", HTMLButtonElement).hidden = !view.can_allow_always;
  byId("forbid", HTMLButtonElement).hidden = !view.can_forbid;
  byId("pause", HTMLButtonElement).hidden = !view.can_pause;
  byId("resume", HTMLButtonElement).hidden = !view.can_resume;
  const again = byId("again", HTMLButtonElement);
  again.hidden = !view.can_block;
  const label = say(view.decision === "blocked" ? "release" : "blockAgain");
  if (again.textContent !== label) again.textContent = label;
  const isOffered = view.can_allow_once || view.can_allow_always;
  const brakes = view.can_pause || view.can_resume;
  byId("actions", HTMLElement).hidden = !(isOffered || view.can_block || view.can_forbid || brakes);
  tell(byId("also", HTMLElement), isOffered && view.also.length > 0 ? say("alsoAllows", view.also.join(", ")) : "");
}

function showUnwatched({ unwatched }: TabView): void {
  const told = unwatched.filter(({ reason }) => reason !== "restricted");
  byId("unwatched", HTMLElement).hidden = told.length === 0;
  const items = told.map(({ reason, detail, count }) => {
    const times = count > 1 ? ` ×${number(count)}` : "";
    const where = detail === "" ? [] : [make("span", { class: "where", dir: "ltr" }, detail)];
    return make("li", {}, say(`unwatched${keyEnd(reason)}`) + times, ...where);
  });
  const list = byId("unwatched-list", HTMLElement);
  if (list.textContent !== items.map((item) => item.textContent).join("")) list.replaceChildren(...items);
}

async function decide(tab: number, choice: Choice): Promise<void> {
  document.body.ariaBusy = "true";
  try {
    const view = await ask<TabView>({ kind: "decide", tab, choice });
    if (view) show(view);
  } finally {
    document.body.ariaBusy = "false";
  }
}

/** What the tab knows, with what the person holds of it: a file that `davy explain` reads. */
async function saveReport(tab: number): Promise<void> {
  const report = await ask<Report>({ kind: "report", tab });
  if (!report) return;
  const chosen = document.querySelector<HTMLInputElement>('input[name="opinion"]:checked');
  const note = byId("note", HTMLTextAreaElement).value.trim();
  const opinion = chosen === null ? {} : { opinion: chosen.value as Opinion };
  saveAs("davy-report.json", { ...report, ...opinion, ...(note === "" ? {} : { note }) });
}

async function refresh(tab: number): Promise<void> {
  const view = await ask<TabView>({ kind: "view", tab });
  if (view) show(view);
}

async function run(): Promise<void> {
  prepare();
  byId("settings", HTMLButtonElement).addEventListener("click", () => void browser.runtime.openOptionsPage());
  byId("grant", HTMLButtonElement).addEventListener("click", () => void grantAccess());
  void showAccess();
  const tab = await tabInFront();
  if (tab === undefined) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-choice]")) {
    // The value of the attribute is checked again by the background.
    button.addEventListener("click", () => void decide(tab, button.dataset["choice"] as Choice));
  }
  byId("mistake-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void saveReport(tab);
  });
  await refresh(tab);
  setInterval(() => void refresh(tab), REFRESH_MS);
}

void run();
