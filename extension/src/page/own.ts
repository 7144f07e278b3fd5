// The functions of this realm as they were before the page's first script. The page may replace every method later, so
// hooks call nothing else: no method, no spread, no iteration, no `await`, and no object with a prototype that somebody
// else reads options from.

/** A function with its receiver as first argument, whatever becomes of `Function.prototype.call`. */
function uncurried<Self, Args extends unknown[], Result>(method: (this: Self, ...args: Args) => Result) {
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
  ArrayFrom: Array.from.bind(Array) as (items: Iterable<unknown>) => unknown[],
  Blob,
  CustomEvent: globalThis.CustomEvent,
  DataView,
  Event,
  MessageEvent,
  MutationObserver: globalThis.MutationObserver,
  ErrorEvent,
  Promise,
  Proxy,
  RangeError,
  Response,
  TransformStream,
  TypeError,
  URL,
  WeakRef,
  Uint8Array,
  Instance: WebAssembly.Instance,
  Memory: WebAssembly.Memory,
  Module: WebAssembly.Module,
  RuntimeError: WebAssembly.RuntimeError,
  PerformanceObserver,
  tellsLongTasks: PerformanceObserver.supportedEntryTypes.includes("longtask"),
  Request: globalThis.XMLHttpRequest,
  Int32Array,
  // Where threads may wait at all.
  wait: Atomics.wait,
  freeze: Object.freeze,
  keysOf: Reflect.ownKeys,
  validate: WebAssembly.validate,
  moduleExports: WebAssembly.Module.exports,
  moduleImports: WebAssembly.Module.imports,
  isView: ArrayBuffer.isView,
  createObjectURL: URL.createObjectURL.bind(URL),
  revokeObjectURL: URL.revokeObjectURL.bind(URL),
  fromBase64: Uint8Array.fromBase64.bind(Uint8Array),
  encodeURIComponent,
  random: Math.random,
  now: performance.now.bind(performance),
  timeOrigin: performance.timeOrigin,
  parse: JSON.parse,
  stringify: JSON.stringify,
  setTimeout: globalThis.setTimeout.bind(globalThis) as (then: () => void, after: number) => unknown,
  clearTimeout: globalThis.clearTimeout.bind(globalThis) as (timer: unknown) => void,
  structuredClone: globalThis.structuredClone.bind(globalThis),
  promiseOf: Promise.resolve.bind(Promise) as (value: unknown) => Promise<unknown>,
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

export const responseBytes = uncurried(Response.prototype.arrayBuffer);
export const responseText = uncurried(Response.prototype.text);
export const responseClone = uncurried(Response.prototype.clone);
export const responseHeaders = getter(Response.prototype, "headers");
export const responseLocked = (self: Response): boolean => {
  const body = responseBody(self);
  return responseUsed(self) || (body !== null && streamLocked(body));
};
const responseUsed = getter(Response.prototype, "bodyUsed");
const responseBody = getter(Response.prototype, "body");
const streamLocked = getter(ReadableStream.prototype, "locked");
export const responseOk = getter(Response.prototype, "ok");
export const responseStatus = getter(Response.prototype, "status");
export const responseUrl = getter(Response.prototype, "url");
export const headerOf = uncurried(Headers.prototype.get);

export const derefOf = uncurried(WeakRef.prototype.deref) as (self: WeakRef<object>) => object | undefined;

export const urlHref = getter(URL.prototype, "href");
export const urlOrigin = getter(URL.prototype, "origin");
export const urlProtocol = getter(URL.prototype, "protocol");
const setUrlPort = getOwnPropertyDescriptor(URL.prototype, "port")?.set;
export const setPort = (url: URL, port: string): void => {
  if (setUrlPort !== undefined) apply(setUrlPort, url, [port]);
};

/** Only documents can be observed; workers have none. */
export const watchNode = (observer: MutationObserver, node: Node, options: MutationObserverInit): void => {
  apply(observe, observer, [node, { __proto__: null, ...options }]);
};
const observe = globalThis.MutationObserver?.prototype.observe;

/** Length of what a performance observer has seen. */
export const durationsOf = uncurried(PerformanceObserverEntryList.prototype.getEntries) as (
  self: PerformanceObserverEntryList,
) => PerformanceEntry[];
export const durationOf = getter(PerformanceEntry.prototype, "duration");
export const entryName = getter(PerformanceEntry.prototype, "name");
export const observeEntries = uncurried(PerformanceObserver.prototype.observe);
export const requestOpen = uncurried(
  XMLHttpRequest.prototype.open as (this: XMLHttpRequest, method: string, url: string, isAsync: boolean) => void,
);
export const requestSend = uncurried(XMLHttpRequest.prototype.send);

export const listen = uncurried(EventTarget.prototype.addEventListener) as (
  target: EventTarget,
  type: string,
  listener: (event: Event) => void,
  options?: boolean,
) => void;
export const dispatch = uncurried(EventTarget.prototype.dispatchEvent);
export const stopEvent = uncurried(Event.prototype.stopImmediatePropagation);
export const preventEvent = uncurried(Event.prototype.preventDefault);
export const progressLoaded = getter(ProgressEvent.prototype, "loaded");
export const messageData = getter(MessageEvent.prototype, "data");
export const messagePorts = getter(MessageEvent.prototype, "ports");

export const portSend = uncurried(MessagePort.prototype.postMessage as (this: MessagePort, ...args: unknown[]) => void);
export const portStart = uncurried(MessagePort.prototype.start);
export const portClose = uncurried(MessagePort.prototype.close);

const encoder = new TextEncoder();
const encodeText = uncurried(TextEncoder.prototype.encode);
export const encode = (text: string): Uint8Array<ArrayBuffer> => encodeText(encoder, text);
const decoder = new TextDecoder();
const decodeText = uncurried(TextDecoder.prototype.decode);
export const decode = (bytes: Uint8Array): string => decodeText(decoder, bytes);

export const domName = getter(DOMException.prototype, "name");
/** Workers of Firefox have no such event. */
export const violationUrl =
  typeof SecurityPolicyViolationEvent === "undefined"
    ? () => ""
    : getter(SecurityPolicyViolationEvent.prototype, "blockedURI");

export const textIncludes = uncurried(String.prototype.includes) as (self: string, part: string) => boolean;
export const lowerCase = uncurried(String.prototype.toLowerCase);
export const startsWith = uncurried(String.prototype.startsWith) as (self: string, start: string) => boolean;
export const sliceOf = uncurried(String.prototype.slice);
export const sourceOf = uncurried(Function.prototype.toString);

const ITERATOR: typeof Symbol.iterator = Symbol.iterator;

/** A map that the page cannot reach. */
export class OwnMap<Key, Value> {
  readonly #map = new Map<Key, Value>();
  readonly #get = uncurried(Map.prototype.get as (this: Map<Key, Value>, key: Key) => Value | undefined);
  readonly #set = uncurried(Map.prototype.set as (this: Map<Key, Value>, key: Key, value: Value) => unknown);
  readonly #delete = uncurried(Map.prototype.delete as (this: Map<Key, Value>, key: Key) => boolean);
  readonly #each = uncurried(
    Map.prototype.forEach as (this: Map<Key, Value>, visit: (value: Value, key: Key) => void) => void,
  );
  readonly #size = getter(Map.prototype, "size");
  get(key: Key): Value | undefined {
    return this.#get(this.#map, key);
  }
  set(key: Key, value: Value): void {
    this.#set(this.#map, key, value);
  }
  delete(key: Key): void {
    this.#delete(this.#map, key);
  }
  each(visit: (value: Value, key: Key) => void): void {
    this.#each(this.#map, visit);
  }
  get size(): number {
    return this.#size(this.#map);
  }
}

