// What every page of the extension does: its words in the person's language, files that are saved, access that is asked for.

import { browser } from "./browser";
import { byId, make } from "./dom";
import { say } from "./words";

/** How long the browser may take to begin with a file before its address is taken back, in milliseconds. */
const SAVING_MS = 10_000;
const EVERYWHERE = { origins: ["<all_urls>"] };

/** Puts the words of the person's language where the page names them, and turns it to the side that is read from. */
export function prepare(): void {
  document.documentElement.lang = say("language");
  document.documentElement.dir = say("direction");
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    element.textContent = say(element.dataset["text"] ?? "");
  }
  for (const field of document.querySelectorAll<HTMLInputElement>("[data-placeholder]")) {
    field.placeholder = say(field.dataset["placeholder"] ?? "");
  }
}

/** Saves a value as a file on this computer. */
export function saveAs(name: string, value: unknown): void {
  const file = new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: "application/json" });
  const url = URL.createObjectURL(file);
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
}

/** Shows that the browser keeps the extension out of sites, where it does. */
export async function showAccess(): Promise<void> {
  byId("access", HTMLElement).hidden = await browser.permissions.contains(EVERYWHERE);
}

/** Asks the person for access to every site. */
export async function grantAccess(): Promise<void> {
  await browser.permissions.request(EVERYWHERE);
  await showAccess();
}
