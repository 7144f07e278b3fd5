// Scripts of workers are read before they run: one that mines does not, and a lawful one notices nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, until } from "../lib/alive.ts";
import { embeddedScript, pageOf } from "../lib/miner.ts";
import { openPopup, read } from "../lib/popup.ts";
import type { Files } from "../lib/site.ts";
import { mines, noteRun, tellsTheSame, theBrowser, visit } from "../lib/twice.ts";

/** A miner with its module inside it, which tells that it runs before it does anything else. */
const miner = `${embeddedScript}
tell('note', 'runs');
attempt(() => new WebAssembly.Module(embedded()));`;
const blobOf = (text: string) =>
  `URL.createObjectURL(new Blob([${JSON.stringify(text)}], { type: 'text/javascript' }))`;
const page = (start: string) =>
  pageOf(
    `const worker = ${start}; worker.onerror = (event) => tell('note', event.constructor.name);`.replaceAll(
      "</",
      "<\\/",
    ),
  );
/** A worker that starts another one, and hands on what becomes of it. */
const outer = (start: string) => `const worker = ${start}; worker.onerror = () => { throw new Error('inner'); };`;

const ways: Readonly<Record<string, Files>> = {
  "a blob:": { "index.html": page(`new Worker(${blobOf(miner)})`) },
  "a blob: module": { "index.html": page(`new Worker(${blobOf(miner)}, { type: 'module' })`) },
  "a data:": {
    "index.html": page(`new Worker('data:text/javascript,' + encodeURIComponent(${JSON.stringify(miner)}))`),
  },
  "a data: module": {
    "index.html": page(
      `new Worker('data:text/javascript,' + encodeURIComponent(${JSON.stringify(miner)}), { type: 'module' })`,
    ),
  },
  "a file": { "index.html": page(`new Worker('w.js')`), "w.js": miner },
  "a file, as a module": { "index.html": page(`new Worker('w.js', { type: 'module' })`), "w.js": miner },
  "a server that takes its time": { "index.html": page(`new Worker('w.js')`), "w.js": { body: miner, after: 4_000 } },
  "a worker in a worker, from a file": {
    "index.html": page(`new Worker('outer.js')`),
    "outer.js": outer(`new Worker('w.js')`),
    "w.js": miner,
  },
  "a worker in a worker, from a blob:": {
    "index.html": page(`new Worker(${blobOf(outer(`new Worker(${blobOf(miner)})`))})`),
  },
};

for (const [way, files] of Object.entries(ways)) {
  describe(`a worker that mines, its script from ${way}`, () => {
    test("without Davy: hashes > 0", () =>
      visit(false, { files }, async (page, run) => {
        await mines(page, run);
        noteRun(way, false, run);
      }));
    test("with Davy: it does not run, and the page hears what it hears of a script that cannot be had", () =>
      visit(true, { files }, async (shown, run) => {
        assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
        await sleep(1_000);
        // The outer worker of the last way carries the miner in its own text; the one before throws, with a message.
        assert.deepEqual(run.notes, [way === "a worker in a worker, from a file" ? "ErrorEvent" : "Event"]);
        assert.deepEqual([run.hashes, run.failures], [[], []]);
        assert.ok(await isAlive(shown), "the page stopped");
        const popup = await openPopup(await theBrowser(true), shown);
        await popup.waitForSelector(`.level[data-level="mining"]`, { timeout: 5_000 });
        const { sentence } = await read(popup);
        await popup.close();
        assert.match(sentence, /stopped before it ran/);
        noteRun(way, true, run, "its script does not start");
      }));
  });
}

