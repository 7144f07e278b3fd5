// Whether the browser lets the extension into pages: a person can withhold sites from it at any time.

import { browser } from "../shared/browser";

const EVERYWHERE = { origins: ["<all_urls>"] };
let everywhere: Promise<boolean> | undefined;

/** Listens to what the person grants and withholds. */
export function watchAccess(): void {
  const forget = (): void => {
    everywhere = undefined;
  };
  browser.permissions.onAdded.addListener(forget);
  browser.permissions.onRemoved.addListener(forget);
}

/** Whether every site may be looked into. */
export function hasAccess(): Promise<boolean> {
  everywhere ??= browser.permissions.contains(EVERYWHERE);
  return everywhere;
}

/** Whether the page at this address may be looked into; an address that no extension may see is none of this. */
export async function hasAccessTo(url: string): Promise<boolean> {
  if (!/^https?:/.test(url) || (await hasAccess())) return true;
  const { protocol, hostname } = new URL(url);
  return browser.permissions.contains({ origins: [`${protocol}//${hostname}/*`] });
}
