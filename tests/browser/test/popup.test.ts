// What a person sees and decides: badge, verdict with evidence, allow once, always allow, block again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../lib/alive.ts";
import { embeddedScript, minerScript, pageOf } from "../lib/miner.ts";
import { badge, openPopup, press, read, screenshot } from "../lib/popup.ts";
import { type Case, isRefused, mines, reload, theBrowser, visit } from "../lib/twice.ts";

const REFUSED = /^CompileError: /;
/** The first script of the page compiles: a decision must be known before it runs. */
const minerOf = (host: string): Case => ({
  host,
  files: { "index.html": pageOf("attempt(() => new WebAssembly.Module(embedded()))", embeddedScript) },
});

describe("a page that was stopped", () => {
  test("has a badge, and a popup with verdict, evidence and where", () =>
    visit(true, minerOf("stopped.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      const browser = await theBrowser(true);
      assert.ok(await until(async () => (await badge(browser, page)) !== "", 5_000), "no badge");
      const popup = await openPopup(browser, page);
      await popup.waitForSelector('.level[data-level="mining"]', { timeout: 5_000 });
      const shown = await read(popup);
      await screenshot(popup, "popup");
      await screenshot(page, "blocked-page");
      await popup.close();
      assert.equal(shown.levels[0], "mining");
      assert.ok(
        shown.why.some((line) => line.includes("cryptonight")),
        shown.why.join("\n"),
      );
      assert.ok(
        shown.why.some((line) => /function/i.test(line)),
        `no place: ${shown.why.join("\n")}`,
      );
    }));
});

describe("allow once", () => {
  test("the page mines after it, and is stopped again after the next load", () =>
    visit(true, minerOf("once.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      run.failures.length = 0;
      await press(await theBrowser(true), page, "#once");
      await mines(page, run);
      await reload(page, run);
      await isRefused(page, run, REFUSED);
    }));
});

describe("always allow on this site", () => {
  test("the page mines now and on every load, another site does not, and it can be taken back", () =>
    visit(true, minerOf("always.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      run.failures.length = 0;
      await press(await theBrowser(true), page, "#always");
      await mines(page, run);
      for (let load = 0; load < 3; load += 1) {
        await reload(page, run);
        await mines(page, run);
        assert.deepEqual(run.failures, [], "the decision was not known in time");
      }
      await visit(true, minerOf("other.example"), (other, told) => isRefused(other, told, REFUSED));
      await press(await theBrowser(true), page, "#again");
      await reload(page, run);
      await isRefused(page, run, REFUSED);
    }));
});

describe("the load of workers", () => {
  const worker = `${minerScript}
    attempt(async () => {
      const { instance } = await WebAssembly.instantiate(await kernelArray());
      setInterval(() => { instance.exports.hash(76); instance.exports.hash(76); }, 0);
      return instance;
    });`;
  const burning: Case = {
    host: "burning.example",
    files: { "index.html": pageOf(`new Worker('worker.js')`), "worker.js": worker },
  };
  test("an allowed page that burns a core is shown with its share", () =>
    visit(true, burning, async (page, run) => {
      await isRefused(page, run, REFUSED);
      await press(await theBrowser(true), page, "#once");
      await mines(page, run);
      const popup = await openPopup(await theBrowser(true), page);
      /** What the row of the worker says, in percent of a core. */
      const share = async (): Promise<number> => {
        const [cell] = await popup.locator(".workers tr:first-of-type td:last-child").allInnerTexts();
        return Number.parseInt(cell ?? "0", 10);
      };
      assert.ok(await until(async () => (await share()) >= 50, 15_000), `share: ${await share()} %`);
      await screenshot(popup, "popup-busy");
      await popup.close();
    }));
});
