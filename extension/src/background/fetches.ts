// What shared and service workers fetch: the browser tells of these requests without a tab. Only addresses are kept, for the
// case that such a worker compiles WebAssembly.
import { browser } from "../shared/browser";
import type { Fetched } from "./engine";

const OK = 200;

/** Calls `tell` with every response that a worker without a tab was given and that a page of its origin can have as well. */
export function watchFetches(tell: (fetched: Fetched) => void): void {
  browser.webRequest.onResponseStarted.addListener(
    ({ tabId, method, statusCode, initiator, url, responseHeaders = [] }) => {
      if (tabId >= 0 || method !== "GET" || statusCode !== OK || initiator === undefined) return;
      const header = (name: string): string =>
        responseHeaders.find((header) => header.name.toLowerCase() === name)?.value ?? "";
      const shared = header("access-control-allow-origin");
      const isReadable = url.startsWith(`${initiator}/`) || shared === "*" || shared === initiator;
      if (isReadable) tell({ origin: initiator, url, content_type: header("content-type") });
    },
    { urls: ["http://*/*", "https://*/*"], types: ["xmlhttprequest"] },
    ["responseHeaders"],
  );
}
