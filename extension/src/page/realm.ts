// One realm with all its hooks: the page's own, or that of a frame which the page can reach before our own scripts do.
import type { Channel } from "./channel";
import { hookEvents } from "./events";
import { hookFrames } from "./frames";
import { defineProperty, getOwnPropertyDescriptor, getter } from "./own";
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
 * Hooks a realm, once. A frame that its parent used before its document came keeps its realm, with whatever the page
 * did to it: then the parent's hooks stay in charge, and are only told that there is a new document (`again.ts`). `isWithin`
 * tells of a frame whether these hooks stand around it.
 */
export function hookRealm(realm: Realm, judge: Channel, yard: PageYard, isWithin: () => boolean = () => false): void {
  const hooked = getOwnPropertyDescriptor(realm.Reflect, MARK)?.value as (() => boolean) | undefined;
  if (hooked !== undefined) {
    if (realm === globalThis) hooked();
    return;
  }
  const follow = hookFrames(realm, (child, isWithin) => hookRealm(child, judge, yard, isWithin));
  let { PerformanceObserver, document } = realm;
  const value = (): boolean => {
    follow();
    // Hooks that do not stand around it may end before it does.
    if (!isWithin()) return false;
    if (realm.document !== document) yard.observe(PerformanceObserver);
    document = realm.document;
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
}

/**
 * A blank frame has its scripts and its `load` run inside the call that inserts it, with whatever was inserted beside it:
 * the document around it looks for those first.
 */
export function lookAround(): void {
  if (location.href !== "about:blank" || window.parent === window) return;
  try {
    const around = (window.parent as Realm).Reflect;
    (getOwnPropertyDescriptor(around, MARK)?.value as (() => void) | undefined)?.();
  } catch {
    // It is of another origin.
  }
}

const baseOf = getter(Node.prototype, "baseURI");
