// Workers that no hook reaches: what mines there is not loaded again, and the page that holds it is loaded anew.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../lib/alive.ts";
import { Viewer } from "../lib/duty.ts";
import { embeddedScript, minerScript, pageOf } from "../lib/miner.ts";
import type { Files, Run } from "../lib/site.ts";
import { mines, noteRun, theBrowser, visit } from "../lib/twice.ts";

const beating = (name: string): string => `setInterval(() => tell('note', '${name}'), 200);`;

/** The address of a listed pool, as only the page knows it. */
const POOL = "const pool = 'wss://ws001.' + 'coinhive' + '.com/proxy';";

/** Whether the worker says anything any more. */
async function speaks(run: Run): Promise<boolean> {
  run.notes.length = 0;
  await sleep(1_500);
  return run.notes.length > 0;
}

/** Whether nothing was heard of a worker for two seconds, no hash and no beat; the last ones may be on their way for a while. */
async function isQuiet({ hashes, notes }: Run): Promise<boolean> {
  const told = () => hashes.length + notes.filter((note) => note === "shared").length;
  const before = told();
  await sleep(2_000);
  return told() === before;
}

const shared: Files = {
  "shared.js": `${embeddedScript}
    ${beating("shared")}
    onconnect = () => attempt(() => new WebAssembly.Module(embedded()));`,
  "index.html": pageOf(`new SharedWorker('shared.js').onerror = () => tell('note', 'error');`),
};

describe("a shared worker with a miner in its script", () => {
  const name = "a kernel in a shared worker's script";
  test("without Davy: hashes > 0", () =>
    visit(false, { files: shared }, async (page, run) => {
      await mines(page, run);
      noteRun(name, false, run);
    }));
  test("with Davy: it ends, and is not loaded again", () =>
    visit(true, { files: shared, host: "shared.example" }, async (_page, run) => {
      assert.ok(await until(() => run.notes.includes("error"), 15_000), run.notes.join());
      noteRun(name, true, run, "no hook reaches it: it is read beside, ended by a reload, and not loaded again");
      assert.ok(await until(() => isQuiet(run), 10_000), "it mines still");
    }));
});

describe("a shared worker that asks a pool", () => {
  const files: Files = {
    "shared.js": `${minerScript}
      ${beating("shared")}
      onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => new WebSocket(data); };`,
    "index.html": pageOf(`${POOL}
      const worker = new SharedWorker('shared.js');
      worker.onerror = () => tell('note', 'error');
      worker.port.postMessage(pool);`),
  };
  test("is told by its socket, ends, and is not loaded again", () =>
    visit(true, { files, host: "asking.example" }, async (page, run) => {
      assert.ok(await until(() => run.notes.includes("error"), 15_000), run.notes.join());
      assert.equal(await speaks(run), false);
      const viewer = await Viewer.open(await theBrowser(true), page);
      assert.equal((await viewer.view()).level, "mining");
      await viewer.close();
    }));
});

describe("a shared worker that computes something else", () => {
  const files: Files = {
    "shared.js": `${minerScript}
      ${beating("shared")}
      onconnect = () => {
        new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
        tell('note', 'compiled');
      };`,
    "index.html": pageOf(`new SharedWorker('shared.js');`),
  };
  test("runs on, and the tab says that it is not watched", () =>
    visit(true, { files, host: "computing.example" }, async (page, run) => {
      assert.ok(await until(() => run.notes.includes("compiled")));
      const viewer = await Viewer.open(await theBrowser(true), page);
      const told = async () => (await viewer.view()).unwatched.some(({ reason }) => reason === "apart");
      assert.ok(await until(told, 5_000), JSON.stringify((await viewer.view()).unwatched));
      await viewer.close();
      assert.equal(await speaks(run), true);
    }));
});

describe("a service worker that asks a pool", () => {
  const files: Files = {
    "sw.js": `${minerScript}
      ${beating("service")}
      onmessage = ({ data }) => new WebSocket(data);`,
    "index.html": pageOf(`${POOL}
      navigator.serviceWorker.register('sw.js').then(
        async () => (await navigator.serviceWorker.ready).active.postMessage(pool),
        (error) => tell('note', error.name));`),
  };
  test("is told by its socket, taken back, and not installed again", () =>
    visit(true, { files, host: "127.0.0.1" }, async (_page, run) => {
      assert.ok(await until(() => run.notes.includes("TypeError"), 15_000), run.notes.join());
    }));
});

/** Empty, and as lawful as can be. */
const lawful = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

