// What mines without WebAssembly, and pools by every address. A hash counts when the pool has said that it heard it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import { many, type Tries } from "../lib/many.ts";
import { minerScript, pageOf } from "../lib/miner.ts";
import { root } from "../lib/paths.ts";
import { Wire } from "../lib/wire.ts";

const script = (name: string) => readFileSync(path.join(root, "tests/corpus/script", name, "script.js"), "utf8");
/** SHA-256 twice in plain JavaScript: `sha256d` of twenty words. */
const plain = script("sha256d-search").split("self.onmessage")[0] ?? "";
/** CryptoNight's main loop in asm.js, with the fiftieth part of its rounds. */
const asm = script("cryptonight").replace("524288", "10486");

const JOB = {
  job_id: "0123456789abcdef",
  blob: `1010db99f6d706${"5a".repeat(32)}00000000${"a5".repeat(33)}`,
  target: "ffffff00",
};
/** A pool in the CoinHive dialect at an address that no rule knows; it says which share it has heard. */
const pool = await Wire.open((heard) => {
  const { type, params } = JSON.parse(heard.toString()) as { type: string; params: { result?: string } };
  if (type === "auth") return [JSON.stringify({ type: "job", params: JOB })];
  if (type === "chat") return [heard.toString()];
  return [JSON.stringify({ type: "hash_accepted", params: { result: params.result } })];
});
/** The same, of messages that come in pieces and answers that go so. */
let begun = "";
const pieces = await Wire.open((heard) => {
  begun += heard.toString();
  try {
    const { type, params } = JSON.parse(begun) as { type: string; params: { result?: string } };
    begun = "";
    const answer = type === "auth" ? { type: "job", params: JOB } : { type: "hash_accepted", params };
    return JSON.stringify(answer).match(/.{1,40}/g) ?? [];
  } catch {
    return [];
  }
});
after(() => pool.close());
after(() => pieces.close());
const address = (host = "127.0.0.1", file = "/live") => pool.address.replace("127.0.0.1", host).replace("/live", file);

/** `hashOf(nonce)`, in plain JavaScript and in asm.js. */
const inPlain = `${plain}
const hashOf = (nonce) => { const header = new Uint32Array(20); header[19] = nonce; return sha256d(header); };`;
const inAsm = `${asm}
const I = new Int32Array(1 << 20);
const miner = Kernel(globalThis, { hash() {} }, I.buffer);
const hashOf = (nonce) => { I[16] = nonce; miner.walk(0, 1 << 21); return new Uint32Array(I.buffer, 64, 8); };`;
const hexOf = `const hexOf = (words) => Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('').slice(0, 56) + '00000000';`;
/** Logs in and sends five shares that \`result(nonce)\` gives. */
const client = (to: string, result: string) => `
const socket = new WebSocket(${JSON.stringify(to)});
const say = (type, params) => socket.send(JSON.stringify({ type, params }));
socket.onopen = () => say('auth', { site_key: 'loopback', type: 'anonymous', user: null, goal: 0 });
socket.onclose = () => tell('failure', '0 closed');
socket.onmessage = async ({ data }) => {
  const { type, params } = JSON.parse(data);
  if (type === 'hash_accepted') return tell('hash', '0 ' + params.result);
  for (let nonce = 0; nonce < 5; nonce += 1) {
    await new Promise((next) => setTimeout(next, 50));
    if (socket.readyState !== 1) return;
    say('submit', { job_id: params.job_id, nonce: '0000000' + nonce, result: await (${result})(nonce) });
  }
};`;
/** Jobs come by one socket, shares go by another. */
const byTwo = (result: string) =>
  client(address(), result)
    .replace("{ site_key: 'loopback', type: 'anonymous', user: null, goal: 0 }", "{}")
    .replace("setTimeout(next, 50)", "setTimeout(next, 300)")
    .replace("const say =", `const other = new WebSocket(${JSON.stringify(address())}); const say =`)
    .replace("=> socket.send(", "=> (type === 'auth' ? socket : other).send(")
    .replace("socket.onmessage =", "other.onmessage = socket.onmessage =")
    .replace("socket.onclose =", "other.onclose = socket.onclose =");
/** Each share goes by a socket of its own: what opens it tells. */
const byOpening = (result: string, how: string) =>
  client(address(), result)
    .replace("{ site_key: 'loopback', type: 'anonymous', user: null, goal: 0 }", "{}")
    .replace(
      "const say =",
      `const open = (to, share) => { const other = ${how}; other.onopen = () => { tell('hash', '0 ' + share.result); other.close(); }; other.onerror = () => tell('failure', '0 refused'); };
      const say =`,
    )
    .replace(
      "=> socket.send(JSON.stringify({ type, params }))",
      `=> (type === 'auth' ? socket.send(JSON.stringify({ type, params })) : open(${JSON.stringify(address())}, params))`,
    );
