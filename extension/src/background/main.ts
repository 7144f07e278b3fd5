// The service worker: every listener is registered in the first turn, as the browser demands, and only wires.

import { browser, REFUSED } from "../shared/browser";
import { watchAccess } from "./access";
import {
  analyse,
  BOOK_ALARM,
  busy,
  committed,
  decide,
  expire,
  fetched,
  happened,
  hear,
  inTurn,
  judged,
  large,
  readScript,
  recalled,
  refused,
  report,
  settingsChanged,
  start,
  tripped,
  view,
} from "./desk";
import type { TabEvent } from "./engine";
import { noteApart, watchFetches } from "./fetches";
import { arePlain, readScripts } from "./kept";
import { watchLoads } from "./loads";
import { watchNotices, welcome } from "./notices";
import { fromSettingsPage } from "./own";
import { restPermits } from "./permits";
import { frameSender, isOwnPage, isScript, readFrameMessage, readPopupMessage } from "./receive";
import { whenChanged } from "./settings";
import { watchTripwire } from "./tripwire";
import { trouble } from "./trouble";

browser.runtime.onInstalled.addListener(({ reason }) => {
  start();
  if (reason === "install") welcome().catch(trouble);
});
browser.runtime.onStartup.addListener(start);

browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === BOOK_ALARM) expire();
});

watchAccess();
whenChanged(() => inTurn(settingsChanged).catch(trouble));
watchNotices();
watchTripwire(tripped);
watchFetches(fetched);

browser.webNavigation.onCommitted.addListener((details) => {
  const { tabId, frameId, documentId, parentDocumentId, documentLifecycle, url } = details;
  const sender = { frame: frameId, document: documentId, url };
  committed(tabId, sender, parentDocumentId, documentLifecycle === "prerender");
});

watchLoads((tab, sender) => happened(tab, { kind: "completed", sender }));
restPermits().catch(trouble);

browser.tabs.onRemoved.addListener((tab) => happened(tab, { kind: "closed" }));

browser.webRequest.onErrorOccurred.addListener(
  ({ error, tabId, frameId, documentId, initiator, url }) => {
    if (error !== REFUSED || tabId < 0) return;
    refused(tabId, { frame: Math.max(frameId, 0), document: documentId ?? "", url: initiator ?? "" }, url);
  },
  { urls: ["<all_urls>"] },
);

browser.runtime.onMessage.addListener((message: unknown, sender, answer) => {
  const pending = isOwnPage(sender) ? fromPopup(message) : fromFrame(message, sender);
  if (!pending) return false;
  pending.then(answer, (error: unknown) => {
    trouble(error);
    answer(undefined);
  });
  return true;
});

/** The answer to come, or `undefined` when there is none to wait for. */
function fromFrame(message: unknown, from: chrome.runtime.MessageSender): Promise<unknown> | undefined {
  const known = frameSender(from);
  const read = known && readFrameMessage(message, known.sender);
  if (!read) return undefined;
  switch (read.kind) {
    case "recall":
      return recalled(known, read.recall);
    case "large":
      return large(known, read.large);
    case "judged":
      // Whoever found something hears when it was taken note of.
      return judged(known, read.found, read.digest);
    case "message":
      return hear(known.tab, known.sender, read.spoken);
    case "shaders":
      return Promise.all(read.shaders.map((asked) => analyse(known.tab, known.sender, asked)));
    case "scripts":
      return readScripts(known.tab, known.sender, read.scripts);
    case "kept-scripts":
      return Promise.resolve(arePlain(read.keys));
    case "analyse": {
      const isBeside = isScript(read.asked.artifact) || read.asked.artifact === "apart-wasm";
      return (isBeside ? readScript : analyse)(known.tab, known.sender, read.asked);
    }
    case "event":
      note(known.tab, read.event);
      return undefined;
  }
}

function note(tab: number, event: TabEvent): void {
  if (event.kind === "unwatched" && event.reason === "worker") noteApart(tab);
  if (event.kind === "busy") busy(tab, event);
  else void happened(tab, event);
}

function fromPopup(message: unknown): Promise<unknown> | undefined {
  const read = readPopupMessage(message);
  switch (read?.kind) {
    case "view":
      return view(read.tab);
    case "report":
      return report(read.tab);
    case "decide":
      return decide(read.tab, { kind: "decided", choice: read.choice });
    default:
      return fromSettingsPage(message);
  }
}
