// One realm with all its hooks: the page's own, or that of a frame which the page can reach before our own scripts do.
import { makeRoom } from "./arguments";
import type { Channel } from "./channel";
import { take } from "./customs";
import { hookEvents } from "./events";
import { hookFrames } from "./frames";
import { defineProperty, getOwnPropertyDescriptor, getter, listen, own } from "./own";
import { MARK } from "./question";
import { hookRequests } from "./requests";
import { hookShaders } from "./shaders";
import { hookStreaming } from "./streaming";
import { hookTransport } from "./transport";
import { hookUnwatched } from "./unwatched";
import { hookWebAssembly } from "./webassembly";
import { hookSockets } from "./websocket";
import { hookWorkers } from "./workers/hook";
import type { PageYard } from "./workers/watch";
import { hookWorklets } from "./worklets";
import { hideText } from "./wrap";

type Realm = Window & typeof globalThis;

/**
 * Hooks a realm, once; false: it was already. A frame that its parent used before its document came keeps its realm, with whatever the page
 * did to it: then the parent's hooks stay in charge, and are only told that there is a new document (`again.ts`). `isWithin`
 * tells of a frame whether these hooks stand around it.
 */
export function hookRealm(
  realm: Realm,
  judge: Channel,
  yard: PageYard,
  isWithin: () => boolean = () => false,
): boolean {
  const hooked = getOwnPropertyDescriptor(realm.Reflect, MARK)?.value as Follow | undefined;
  if (hooked !== undefined) {
    if (realm === globalThis) hooked();
    return false;
  }
  // One that is hooked in part would be taken for hooked.
  if (realm !== globalThis) makeRoom();
  // A frame's next document is there when the task has ended in which this one goes.
  const leaving = () => own.soon(sweep);
  const { follow, sweep } = hookFrames(realm, (child, isWithin) => {
    if (hookRealm(child, judge, yard, isWithin)) listen(child, "pagehide", leaving, true);
  });
  let { PerformanceObserver, document } = realm;
  take(document);
  const value: Follow = (leaves) => {
    if (leaves === true) leaving();
    else follow();
    // Hooks that do not stand around it may end before it does.
    if (!isWithin()) return false;
    if (realm.document !== document) yard.observe(PerformanceObserver);
    document = realm.document;
    take(document);
    return true;
  };
  defineProperty(realm.Reflect, MARK, { __proto__: null, value } as PropertyDescriptor);
  hideText(realm.Function.prototype);
  // The document of a realm may change: its own window's properties cannot be replaced and tell the current one.
  const address = () => (realm === globalThis ? "" : realm.location.href);
  const base = () => baseOf(realm.document);
  hookWebAssembly(realm.WebAssembly, judge, address);
  hookStreaming(realm.WebAssembly, judge);
  hookSockets(realm, judge, base);
  hookRequests(realm, judge, base);
  hookEvents(realm, judge);
  hookTransport(realm, judge, base);
  hookShaders(realm, judge);
  hookWorkers(realm, yard, base);
  hookUnwatched(realm, judge, yard, base);
  hookWorklets(realm, judge, yard, base);
  return true;
}

/** What a hooked realm is told: that it has another document, or that one of its frames is about to. */
type Follow = (leaves?: boolean) => boolean;

/** What the realm around this one has been hooked with; undefined where that is of another origin. */
function around(): Follow | undefined {
  if (window.parent === window) return undefined;
  try {
    return getOwnPropertyDescriptor((window.parent as Realm).Reflect, MARK)?.value as Follow | undefined;
  } catch {
    return undefined;
  }
}

/**
 * A document whose first byte has yet to come has its realm already, in which no script of ours has run: the document
 * around it looks for it as soon as the one before has gone.
 */
export function tellLeaving(): void {
  const told = around();
  if (told !== undefined) listen(window, "pagehide", () => told(true), true);
}

/**
 * A blank frame has its scripts and its `load` run inside the call that inserts it, with whatever was inserted beside it:
 * the document around it looks for those first.
 */
export function lookAround(): void {
  if (location.href !== "about:blank") return;
  around()?.();
}

const baseOf = getter(Node.prototype, "baseURI");
