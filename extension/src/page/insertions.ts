// What runs inside the very call that inserts a frame could use the frame's realm before the call returns to the hook that
// looks for it: scripts in the same tree, reactions of custom elements, scripts in a text that is written. Scripts go in
// once the frames are hooked; before a reaction, frames are looked for.
import { put } from "./arguments";
import {
  apply,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  getter,
  lowerCase,
  OwnWeakMap,
  own,
  textIncludes,
  uncurried,
} from "./own";

import { type Native, replace, standIn, type Traps } from "./wrap";

type Realm = Window & typeof globalThis;

/** Elements that bring a realm. */
const FRAMES = "iframe,frame,object,embed";
const FRAME_TAGS = ["<iframe", "<frame", "<object", "<embed"];
/** Where a script in a written text runs. */
const SCRIPT_ENDS = "</script";
/** Reactions that run before the call returns which caused them. */
const REACTIONS = [
  "connectedCallback",
  "disconnectedCallback",
  "connectedMoveCallback",
  "adoptedCallback",
  "attributeChangedCallback",
  "formAssociatedCallback",
  "formResetCallback",
  "formDisabledCallback",
  "formStateRestoreCallback",
];
const ELEMENT = 1;
const FRAGMENT = 11;

const nodeType = getter(Node.prototype, "nodeType");
const isConnected = getter(Node.prototype, "isConnected");
const parentOf = getter(Node.prototype, "parentNode");
const firstOf = getter(Node.prototype, "firstChild");
const replaceChild = uncurried(Node.prototype.replaceChild as (this: Node, made: Node, old: Node) => Node);
const shadowOf = getter(Element.prototype, "shadowRoot");
const localName = getter(Element.prototype, "localName");
const hasAttribute = uncurried(Element.prototype.hasAttribute);
const matches = uncurried(Element.prototype.matches as (this: Element, selector: string) => boolean);
const inElement = uncurried(
  Element.prototype.querySelectorAll as (this: Element, selector: string) => NodeListOf<Element>,
);
const inFragment = uncurried(
  DocumentFragment.prototype.querySelectorAll as (this: DocumentFragment, selector: string) => NodeListOf<Element>,
);
const lengthOf = getter(NodeList.prototype, "length");
const comment = uncurried(Document.prototype.createComment);
const indexOf = uncurried(String.prototype.indexOf as (this: string, part: string, from: number) => number);
const slice = uncurried(String.prototype.slice);

/** Shadow trees by their hosts, closed ones too. */
const shadows = new OwnWeakMap<object, Node>();

/** A script that goes in later, what keeps its place, and the scripts before it. No list: a page may have put setters where
 * lists grow. */
interface Later {
  readonly script: Element;
  readonly place: Node;
  readonly before: Later | undefined;
}

/** Traps for a method that inserts its arguments, `most` of them; `visit` looks for frames. */
export function inserting(visit: () => void, most: number): Traps {
  return {
    call(native: Native, self: unknown, args: unknown[]) {
      const later = postponed(args, most);
      try {
        return apply(native, self, args) as unknown;
      } finally {
        visit();
        putBack(later, visit);
      }
    },
  };
}

/** Takes scripts out of what is inserted, where frames are inserted with them. */
function postponed(args: unknown[], most: number): Later | undefined {
  const count = own.least(args.length, most);
  // One node without children is either a frame or a script.
  if (count === 0 || (count === 1 && !hasChildren(args[0]))) return undefined;
  let frames = 0;
  for (let i = 0; i < count; i += 1) frames += framesIn(args[i]);
  let later: Later | undefined;
  for (let i = 0; frames > 0 && i < count; i += 1) {
    const root = args[i];
    if (!isLoose(root)) continue;
    if (count > 1 && nodeType(root) === ELEMENT && localName(root as Element) === "script") {
      later = { script: root as Element, place: comment(document, ""), before: later };
      put(args, i, later.place);
    } else later = takenOut(root, later);
  }
  return later;
}

function takenOut(root: Node, before: Later | undefined): Later | undefined {
  let later = before;
  const inside = shadows.get(root) ?? (nodeType(root) === ELEMENT ? shadowOf(root as Element) : undefined);
  if (inside) later = takenOut(inside, later);
  const all = found(root, "*");
  for (let i = 0; i < lengthOf(all); i += 1) {
    const host = all[i] as Element;
    const shadow = shadows.get(host) ?? shadowOf(host);
    if (shadow) later = takenOut(shadow, later);
  }
  const scripts = found(root, "script");
  for (let i = 0; i < lengthOf(scripts); i += 1) {
    const script = scripts[i] as Element;
    const parent = parentOf(script);
    // One with an address is fetched first, and runs after the call.
    if (parent === null || hasAttribute(script, "src")) continue;
    later = { script, place: comment(document, ""), before: later };
    replaceChild(parent, later.place, script);
  }
  return later;
}

function putBack(later: Later | undefined, visit: () => void): void {
  if (later === undefined) return;
  putBack(later.before, visit);
  const parent = parentOf(later.place);
  if (parent === null) return;
  replaceChild(parent, later.script, later.place);
  visit();
}

