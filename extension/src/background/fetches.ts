// What workers without hooks fetch. The browser tells of requests of shared and service workers without a tab; in a tab
// that has dedicated ones without hooks, whatever is fetched may be theirs. Only addresses are kept, for the case that such a
// worker compiles WebAssembly.
import { browser } from "../shared/browser";
import type { Fetched } from "./engine";

const OK = 200;
/** Where tabs are noted until the browser closes: the background may sleep between a worker's start and what it fetches. */
const KEY = "apart";

let noted: Promise<Set<number>> | undefined;

/** Calls `tell` with every response that a worker without hooks may have been given and that a page of its origin can have. */
export function watchFetches(tell: (fetched: Fetched) => void): void {
  browser.webRequest.onResponseStarted.addListener(
    (details) => {
      if (details.tabId < 0) tellOf(details, tell);
      // The page's own scripts are read there.
      else if (details.type !== "script") void tabs().then((all) => all.has(details.tabId) && tellOf(details, tell));
    },
    { urls: ["http://*/*", "https://*/*"], types: ["xmlhttprequest", "script"] },
    ["responseHeaders"],
  );
  browser.tabs.onRemoved.addListener((tab) => void note((all) => all.delete(tab)));
}

/** This tab has a dedicated worker without hooks. */
export function noteApart(tab: number): void {
  void note((all) => !all.has(tab) && all.add(tab) !== undefined);
}

function tellOf(details: chrome.webRequest.OnResponseStartedDetails, tell: (fetched: Fetched) => void): void {
  const { tabId, type, method, statusCode, initiator, url, responseHeaders = [] } = details;
  if (method !== "GET" || statusCode !== OK || initiator === undefined) return;
  const header = (name: string): string =>
    responseHeaders.find((header) => header.name.toLowerCase() === name)?.value ?? "";
  const shared = header("access-control-allow-origin");
  const isReadable = url.startsWith(`${initiator}/`) || (type !== "script" && (shared === "*" || shared === initiator));
  const tab = tabId < 0 ? undefined : tabId;
  if (isReadable)
    tell({ tab, origin: initiator, url, content_type: header("content-type"), script: type === "script" });
}

const tabs = (): Promise<Set<number>> => {
  noted ??= browser.storage.session.get(KEY).then(
    ({ [KEY]: all }) => new Set(Array.isArray(all) ? (all as number[]) : []),
    () => new Set(),
  );
  return noted;
};

async function note(change: (all: Set<number>) => boolean): Promise<void> {
  const all = await tabs();
  if (change(all)) await browser.storage.session.set({ [KEY]: [...all] });
}
