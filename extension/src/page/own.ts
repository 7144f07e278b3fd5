// The functions of a document's or worker's realm as they were before the page's first script; `language.ts` has those
// that worklets have as well.
import { apply, defineProperty, getOwnPropertyDescriptor, getter, own as language, uncurried } from "./language";

export * from "./language";

export const own = {
  ...language,
  ArrayFrom: Array.from.bind(Array) as (items: Iterable<unknown>) => unknown[],
  Blob,
  CustomEvent: globalThis.CustomEvent,
  DOMException,
  Event,
  MessageEvent,
  MutationObserver: globalThis.MutationObserver,
  ErrorEvent,
  Response,
  TransformStream,
  WritableStream,
  URL,
  WeakRef,
  PerformanceObserver,
  tellsLongTasks: PerformanceObserver.supportedEntryTypes.includes("longtask"),
  Request: globalThis.XMLHttpRequest,
  Int32Array,
  // Where threads may wait at all.
  wait: Atomics.wait,
  createObjectURL: URL.createObjectURL.bind(URL),
  revokeObjectURL: URL.revokeObjectURL.bind(URL),
  /** Before anything else that waits, where the browser knows of that. */
  soon: soonest(globalThis),
  timeOrigin: performance.timeOrigin,
  structuredClone: globalThis.structuredClone.bind(globalThis),
  promiseOf: Promise.resolve.bind(Promise) as (value: unknown) => Promise<unknown>,
} as const;

function soonest({ scheduler }: typeof globalThis): (task: () => void) => void {
  const options = { __proto__: null, priority: "user-blocking" } as SchedulerPostTaskOptions;
  const post = scheduler?.postTask.bind(scheduler);
  return post === undefined ? (task) => language.setTimeout(task, 0) : (task) => post(task, options);
}

/**
 * Has promises take an object for what it is. They ask whatever they are resolved with for `then`, which a page may answer
 * by something else the second time. False where the object lets nobody say so.
 */
export function settles(value: object): boolean {
  const nothing = { __proto__: null, value: undefined, writable: false, enumerable: false, configurable: false };
  return defineProperty(value, "then", nothing as PropertyDescriptor);
}

export const responseBytes = uncurried(Response.prototype.arrayBuffer);
export const responseText = uncurried(Response.prototype.text);
export const responseClone = uncurried(Response.prototype.clone);
export const responseHeaders = getter(Response.prototype, "headers");
export const responseLocked = (self: Response): boolean => {
  const body = responseBody(self);
  return responseUsed(self) || (body !== null && streamLocked(body));
};
const responseUsed = getter(Response.prototype, "bodyUsed");
export const responseBody = getter(Response.prototype, "body");
export const streamLocked = getter(ReadableStream.prototype, "locked");
export const responseOk = getter(Response.prototype, "ok");
export const responseStatus = getter(Response.prototype, "status");
export const responseUrl = getter(Response.prototype, "url");
export const headerOf = uncurried(Headers.prototype.get);

export const urlHref = getter(URL.prototype, "href");
export const urlOrigin = getter(URL.prototype, "origin");
export const urlSearch = getter(URL.prototype, "search");
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

/** What a performance observer has seen. */
export const listedEntries = uncurried(PerformanceObserverEntryList.prototype.getEntries) as (
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

export const domName = getter(DOMException.prototype, "name");
/** Workers of Firefox have no such event. */
export const violationUrl =
  typeof SecurityPolicyViolationEvent === "undefined"
    ? () => ""
    : getter(SecurityPolicyViolationEvent.prototype, "blockedURI");

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

const eachField = uncurried(
  FormData.prototype.forEach as (this: FormData, visit: (value: unknown, name: string) => void) => void,
);
const fieldsText = uncurried(URLSearchParams.prototype.toString);

/** The fields of a form as an address would carry them, files left out; undefined for what is no form. */
export function formText(form: unknown): string | undefined {
  if (typeof form !== "object" || form === null) return undefined;
  const fields = tells(fieldsText, form);
  if (fields !== undefined) return fields;
  try {
    let text = "";
    eachField(form as FormData, (value, name) => {
      if (typeof value === "string")
        text += `${text && "&"}${own.encodeURIComponent(name)}=${own.encodeURIComponent(value)}`;
    });
    return text;
  } catch {
    return undefined;
  }
}

/** What a getter tells of a value; undefined where the value is of another kind. */
export function tells<Self, Value>(get: (self: Self) => Value, value: unknown): Value | undefined {
  try {
    return get(value as Self);
  } catch {
    return undefined;
  }
}

export const isStream = (value: unknown): boolean => tells(streamLocked, value) !== undefined;
const blobSize = getter(Blob.prototype, "size");
export const isBlob = (value: unknown): value is Blob => tells(blobSize, value) !== undefined;
