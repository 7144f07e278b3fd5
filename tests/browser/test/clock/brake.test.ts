// What runs on a budget: it is counted, paused when the budget is spent or a person says so, and goes on when that is undone.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "../../lib/alive.ts";
import { Viewer } from "../../lib/duty.ts";
import { pageOf } from "../../lib/miner.ts";
import { corpus, root } from "../../lib/paths.ts";
import { badge } from "../../lib/popup.ts";
import type { Run } from "../../lib/site.ts";
import { tellsTheSame, theBrowser, visit } from "../../lib/twice.ts";

/** A lawful hash, and a chain of hashes that searches for a nonce without a pool. */
const keccak = readFileSync(path.join(corpus, "lookalike/keccak/keccak-o2.wasm"));
const search = readFileSync(path.join(corpus, "mining/hash-chain/x11-o2.wasm"));

/** Hashes in slices, without rest, and tells of each slice. */
const hashing = (call: string) => `
let slices = 0;
const channel = new MessageChannel();
channel.port2.onmessage = slice;
function slice() {
  const start = performance.now();
  while (performance.now() - start < 20) ${call};
  slices += 1;
  channel.port1.postMessage(0);
}`;
const inWorker = (call: string) => `
fetch('%BASE%/module.wasm').then((r) => r.arrayBuffer()).then(async (bytes) => {
  const { instance: { exports } } = await WebAssembly.instantiate(bytes, {});
  ${hashing(call)}
  setInterval(() => fetch('%BASE%/note', { method: 'POST', mode: 'no-cors', body: String(slices) }), 200);
  slice();
});`;
const started = "new Worker('worker.js')";

/** Whether slices go on being told. */
async function runs(run: Run): Promise<boolean> {
  const before = run.notes.at(-1);
  await sleep(1_000);
  return run.notes.at(-1) !== before;
}

const viewing = async (page: Page, act: (viewer: Viewer) => Promise<void>): Promise<void> => {
  const viewer = await Viewer.open(await theBrowser(true), page);
  await act(viewer);
  await viewer.close();
};

describe("code that looks like mining, in a worker", () => {
  const files = { "index.html": pageOf(started), "worker.js": inWorker("exports.hash(80)"), "module.wasm": search };
  test("is paused after 5 CPU seconds, stays paused, and goes on when that is undone", () =>
    visit(true, { files, host: "budget.example" }, (page, run) =>
      viewing(page, async (viewer) => {
        assert.ok(await until(async () => (await viewer.view()).level === "suspicious"), "not even suspicious");
        assert.ok(
          await until(async () => (await viewer.view()).held, 30_000),
          JSON.stringify((await viewer.view()).budget),
        );
        await sleep(500);
        assert.equal(await runs(run), false, "it runs on");
        const { budget, sentence } = await viewer.view();
        assert.ok(budget !== undefined && budget.spent >= 5_000 && budget.spent < 10_000, JSON.stringify(budget));
        assert.equal(sentence.key, "verdictHeld");
        assert.equal(await badge(await theBrowser(true), page), "II");
        await sleep(2_000);
        assert.ok((await viewer.cores(1)) < 0.05, "what is paused takes time");
        await viewer.decide("resume");
        assert.ok(await until(async () => await runs(run), 5_000), "it does not go on");
        await sleep(2_000);
        assert.equal((await viewer.view()).held, false, "it was paused again");
      }),
    ));
  test("is ended where it never yields", () =>
    visit(true, { files: { ...files, "worker.js": NEVER }, host: "never.example" }, (page, run) =>
      viewing(page, async (viewer) => {
        assert.ok(await until(() => run.notes.includes("runs")), run.failures.join(" | "));
        assert.ok(
          await until(async () => (await viewer.view()).ended === 1, 30_000),
          JSON.stringify(await viewer.view()),
        );
        const alive = await page.evaluate(() => document.title);
        assert.equal(alive, "a page");
      }),
    ));
});

/** Tells that it runs, then stays in one call: no target is low enough. */
const NEVER = `
fetch('%BASE%/module.wasm').then((r) => r.arrayBuffer()).then(async (bytes) => {
  const { instance: { exports } } = await WebAssembly.instantiate(bytes, {});
  await fetch('%BASE%/note', { method: 'POST', mode: 'no-cors', body: 'runs' });
  exports.scan(80, 0, 0xffffffff, 0n);
});`;

