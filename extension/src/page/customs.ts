// Custom elements: what of theirs runs inside the call that brings them could use a frame's realm before the call returns to
// the hook that looks for it. Frames are looked for before a reaction; constructors run before frames are inserted.
import { appendChild, documentOf, FRAGMENT, fragmentOf, nodeType, viewOf } from "./nodes";
import { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, OwnWeakMap, own, uncurried } from "./own";
import { create, type Native, replace, standIn } from "./wrap";

type Realm = Window & typeof globalThis;

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

const adopt = uncurried(Document.prototype.adoptNode as (this: Document, node: Node) => Node);
const upgrade = uncurried(CustomElementRegistry.prototype.upgrade);

/** What of these a page uses. */
const used = { defines: false, extends: false, frozen: false };
/** A registry that a page has made for some trees of its own, and those before it. */
interface Scoped {
  readonly registry: CustomElementRegistry;
  readonly before: Scoped | undefined;
}
let scoped: Scoped | undefined;
/** Documents whose realms have these hooks. Another one's may have elements that were defined behind other hooks. */
const documents = new OwnWeakMap<Document, true>();
const registryOf = getOwnPropertyDescriptor(globalThis, "customElements")?.get;

/** The document's realm has these hooks. */
export const take = (document: Document): void => documents.set(document, true);
const isTaken = (document: Document): boolean => documents.get(document) === true;

/** Whether there may be elements in a document whose constructors are the page's. */
export const hasCustoms = (at: Document): boolean => used.defines || !isTaken(at);
/** Whether elements of any name may have such constructors. */
export const hasExtended = (at: Document): boolean => used.extends || !isTaken(at);
/** Whether there may be elements whose reactions have no stand-ins. */
export const hasFrozen = (at: Document): boolean => used.frozen || !isTaken(at);

/**
 * Has the constructors in a loose tree run that would run when it is inserted into `target`. A fragment of a document
 * without a window is emptied into another one, which is returned in its place.
 */
export function upgraded(root: Node, target: Document): Node {
  const view = viewOf(target);
  if (view === null || registryOf === undefined) return root;
  const registry = apply(registryOf, view, []) as CustomElementRegistry;
  const made = documentOf(root) === target ? root : brought(root, target);
  upgrade(registry, made);
  // Each makes its own elements alone.
  for (let one = scoped; one !== undefined; one = one.before) upgrade(one.registry, made);
  return made;
}

function brought(root: Node, target: Document): Node {
  if (nodeType(root) !== FRAGMENT) return adopt(target, root);
  const made = fragmentOf(target);
  appendChild(made, root);
  return made;
}

/** Looks for frames before a reaction of this element, which may have been brought into another document. */
type Visit = (element: unknown) => void;

/** Has `visit` look for frames before any reaction of a custom element. */
export function hookReactions(realm: Realm, visit: Visit): void {
  replace(realm, "CustomElementRegistry", {
    create(native, args, target) {
      const registry = create(native, args, target) as CustomElementRegistry;
      scoped = { registry, before: scoped };
      return registry;
    },
  });
  replace(realm.CustomElementRegistry?.prototype, "define", {
    call(native, self, args) {
      used.defines = true;
      if (args[2] !== undefined) used.extends = true;
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
function lend(prototype: object, visit: Visit): () => void {
  let giveBack = () => {};
  for (let i = 0; i < REACTIONS.length; i += 1) {
    const name = REACTIONS[i] as string;
    const swept = sweptReaction(prototype, name, visit);
    if (swept === undefined) continue;
    const before = getOwnPropertyDescriptor(prototype, name);
    // One that cannot be replaced stays as it is.
    if (!defineProperty(prototype, name, swept)) {
      used.frozen = true;
      continue;
    }
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
function sweptReaction(prototype: object, name: string, visit: Visit): PropertyDescriptor | undefined {
  const swept = (reaction: unknown): unknown =>
    typeof reaction !== "function"
      ? reaction
      : standIn(reaction as Native, {
          call(native, self, args) {
            visit(self);
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