const inPieces = (result: string) =>
  client(pieces.address, result)
    .replace(
      "socket.send(JSON.stringify({ type, params }))",
      "{ for (const piece of JSON.stringify({ type, params }).match(/.{1,40}/g)) socket.send(piece); }",
    )
    .replace(
      "async ({ data }) => {",
      "async (event) => { begun += event.data; let data; try { JSON.parse(begun); data = begun; begun = ''; } catch { return; }",
    )
    .replace("const say = ", "let begun = ''; const say = ");
/** Both talk at length before they work: none of the messages that are read in any case says anything. */
const afterTalk = (result: string) =>
  client(address(), result)
    .replace(
      "socket.onopen = () => say",
      "socket.onopen = () => { for (let i = 0; i < 300; i += 1) say('chat', { text: 'hello ' + i }); say",
    )
    .replace("goal: 0 });", "goal: 0 }); };")
    .replace(
      "const { type, params } = JSON.parse(data);",
      "const { type, params } = JSON.parse(data); if (type === 'chat') return;",
    );
const byHash = "async (nonce) => hexOf(hashOf(nonce))";
const quoted = (text: string) => JSON.stringify(text).replaceAll("</", "<\\/");
const page = (text: string) => ({ "index.html": pageOf(text) });
const blob = (text: string) => `URL.createObjectURL(new Blob([${quoted(text)}]))`;
/** A worker that answers a nonce with its hash; its script is a file. */
const answers = (kernel: string) => `${kernel} ${hexOf} onmessage = ({ data }) => postMessage(hexOf(hashOf(data)));`;
const asked = `const worker = new Worker('worker.js');
const ask = (nonce) => new Promise((done) => { worker.onmessage = ({ data }) => done(data); worker.postMessage(nonce); });`;
/** Without any pool: a worker hashes by itself. */
const alone = (kernel: string) =>
  `${minerScript} ${kernel} ${hexOf} for (let nonce = 0; nonce < 3; nonce += 1) tell('hash', '0 ' + hexOf(hashOf(nonce)));`;

const one = (way: string, files: Tries["files"], more: Partial<Tries> = {}): Tries => ({
  name: "a page",
  ways: [way],
  files,
  shares: true,
  ...more,
});
const toPool = (way: string, to: string, host?: string): Tries =>
  one(way, page(`${inPlain}${hexOf}${client(to, byHash)}`), host === undefined ? {} : { host });

/** It goes on for seconds, with a pause after each hash. */
const lasting = `${minerScript} ${inAsm} ${hexOf} let nonce = 0;
const next = () => { tell('hash', '0 ' + hexOf(hashOf(nonce))); nonce += 1; if (nonce < 36) setTimeout(next, 120); };`;
const READ_BESIDE = "what a worker imports runs at once, and is read beside: the worker is ended";
const READ_APART =
  "what a worker without hooks imports runs at once, and is read beside: it is loaded no more, and the page anew";
