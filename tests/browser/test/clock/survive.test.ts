// The background may be ended at any moment: what it knew it knows again, and who waits for it is answered.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "../../lib/alive.ts";
import { Viewer } from "../../lib/duty.ts";
import { embeddedScript, minerScript, pageOf } from "../../lib/miner.ts";
import { corpus } from "../../lib/paths.ts";
import { badge, openPopup, read } from "../../lib/popup.ts";
import { isRefused, theBrowser, visit } from "../../lib/twice.ts";

const search = readFileSync(path.join(corpus, "mining/hash-chain/x11-o2.wasm"));

/** Ends the extension's background as the browser does when it is idle. */
async function endBackground(page: Page): Promise<void> {
  const browser = await theBrowser(true);
  const own = await browser.page();
  await own.goto(`${await browser.extensionOrigin()}/popup.html?tab=0`);
  const session = await own.context().newCDPSession(own);
  await session.send("ServiceWorker.enable");
  await session.send("ServiceWorker.stopAllWorkers");
  await session.detach();
  await own.close();
  await page.bringToFront();
}

describe("the background ends", () => {
  test("and what was found is known by the next one", () =>
    visit(
      true,
      {
        host: "known.example",
        files: { "index.html": pageOf("attempt(() => new WebAssembly.Module(embedded()))", embeddedScript) },
      },
      async (page, run) => {
        await isRefused(page, run, /^CompileError: /);
        await endBackground(page);
        const browser = await theBrowser(true);
        const popup = await openPopup(browser, page);
        await popup.waitForSelector('.level[data-level="mining"]', { timeout: 5_000 });
        assert.equal((await read(popup)).levels[0], "mining");
        await popup.close();
        assert.equal(await badge(browser, page), "1");
      },
    ));

  test("and what was spent stays spent", () => {
    const files = {
      "module.wasm": search,
      "worker.js": `fetch('%BASE%/module.wasm').then((r) => r.arrayBuffer()).then(async (bytes) => {
        const { instance: { exports } } = await WebAssembly.instantiate(bytes, {});
        setInterval(() => { const start = performance.now(); while (performance.now() - start < 50) exports.hash(80); }, 100);
      });`,
      "index.html": pageOf("new Worker('worker.js')"),
    };
    return visit(true, { files, host: "spent.example" }, async (page) => {
      const viewer = await Viewer.open(await theBrowser(true), page);
      const spent = async () => (await viewer.view()).budget?.spent ?? 0;
      assert.ok(await until(async () => (await spent()) > 2_000), `${await spent()} ms`);
      const before = await spent();
      await endBackground(page);
      assert.ok(await until(async () => (await viewer.view()).held, 20_000), JSON.stringify(await viewer.view()));
      assert.ok(before >= 2_000 && (await spent()) < 8_000, `${before} ms, then ${await spent()} ms`);
      await endBackground(page);
      const { held, sentence, budget } = await viewer.view();
      assert.equal(held, true, JSON.stringify([sentence, budget]));
      await viewer.close();
    });
  });

  test("in the middle of a verdict, and the worker that waits for it runs", () => {
    const long = `const table = [${Array.from({ length: 120_000 }, (_, i) => i * 7919).join()}];`;
    const files = {
      "worker.js": `${minerScript}\n${long}\ntell('note', 'runs ' + table.length);`,
      "index.html": pageOf("new Worker('worker.js')"),
    };
    return visit(true, { files, host: "middle.example" }, async (page, run) => {
      await sleep(20);
      await endBackground(page);
      assert.ok(await until(() => run.notes.includes("runs 120000"), 15_000), run.failures.join(" | "));
    });
  });
});
