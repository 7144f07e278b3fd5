// Where a page has its kernel from, and by which handle it compiles it.

import { createCipheriv } from "node:crypto";
import { after } from "node:test";
import { gzipSync } from "node:zlib";
import { kernelBytes } from "../lib/kernel.ts";
import { many, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import { Wire } from "../lib/wire.ts";

/** A server that answers "kernel" with it, as bytes and as a text. */
const wire = await Wire.open((heard) => (heard.toString() === "text" ? [kernelBase64] : [kernelBytes]));
after(() => wire.close());

const KEY = Buffer.alloc(16, 7);
const IV = Buffer.alloc(12, 9);
const cipher = createCipheriv("aes-128-gcm", KEY, IV);
const sealed = Buffer.concat([cipher.update(kernelBytes), cipher.final(), cipher.getAuthTag()]);
const masked = Buffer.from(kernelBytes.map((byte) => byte ^ 0x5a));
const files = {
  "sealed.bin": sealed,
  "masked.bin": masked,
  "packed.gz": gzipSync(kernelBytes),
  "half-1.bin": kernelBytes.subarray(0, 3_000),
  "half-2.bin": kernelBytes.subarray(3_000),
};

const inScript = `const embedded = () => Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));`;
const helpers = `
const bytesOf = async (name) => new Uint8Array(await (await fetch('%BASE%/' + name)).arrayBuffer());
const typed = { headers: { 'content-type': 'application/wasm' } };
const asked = (word) => new Promise((done, failed) => {
  const socket = new WebSocket(${JSON.stringify(wire.address)});
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => socket.send(word);
  socket.onmessage = ({ data }) => done(data);
  socket.onerror = failed;
});
const request = (type) => new Promise((done) => {
  const xhr = new XMLHttpRequest();
  xhr.open('GET', '%BASE%/kernel.wasm');
  xhr.responseType = type;
  xhr.onload = () => done(xhr.response);
  xhr.send();
});
const stored = (bytes) => new Promise((done, failed) => {
  const open = indexedDB.open('kernels', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('all');
  open.onerror = failed;
  open.onsuccess = () => {
    open.result.transaction('all', 'readwrite').objectStore('all').put(bytes, 'one').onsuccess = () => {
      open.result.transaction('all').objectStore('all').get('one').onsuccess = ({ target }) => done(target.result);
    };
  };
});
const streamOf = (bytes) => new ReadableStream({
  start(controller) {
    for (let at = 0; at < bytes.length; at += 1000) controller.enqueue(bytes.slice(at, at + 1000));
    controller.close();
  },
});
const moved = (made) => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data }) => done(data);
  port1.postMessage(made);
});
const resizable = (bytes) => {
  const buffer = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length * 2 });
  new Uint8Array(buffer).set(bytes);
  return buffer;
};
const EMPTY = [0, 97, 115, 109, 1, 0, 0, 0];
const lawful = () => new WebAssembly.Module(Uint8Array.from(EMPTY));`;

/** `[way, expression of a Module, an Instance, both or a promise of them]`. */
const ways: readonly (readonly [string, string])[] = [
  ["fetched", "new WebAssembly.Module(await kernelArray())"],
  ["fetched, as an ArrayBuffer", "new WebAssembly.Module((await kernelArray()).buffer)"],
  [
    "a view into a larger buffer",
    "(() => { const b = embedded(), l = new Uint8Array(b.length + 99); l.set(b, 50); return new WebAssembly.Module(l.subarray(50, 50 + b.length)); })()",
  ],
  [
    "a buffer that can be resized, gone after the call",
    "(() => { const b = resizable(embedded()); const p = WebAssembly.compile(b); b.resize(0); return p; })()",
  ],
  [
    "bytes overwritten after the call",
    "(() => { const b = embedded(); const p = WebAssembly.instantiate(b); b.fill(0); b.set(EMPTY); return p; })()",
  ],
  [
    "a buffer given away after the call",
    "(() => { const b = embedded(); const p = WebAssembly.compile(b); structuredClone(b.buffer, { transfer: [b.buffer] }); return p; })()",
  ],
  ["base64 in the script", "new WebAssembly.Module(embedded())"],
  ["base64 by Uint8Array.fromBase64", `new WebAssembly.Module(Uint8Array.fromBase64('${kernelBase64}'))`],
  [
    "a data: address, streamed",
    `WebAssembly.instantiateStreaming(fetch('data:application/wasm;base64,${kernelBase64}'))`,
  ],
  [
    "a blob: address, streamed",
    "WebAssembly.instantiateStreaming(fetch(URL.createObjectURL(new Blob([embedded()], { type: 'application/wasm' }))))",
  ],
  ["exclusive-or", "WebAssembly.compile((await bytesOf('masked.bin')).map((byte) => byte ^ 0x5a))"],
  [
    "AES-GCM",
    `WebAssembly.compile(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(12).fill(9) }, await crypto.subtle.importKey('raw', new Uint8Array(16).fill(7), 'AES-GCM', false, ['decrypt']), await bytesOf('sealed.bin')))`,
  ],
  [
    "inflated",
    "WebAssembly.compile(await new Response((await fetch('%BASE%/packed.gz')).body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())",
  ],
  [
    "inflated, streamed",
    "WebAssembly.compileStreaming(new Response((await fetch('%BASE%/packed.gz')).body.pipeThrough(new DecompressionStream('gzip')), typed))",
  ],
  [
    "two halves",
    "new WebAssembly.Module(await new Blob([await bytesOf('half-1.bin'), await bytesOf('half-2.bin')]).arrayBuffer())",
  ],
  [
    "the Cache API",
    "(async () => { const cache = await caches.open('kernels'); await cache.put('%BASE%/kept', await kernelFile()); return WebAssembly.compileStreaming(cache.match('%BASE%/kept')); })()",
  ],
  ["a database", "new WebAssembly.Module(await stored(await kernelArray()))"],
  ["XMLHttpRequest", "new WebAssembly.Module(await request('arraybuffer'))"],
  ["XMLHttpRequest, as a Blob", "new WebAssembly.Module(await (await request('blob')).arrayBuffer())"],
  ["a socket", "new WebAssembly.Module(await asked('bytes'))"],
  ["a socket, as base64", "new WebAssembly.Module(Uint8Array.fromBase64(await asked('text')))"],
  ["a Response that is settled", "WebAssembly.instantiateStreaming(await kernelFile())"],
  ["a Response made by the page", "WebAssembly.compileStreaming(new Response(await kernelArray(), typed))"],
  ["a Response over a stream", "WebAssembly.instantiateStreaming(new Response(streamOf(await kernelArray()), typed))"],
  ["a clone of a Response", "WebAssembly.instantiateStreaming((await kernelFile()).clone())"],
  [
    "a Response of a class of its own",
    "WebAssembly.compileStreaming(new (class extends Response {})(await kernelArray(), typed))",
  ],
  [
    "a thing that only waits like a promise",
    "WebAssembly.compileStreaming({ then: (done) => kernelFile().then(done) })",
  ],
  ["a Module that went through a message", "moved(await WebAssembly.compile(await kernelArray()))"],
  ["a Module that was cloned", "structuredClone(new WebAssembly.Module(embedded()))"],
  [
    "compiled with builtins",
    "WebAssembly.compile(embedded(), { builtins: ['js-string'], importedStringConstants: 's' })",
  ],
  [
    "called by a promising export",
    "(async () => { const { exports } = new WebAssembly.Instance(new WebAssembly.Module(embedded())); return { exports: { memory: exports.memory, input: exports.input, output: exports.output, hash: WebAssembly.promising(exports.hash) } }; })()",
  ],
  ["Reflect.construct", "Reflect.construct(WebAssembly.Module, [embedded()], class extends WebAssembly.Module {})"],
  ["a subclass", "new (class extends WebAssembly.Module {})(embedded())"],
  ["the constructor of the prototype", "new WebAssembly.Module.prototype.constructor(embedded())"],
  ["the constructor of a lawful module", "new (lawful().constructor)(embedded())"],
  ["the value of a descriptor", "new (Object.getOwnPropertyDescriptor(WebAssembly, 'Module').value)(embedded())"],
  ["a bound constructor", "new (WebAssembly.Module.bind(null, embedded()))()"],
  ["a call with another receiver", "Reflect.apply(WebAssembly.instantiate, null, [embedded()])"],
  ["eval", "(0, eval)('(b) => new WebAssembly.Module(b)')(embedded())"],
  ["a Function of a text", "Function('b', 'return new WebAssembly.Module(b)')(embedded())"],
  [
    "an imported module's script",
    "(await import('data:text/javascript,export const make = (b) => new WebAssembly.Module(b)')).make(embedded())",
  ],
  [
    "a script element that is added",
    "new Promise((done) => { window.made = done; const s = document.createElement('script'); s.textContent = 'window.made(WebAssembly.compile(embedded()))'; document.head.append(s); })",
  ],
];

/** What a page does to its realm before it compiles; each has a page of its own. */
const spoilt: Readonly<Record<string, string>> = {
  "with all methods replaced": `
    for (const name of ['slice', 'subarray', 'set', 'fill']) Uint8Array.prototype[name] = () => new Uint8Array(8);
    Function.prototype.call = Function.prototype.apply = () => undefined;
    Array.prototype[Symbol.iterator] = function* () {};
    EventTarget.prototype.dispatchEvent = () => true;
    Promise.prototype.then = ((then) => function (a, b) { return Reflect.apply(then, this, [a, b]); })(Promise.prototype.then);
    window.CustomEvent = class {};
    Reflect.construct = () => undefined;
    ArrayBuffer.isView = () => false;
    tries([async () => new WebAssembly.Module(await (await kernelFile()).arrayBuffer())]);`,
};

/** A document whose isolation lets it share memory. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const shared: readonly (readonly [string, string])[] = [
  [
    "shared memory",
    "(() => { const b = embedded(), s = new Uint8Array(new SharedArrayBuffer(b.length)); s.set(b); return new WebAssembly.Module(s); })()",
  ],
  [
    "shared memory, changed after the call",
    "(() => { const b = embedded(), s = new Uint8Array(new SharedArrayBuffer(b.length)); s.set(b); const p = WebAssembly.compile(s); s.fill(0); s.set(EMPTY); return p; })()",
  ],
  [
    "shared memory that can grow, changed after the call",
    "(() => { const b = embedded(), g = new SharedArrayBuffer(b.length, { maxByteLength: b.length * 2 }), s = new Uint8Array(g, 0, b.length); s.set(b); const p = WebAssembly.instantiate(s); g.grow(b.length * 2); s.fill(0); s.set(EMPTY); return p; })()",
  ],
  [
    "the memory of a module",
    "(() => { const b = embedded(), m = new WebAssembly.Memory({ initial: 4 }), s = new Uint8Array(m.buffer, 0, b.length); s.set(b); const p = WebAssembly.compile(s); m.grow(1); return p; })()",
  ],
];
const head = minerScript + triesScript + inScript + helpers;
const list = (all: typeof ways) => `tries([${all.map(([, make]) => `async () => ${make}`).join(",\n")}]);`;

many("where a kernel comes from", [
  { name: "in a page", ways: ways.map(([way]) => way), files: { ...files, "index.html": pageOf(list(ways), head) } },
  {
    name: "in an isolated page",
    ways: shared.map(([way]) => way),
    files: { "index.html": { headers: ISOLATED, body: pageOf(list(shared), head) } },
  },
  ...Object.entries(spoilt).map(([way, script]) => ({
    name: "in a page",
    ways: [way],
    files: { "index.html": pageOf(script, head) },
  })),
]);
