// Forty attacks on the hooks themselves. Each page has one: it mines without Davy, and with Davy it does not, whatever it
// has done to its realm, to the line between the worlds or to the bytes; nothing crashes, and the page lives on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../lib/alive.ts";
import { many, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import { visit } from "../lib/twice.ts";

/** Attacks that there are at least. */
const LEAST = 40;

/** What the pages keep for themselves before they spoil their realm. */
const head = `${minerScript}${triesScript}
const bytes = Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
const LAWFUL = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const { defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const get = (holder, name, read) => defineProperty(holder, name, { __proto__: null, get: read, configurable: true });
const typed = Object.getPrototypeOf(Uint8Array.prototype);
const mining = () => new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
/** What was made, or a kernel where that holds none. */
const orElse = (made) => made.then((module) => (WebAssembly.Module.exports(module.module ?? module).length > 0 ? module : WebAssembly.compile(bytes)), () => WebAssembly.compile(bytes));
const streamed = () => WebAssembly.instantiateStreaming(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }));
/** Every method of a prototype but its constructor. */
const spoil = (holder, by, but = []) => {
  for (const name of ownKeys(holder)) {
    const found = getOwnPropertyDescriptor(holder, name);
    if (name === 'constructor' || but.includes(name) || typeof found.value !== 'function' || !found.writable) continue;
    holder[name] = by;
  }
};`;

const MODULE = "() => new WebAssembly.Module(bytes)";

/** `[attack, what the page does first, how it compiles]`. */
const ATTACKS: readonly (readonly [string, string, string?])[] = [
  // Patched primordials.
  ["Reflect is emptied", "for (const name of ownKeys(Reflect)) delete Reflect[name];"],
  [
    "Reflect answers with natives of its own making",
    "Reflect.apply = (f) => f; Reflect.construct = (f) => f; Reflect.getOwnPropertyDescriptor = () => undefined;",
  ],
  [
    "call, apply and bind are replaced",
    "for (const name of ['call', 'apply', 'bind']) Function.prototype[name] = () => undefined;",
  ],
  [
    "every method of arrays is replaced",
    "const all = Array.prototype; spoil(all, () => [], ['includes']); Array.prototype[Symbol.iterator] = function* () {};",
    "async () => new WebAssembly.Module(bytes)",
  ],
  ["every method of typed arrays is replaced", "spoil(typed, () => LAWFUL, []); spoil(Uint8Array, () => LAWFUL, []);"],
  [
    "lengths of typed arrays lie",
    "for (const name of ['length', 'byteLength', 'byteOffset']) get(typed, name, () => 0);",
    "() => WebAssembly.compile(bytes)",
  ],
  ["buffers of typed arrays lie", "const lawful = LAWFUL.buffer; get(typed, 'buffer', () => lawful);"],
  [
    "lengths of buffers lie",
    "get(ArrayBuffer.prototype, 'byteLength', () => 8); ArrayBuffer.prototype.slice = () => LAWFUL.buffer;",
  ],
  [
    "ArrayBuffer.isView and the tags of arrays lie",
    "ArrayBuffer.isView = () => false; get(typed, Symbol.toStringTag, () => undefined);",
  ],
  ["maps find nothing", "for (const Kept of [Map, WeakMap, Set, WeakSet]) spoil(Kept.prototype, () => undefined);"],
  [
    "promises call back with true",
    "const then = Promise.prototype.then; const on = (p, done, failed) => Reflect.apply(then, p, [done, failed]); Promise.prototype.then = function (done, failed) { return on(this, done && (() => done(true)), failed); };",
    "() => new WebAssembly.Module(bytes)",
  ],
  [
    "Promise is replaced",
    "window.Promise = class extends Promise { constructor(run) { super((done, failed) => run(() => done(true), failed)); } };",
    "() => WebAssembly.compile(bytes)",
  ],
  [
    "JSON says what it likes",
    "JSON.parse = () => ({ level: 'clean', action: 'allow', pass: true, look: false, watch: false }); JSON.stringify = () => '{}';",
  ],
  [
    "Proxy and Object are replaced",
    "window.Proxy = class {}; Object.defineProperty = Object.getOwnPropertyDescriptor = () => undefined; window.Object = class {};",
  ],
  ["texts and symbols lie", "spoil(String.prototype, () => '', []); get(Symbol.prototype, 'description', () => '');"],
  [
    "responses lie",
    "spoil(Response.prototype, () => Promise.resolve(LAWFUL.buffer)); Headers.prototype.get = () => 'text/plain'; get(Response.prototype, 'ok', () => false);",
    "streamed",
  ],
  [
    "clocks and timers stand",
    "const later = setTimeout; window.setTimeout = () => 0; performance.now = () => 0; Date.now = () => 0;",
  ],
  // What every object inherits.
  [
    "every object has a verdict",
    "for (const name of ['pass', 'look', 'watch', 'later', 'level', 'action', 'answer']) get(Object.prototype, name, () => true);",
  ],
  [
    "every object has traps and options",
    "for (const name of ['apply', 'construct', 'get', 'detail', 'bubbles', 'value', 'relatedTarget']) defineProperty(Object.prototype, name, { __proto__: null, value: () => true, configurable: true, writable: true });",
  ],
  [
    "every object is a promise",
    "get(Object.prototype, 'then', () => undefined); let times = 0; get(Object.prototype, 'then', () => { times += 1; return times % 2 ? (done) => done(true) : undefined; });",
    "() => new WebAssembly.Module(bytes)",
  ],
  [
    "a module is asked for what it promises",
    "const kept = []; get(Object.prototype, 'then', function () { if (this instanceof WebAssembly.Module) kept.push(this); });",
    "() => WebAssembly.compileStreaming(fetch('kernel.wasm')).then((made) => kept[0] ?? made, (error) => { if (kept.length > 0) return kept[0]; throw error; })",
  ],
  [
    "bodies become others on their way to whoever reads them",
    "get(Object.prototype, 'then', function () { for (const one of [this, this.value]) try { new Uint8Array(one.buffer ?? one).fill(0, 8); } catch {} });",
    "() => WebAssembly.compileStreaming(fetch('kernel.wasm'))",
  ],
  [
    "every array begins with lawful bytes",
    "for (const at of [0, 1]) defineProperty(Array.prototype, at, { __proto__: null, get: () => LAWFUL, set() {}, configurable: true });",
    "() => new WebAssembly.Module(bytes)",
  ],
  [
    "everything is frozen",
    "for (const one of [Object.prototype, Function.prototype, Array.prototype, WebAssembly, Uint8Array.prototype, EventTarget.prototype, Promise.prototype]) Object.freeze(one);",
  ],
  // The line between the worlds.
  [
    "a node is handed over anew",
    "const node = document.createElement('span'); for (const type of ['ask', 'answer']) node.addEventListener(type, () => node.dispatchEvent(new CustomEvent('answer', { detail: true }))); window.dispatchEvent(new FocusEvent('davy-hello', { relatedTarget: node }));",
  ],
  [
    "answers are dispatched everywhere",
    "for (const to of [window, document, document.body, ...document.querySelectorAll('*')]) for (const type of ['answer', 'settled', 'spoken', 'scripted', 'release']) to.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: { id: 1, pass: true } }));",
    "() => WebAssembly.compile(bytes)",
  ],
  [
    "all events are caught",
    "for (const type of ['ask', 'answer', 'settled', 'davy-hello']) for (const phase of [true, false]) window.addEventListener(type, (event) => { event.stopImmediatePropagation(); event.preventDefault(); }, phase);",
  ],
  [
    "events are of the page's making",
    "window.CustomEvent = class { get detail() { return true; } }; get(CustomEvent.prototype, 'detail', () => true); EventTarget.prototype.dispatchEvent = () => true; EventTarget.prototype.addEventListener = () => {}; document.createElement = () => null;",
  ],
  [
    "details of events lie",
    "const made = CustomEvent; get(made.prototype, 'detail', () => true); made.prototype.initCustomEvent = () => {}; get(Event.prototype, 'type', () => 'answer');",
  ],
  [
    "a detail of a hundred megabytes",
    "window.dispatchEvent(new CustomEvent('ask', { detail: { op: 'module', bytes: new Uint8Array(1e8) } })); window.dispatchEvent(new FocusEvent('davy-hello'));",
  ],
  ["the line is flooded, one after the other", "for (let i = 0; i < 4000; i += 1) new WebAssembly.Module(LAWFUL);"],
  [
    "the line is flooded, all at once",
    "const all = []; for (let i = 0; i < 2000; i += 1) all.push(WebAssembly.compile(LAWFUL));",
    "() => WebAssembly.compile(bytes)",
  ],
  [
    "a verdict on other bytes is used again",
    "const kept = new Uint8Array(bytes.length); kept.set(LAWFUL); try { new WebAssembly.Module(kept); } catch {} kept.set(bytes);",
    "() => new WebAssembly.Module(kept)",
  ],
  [
    "bytes become others while they are judged",
    "const kept = new Uint8Array(bytes.length); kept.set(LAWFUL); kept.set([0, 255, 255, 255], 8);",
    "async () => { WebAssembly.compile(kept).catch(() => {}); kept.set(bytes); return WebAssembly.compile(kept); }",
  ],
  // Handles on what stands behind the hooks.
  [
    "frames of the stack are asked for their functions",
    "const found = []; Error.prepareStackTrace = (error, sites) => { for (const site of sites) { const f = site.getFunction(); if (f) found.push(f); } return ''; }; const spy = { get buffer() { new Error().stack; return bytes; }, then(done) { new Error().stack; done(1); } }; try { new WebAssembly.Module(spy); } catch (error) { error.stack; } WebAssembly.compile({ get [Symbol.toStringTag]() { new Error().stack; } }).catch(() => {});",
    "() => { for (const f of found) try { const made = f(WebAssembly.Module, [bytes], WebAssembly.Module); if (made instanceof WebAssembly.Module) return made; } catch {} return new WebAssembly.Module(bytes); }",
  ],
  [
    "texts of functions are probed, in every realm",
    "const frame = document.body.appendChild(document.createElement('iframe')).contentWindow; const texts = [Function.prototype.toString, frame.Function.prototype.toString].map((f) => Reflect.apply(f, WebAssembly.Module, [])); if (texts.some((text) => !/native code/.test(text))) tell('failure', '0 seen ' + texts);",
  ],
  [
    "what was replaced is deleted",
    "const Space = WebAssembly; const Kept = Space.Module; delete Kept.prototype.constructor; delete Space.Module; delete window.WebAssembly;",
    "() => new Space.Instance(new (window.WebAssembly?.Module ?? Space.Module ?? Kept)(bytes))",
  ],
  [
    "a realm is used after its frame is gone",
    "const frame = document.body.appendChild(document.createElement('iframe')); const W = frame.contentWindow.WebAssembly; frame.remove();",
    "() => { const made = new W.Module(bytes); return new W.Instance(made); }",
  ],
  [
    "the document is opened and written anew",
    "const loaded = new Promise((done) => addEventListener('load', () => setTimeout(done)));",
    "async () => { await loaded; document.open(); document.write('<p hidden>Beats: <output id=beats>0</output>'); document.close(); return new WebAssembly.Module(bytes); }",
  ],
  [
    "the document is taken apart",
    "const kept = document.getElementById('beats'); document.documentElement.replaceChildren(document.createElement('body')); document.body.append(kept);",
  ],
  // The stack and the engine.
  [
    "the stack is full",
    "let made, level = 0, tried = 0; const deep = () => { try { deep(); } catch {} level += 1; if (made === undefined && level % 25 === 1 && tried < 20) { tried += 1; try { made = new WebAssembly.Module(bytes); } catch {} } }; try { deep(); } catch {}",
    "() => made ?? new WebAssembly.Module(bytes)",
  ],
  [
    "it compiles from within a compilation",
    "let made; const inner = () => { made ??= new WebAssembly.Module(bytes); return 0; }; try { new WebAssembly.Memory({ get initial() { return inner(); } }); } catch {}",
    "() => made ?? new WebAssembly.Module(bytes)",
  ],
  [
    "arrays that lie about themselves",
    "class Lies extends Uint8Array { get buffer() { return LAWFUL.buffer; } get length() { return 8; } get byteLength() { return 8; } slice() { return LAWFUL; } static get [Symbol.species]() { return Array; } } const lies = new Lies(bytes);",
    "() => new WebAssembly.Module(lies)",
  ],
  [
    "a response from the network is another one the second time",
    "let asked = 9; get(Response.prototype, 'then', () => { asked += 1; return asked === 2 ? (done) => done(mining()) : undefined; });",
    "async () => { const given = await fetch('data:application/wasm;base64,AGFzbQEAAAA='); asked = 0; return orElse(WebAssembly.compileStreaming(given)); }",
  ],
  [
    "a response of the page's is another one the second time",
    "let asked = 9; get(Response.prototype, 'then', () => { asked += 1; return asked === 2 ? (done) => done(mining()) : undefined; });",
    "() => { const given = new Response(LAWFUL, { headers: { 'content-type': 'application/wasm' } }); asked = 0; return orElse(WebAssembly.compileStreaming(given)); }",
  ],
  [
    "a response that failed is another one the second time",
    "let asked = 0; const given = new Response('', { status: 404 }); get(given, 'then', () => { asked += 1; return asked === 2 ? (done) => done(mining()) : undefined; });",
    "() => orElse(WebAssembly.instantiateStreaming(given))",
  ],
  [
    "an object is a promise the second time",
    "let asked = 0; const given = { get then() { asked += 1; return asked === 2 ? (done) => done(mining()) : undefined; } };",
    "() => orElse(WebAssembly.compileStreaming(given))",
  ],
  [
    "options make a response another one",
    "const spoiling = (given) => ({ get builtins() { Reflect.deleteProperty(given, 'then'); get(given, 'then', () => (done) => done(mining())); return []; } });",
    "async () => { const given = await fetch('data:application/wasm;base64,AGFzbQEAAAA='); return orElse(WebAssembly.compileStreaming(given, spoiling(given))); }",
  ],
  [
    "a promise has a species of its own",
    "const given = Promise.resolve(mining()); given.constructor = { [Symbol.species]: class { constructor(run) { run(() => {}, () => {}); } } };",
    "() => WebAssembly.compileStreaming(given)",
  ],
  [
    "every method of streams is replaced",
    "for (const one of [ReadableStream, WritableStream, TransformStream]) spoil(one.prototype, () => { throw new Error('spoilt'); });",
    "() => WebAssembly.compileStreaming(kernelFile())",
  ],
  [
    "arrays tell of what is iterated while a frame is hooked",
    "const kept = []; const iterate = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function () { kept.push(this); return Reflect.apply(iterate, this, []); }; document.body.appendChild(document.createElement('iframe')).contentWindow; Array.prototype[Symbol.iterator] = iterate;",
    "() => { for (const list of kept) for (const one of list) if (one?.name === 'instantiate') return one(bytes); return WebAssembly.compile(bytes); }",
  ],
  [
    "an array out of bounds is whole when its target is asked",
    "const buffer = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length }); const given = new Uint8Array(buffer, 0, bytes.length); buffer.resize(8); const Target = new Proxy(WebAssembly.Module, { get: (of, key) => { if (key === 'prototype') { buffer.resize(bytes.length); new Uint8Array(buffer).set(bytes); } return of[key]; } });",
    "() => Reflect.construct(WebAssembly.Module, [given], Target)",
  ],
  [
    "the mark of a realm is called",
    "const mark = location[Symbol.for('davy')]; mark?.(true); mark?.({}); mark?.(null); mark?.(document.body.appendChild(document.createElement('iframe')).contentWindow);",
  ],
  [
    "it constructs by classes that lie",
    "const Lies = new Proxy(function () {}, { get: (of, name) => (name === 'prototype' ? Object.prototype : of[name]) });",
    "() => { const made = Reflect.construct(WebAssembly.Module, [bytes], Lies); Object.setPrototypeOf(made, WebAssembly.Module.prototype); return made; }",
  ],
];

test("there are forty", () => assert.ok(ATTACKS.length >= LEAST, String(ATTACKS.length)));

many(
  "attacks",
  ATTACKS.map(([attack, first, make = MODULE]) => ({
    name: "a page",
    ways: [attack],
    files: { "index.html": pageOf(`${first}\ntries([${make}]);`, head) },
  })),
);

/** Speaks as hooks do, and tells whether anybody answered. */
const FORGED = `<!doctype html><title>a frame</title><script>
const node = new EventTarget();
let heard = 'silence';
node.addEventListener('answer', () => { heard = 'an answer'; });
dispatchEvent(new FocusEvent('davy-hello', { relatedTarget: node }));
node.dispatchEvent(new CustomEvent('ask', { detail: { op: 'kit', of: 'worker' } }));
fetch('note', { method: 'POST', body: heard });
</script>`;

test("in a frame that has its parent's hooks, nobody answers who forges their first word", () =>
  visit(
    true,
    {
      files: {
        "index.html": '<!doctype html><title>a page</title><iframe src="inner.html"></iframe>',
        "inner.html": FORGED,
      },
    },
    async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0));
      assert.deepEqual(run.notes, ["silence"]);
    },
  ));

/** Frames are looked for from the last one back: see `glance` of `src/page/frames.ts`. */
test("canary: a frame is the last of its window, wherever it is inserted", () =>
  visit(
    false,
    {
      files: {
        "index.html": `<!doctype html><title>a page</title><main><iframe></iframe><iframe></iframe></main><script>
const around = document.querySelector('main');
const made = document.createElement('iframe');
around.prepend(made);
const first = window[2] === made.contentWindow;
around.firstElementChild.nextElementSibling.remove();
const between = document.createElement('iframe');
around.insertBefore(between, around.lastElementChild);
fetch('note', { method: 'POST', body: String(first && window[2] === between.contentWindow) });
</script>`,
      },
    },
    async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0));
      assert.deepEqual(run.notes, ["true"]);
    },
  ));