/** A server that gives a harmless script to whoever reads and the miner to whoever runs it. */
describe("a script that is another one the second time", () => {
  test("with Davy: what was judged is what runs", async () => {
    let asked = 0;
    const files: Files = {
      "index.html": page(`new Worker('w.js')`),
      get "w.js"() {
        asked += 1;
        return asked > 1 ? miner : `fetch('%BASE%/note', { method: 'POST', body: 'harmless' });`;
      },
    };
    await visit(true, { files }, async (_shown, run) => {
      assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      assert.deepEqual([run.notes, run.hashes], [["harmless"], []]);
    });
  });
});

/** What a worker sees of itself, and what its page sees of it. */
const seesItself = `
const seen = [self.name, location.href, self.constructor.name, typeof importScripts];
onmessage = ({ data, ports }) => {
  seen.push(typeof data === 'object' ? data.constructor.name + (data.byteLength ?? '') + ports.length : data);
  if (data !== 'last') return;
  seen.push(new Error('here').stack.split('\\n').pop().trim());
  postMessage(seen);
};`;
const sees: Files = {
  "code/w.js": seesItself,
  "code/strict.js": `"use strict"; postMessage(String((function () { return this; })()));`,
  "code/throws.js": `onmessage = () => postMessage('still there');\n\nthrow new RangeError('thrown');`,
  "code/late.js": `const first = await new Promise((done) => { onmessage = ({ data }) => done(data); }); postMessage([first, import.meta.url]);`,
  "code/imports.js": `import { name } from './part.js'; postMessage([name, import.meta.url]);`,
  "code/part.js": `export const name = 'part';`,
  "code/loads.js": `importScripts('part-classic.js'); postMessage([part, location.pathname.split('/').pop()]);`,
  "code/part-classic.js": `var part = 'classic part';`,
  "code/odd.js": `const seen = [importScripts.name, importScripts.length, ...[importScripts, fetch, close, Request, EventSource, Worker, WebSocket, Cache.prototype.add, XMLHttpRequest.prototype.open].map(String)];
    const asked = [];
    const tried = (...given) => { try { seen.push(String(importScripts(...given))); } catch (error) { seen.push(error.name + ': ' + error.message.replace(/http.*?code/, '')); } };
    const made = { toString() { asked.push('asked'); return 'part-classic.js'; } };
    tried(); tried(made, new URL('part-classic.js', location.href)); tried('missing.js'); tried(Symbol('x')); tried('http://['); tried({ toString() { throw new RangeError('own'); } });
    tried(URL.createObjectURL(new Blob(['var blob = 1;']))); tried('data:text/javascript,var data = 2;');
    import('./part.js').then(({ name }) => postMessage([...seen, asked.length, blob, data, name]));`,
  "index.html": pageOf(`(async () => {
    const all = [];
    const heard = (worker, say) => new Promise((done) => {
      const got = [];
      const end = () => done(got.join(' & '));
      worker.onmessage = ({ data }) => { got.push(JSON.stringify(data)); end(); };
      worker.onerror = (event) => { event.preventDefault(); got.push([event.message ?? 'no message', event.lineno, (event.filename ?? '').split('/').pop()].join()); setTimeout(end, 300); };
      say?.(worker);
    });
    const tried = async (what, make, say) => all.push(what + ': ' + (await heard(make(), say)));
    const say = (worker) => {
      const buffer = new ArrayBuffer(8), { port1 } = new MessageChannel();
      worker.postMessage('first'); worker.postMessage(buffer, [buffer]); worker.postMessage(new Blob(['x']), { transfer: [port1] }); worker.postMessage('last');
      all.push('moved ' + buffer.byteLength);
    };
    await tried('classic', () => new Worker('code/w.js', { name: 'mine' }), say);
    await tried('module', () => new Worker('code/w.js', { type: 'module' }), say);
    await tried('strict', () => new Worker('code/strict.js'));
    await tried('throws', () => new Worker('code/throws.js'), (w) => w.postMessage('x'));
    await tried('module throws', () => new Worker('code/throws.js', { type: 'module' }), (w) => w.postMessage('x'));
    await tried('late', () => new Worker('code/late.js', { type: 'module' }), (w) => w.postMessage('one'));
    await tried('imports', () => new Worker('code/imports.js', { type: 'module' }));
    await tried('loads', () => new Worker('code/loads.js'));
    await tried('odd', () => new Worker('code/odd.js'));
    tell('note', JSON.stringify(all));
  })().catch((error) => tell('failure', String(error)))`),
};