describe("code that looks like mining, in JavaScript alone", () => {
  const script = readFileSync(path.join(root, "tests/corpus/script/sha256d-search/script.js"), "utf8");
  test("is ended in its worker after 5 CPU seconds, and the page lives on", () => {
    const search = `
      const worker = new Worker('worker.js');
      let slices = 0;
      const slice = () => worker.postMessage({ header: Array(20).fill(slices), from: 0, to: 5000, target: -1 });
      worker.onmessage = () => { slices += 1; tell('note', String(slices)); slice(); };
      slice();`;
    const files = { "index.html": pageOf(search), "worker.js": script };
    return visit(true, { files, host: "plain.example" }, (page, run) =>
      viewing(page, async (viewer) => {
        assert.ok(await until(async () => (await viewer.view()).level === "suspicious"), "not even suspicious");
        assert.ok(
          await until(async () => (await viewer.view()).ended === 1, 30_000),
          JSON.stringify(await viewer.view()),
        );
        assert.equal(await runs(run), false, "it runs on");
        const { budget, held } = await viewer.view();
        assert.ok(
          held && budget !== undefined && budget.spent >= 5_000 && budget.spent < 12_000,
          JSON.stringify(budget),
        );
        assert.equal(await page.evaluate(() => document.title), "a page");
      }),
    );
  });
});

describe("a person pauses what hashes", () => {
  test("on the main thread the next call throws, and goes on when that is undone", () =>
    visit(
      true,
      {
        host: "pause.example",
        files: {
          "module.wasm": keccak,
          "index.html": pageOf(`
            fetch('module.wasm').then((r) => r.arrayBuffer()).then(async (bytes) => {
              const { instance: { exports } } = await WebAssembly.instantiate(bytes, {});
              setInterval(() => {
                try { exports.run(80); tell('note', 'ran'); } catch (error) { tell('note', error.name); }
              }, 100);
            });`),
        },
      },
      (page, run) =>
        viewing(page, async (viewer) => {
          assert.ok(await until(() => run.notes.includes("ran")));
          assert.ok(await until(async () => (await viewer.view()).can_pause));
          await viewer.decide("pause");
          assert.ok(await until(() => run.notes.at(-1) === "RuntimeError", 5_000), run.notes.slice(-3).join());
          await viewer.decide("resume");
          assert.ok(await until(() => run.notes.at(-1) === "ran", 5_000), run.notes.slice(-3).join());
        }),
    ));
});

describe("a watched module looks like any other to its page", () => {
  tellsTheSame("exports, tables, globals and imports", {
    "module.wasm": keccak,
    "index.html": pageOf(`
      (async () => {
        const seen = [];
        const note = (name, value) => seen.push(name + ': ' + String(value));
        const bytes = await (await fetch('module.wasm')).arrayBuffer();
        const { module, instance } = await WebAssembly.instantiate(bytes, {});
        const { exports } = instance;
        note('keys', Object.keys(exports));
        note('frozen', Object.isFrozen(exports) + ' ' + Object.isExtensible(exports));
        note('prototype', Object.getPrototypeOf(exports));
        note('tag', Object.prototype.toString.call(exports));
        note('same', instance.exports === exports && exports.run === exports.run);
        note('run', [typeof exports.run, exports.run.name, exports.run.length, String(exports.run)]);
        note('descriptor', JSON.stringify(Object.getOwnPropertyDescriptor(exports, 'run')));
        note('memory', exports.memory instanceof WebAssembly.Memory);
        note('result', exports.run(80));
        const table = new WebAssembly.Table({ element: 'anyfunc', initial: 1 });
        table.set(0, exports.run);
        note('table', table.get(0) === exports.run);
        table.grow(1, exports.run);
        note('grown', table.get(1) === exports.run);
        note('filled', new WebAssembly.Table({ element: 'anyfunc', initial: 1 }, exports.run).get(0) === exports.run);
        try { table.set(0, () => 0); } catch (error) { note('refused', error.name); }
        const global = new WebAssembly.Global({ value: 'anyfunc', mutable: true }, exports.run);
        note('global', typeof global.value);
        try { exports.run = 1; note('written', exports.run === 1); } catch (error) { note('unwritten', error.name); }
        try { new exports.run(); } catch (error) { note('no constructor', error.name); }
        note('again', new WebAssembly.Instance(module, {}).exports.run === exports.run);
        tell('note', JSON.stringify(seen));
      })().catch((error) => tell('failure', String(error)));`),
  });
});
