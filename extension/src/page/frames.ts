// Frames whose first document waits for a navigation get no content script, while their parent can use their realm at
// once: such realms are hooked from here, at every door through which a page gets hold of one.

import { makeSomeRoom } from "./arguments";
import { hookReactions } from "./customs";
import { documentAt, hookShadows, inserting, type Visit } from "./insertions";
import { setting, writing } from "./markup";
import { viewOf } from "./nodes";
import { apply, getOwnPropertyDescriptor, listen, OwnWeakMap, own, uncurried, watchNode } from "./own";
import { MARK } from "./question";
import { type Native, replace, replaceAccessor, type Traps } from "./wrap";

type Realm = Window & typeof globalThis;
/** Hooks a frame's realm. `isWithin` tells whether its window is a frame of the one around it. */
export type HookFrame = (child: Realm, isWithin: () => boolean) => void;
type HookChild = (child: Realm) => void;

const HOLDERS = ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement", "HTMLEmbedElement"] as const;
const NODE_METHODS = ["appendChild", "insertBefore", "replaceChild"];
const PARENTS = [
  "Element",
  "Document",
  "DocumentFragment",
  "CharacterData",
  "DocumentType",
  "ShadowRoot",
  "Range",
] as const;
const PARENT_METHODS = [
  "append",
  "prepend",
  "before",
  "after",
  "replaceWith",
  "replaceChildren",
  "insertAdjacentElement",
  "insertNode",
];
/** Those that bring no code to run. */
const QUIET_METHODS = ["surroundContents", "execCommand"];
/** One that keeps the realms of what it moves, so that no frame is new. */
const MOVING = "moveBefore";
const MARKUP_METHODS = ["insertAdjacentHTML", "setHTML", "setHTMLUnsafe"];
const WRITING = ["write", "writeln"];
const MARKUP = ["innerHTML", "outerHTML"];
/** Setters that take a node. */
const PARTS = ["caption", "tHead", "tFoot"];

/** Windows of other origins: they cannot be reached now, and our scripts run in them before they can. */
const foreign = new OwnWeakMap<object, true>();

/** What a hooked realm is told: that it has another document or lost its listeners, or which frame's document is about to
 * go. Asked with null, whether its hooks are answered. */
export type Follow = (leaves?: unknown) => boolean;

/** The mark of a realm; undefined where it is not hooked. Throws for another origin. */
export const markOf = (realm: Realm): Follow | undefined =>
  getOwnPropertyDescriptor(realm.location, MARK)?.value as Follow | undefined;

/** How a realm's frames are followed. */
interface Following {
  /** Has to be called when the realm gets another document, or one that has been opened, which takes all listeners away. */
  readonly follow: () => void;
  /** Looks at a frame anew. */
  readonly again: HookChild;
}

/** Hooks a realm's doors to frames. `isApart`: of another window, which may outlive these hooks. */
export function hookFrames(realm: Realm, hookFrame: HookFrame, isApart: boolean): Following {
  const count = countOf(realm);
  const hookChild = (child: Realm) => hookFrame(child, () => isFrameOf(child, realm));
  hookGetters(realm, hookChild);
  const look = glance(realm, count, hookChild);
  const visit: Visit = (target) => {
    // The methods of one realm work in others, whose own hooks do not hear of it.
    const other = target === undefined || target === realm.document ? null : (viewOf(target) as Realm | null);
    try {
      look();
      if (other !== null) sweep(other, countOf(other), hookChild);
    } catch (error) {
      takeBack(realm, count);
      if (other !== null) takeBack(other, countOf(other));
      throw error;
    }
  };
  hookInsertions(realm, visit, hookChild);
  if (!isApart) hookReactions(realm, (element) => visit(documentAt(element)));
  hookShadows(realm);
  const watch = observe(realm, look, () => sweep(realm, count, hookChild));
  watch();
  const follow = () => {
    watch();
    look();
  };
  // One of another origin may have given way to one that can be reached.
  return { follow, again: (child) => reach(child, hookChild, true) };
}

function hookGetters(realm: Realm, hookChild: HookChild): void {
  const window = (found: unknown) => reach(found as Realm | null, hookChild);
  const document = (found: unknown) => reach(windowOf(found as Document | null), hookChild);
  for (let i = 0; i < HOLDERS.length; i += 1) {
    const prototype = realm[HOLDERS[i] as (typeof HOLDERS)[number]]?.prototype;
    replaceAccessor(prototype, "contentWindow", "get", after(window));
    replaceAccessor(prototype, "contentDocument", "get", after(document));
    replace(prototype, "getSVGDocument", after(document));
  }
  replace(realm, "open", after(window));
}