tellsTheSame("lawful workers and their pages see the same with and without Davy", sees, 40_000);

test("the delay of a worker's start", async (t) => {
  const script = (size: number) => `postMessage(1);\n${"function f(a, b) { return a + b * 2; }\n".repeat(size / 38)}`;
  const files = {
    "small.js": { body: script(400), headers: { "cache-control": "no-store" } },
    "large.js": { body: script(200_000), headers: { "cache-control": "no-store" } },
    "index.html": pageOf(`(async () => {
      const times = {};
      for (const name of ['small.js', 'large.js']) {
        times[name] = [];
        for (let i = 0; i < 9; i += 1) {
          const start = performance.now();
          const worker = new Worker(name + '?' + i);
          await new Promise((done) => { worker.onmessage = done; });
          times[name].push(performance.now() - start);
          worker.terminate();
        }
      }
      tell('note', JSON.stringify(Object.entries(times).map(([name, all]) => [name, all[0], all.sort((a, b) => a - b)[4]])));
    })()`),
  };
  for (const davy of [false, true]) {
    await visit(davy, { files }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      const times = JSON.parse(run.notes[0] ?? "[]") as [string, number, number][];
      for (const [name, first, median] of times) {
        t.diagnostic(
          `${davy ? "with" : "without"} Davy, ${name}: first ${first.toFixed(0)} ms, median ${median.toFixed(0)} ms`,
        );
        assert.ok(median < 1_000);
      }
    });
  }
});

/** Seven megabytes of scripts that take the reader seconds, and the browser nothing: nobody calls what they define. */
const STEP = "a=Math.imul(a^b>>>3,73244475)|0;b=((b<<7|b>>>25)^H[(a&65535)<<2>>2])|0;H[(b&65535)<<2>>2]=a^b;";
const LOOP = `{a=a|0;b=b|0;var i=0;for(i=0;(i|0)<64;i=(i+1)|0){${STEP}}return a^b}`;
const labours = Array.from({ length: 40 }, (_, number) => {
  const functions = Array.from({ length: 1_000 }, (_, k) => `function f${k}(a,b)${LOOP}`);
  const body = `(function(){"use strict";var H=new Int32Array(65536);${functions.join("")}return ${number}})`;
  // Only what the browser keeps is read.
  return [`labour-${number}.js`, { body, headers: { "cache-control": "max-age=600" } }] as const;
});

test("no worker waits for all that is read beside", async (t) => {
  const starts = `addEventListener('load', () => setTimeout(async () => {
    const delays = [];
    for (let i = 0; i < 8; i += 1) {
      const url = URL.createObjectURL(new Blob(['postMessage(' + (i + Math.random()) + ')']));
      const start = performance.now();
      await new Promise((done) => { new Worker(url).onmessage = done; });
      delays.push(Math.round(performance.now() - start));
    }
    tell('note', JSON.stringify(delays));
  }, 800));`;
  const loads = labours.map(([name]) => `<script src="${name}"></script>`).join("");
  const files: Files = { "index.html": pageOf(starts) + loads, ...Object.fromEntries(labours) };
  await visit(true, { files }, async (_page, run) => {
    assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
    const delays = JSON.parse(run.notes[0] ?? "[]") as number[];
    t.diagnostic(`milliseconds: ${delays.join(", ")}`);
    // Were all read first, the first worker would wait for them and no other for anything.
    const all = delays.reduce((sum, delay) => sum + delay, 0);
    assert.ok(Math.max(...delays) < (2 / 3) * all, delays.join());
  });
});
