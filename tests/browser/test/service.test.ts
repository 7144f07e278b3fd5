// Service workers: their script is judged before it is registered.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../lib/alive.ts";
import { embeddedScript, pageOf } from "../lib/miner.ts";
import { openPopup, read } from "../lib/popup.ts";
import type { Files } from "../lib/site.ts";
import { mines, noteRun, tellsTheSame, theBrowser, visit } from "../lib/twice.ts";

const miner = `${embeddedScript}
tell('note', 'runs');
attempt(() => new WebAssembly.Module(embedded()));`;
const files: Files = {
  "sw.js": miner,
  "index.html": pageOf(
    `navigator.serviceWorker.register('sw.js').then(() => tell('note', 'registered'), (error) => tell('note', error.name));`,
  ),
};

describe("a service worker that mines", () => {
  const name = "a kernel in a service worker's script";
  test("without Davy: hashes > 0", () =>
    visit(false, { files }, async (page, run) => {
      await mines(page, run);
      noteRun(name, false, run);
    }));
  test("with Davy: it is not registered, and never runs", () =>
    visit(true, { files }, async (page, run) => {
      assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      await sleep(1_000);
      assert.deepEqual([run.notes, run.hashes, run.failures], [["TypeError"], [], []]);
      const popup = await openPopup(await theBrowser(true), page);
      await popup.waitForSelector(`.level[data-level="mining"]`, { timeout: 5_000 });
      const { sentence } = await read(popup);
      await popup.close();
      assert.match(sentence, /stopped before it ran/);
      noteRun(name, true, run, "it is not registered");
    }));
});

/** Registrations that are lawful or fail by themselves, and what the page sees of them. */
const lawful: Files = {
  "lawful.js": `onmessage = ({ source, data }) => source.postMessage('heard ' + data);`,
  "broken.js": `const = 1;`,
  "index.html": pageOf(`(async () => {
    const seen = [ServiceWorkerContainer.prototype.register.name + ServiceWorkerContainer.prototype.register.length + ServiceWorkerContainer.prototype.register];
    const tried = async (what, run) => { try { seen.push(what + ' ' + (await run())); } catch (error) { seen.push(what + ' ' + error.name + ': ' + error.message); } };
    const { serviceWorker } = navigator;
    await tried('none', () => serviceWorker.register());
    await tried('missing', () => serviceWorker.register('missing.js'));
    await tried('broken', () => serviceWorker.register('broken.js'));
    await tried('data', () => serviceWorker.register('data:text/javascript,1'));
    await tried('elsewhere', () => serviceWorker.register('http://other.example/sw.js'));
    await tried('foreign', () => ServiceWorkerContainer.prototype.register.call({}, 'lawful.js'));
    await tried('lawful', async () => {
      const made = await serviceWorker.register(new URL('lawful.js', location.href), { scope: './' });
      const worker = made.installing ?? made.waiting ?? made.active;
      return new Promise((done) => { serviceWorker.onmessage = ({ data }) => done(data + ' ' + worker.scriptURL + ' ' + made.scope); worker.postMessage('you'); });
    });
    tell('note', JSON.stringify(seen));
  })().catch((error) => tell('failure', String(error)))`),
};

tellsTheSame("lawful registrations are the same with and without Davy", lawful);