const ELSEWHERE = "asm.js that a worker imports from another host, no socket";
const ACTIVE = "onactivate = (event) => { event.waitUntil(new Promise(() => {})); next(); };";
const KEPT_ON = "asm.js that a service worker imports from an address that it computes, no socket";
const imports = (way: string, body: string, more: Record<string, string>, how: Partial<Tries>): Tries => {
  const files = { ...page(body), "part.js": { body: lasting, headers: { "cache-control": "max-age=600" } }, ...more };
  // What mines apart has all pages of its host loaded anew.
  return one(way, files, { host: `${way.replaceAll(/[^a-z]/g, "")}.localhost`, ...how });
};
const before = { silent: true };
const moment = (way: string, why: string): Partial<Tries> => ({ moment: { [way]: why } });
const BESIDE = "asm.js that a worker imports from an address that it computes, no socket";
const BLOB = "asm.js that a worker imports from a Blob, no socket";
const SHARED = "asm.js that a shared worker imports, no socket";
const LONG = "asm.js in a worker with a long script, no socket";
// By itself: a background that is busy with the others lets a script run unread after three seconds.
many("without WebAssembly and pool", [
  one(
    "asm.js in a worker, no socket",
    { ...page("new Worker('worker.js')"), "worker.js": alone(inAsm) },
    { silent: true },
  ),
  imports(
    "asm.js that a worker imports, no socket",
    "new Worker('worker.js')",
    { "worker.js": "importScripts('more.js'); next();", "more.js": "importScripts('part.js');" },
    before,
  ),
  imports(
    BESIDE,
    "new Worker('worker.js')",
    { "worker.js": "importScripts(['part', 'js'].join('.')); next();" },
    moment(BESIDE, READ_BESIDE),
  ),
  imports(
    BLOB,
    `new Worker(URL.createObjectURL(new Blob(["onmessage = ({ data }) => { importScripts(URL.createObjectURL(data)); next(); }"]))).postMessage(new Blob([${quoted(lasting)}]))`,
    {},
    moment(BLOB, READ_BESIDE),
  ),
  imports(
    "asm.js that a module worker imports, no socket",
    "new Worker('worker.js', { type: 'module' })",
    {
      "worker.js": "import './made.js'; next();",
      "made.js": lasting.replaceAll("const ", "var ").replace("var next =", "globalThis.next ="),
    },
    before,
  ),
  imports(
    "asm.js that a worker imports late, no socket",
    "new Worker('worker.js')",
    {
      "worker.js": "import('./part.js').then(() => next());",
      "part.js": lasting.replace("const next =", "globalThis.next ="),
    },
    before,
  ),
  imports(
    SHARED,
    "new SharedWorker('worker.js')",
    { "worker.js": "importScripts('part.js'); next();" },
    moment(SHARED, READ_APART),
  ),
  imports(
    "asm.js that a service worker imports, no socket",
    "navigator.serviceWorker.register('worker.js').catch(() => {})",
    { "worker.js": `importScripts('part.js'); ${ACTIVE}` },
    before,
  ),
  imports(
    KEPT_ON,
    "navigator.serviceWorker.register('worker.js').catch(() => {})",
    { "worker.js": `importScripts(['part', 'js'].join('.')); ${ACTIVE}` },
    {
      known: {
        [KEPT_ON]:
          "a service worker that has begun goes on until its event ends, five minutes at most: it is taken back, and what it imports is not loaded again",
      },
    },
  ),
  one(
    ELSEWHERE,
    {
      ...page("new Worker('worker.js')"),
      "worker.js": "importScripts(['%BASE%/part', 'js'].join('.').replace('//', '//other.')); next();",
      "part.js": lasting,
    },
    { known: { [ELSEWHERE]: "a script of another host is not shared with who would read it" }, host: "shop.example" },
  ),
  one(
    LONG,
    { ...page("new Worker('worker.js')"), "worker.js": `${alone(inAsm)}//${"x".repeat(2 * 1024 * 1024)}` },
    { known: { [LONG]: "a script longer than 2 MiB runs unread, and the tab says so" } },
  ),
]);

many("without WebAssembly", [
  toPool("plain JavaScript, an unknown pool", address()),
  one("asm.js, an unknown pool", page(`${inAsm}${hexOf}${client(address(), byHash)}`)),
  one("plain JavaScript in a worker, the socket in the page", {
    ...page(asked + client(address(), "ask")),
    "worker.js": answers(inPlain),
  }),
  one("asm.js in a worker, the socket in the page", {
    ...page(asked + client(address(), "ask")),
    "worker.js": answers(inAsm),
  }),
  one(
    "plain JavaScript and the socket in a worker",
    page(`new Worker(${blob(minerScript + inPlain + hexOf + client(address(), byHash))})`),
  ),
  one("plain JavaScript, a pool with two sockets", page(`${inPlain}${hexOf}${byTwo(byHash)}`)),
  one(
    "plain JavaScript, shares in the addresses of sockets",
    page(`${inPlain}${hexOf}${byOpening(byHash, "new WebSocket(to + '?' + new URLSearchParams(share))")}`),
  ),
  one(
    "plain JavaScript, shares in the addresses of sockets, as they are sent",
    page(`${inPlain}${hexOf}${byOpening(byHash, "new WebSocket(to + '?' + JSON.stringify({ params: share }))")}`),
  ),
  one(
    "plain JavaScript, shares in the protocols of sockets",
    page(`${inPlain}${hexOf}${byOpening(byHash, "new WebSocket(to, new Set(['submit', ...Object.values(share)]))")}`),
  ),
  one("plain JavaScript, a pool that speaks in pieces", page(`${inPlain}${hexOf}${inPieces(byHash)}`)),
  one("plain JavaScript, a pool that talks before it works", page(`${inPlain}${hexOf}${afterTalk(byHash)}`)),
  toPool("a proxy of its own host", address("shop.example"), "shop.example"),
  toPool(
    "a proxy of its own host, by a path of a pool's",
    address("shop.example", "/proxy?pool=pool.example:3333"),
    "shop.example",
  ),
  toPool("a host of the list", address("ws001.coinhive.com", "/harmless")),
  toPool("a host of the list, with a dot behind it", address("ws001.coinhive.com.", "/harmless")),
  toPool("a host of the list, in capitals", address("WS001.CoinHive.com", "/harmless")),
  toPool("a host of the list, one letter escaped", address("ws001.coinhiv%65.com", "/harmless")),
  toPool("a host of the list, in wide letters", address("ｗs001.coinhive。com", "/harmless")),
  toPool("a host below one of the list", address("any.thing.coinhive.com", "/harmless")),
]);
