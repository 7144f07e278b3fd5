// What runs inside the very call that inserts a frame could use the frame's realm before the call returns to the hook that
// looks for it. Scripts in the same tree go in once the frames are hooked; constructors of custom elements run before.
import { makeSomeRoom, put } from "./arguments";
import { hasCustoms, hasFrozen, upgraded } from "./customs";
import { documentOf, ELEMENT, FRAGMENT, firstOf, isConnected, nodeType, parentOf } from "./nodes";
import { apply, getter, OwnWeakMap, own, tells, uncurried } from "./own";
import { type Native, replace, type Traps } from "./wrap";

type Realm = Window & typeof globalThis;

/** Elements that bring a realm. */
const FRAMES = "iframe,frame,object,embed";
/** Elements that run code inside the call which inserts them; a blank frame in a sandbox has its `load`, and no way to us. */
const RUNNING = "script,iframe[sandbox]";

const replaceChild = uncurried(Node.prototype.replaceChild as (this: Node, made: Node, old: Node) => Node);
const shadowOf = getter(Element.prototype, "shadowRoot");
const matches = uncurried(Element.prototype.matches as (this: Element, selector: string) => boolean);
const inElement = uncurried(
  Element.prototype.querySelectorAll as (this: Element, selector: string) => NodeListOf<Element>,
);
const inFragment = uncurried(
  DocumentFragment.prototype.querySelectorAll as (this: DocumentFragment, selector: string) => NodeListOf<Element>,
);
const lengthOf = getter(NodeList.prototype, "length");
const comment = uncurried(Document.prototype.createComment);
const around = getter(Range.prototype, "commonAncestorContainer");

/** Shadow trees by their hosts, closed ones too. */
const shadows = new OwnWeakMap<object, Node>();

/** A script or frame that goes in later, what keeps its place, and those before it. No list: a page may have put setters where
 * lists grow. */
interface Later {
  readonly element: Element;
  readonly place: Node;
  readonly before: Later | undefined;
}

/** Looks for frames, also in the document that something was inserted into. */
export type Visit = (target?: Document) => void;

/** Traps for a method that inserts its arguments, `most` of them. `framesLast`: what else is in them may run out of reach. */
export function inserting(visit: Visit, most: number, framesLast = false): Traps {
  return {
    call(native: Native, self: unknown, args: unknown[]) {
      makeSomeRoom();
      const first = args[0];
      const later = prepared(self, args, most, framesLast);
      try {
        const result: unknown = apply(native, self, args);
        return result === args[0] ? first : result;
      } finally {
        visit(documentAt(self));
        putBack(later, visit);
      }
    },
  };
}

/** Has run what can run before frames go in with the arguments, and takes out what is to go in after. */
function prepared(self: unknown, args: unknown[], most: number, framesLast: boolean): Later | undefined {
  const count = own.least(args.length, most);
  // One node without children is either a frame or a script.
  if (count === 0 || (count === 1 && !hasChildren(args[0]))) return undefined;
  const target = bringsFrames(args, count) && isShown(self as Node) ? documentAt(self) : undefined;
  if (target === undefined) return undefined;
  // Where a reaction may be out of reach, the frames go in later.
  const outside = framesLast || hasFrozen(target) ? FRAMES : RUNNING;
  let later: Later | undefined;
  for (let i = 0; i < count; i += 1) later = preparedAt(args, i, count > 1, target, outside, later);
  return later;
}

function preparedAt(
  args: unknown[],
  at: number,
  canReplace: boolean,
  target: Document,
  outside: string,
  before: Later | undefined,
): Later | undefined {
  const given = args[at];
  if (!isLoose(given)) return before;
  const root = hasCustoms(target) ? upgraded(given, target) : given;
  if (canReplace && nodeType(root) === ELEMENT && matches(root as Element, outside)) {
    const place = comment(document, "");
    put(args, at, place);
    return { element: root as Element, place, before };
  }
  put(args, at, root);
  return takenOut(root, outside, before);
}

function bringsFrames(args: readonly unknown[], count: number): boolean {
  for (let i = 0; i < count; i += 1) if (framesIn(args[i]) > 0) return true;
  return false;
}

/** The document of a node or range. */
export function documentAt(self: unknown): Document | undefined {
  try {
    return documentOf(self as Node) ?? (self as Document);
  } catch {
    // It is no node.
  }
  try {
    return documentAt(around(self as Range));
  } catch {
    return undefined;
  }
}

/** Whether it is connected to a document: elsewhere no frame gets a realm. Of ranges it is not asked. */
export function isShown(self: Node): boolean {
  try {
    return isConnected(self);
  } catch {
    return true;
  }
}

function takenOut(root: Node, outside: string, before: Later | undefined): Later | undefined {
  let later = before;
  const inside = shadows.get(root) ?? (nodeType(root) === ELEMENT ? shadowOf(root as Element) : undefined);
  if (inside) later = takenOut(inside, outside, later);
  const all = found(root, "*");
  for (let i = 0; i < lengthOf(all); i += 1) {
    const host = all[i] as Element;
    const shadow = shadows.get(host) ?? shadowOf(host);
    if (shadow) later = takenOut(shadow, outside, later);
  }
  const elements = found(root, outside);
  for (let i = 0; i < lengthOf(elements); i += 1) {
    const element = elements[i] as Element;
    const parent = parentOf(element);
    if (parent === null) continue;
    later = { element, place: comment(document, ""), before: later };
    replaceChild(parent, later.place, element);
  }
  return later;
}

function putBack(later: Later | undefined, visit: Visit): void {
  if (later === undefined) return;
  putBack(later.before, visit);
  const parent = parentOf(later.place);
  if (parent === null) return;
  replaceChild(parent, later.element, later.place);
  visit(documentOf(parent) ?? undefined);
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

/** Texts are told by their type: asking each would cost more than inserting it. */
const isNode = (what: unknown): what is Node =>
  typeof what === "object" && what !== null && tells(nodeType, what) !== undefined;

/**
 * Remembers shadow trees: what is in them goes in with the host, and is found from nowhere else. A closed one is not cloned
 * with its host, as nobody would be handed the clone.
 */
export function hookShadows(realm: Realm): void {
  replace(realm.Element.prototype, "attachShadow", {
    call(native, self, args) {
      const init = args[0];
      if (typeof init === "object" && init !== null) {
        const mode = (init as ShadowRootInit).mode;
        const clonable = mode === "open" ? (init as ShadowRootInit).clonable : false;
        put(args, 0, { __proto__: init, mode, clonable });
      }
      const shadow = apply(native, self, args) as Node;
      shadows.set(self as object, shadow);
      return shadow;
    },
  });
}
