// Every entry point of WebAssembly in every kind of place that runs scripts. The kernel is fetched, so that nothing in
// the script tells of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../lib/alive.ts";
import { many, soundScript, type Tries, triesScript } from "../lib/many.ts";
import { minerScript, pageOf } from "../lib/miner.ts";
import { visit } from "../lib/twice.ts";

/** `[way, how a Module, an Instance or both are made of `W`, the realm's WebAssembly]`. */
const ENTRIES: readonly (readonly [string, string])[] = [
  ["new Module", "async () => new W.Module(await kernelArray())"],
  ["compile", "async () => W.compile(await kernelArray())"],
  ["instantiate", "async () => W.instantiate(await kernelArray(), {})"],
  ["compileStreaming", "() => W.compileStreaming(kernelFile())"],
  ["instantiateStreaming", "() => W.instantiateStreaming(kernelFile(), {})"],
];
/** Those of a realm that can fetch nothing. */
const HANDED = ["new Module", "compile", "instantiate"];
const APART = "no hook reaches it: what it compiles is read beside, its script is not loaded again, a reload ends it";
const ways = ENTRIES.map(([way]) => way);
const entries = (realm = "WebAssembly") =>
  `{ const W = ${realm}; tries([${ENTRIES.map(([, make]) => make).join(", ")}]); }`;
const head = minerScript + triesScript;
const script = `${head}\n${entries()}`;
const inner = `<!doctype html><script>${script}</script>`;
/** A text as a literal in a page's script. */
const quoted = (text: string) => JSON.stringify(text).replaceAll("</", "<\\/");
const page = (start: string) => pageOf(start, head);
const blobOf = (text: string, type: string) => `URL.createObjectURL(new Blob([${quoted(text)}], { type: '${type}' }))`;
const element = (name: string, set: string) => `
  const made = document.createElement('${name}');
  ${set}
  document.body.append(made);`;
const frame = (set: string) => element("iframe", set);
const worker = (start: string) => ({ "index.html": page(start), "worker.js": script });
/** Tries again and again, for eight seconds. */
const unendingScript = (all = entries()) => `${head}
  let rounds = 16;
  const again = () => { if (rounds-- > 0) ${all} };
  again();
  setInterval(again, 500);`;
/** A worker that does so. */
const unending = (start: string, all = entries()) => ({
  "index.html": page(start),
  "worker.js": unendingScript(all),
});
/** All ways of a place are stopped after a moment, for one reason. */
const moment = (why: string, all: readonly string[] = ways) => Object.fromEntries(all.map((way) => [way, why]));
/** Ways by which a module comes into a worker without being asked for by it. */
const INDIRECT = ["the Cache API", "handed over by the page"];
const empty = { "nothing.html": { body: "", status: 204 } };

