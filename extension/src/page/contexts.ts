// The interfaces of WebGL. A browser builds each with its thousand members when a page first names it, and hardly any page
// does: so nothing here names them. What stands in their place looks into the real one when a page looks into it; the real
// one is found at the first context, which nobody gets before its methods are hooked.
import {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  OwnMap,
  OwnWeakMap,
  own,
} from "./own";
import { type Native, nameAs, replace } from "./wrap";

type Realm = typeof globalThis;

/** Ends what a context does. */
type End = (context: object) => void;
/** Hooks a prototype of contexts. */
type HookPrototype = (prototype: object) => End;

/** Interfaces by the word that asks for a context of theirs. */
const WORDS = { WebGLRenderingContext: "webgl", WebGL2RenderingContext: "webgl2" } as const;
type Name = keyof typeof WORDS;
const NAMES: readonly Name[] = ["WebGLRenderingContext", "WebGL2RenderingContext"];

/** What stands in the place of an interface. */
interface Late {
  readonly name: Name;
  /** What the page has of it: a proxy of `target`, which gets the interface's properties when somebody looks. */
  readonly shown: Native;
  readonly target: Native;
  /** Makes a context, so that there is an interface; does nothing where there can be none. */
  readonly make: () => void;
  native: Native | undefined;
  filled: "no" | "yes" | "without";
}

/** Interfaces of a realm, by its `Object.prototype`. */
const realms = new OwnWeakMap<object, OwnMap<string, Late>>();
const lates = new OwnWeakMap<Native, Late>();
/** Contexts and prototypes that were seen. */
const seen = new OwnWeakMap<object, true>();

/** Hooks a realm's ways to a context. `hook` is called once with each prototype of contexts that have shaders. */
export function hookContexts(realm: Realm, hook: HookPrototype): void {
  const found = (context: unknown) => settle(context, hook);
  const traps = {
    call(native: Native, self: unknown, args: unknown[]) {
      const context: unknown = apply(native, self, args);
      found(context);
      return context;
    },
  };
  const { HTMLCanvasElement: Canvas, OffscreenCanvas: Offscreen } = realm;
  const open = Offscreen?.prototype.getContext as Native | undefined;
  const all = new OwnMap<string, Late>();
  for (let i = 0; i < NAMES.length; i += 1) {
    const name = NAMES[i] as Name;
    if (!own.has(realm, name)) continue;
    const make = () => {
      const context: unknown = open && apply(open, new Offscreen(1, 1), [WORDS[name]]);
      // No page has it, so it need not stay.
      found(context)?.(context as object);
    };
    const late = lateOf(realm, name, make);
    all.set(name, late);
    // An assignment: to define a property, a browser would build the one that is there. It stays what it is in all else.
    own.set(realm, name, late.shown);
  }
  realms.set(realm.Object.prototype, all);
  replace(Canvas?.prototype, "getContext", traps);
  replace(Offscreen?.prototype, "getContext", traps);
}

/**
 * Takes in what a page gets of a canvas; returns what ends a context that has shaders. A page may have filled the stack: what
 * is left half done must hide nothing, and is done again when the page asks again.
 */
function settle(context: unknown, hook: HookPrototype): End | undefined {
  if (typeof context !== "object" || context === null || seen.get(context)) return undefined;
  const prototype = getPrototypeOf(context) as object;
  const isNew = !seen.get(prototype) && getOwnPropertyDescriptor(prototype, "shaderSource") !== undefined;
  const end = isNew ? hook(prototype) : undefined;
  if (isNew) show(prototype);
  seen.set(prototype, true);
  seen.set(context, true);
  return end;
}

/** The interface of this prototype may be looked into. */
function show(prototype: object): void {
  const name = getOwnPropertyDescriptor(prototype, TAG)?.value as string;
  const back = getOwnPropertyDescriptor(prototype, "constructor");
  const late = realms.get(getPrototypeOf(prototype) as object)?.get(name);
  if (late === undefined || back === undefined) return;
  defineProperty(prototype, "constructor", { __proto__: null, ...back, value: late.shown } as PropertyDescriptor);
  late.native = back.value as Native;
}

function lateOf(realm: Realm, name: Name, make: () => void): Late {
  // Can be constructed, and has no `prototype` that could never become another.
  const target = own.bind(Blank, undefined) as Native;
  own.setPrototypeOf(target, realm.Function.prototype);
  const shown: Native = new own.Proxy(target, handler);
  const late: Late = { name, shown, target, make, native: undefined, filled: "no" };
  lates.set(target, late);
  nameAs(shown, name);
  return late;
}

function Blank(): void {
  // Nobody calls it.
}

const handler = handlerOf();

/** Every trap fills the target, then does to it what was asked. */
function handlerOf(): ProxyHandler<Native> {
  const made = { __proto__: null } as unknown as Record<PropertyKey, unknown>;
  const names = own.keysOf(Reflect);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as keyof typeof Reflect;
    const native: unknown = Reflect[name];
    if (typeof native !== "function" || name === "apply" || name === "construct") continue;
    made[name] = (...args: unknown[]): unknown => {
      // `instanceof` asks for that of whatever it is handed.
      if (args[1] !== HAS_INSTANCE) fill(lates.get(args[0] as Native) as Late);
      return apply(native, undefined, args);
    };
  }
  made["apply"] = (target: Native, self: unknown, args: unknown[]): unknown => apply(nativeIn(target), self, args);
  made["construct"] = (target: Native, args: unknown[], asked: Native): unknown => {
    const native = nativeIn(target);
    return construct(native, args, asked === lates.get(target)?.shown ? native : asked);
  };
  return made as ProxyHandler<Native>;
}

const HAS_INSTANCE: typeof Symbol.hasInstance = Symbol.hasInstance;
const TAG: typeof Symbol.toStringTag = Symbol.toStringTag;

/** The interface behind a target: it says itself that it cannot be called. */
function nativeIn(target: Native): Native {
  const late = lates.get(target) as Late;
  fill(late);
  if (late.native === undefined) throw new own.TypeError("Illegal constructor");
  return late.native;
}

/** Gives a target what the interface has. */
function fill(late: Late): void {
  const { target, make, filled } = late;
  if (filled === "yes") return;
  if (filled === "no" && late.native === undefined) make();
  const { native } = late;
  if (filled === "without" && native === undefined) return;
  for (let i = 0; i < STALE.length; i += 1) own.deleteProperty(target, STALE[i] as string);
  if (native === undefined) without(late);
  else copyOf(native, target);
  late.filled = native === undefined ? "without" : "yes";
}

function copyOf(native: Native, target: Native): void {
  const keys = own.keysOf(native);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as PropertyKey;
    const found = getOwnPropertyDescriptor(native, key);
    if (found !== undefined) defineProperty(target, key, { __proto__: null, ...found } as PropertyDescriptor);
  }
  own.setPrototypeOf(target, getPrototypeOf(native));
}

/** What a target has of itself: found anew, they stand in the interface's order. */
const STALE = ["length", "name", "prototype"];

/** Where there can be no context, nobody can tell an interface without members from the one that nothing is made of. */
function without({ name, target, shown }: Late): void {
  const value = (key: PropertyKey, value: unknown, holder: object = target) =>
    defineProperty(holder, key, { __proto__: null, value, configurable: true } as PropertyDescriptor);
  const realm = getPrototypeOf(getPrototypeOf(target) as object);
  const prototype = { __proto__: realm };
  value("length", 0);
  value("name", name);
  value("prototype", prototype);
  value("constructor", shown, prototype);
  value(TAG, name, prototype);
}