/** A weak map that the page cannot reach. */
export class OwnWeakMap<Key extends object, Value> {
  readonly #map = new WeakMap<Key, Value>();
  readonly #get = uncurried(WeakMap.prototype.get as (this: WeakMap<Key, Value>, key: Key) => Value | undefined);
  readonly #set = uncurried(WeakMap.prototype.set as (this: WeakMap<Key, Value>, key: Key, value: Value) => unknown);
  get(key: Key): Value | undefined {
    return this.#get(this.#map, key);
  }
  set(key: Key, value: Value): void {
    this.#set(this.#map, key, value);
  }
}

export const blobBytes = uncurried(Blob.prototype.arrayBuffer);
export const blobStart = uncurried(Blob.prototype.slice) as (self: Blob, start: number, end: number) => Blob;
/** Streams of a `WebSocketStream`, through which its messages pass one by one. */
export const pipeThrough = uncurried(ReadableStream.prototype.pipeThrough) as (
  self: ReadableStream,
  stage: TransformStream,
) => ReadableStream;
export const pipeTo = uncurried(ReadableStream.prototype.pipeTo) as (
  self: ReadableStream,
  end: WritableStream,
) => Promise<void>;
export const enqueue = uncurried(TransformStreamDefaultController.prototype.enqueue);
export const transformReadable = getter(TransformStream.prototype, "readable");
export const transformWritable = getter(TransformStream.prototype, "writable");

const blobSize = getter(Blob.prototype, "size");
export function isBlob(value: unknown): value is Blob {
  try {
    return blobSize(value as Blob) >= 0;
  } catch {
    return false;
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
