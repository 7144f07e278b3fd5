// One realm with all its hooks: the page's own, or that of a frame which the page can reach before our own scripts do.
import { makeRoom } from "./arguments";
import type { Channel } from "./channel";
import { take } from "./customs";
import { hookChannels } from "./datachannel";
import { hookEvents } from "./events";
import { type Follow, type HookFrame, hookFrames, isFrameOf, markOf } from "./frames";
import { viewOf } from "./nodes";
import { defineProperty, getter, listen, own, startsWith } from "./own";
import { MARK } from "./question";
import { hookRequests } from "./requests";
import { hookShaders } from "./shaders";
import { hookStreaming } from "./streaming";
import { hookTransport } from "./transport";
import { hookUnwatched } from "./unwatched";
import { hookWebAssembly } from "./webassembly";
import { hookSockets } from "./websocket";
import { hookWorkers } from "./workers/hook";
import { hookTrust } from "./workers/trust";
import type { PageYard } from "./workers/watch";
import { hookWorklets } from "./worklets";
import { hideText, stepAside } from "./wrap";

type Realm = Window & typeof globalThis;

/**
 * Hooks a realm, once. A frame that its parent used before its document came keeps its realm, with whatever the page
 * did to it: then the parent's hooks stay in charge, and are only told that there is a new document (`again.ts`). `isWithin`
 * tells of a frame whether these hooks stand around it; `leaves` is called whenever its document goes.
 */
export function hookRealm(
  realm: Realm,
  judge: Channel,
  yard: PageYard,
  leaves: (() => void) | undefined,
  isWithin: () => boolean = () => false,
): void {
  const hooked = markOf(realm);
  const heed = () => leaves && listen(realm, "pagehide", leaves, true);
  // Another window keeps its realm as well, but outlives the hooks of whoever used it before its document came: its own stand
  // before those then, and take over.
  const isApart = window.top !== null && realm.top !== window.top;
  if (hooked !== undefined && realm !== globalThis) {
    // Nobody else would hear that its document goes.
    if (isApart) heed();
    return;
  }
  hooked?.();
  // One that is hooked in part would be taken for hooked.
  if (realm !== globalThis) makeRoom();
  hideText(realm.Function.prototype);
  if (isApart) stepAside(isGone);
  // A frame's next document is there when the task has ended in which this one goes.
  const leaving = (child: Realm) => own.soon(() => again(child));
  const hookFrame: HookFrame = (child, isWithin) => hookRealm(child, judge, yard, () => leaving(child), isWithin);
  const { follow, again } = hookFrames(realm, hookFrame, isApart);
  heed();
  // Whoever was opened can use the realm of its opener's next document.
  if (realm === globalThis && window.opener) again(window.opener as Realm);
  let { PerformanceObserver, document } = realm;
  const value: Follow = (frame) => {
    if (frame === null) return !isGone();
    if (frame === undefined) follow();
    else if (isFrameOf(frame, realm)) leaving(frame);
    heed();
    // Hooks that do not stand around it may end before it does.
    if (isApart || !isWithin()) return false;
    if (realm.document !== document) yard.observe(PerformanceObserver);
    document = realm.document;
    take(document);
    return true;
  };
  defineProperty(realm.location, MARK, { __proto__: null, value } as PropertyDescriptor);
  // The document of a realm may change: its own window's properties cannot be replaced and tell the current one.
  const address = () => (realm === globalThis ? "" : realm.location.href);
  const base = () => baseOf(realm.document);
  // Whatever is called back through hooks of another window is so no more when that has gone.
  if (!isApart) {
    take(document);
    hookTrust(realm);
    hookRequests(realm, judge, base);
    hookEvents(realm, judge);
    hookTransport(realm, judge, base);
    hookChannels(realm, judge);
    hookShaders(realm, judge);
  }
  if (hooked !== undefined) stepAside(() => hooked(null));
  hookWebAssembly(realm.WebAssembly, judge, address);
  hookStreaming(realm.WebAssembly, judge);
  hookSockets(realm, judge, base);
  hookWorkers(realm, yard, base);
  hookUnwatched(realm, judge, yard, base);
  hookWorklets(realm, judge, yard, base);
  stepAside(undefined);
}

/** Whether the document of these hooks has gone, and with it whoever answers them. */
const isGone = (): boolean => viewOf(ownDocument) === null;
const ownDocument = document;

/** What the realm around this one has been hooked with; undefined where that is of another origin. */
function around(): Follow | undefined {
  if (window.parent === window) return undefined;
  try {
    return markOf(window.parent as Realm);
  } catch {
    return undefined;
  }
}

/**
 * A document whose first byte has yet to come has its realm already, in which no script of ours has run: the document
 * around it looks for it as soon as the one before has gone. Returns what tells it; undefined where it is of another origin.
 */
export function leavingAround(): (() => void) | undefined {
  const told = around();
  return told && (() => void told(window));
}

/**
 * A blank frame has its scripts and its `load` run inside the call that inserts it, with whatever was inserted beside it:
 * the document around it looks for those first.
 */
export function lookAround(): void {
  if (startsWith(location.href, "about:blank")) around()?.();
}

const baseOf = getter(Node.prototype, "baseURI");