function hasChildren(what: unknown): boolean {
  return isNode(what) && firstOf(what) !== null;
}

function framesIn(what: unknown): number {
  if (!isLoose(what)) return 0;
  const itself = nodeType(what) === ELEMENT && matches(what as Element, FRAMES);
  return lengthOf(found(what, FRAMES)) + (itself ? 1 : 0);
}

const found = (root: Node, selector: string): NodeListOf<Element> =>
  nodeType(root) === FRAGMENT ? inFragment(root as DocumentFragment, selector) : inElement(root as Element, selector);

/** Whether it is an element or a fragment that no document shows yet: what is moved has run already. */
function isLoose(what: unknown): what is Node {
  if (!isNode(what)) return false;
  const type = nodeType(what);
  return (type === ELEMENT || type === FRAGMENT) && !isConnected(what);
}

function isNode(what: unknown): what is Node {
  if (typeof what !== "object" || what === null) return false;
  try {
    return nodeType(what as Node) > 0;
  } catch {
    return false;
  }
}

/** Traps for `document.write`: a text with frames and scripts is written in pieces, each up to where a script runs. */
export function writing(visit: () => void, write: Native): Traps {
  return {
    call(native: Native, self: unknown, args: unknown[]) {
      const text = textOf(args);
      const lower = text === undefined ? "" : lowerCase(text);
      let from = 0;
      if (text !== undefined && lower.length === text.length && hasFrames(lower)) {
        for (let at = indexOf(lower, SCRIPT_ENDS, 1); at > 0; at = indexOf(lower, SCRIPT_ENDS, at + 1)) {
          apply(write, self, [slice(text, from, at)]);
          visit();
          from = at;
        }
      }
      const result: unknown = apply(native, self, from === 0 || text === undefined ? args : [slice(text, from)]);
      visit();
      return result;
    },
  };
}

/** What is written, where it is only texts: what is none is the browser's to read, once. */
function textOf(args: unknown[]): string | undefined {
  let text = "";
  for (let i = 0; i < args.length; i += 1) {
    if (typeof args[i] !== "string") return undefined;
    text += args[i] as string;
  }
  return text;
}

function hasFrames(lower: string): boolean {
  for (let i = 0; i < FRAME_TAGS.length; i += 1) if (textIncludes(lower, FRAME_TAGS[i] as string)) return true;
  return false;
}

/** Remembers shadow trees: what is in them goes in with the host, and is found from nowhere else. */
export function hookShadows(realm: Realm): void {
  replace(realm.Element.prototype, "attachShadow", {
    call(native, self, args) {
      const shadow = apply(native, self, args) as Node;
      shadows.set(self as object, shadow);
      return shadow;
    },
  });
}

/** Has `visit` look for frames before any reaction of a custom element. */
export function hookReactions(realm: Realm, visit: () => void): void {
  replace(realm.CustomElementRegistry?.prototype, "define", {
    call(native, self, args) {
      const prototype = prototypeOf(args[1]);
      const giveBack = prototype === undefined ? undefined : lend(prototype, visit);
      try {
        return apply(native, self, args) as unknown;
      } finally {
        giveBack?.();
      }
    },
  });
}

function prototypeOf(made: unknown): object | undefined {
  if (typeof made !== "function") return undefined;
  const prototype: unknown = getOwnPropertyDescriptor(made, "prototype")?.value;
  return typeof prototype === "object" && prototype !== null ? prototype : undefined;
}

/** Puts stand-ins in the place of reactions while the browser reads them. What takes them away again. */
function lend(prototype: object, visit: () => void): () => void {
  let giveBack = () => {};
  for (let i = 0; i < REACTIONS.length; i += 1) {
    const name = REACTIONS[i] as string;
    const swept = sweptReaction(prototype, name, visit);
    if (swept === undefined) continue;
    const before = getOwnPropertyDescriptor(prototype, name);
    // One that cannot be replaced stays as it is.
    if (!defineProperty(prototype, name, swept)) continue;
    const others = giveBack;
    giveBack = () => {
      if (before === undefined) own.deleteProperty(prototype, name);
      else defineProperty(prototype, name, { __proto__: null, ...before } as PropertyDescriptor);
      others();
    };
  }
  return giveBack;
}

/** A reaction that looks for frames first, as the browser will read it; undefined where there is none. */
function sweptReaction(prototype: object, name: string, visit: () => void): PropertyDescriptor | undefined {
  const swept = (reaction: unknown): unknown =>
    typeof reaction !== "function"
      ? reaction
      : standIn(reaction as Native, {
          call(native, self, args) {
            visit();
            return apply(native, self, args) as unknown;
          },
        });
  for (let holder: object | null = prototype; holder !== null; holder = getPrototypeOf(holder)) {
    const found = getOwnPropertyDescriptor(holder, name);
    if (found === undefined) continue;
    const { get, value } = found;
    const how =
      get === undefined ? { writable: true, value: swept(value) } : { get: () => swept(apply(get, prototype, [])) };
    return { __proto__: null, configurable: true, ...how } as object as PropertyDescriptor;
  }
  return undefined;
}