const places: readonly (Omit<Tries, "ways"> & { readonly ways?: readonly string[] })[] = [
  { name: "a page", files: { "index.html": page(entries()) } },
  {
    name: "a page in XHTML",
    files: {
      "index.html": page(frame(`made.src = '%BASE%/x.xhtml';`)),
      "x.xhtml": {
        headers: { "content-type": "application/xhtml+xml" },
        body: `<html xmlns="http://www.w3.org/1999/xhtml"><body><script><![CDATA[${script}]]></script></body></html>`,
      },
    },
  },
  {
    name: "an SVG document",
    files: {
      "index.html": page(frame(`made.src = '%BASE%/x.svg';`)),
      "x.svg": {
        headers: { "content-type": "image/svg+xml" },
        body: `<svg xmlns="http://www.w3.org/2000/svg"><script><![CDATA[${script}]]></script></svg>`,
      },
    },
  },
  { name: "a window", files: { "index.html": page(`window.open('%BASE%/inner.html')`), "inner.html": inner } },
  {
    name: "a same-origin iframe",
    files: { "index.html": page(frame(`made.src = '%BASE%/inner.html';`)), "inner.html": inner },
  },
  {
    name: "a cross-origin iframe",
    host: "shop.example",
    files: {
      "index.html": page(frame(`made.src = '%BASE%/inner.html'.replace('shop.example', 'ads.example');`)),
      "inner.html": inner,
    },
  },
  { name: "a srcdoc iframe", files: { "index.html": page(frame(`made.srcdoc = ${quoted(inner)};`)) } },
  { name: "a blob: iframe", files: { "index.html": page(frame(`made.src = ${blobOf(inner, "text/html")};`)) } },
  {
    name: "a data: iframe",
    files: { "index.html": page(frame(`made.src = 'data:text/html,' + encodeURIComponent(${quoted(inner)});`)) },
  },
  {
    name: "a sandboxed iframe",
    files: {
      "index.html": page(frame(`made.sandbox = 'allow-scripts'; made.src = '%BASE%/inner.html';`)),
      "inner.html": inner,
    },
  },
  {
    name: "a credentialless iframe",
    files: {
      "index.html": page(frame(`made.credentialless = true; made.src = '%BASE%/inner.html';`)),
      "inner.html": inner,
    },
  },
  {
    name: "an object element",
    files: {
      "index.html": page(element("object", `made.type = 'text/html'; made.data = '%BASE%/inner.html';`)),
      "inner.html": inner,
    },
  },
  {
    name: "an embed element",
    files: {
      "index.html": page(element("embed", `made.type = 'text/html'; made.src = '%BASE%/inner.html';`)),
      "inner.html": inner,
    },
  },
  {
    name: "the realm of an empty iframe",
    files: { "index.html": page(`${frame("")} ${entries("made.contentWindow.WebAssembly")}`) },
  },
  {
    name: "the realm of an iframe that waits",
    files: {
      ...empty,
      "index.html": page(`${frame(`made.src = '%BASE%/nothing.html';`)} ${entries("made.contentWindow.WebAssembly")}`),
    },
  },
  {
    name: "the realm of a window that waits",
    files: {
      ...empty,
      "index.html": page(`const made = window.open('%BASE%/nothing.html'); ${entries("made.WebAssembly")}`),
    },
  },
  { name: "a worker from a file", files: worker(`new Worker('worker.js')`) },
  { name: "a module worker", files: worker(`new Worker('worker.js', { type: 'module' })`) },
  { name: "a blob: worker", files: worker(`new Worker(${blobOf(script, "text/javascript")})`) },
  {
    name: "a data: worker",
    files: worker(`new Worker('data:text/javascript,' + encodeURIComponent(${quoted(script)}))`),
  },
  {
    name: "a worker in a worker",
    files: {
      "index.html": page(`new Worker('outer.js')`),
      "outer.js": `new Worker('worker.js', { type: 'module' });`,
      "worker.js": script,
    },
  },
  {
    name: "a blob: worker whose address is revoked at once",
    files: worker(`const a = ${blobOf(script, "text/javascript")}; new Worker(a); URL.revokeObjectURL(a);`),
  },
  {
    name: "a worker that imports its miner",
    files: { ...worker(`new Worker('code/outer.js')`), "code/outer.js": `importScripts('../worker.js');` },
  },
  {
    name: "a module that a module worker imports",
    files: {
      ...worker(`new Worker('code/outer.js', { type: 'module' })`),
      "code/outer.js": `import '../worker.js';`,
    },
  },
  {
    name: "a blob: worker in a blob: worker",
    files: worker(
      `new Worker(${blobOf(`new Worker(URL.createObjectURL(new Blob([${JSON.stringify(script)}])))`, "text/javascript")})`,
    ),
  },
  {
    name: "a worker that is handed what it compiles",
    ways: ["bytes that are moved", "a Module"],
    files: {
      "index.html": page(`
        const worker = new Worker('worker.js');
        kernelArray().then((bytes) => {
          WebAssembly.compile(bytes.slice()).then((made) => worker.postMessage(made), ({ name }) => tell('failure', '1 ' + name));
          worker.postMessage(bytes, [bytes.buffer]);
        })`),
      "worker.js": `${head} onmessage = ({ data }) => data instanceof Uint8Array
        ? tryAs(0, () => WebAssembly.compile(data))
        : tryAs(1, () => data);`,
    },
  },
  {
    name: "a worker of a page whose policy lets it carry nothing",
    files: {
      ...unending(""),
      "index.html": {
        headers: {
          "content-security-policy": "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'",
        },
        body: page(`new Worker('worker.js')`),
      },
    },
    host: "policy.example",
    moment: moment(APART),
  },
  {
    name: "a shared worker",
    files: unending(`new SharedWorker('worker.js')`),
    host: "shared.example",
    moment: moment(APART),
  },
  {
    name: "a shared worker from a Blob",
    files: {
      "index.html": page(`new SharedWorker(${blobOf(unendingScript(), "text/javascript")})`),
    },
  },
  {
    name: "a shared worker that fetches nothing",
    ways: INDIRECT,
    files: unending(
      `(async () => {
        const bytes = await kernelArray();
        await (await caches.open('${INDIRECT[0]}')).put('./code', new Response(bytes.slice()));
        new SharedWorker('worker.js').port.postMessage(bytes);
      })()`,
      `{ let bytes;
        self.handed ??= new Promise((done) => { onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => done(data); }; });
        tries([async () => WebAssembly.compile(await (await caches.match('./code')).arrayBuffer()), async () => WebAssembly.compile(await handed)]); }`,
    ),
    host: "localhost",
    moment: moment(APART, INDIRECT),
  },
  {
    name: "a service worker",
    alone: true,
    files: unending(`setInterval(() => tell('note', 'beat'), 500); navigator.serviceWorker.register('worker.js');`),
    moment: moment(APART),
  },
  {
    name: "an audio worklet",
    ways: HANDED,
    files: {
      "index.html": page(`(async () => {
        const context = new OfflineAudioContext(1, 128, 44100);
        await context.audioWorklet.addModule('worklet.js');
        const node = new AudioWorkletNode(context, 'way', { processorOptions: { bytes: await kernelArray() } });
        node.port.onmessage = ({ data: [kind, text] }) => tell(kind, text);
        context.startRendering();
      })().catch((error) => tell('failure', 'none ' + error))`),
      "worklet.js": soundScript(
        "() => new WebAssembly.Module(bytes), () => WebAssembly.compile(bytes), () => WebAssembly.instantiate(bytes)",
      ),
    },
  },
];

/** Modules that are imported go past every hook. Chromium has it behind a flag; this fails when it has not any more. */
test("WebAssembly cannot be imported as a module", async () => {
  const a = {
    files: {
      "index.html": pageOf(`
        for (const how of ["import '%BASE%/kernel.wasm';", "import source kernel from '%BASE%/kernel.wasm';"]) {
          const script = document.createElement('script');
          script.type = 'module';
          script.onerror = () => tell('note', 'refused');
          script.onload = () => tell('note', 'loaded');
          window.onerror = ({ name }) => tell('note', 'refused');
          script.src = URL.createObjectURL(new Blob([how], { type: 'text/javascript' }));
          document.head.append(script);
        }`),
    },
  };
  await visit(false, a, async (_page, run) => {
    assert.ok(await until(() => run.notes.length >= 2), run.notes.join());
    await sleep(300);
    assert.ok(
      run.notes.includes("refused") && run.notes.filter((note) => note === "refused").length >= 2,
      run.notes.join(),
    );
  });
});

many(
  "every entry point",
  places.map((place) => ({ ...place, ways: place.ways ?? ways })),
);
