// The first lines of a prelude. Where the page's script has to stand in the same text, its top-level functions exist
// before the first line runs; none of them may bear a name that the prelude relies on. The text of a native function is
// no JavaScript, so nothing but a native function has it.

/** Global functions that the prelude or what it imports refers to. */
const FUNCTIONS =
  "Array ArrayBuffer Blob CustomEvent DataView Date DOMException Error ErrorEvent Event EventSource EventTarget FormData Function Headers Int32Array Map " +
  "MessageChannel MessageEvent MessagePort Number Object OffscreenCanvas PerformanceEntry PerformanceObserver PerformanceObserverEntryList ProgressEvent Promise Proxy RangeError ReadableStream Request Response String Symbol " +
  "SecurityPolicyViolationEvent TextDecoder TextEncoder TransformStream TransformStreamDefaultController TypeError URL URLSearchParams Uint8Array WeakMap WeakRef WebSocket Worker WritableStream " +
  "XMLHttpRequest clearTimeout close decodeURIComponent encodeURIComponent escape postMessage reportError setTimeout structuredClone unescape";
/** Global objects and texts that are no functions. A variable of the same name hides those that are inherited. */
const OBJECTS = "Atomics JSON Math Reflect WebAssembly globalThis location origin performance";

/** A worker in which they are replaced ends before its script begins. */
export const GUARD = `{
const text = (() => 0).toString, call = text.call, scope = (function () { return this })() ?? globalThis;
const functions = ${JSON.stringify(FUNCTIONS.split(" "))}, objects = ${JSON.stringify(OBJECTS.split(" "))};
for (let i = 0; i < functions.length; i += 1) {
  const found = scope[functions[i]];
  const words = found === undefined ? "" : call.call(text, found), head = "function " + functions[i] + "() {";
  if (found !== undefined && words !== head + " [native code] }" && words !== head + "\\n    [native code]\\n}") throw new scope.Error("A name is taken: " + functions[i]);
}
for (let i = 0; i < objects.length; i += 1) if (scope[objects[i]] === undefined || typeof scope[objects[i]] === "function") throw new scope.Error("A name is taken: " + objects[i]);
}`;