function hookInsertions(realm: Realm, visit: Visit, hookChild: HookChild): void {
  const methods = (prototype: object | undefined, names: readonly string[], traps: Traps) => {
    for (let i = 0; i < names.length; i += 1) replace(prototype, names[i] as string, traps);
  };
  const setters = (prototype: object | undefined, names: readonly string[], traps: Traps) => {
    for (let i = 0; i < names.length; i += 1) replaceAccessor(prototype, names[i] as string, "set", traps);
  };
  const one = inserting(visit, 1);
  const all = inserting(visit, Number.POSITIVE_INFINITY);
  const quiet = after((_, self) => visit(documentAt(self)));
  const moving = after((_, self) => {
    const view = viewOf(documentAt(self) ?? realm.document) as Realm | null;
    if (view !== null) sweep(view, countOf(view), hookChild);
  });
  // With three arguments it gives a window.
  const opened = after((result, self) => {
    listenAgain(documentAt(self));
    reach(result as Realm | null, hookChild);
  });
  methods(realm.Node.prototype, NODE_METHODS, one);
  setters(realm.Document.prototype, ["body"], one);
  setters(realm.HTMLTableElement.prototype, PARTS, one);
  const written: Visit = (target) => {
    visit(target);
    listenAgain(target);
  };
  methods(realm.Document.prototype, WRITING, writing(written, realm.Document.prototype.write as Native));
  replace(realm.Document.prototype, "open", opened);
  const parents = (hook: (prototype: object | undefined) => void) => {
    for (let i = 0; i < PARENTS.length; i += 1) hook(realm[PARENTS[i] as (typeof PARENTS)[number]]?.prototype);
  };
  parents((prototype) => {
    methods(prototype, PARENT_METHODS, all);
    methods(prototype, QUIET_METHODS, quiet);
    replace(prototype, MOVING, moving);
  });
  for (let i = 0; i < MARKUP_METHODS.length; i += 1) {
    const name = MARKUP_METHODS[i] as string;
    const traps = setting(visit, name);
    parents((prototype) => replace(prototype, name, traps));
  }
  for (let i = 0; i < MARKUP.length; i += 1) {
    const name = MARKUP[i] as string;
    const traps = setting(visit, name);
    parents((prototype) => replaceAccessor(prototype, name, "set", traps));
  }
}

/** Calls through, then looks at the result. */
function after(look: (result: unknown, self: unknown) => void): Traps {
  return {
    call(native: Native, self: unknown, args: unknown[]) {
      makeSomeRoom();
      const result: unknown = apply(native, self, args);
      look(result, self);
      return result;
    },
  };
}

/**
 * What the parser inserts, and what events tell of while other things are inserted: a blank frame's `load` comes at once, in a
 * sandbox too, and so does the `input` of `execCommand`.
 */
function observe(realm: Realm, look: () => void, visit: () => void): () => void {
  const observer = new own.MutationObserver(visit);
  return () => {
    watchNode(observer, realm.document, { childList: true, subtree: true });
    listen(realm.document, "load", look, true);
    listen(realm, "input", look, true);
  };
}

/** A document may have been opened, which takes all its listeners away and its window's. */
function listenAgain(document: Document | undefined): void {
  const view = document && viewOf(document);
  if (view) markOf(view as Realm)?.();
}

function sweep(realm: Realm, count: () => number, hookChild: HookChild): void {
  for (let i = count() - 1; i >= 0; i -= 1) reach(realm[i] as Realm | undefined, hookChild);
}

/**
 * Looks at the frames that have come since it did last: pages insert nodes by the thousand, and asking for one frame takes as
 * long as inserting one. Chromium numbers frames in the order in which they came, wherever they stand (a test of attacks
 * says so); a frame gets another realm under the same window between two tasks, never while a node is inserted.
 */
function glance(realm: Realm, count: () => number, hookChild: HookChild): () => void {
  let last: Realm | undefined;
  return () => {
    const length = count();
    for (let i = length - 1; i >= 0; i -= 1) {
      const child = realm[i] as Realm | undefined;
      if (child === last) break;
      reach(child, hookChild);
    }
    last = length === 0 ? undefined : (realm[length - 1] as Realm | undefined);
  };
}

/** Takes away frames that could not be hooked: the stack is full. */
function takeBack(realm: Realm, count: () => number): void {
  for (let i = count() - 1; i >= 0; i -= 1) {
    const child = realm[i] as Realm;
    try {
      if (markOf(child) !== undefined) continue;
    } catch {
      // Of another origin.
      continue;
    }
    const element = elementOf(child);
    if (element !== null) remove(element);
  }
}

/** Whether something is the window of a frame in this one, also in a shadow tree, where it has no number. */
export function isFrameOf(child: unknown, realm: Realm): child is Realm {
  try {
    return parentOf !== undefined && apply(parentOf, child, []) === realm;
  } catch {
    return false;
  }
}

/**
 * Hooks a realm that can be reached. A frame does not stay in an option: what is in the chosen one is shown once more where a page
 * says so, and chosen it is by attributes and properties by the dozen, none of which tells of the copy's realm.
 */
function reach(child: Realm | null | undefined, hookChild: HookChild, anew = false): void {
  if (child === null || child === undefined || (!anew && foreign.get(child))) return;
  try {
    // Throws for another origin, and a page can put nothing in its place; a document has none.
    if (child.document === undefined) return;
  } catch {
    foreign.set(child, true);
    return;
  }
  hookChild(child);
  const element = elementOf(child);
  if (element !== null && closest(element, "option") !== null) remove(element);
}

const windowOf = (document: Document | null): Realm | null => document && viewOf(document);

const remove = uncurried(Element.prototype.remove);
const closest = uncurried(Element.prototype.closest as (this: Element, selector: string) => Element | null);
const frameOf = getOwnPropertyDescriptor(globalThis, "frameElement")?.get;
const elementOf = (child: Realm): Element | null =>
  frameOf === undefined ? null : (apply(frameOf, child, []) as Element | null);
const parentOf = getOwnPropertyDescriptor(globalThis, "parent")?.get;
const lengthOf = getOwnPropertyDescriptor(globalThis, "length")?.get;
/** The number of frames, whatever the page makes of `window.length`. */
const countOf = (realm: Realm) => (): number =>
  lengthOf === undefined ? realm.length : (apply(lengthOf, realm, []) as number);
