// Sites with what was decided for them.

import { byId, make, tell } from "../shared/dom";
import type { Choice, SettingsView, SiteView } from "../shared/messages";
import { date, keyEnd, say } from "../shared/words";
import { ask, show } from "./options";

/** Shows every decision. */
export function showSites(sites: readonly SiteView[]): void {
  const table = byId("sites", HTMLTableElement);
  // The focus stays where it was: a list that is made anew would lose it.
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["site"] : undefined;
  table.tBodies[0]?.replaceChildren(...sites.map(row));
  table.hidden = sites.length === 0;
  byId("no-sites", HTMLElement).hidden = sites.length > 0;
  if (focused !== undefined) (byFocus(focused) ?? byId("site", HTMLInputElement)).focus();
}

const byFocus = (site: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>("[data-site]")].find((button) => button.dataset["site"] === site);

function row({ site, also, decision, since, until }: SiteView): HTMLElement {
  const others = also.length > 0 ? [make("span", { class: "hint" }, say("alsoCovers", also.join(", ")))] : [];
  const isOfPolicy = decision === "policy-allowed" || decision === "policy-blocked";
  const ends = until === undefined || until === null ? date(since) : say("until", date(until));
  const label = `${say("remove")} ${site}`;
  const remove = make("button", { type: "button", "aria-label": label, "data-site": site }, say("remove"));
  remove.addEventListener("click", async () => show(await ask({ kind: "edit", edit: { kind: "remove", site } })));
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("span", { dir: "ltr" }, site), ...others),
    make("td", {}, say(`ruling${keyEnd(decision)}`)),
    make("td", {}, isOfPolicy ? say("fromPolicy") : ends),
    make("td", {}, isOfPolicy ? "" : remove),
  );
}

/** Hands new decisions over. */
export function attendSites(): void {
  const field = byId("site", HTMLInputElement);
  byId("add", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    const site = hostOf(field.value);
    const choice = byId("choice", HTMLSelectElement).value as Choice;
    const edit = { kind: "add", site: site ?? "", choice } as const;
    const view = await ask<SettingsView>({ kind: "edit", edit });
    const isTaken = view?.sites.some((known) => known.site === site) === true;
    tell(byId("site-refused", HTMLElement), isTaken ? "" : say("siteRefused", field.value));
    if (!view || !isTaken) return;
    field.value = "";
    show(view);
  });
}

/** The host of what was typed, in the letters of the domain name system. Whether it is one is for the core to say. */
function hostOf(typed: string): string | undefined {
  const text = typed.trim();
  try {
    return new URL(text.includes("://") ? text : `https://${text}`).hostname;
  } catch {
    return undefined;
  }
}
