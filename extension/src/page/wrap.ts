// Stands between a page and a native function without looking like it: name, length, text, prototype and subclassing
// are the native one's.
import {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  OwnWeakMap,
  own,
  sliceOf,
  sourceOf,
} from "./language";

// biome-ignore lint/complexity/noBannedTypes: any native function, called through Reflect alone.
export type Native = Function;

/** What is done in place of a call or of `new`; the arguments are a private list that may be changed. */
export interface Traps {
  readonly call?: (native: Native, self: unknown, args: unknown[]) => unknown;
  readonly create?: (native: Native, args: unknown[], target: Native) => object;
}

const originals = new OwnWeakMap<object, Native>();
/** Names of stand-ins whose original is not known yet. */
const names = new OwnWeakMap<object, string>();

let aside: (() => boolean) | undefined;

/** Has what is hooked from now on step aside while this says so; undefined: never. */
export function stepAside(when: (() => boolean) | undefined): void {
  aside = when;
}

/** A stand-in for `native`. */
export function standIn(native: Native, traps: Traps): Native {
  const isAside = aside;
  // Without a prototype: a handler that inherited from Object.prototype would take traps that the page plants there.
  const handler: ProxyHandler<Native> = { __proto__: null } as ProxyHandler<Native>;
  const { call, create } = traps;
  if (call !== undefined)
    handler.apply = (target, self, args: unknown[]) =>
      isAside?.() ? apply(target, self, args) : call(target, self, args);
  if (create !== undefined) {
    handler.construct = (target, args: unknown[], newTarget) => {
      const meant = newTarget === proxy ? target : newTarget;
      return isAside?.() ? (construct(target, args, meant) as object) : create(target, args, meant);
    };
  }
  const proxy: Native = new own.Proxy(native, handler);
  // What stands in for a stand-in stands for the native one too.
  originals.set(proxy, originals.get(native) ?? native);
  return proxy;
}

/** What a stand-in stands for; undefined for everything else. */
export const nativeOf = (value: Native): Native | undefined => originals.get(value);

/** `value` is a stand-in for a native of this name, which nobody has asked for yet. */
export const nameAs = (value: Native, name: string): void => names.set(value, name);

/** What follows the name in the text of a native constructor. */
const NATIVE_CODE = sliceOf(sourceOf(Object), "function Object".length);

/** Puts a stand-in at the place of the method or constructor `key`; nothing happens where there is none. */
export function replace(holder: object | undefined, key: PropertyKey, traps: Traps): void {
  const found = holder && getOwnPropertyDescriptor(holder, key);
  if (holder === undefined || typeof found?.value !== "function") return;
  const native = found.value as Native;
  const value = standIn(native, traps);
  define(holder, key, { ...found, value });
  if (traps.create === undefined) return;
  // The other way to a constructor.
  const prototype = getOwnPropertyDescriptor(native, "prototype")?.value as object | undefined;
  const back = prototype && getOwnPropertyDescriptor(prototype, "constructor");
  if (back?.value === native) define(prototype as object, "constructor", { ...back, value });
}

/** Puts a stand-in at the place of the getter or setter of `key`. */
export function replaceAccessor(
  holder: object | undefined,
  key: PropertyKey,
  which: "get" | "set",
  traps: Traps,
): void {
  const found = holder && getOwnPropertyDescriptor(holder, key);
  const native = found?.[which];
  if (holder === undefined || native === undefined) return;
  define(holder, key, { ...found, [which]: standIn(native, traps) });
}

function define(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  defineProperty(holder, key, { __proto__: null, ...descriptor } as PropertyDescriptor);
}

/** Makes stand-ins tell the text of what they stand for, in the realm that owns `prototype` of functions. */
export function hideText(prototype: object | undefined): void {
  replace(prototype, "toString", {
    call: (native, self, args) => {
      const stands = typeof self === "function";
      const name = stands ? names.get(self) : undefined;
      if (name !== undefined) return `function ${name}${NATIVE_CODE}`;
      return apply(native, (stands && originals.get(self)) || self, args);
    },
  });
}

/** `new native(...args)` for `target`. */
export const create = (native: Native, args: unknown[], target: Native): object =>
  construct(native, args, target) as object;
