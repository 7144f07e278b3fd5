// What every realm with WebAssembly has, as it was before the page's first script: documents, workers and worklets. The
// page may replace every method later, so hooks call nothing else: no method, no spread, no iteration, no `await`, and no
// object with a prototype that somebody else reads options from.

/** A function with its receiver as first argument, whatever becomes of `Function.prototype.call`. */
export function uncurried<Self, Args extends unknown[], Result>(method: (this: Self, ...args: Args) => Result) {
  return (self: Self, ...args: Args): Result => apply(method, self, args);
}

/** The getter of an accessor property, as a function of its receiver. */
export function getter<Self extends object, Key extends keyof Self>(
  prototype: Self,
  key: Key,
): (self: Self) => Self[Key] {
  const get = getOwnPropertyDescriptor(prototype, key)?.get;
  if (get === undefined) throw new TypeError(`no getter ${String(key)}`);
  return (self) => apply(get, self, []);
}

export const { apply, construct, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
export const own = {
  Promise,
  Proxy,
  RangeError,
  TypeError,
  DataView,
  Uint8Array,
  Instance: WebAssembly.Instance,
  Memory: WebAssembly.Memory,
  Module: WebAssembly.Module,
  RuntimeError: WebAssembly.RuntimeError,
  freeze: Object.freeze,
  bind: uncurried(Function.prototype.bind as (this: unknown, self: unknown) => unknown),
  has: Reflect.has,
  set: Reflect.set as (holder: object, key: PropertyKey, value: unknown) => boolean,
  setPrototypeOf: Reflect.setPrototypeOf,
  keysOf: Reflect.ownKeys,
  deleteProperty: Reflect.deleteProperty,
  validate: WebAssembly.validate,
  moduleExports: WebAssembly.Module.exports,
  moduleImports: WebAssembly.Module.imports,
  isView: ArrayBuffer.isView,
  fromBase64: Uint8Array.fromBase64.bind(Uint8Array),
  decodeURIComponent,
  encodeURIComponent,
  random: Math.random,
  least: Math.min,
  // Worklets have no finer clock, and no timers: what is to be dropped when it is idle stays there.
  now: typeof performance === "undefined" ? Date.now : performance.now.bind(performance),
  setTimeout: (globalThis.setTimeout?.bind(globalThis) ?? (() => undefined)) as (
    then: () => void,
    after: number,
  ) => unknown,
  clearTimeout: (globalThis.clearTimeout?.bind(globalThis) ?? (() => undefined)) as (timer: unknown) => void,
  parse: JSON.parse,
  stringify: JSON.stringify,
  whenDone: uncurried(
    Promise.prototype.then as (
      this: Promise<unknown>,
      done: (value: unknown) => void,
      failed: (reason: unknown) => void,
    ) => unknown,
  ),
} as const;

const TypedArray = getPrototypeOf(Uint8Array.prototype) as Uint8Array;
export const typedBuffer = getter(TypedArray, "buffer");
export const typedOffset = getter(TypedArray, "byteOffset");
export const typedLength = getter(TypedArray, "byteLength");
/** The name of the kind of typed array, undefined for everything else. */
export const typedName = getter(TypedArray, Symbol.toStringTag) as (self: unknown) => string | undefined;
export const setBytes = uncurried(Uint8Array.prototype.set);
export const bufferLength = getter(ArrayBuffer.prototype, "byteLength") as (self: ArrayBufferLike) => number;
export const viewBuffer = getter(DataView.prototype, "buffer");
export const viewOffset = getter(DataView.prototype, "byteOffset");
export const viewLength = getter(DataView.prototype, "byteLength");

export const instanceExports = getter(WebAssembly.Instance.prototype, "exports");
export const memoryBuffer = getter(WebAssembly.Memory.prototype, "buffer");

export const derefOf = uncurried(WeakRef.prototype.deref) as (self: WeakRef<object>) => object | undefined;

const hasCoders = typeof TextEncoder !== "undefined";
const encoder = hasCoders ? new TextEncoder() : undefined;
const encodeText = hasCoders ? uncurried(TextEncoder.prototype.encode) : undefined;
const decoder = hasCoders ? new TextDecoder() : undefined;
const decodeText = hasCoders ? uncurried(TextDecoder.prototype.decode) : undefined;
const {
  escape: escaped,
  unescape: unescaped,
  decodeURIComponent: ofPercents,
  encodeURIComponent: toPercents,
} = globalThis;
export const codeAt = uncurried(String.prototype.charCodeAt);
const ofCode = String.fromCharCode;

/** UTF-8. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  if (encoder !== undefined && encodeText !== undefined) return encodeText(encoder, text);
  const bytes = unescaped(toPercents(text));
  const encoded = new own.Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) encoded[i] = codeAt(bytes, i);
  return encoded;
}

export function decode(bytes: Uint8Array): string {
  if (decoder !== undefined && decodeText !== undefined) return decodeText(decoder, bytes);
  let text = "";
  for (let i = 0; i < bytes.length; i += 1) text += ofCode(bytes[i] as number);
  return ofPercents(escaped(text));
}

export const textIncludes = uncurried(String.prototype.includes) as (self: string, part: string) => boolean;
export const lowerCase = uncurried(String.prototype.toLowerCase);
export const startsWith = uncurried(String.prototype.startsWith) as (self: string, start: string) => boolean;
export const sliceOf = uncurried(String.prototype.slice);
export const sourceOf = uncurried(Function.prototype.toString);

const ITERATOR: typeof Symbol.iterator = Symbol.iterator;

type AnyMap = Map<unknown, unknown>;
const mapGet = uncurried(Map.prototype.get as (this: AnyMap, key: unknown) => unknown);
const mapSet = uncurried(Map.prototype.set as (this: AnyMap, key: unknown, value: unknown) => unknown);
const mapDelete = uncurried(Map.prototype.delete as (this: AnyMap, key: unknown) => boolean);
const mapEach = uncurried(
  Map.prototype.forEach as (this: AnyMap, visit: (value: unknown, key: unknown) => void) => void,
);
const mapSize = getter(Map.prototype, "size");

/** A map that the page cannot reach. */
export class OwnMap<Key, Value> {
  readonly #map = new Map<unknown, unknown>();
  get(key: Key): Value | undefined {
    return mapGet(this.#map, key) as Value | undefined;
  }
  set(key: Key, value: Value): void {
    mapSet(this.#map, key, value);
  }
  delete(key: Key): void {
    mapDelete(this.#map, key);
  }
  each(visit: (value: Value, key: Key) => void): void {
    mapEach(this.#map, visit as (value: unknown, key: unknown) => void);
  }
  get size(): number {
    return mapSize(this.#map);
  }
}

type AnyWeakMap = WeakMap<object, unknown>;
const weakGet = uncurried(WeakMap.prototype.get as (this: AnyWeakMap, key: object) => unknown);
const weakSet = uncurried(WeakMap.prototype.set as (this: AnyWeakMap, key: object, value: unknown) => unknown);

/** A weak map that the page cannot reach. */
export class OwnWeakMap<Key extends object, Value> {
  readonly #map = new WeakMap<object, unknown>();
  get(key: Key): Value | undefined {
    return weakGet(this.#map, key) as Value | undefined;
  }
  set(key: Key, value: Value): void {
    weakSet(this.#map, key, value);
  }
}

/** Makes the browser iterate a private list by nothing that the page can replace. */
export function sequenceOf<Item>(items: Item[]): Item[] {
  const iterate = () => {
    let next = 0;
    return {
      __proto__: null,
      next: () => {
        const done = next >= items.length;
        const value = done ? undefined : items[next];
        next += 1;
        return { __proto__: null, done, value };
      },
    };
  };
  defineProperty(items, ITERATOR, { __proto__: null, value: iterate } as PropertyDescriptor);
  return items;
}