describe("workers apart that fetch lawful modules", () => {
  const files: Files = {
    "lawful.wasm": lawful,
    "shared.js": `${minerScript}
      ${beating("shared")}
      onconnect = () => WebAssembly.compileStreaming(fetch('lawful.wasm')).then(() => tell('note', 'compiled'));`,
    "sw.js": `${minerScript}
      ${beating("service")}
      onactivate = (event) => event.waitUntil(
        WebAssembly.compileStreaming(fetch('lawful.wasm')).then(() => tell('note', 'installed')));
      onfetch = (event) => { if (event.request.url.endsWith('/made')) event.respondWith(new Response('made')); };`,
    "index.html": pageOf(`tell('note', 'page');
      new SharedWorker('shared.js').onerror = () => tell('note', 'error');
      navigator.serviceWorker.register('sw.js');`),
  };
  test("run on, and the page is left alone", () =>
    visit(true, { files, host: "localhost" }, async (page, run) => {
      const told = (...notes: string[]) => notes.every((note) => run.notes.includes(note));
      assert.ok(await until(() => told("compiled", "installed")), run.notes.join());
      await sleep(3_000);
      assert.equal(run.notes.filter((note) => note === "page").length, 1, "loaded once");
      run.notes.length = 0;
      assert.ok(await until(() => told("shared"), 3_000));
      await page.reload();
      assert.equal(await page.evaluate(() => fetch("made").then((made) => made.text())), "made");
    }));
});

/** A shared worker that fetches its miner, again and again. */
const fetching = `${minerScript}
  const again = () => attempt(async () => WebAssembly.compile(await kernelArray()));
  again();
  setInterval(again, 300);
  onconnect = () => {};`;

describe("a shared worker that fetches its miner, on a site that a person allows", () => {
  const files: Files = {
    "shared.js": fetching,
    "index.html": pageOf(`new SharedWorker('shared.js').onerror = () => tell('note', 'error');`),
  };
  test("is ended, says why, and mines once it may", () =>
    visit(true, { files, host: "allowed.example" }, async (page, run) => {
      assert.ok(await until(() => run.notes.includes("error"), 15_000), run.notes.join());
      const browser = await theBrowser(true);
      const viewer = await Viewer.open(browser, page);
      assert.equal((await viewer.view()).level, "mining");
      run.hashes.length = 0;
      run.notes.length = 0;
      await viewer.decide("hour");
      assert.ok(await until(() => run.hashes.length > 0), run.notes.join());
      await sleep(3_000);
      run.hashes.length = 0;
      assert.ok(await until(() => run.hashes.length > 0, 3_000), "it was stopped again");
      run.notes.length = 0;
      await viewer.decide("again");
      assert.ok(await until(() => run.notes.includes("error"), 15_000), "it was not stopped again");
      await viewer.close();
    }));
});

/** A miner that never loads its script from the same address again. */
describe("a shared worker whose script has another address each time", () => {
  const files: Files = {
    "shared.js": fetching,
    "index.html": pageOf(`tell('note', 'page');
      new SharedWorker('shared.js?' + Math.random()).onerror = () => tell('note', 'error');`),
  };
  test("is refused whatever follows its path", () =>
    visit(true, { files, host: "changing.example" }, async (_page, run) => {
      assert.ok(await until(() => run.notes.includes("error"), 20_000), run.notes.join());
      assert.ok(await until(() => isQuiet(run), 10_000), "it mines still");
      assert.equal(run.notes.filter((note) => note === "page").length, 3);
    }));
});

describe("a service worker that answers its page with something else than it compiles", () => {
  const files: Files = {
    "sw.js": `${minerScript}
      onactivate = (event) => event.waitUntil(clients.claim());
      onmessage = () => attempt(async () => WebAssembly.compile(await kernelArray()));
      onfetch = (event) => { if (event.request.url.endsWith('/kernel.wasm')) event.respondWith(new Response('nothing')); };`,
    "index.html": pageOf(`
      const { serviceWorker } = navigator;
      serviceWorker.oncontrollerchange = async () => {
        tell('note', await (await fetch('kernel.wasm')).text());
        serviceWorker.controller.postMessage(1);
      };
      serviceWorker.register('sw.js').catch((error) => tell('note', error.name));`),
  };
  test("is not asked what it compiles", () =>
    visit(true, { files, host: "localhost" }, async (_page, run) => {
      assert.ok(await until(() => run.notes.includes("TypeError"), 15_000), run.notes.join());
      assert.ok(run.notes.includes("nothing"), run.notes.join());
    }));
});
