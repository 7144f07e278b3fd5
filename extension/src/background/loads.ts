// When a page has loaded. Only what was allowed for one load ends with it, and the browser tells of every frame: it is
// listened to only while something ends.
import { browser } from "../shared/browser";
import type { Sender } from "./engine";

let listen: Parameters<typeof browser.webNavigation.onCompleted.addListener>[0] | undefined;
/** How often somebody had to know. */
let awaited = 0;

/** Calls `tell` when a page has loaded, while somebody has to know; must be called in the first turn, as all listeners. */
export function watchLoads(tell: (tab: number, sender: Sender) => void): void {
  listen = ({ tabId, frameId, documentId, url }) => {
    if (frameId === 0) tell(tabId, { frame: frameId, document: documentId, url });
  };
  browser.webNavigation.onCompleted.addListener(listen);
}

/** Somebody has to know. */
export function awaitLoads(): void {
  awaited += 1;
  if (listen !== undefined) browser.webNavigation.onCompleted.addListener(listen);
}

/** Ends to listen where nobody has to know: `isAwaited` looks. */
export async function restLoads(isAwaited: () => Promise<boolean>): Promise<void> {
  const before = awaited;
  if ((await isAwaited()) || before !== awaited) return;
  if (listen !== undefined) browser.webNavigation.onCompleted.removeListener(listen);
}
