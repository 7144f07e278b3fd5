// The popup: asks the background for the view of the tab once a second and shows it. Decides nothing.

import { browser } from "../shared/browser";
import type { Choice, PopupMessage, Report, TabView } from "../shared/messages";
import { showBusy } from "./busy";
import { byId, make, tell } from "./dom";
import { showFindings } from "./findings";
import { keyEnd, number, say } from "./words";

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
  byId("footer", HTMLElement).hidden = view.findings.length === 0;
  showActions(view);
  showFindings(view);
  showBusy(view);
  showUnwatched(view);
}

function showActions(view: TabView): void {
  byId("once", HTMLButtonElement).hidden = !view.can_allow_once;
  byId("always", HTMLButtonElement).hidden = !view.can_allow_always;
  byId("again", HTMLButtonElement).hidden = !view.can_block;
  const isOffered = view.can_allow_once || view.can_allow_always;
  byId("actions", HTMLElement).hidden = !(isOffered || view.can_block);
  tell(byId("also", HTMLElement), isOffered && view.also.length > 0 ? say("alsoAllows", view.also.join(", ")) : "");
}

function showUnwatched({ unwatched }: TabView): void {
  const told = unwatched.filter(({ reason }) => reason !== "restricted");
  byId("unwatched", HTMLElement).hidden = told.length === 0;
  const items = told.map(({ reason, detail, count }) => {
    const times = count > 1 ? ` ×${number(count)}` : "";
    const where = detail === "" ? [] : [make("span", { class: "where" }, detail)];
    return make("li", {}, say(`unwatched${keyEnd(reason)}`) + times, ...where);
  });
  const list = byId("unwatched-list", HTMLElement);
  if (list.textContent !== items.map((item) => item.textContent).join("")) list.replaceChildren(...items);
}

async function decide(tab: number, choice: Choice): Promise<void> {
  const view = await ask<TabView>({ kind: "decide", tab, choice });
  if (view) show(view);
}

async function save(tab: number): Promise<void> {
  const report = await ask<Report>({ kind: "report", tab });
  if (!report) return;
  const file = new Blob([`${JSON.stringify(report, null, 2)}\n`], { type: "application/json" });
  const url = URL.createObjectURL(file);
  make("a", { href: url, download: "davy-report.json" }).click();
  setTimeout(() => URL.revokeObjectURL(url), REFRESH_MS);
}

async function refresh(tab: number): Promise<void> {
  const view = await ask<TabView>({ kind: "view", tab });
  if (view) show(view);
}

async function run(): Promise<void> {
  document.documentElement.lang = browser.i18n.getUILanguage();
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = say(element.dataset["text"] ?? "");
  }
  const tab = await tabInFront();
  if (tab === undefined) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-choice]")) {
    // The value of the attribute is checked again by the background.
    button.addEventListener("click", () => void decide(tab, button.dataset["choice"] as Choice));
  }
  byId("save", HTMLButtonElement).addEventListener("click", () => void save(tab));
  await refresh(tab);
  setInterval(() => void refresh(tab), REFRESH_MS);
}

void run();
