// Settings, whoever made them, and decisions that are not for ever: known before a page's first script.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../lib/alive.ts";
import { Browser } from "../lib/chromium.ts";
import { embeddedScript, pageOf } from "../lib/miner.ts";
import { openOwn } from "../lib/own.ts";
import { corpus, davy } from "../lib/paths.ts";
import { Pool } from "../lib/pool.ts";
import { openPopup, press } from "../lib/popup.ts";
import type { Files } from "../lib/site.ts";
import { type Case, isRefused, mines, reload, theBrowser, visit } from "../lib/twice.ts";

const REFUSED = /^CompileError: /;
/** A host of the shipped list; the test browser leads it to loopback. */
const LISTED = "webminepool.com";
const HOUR_MS = 60 * 60 * 1000;
const minerOf = (host: string): Case => ({
  host,
  files: { "index.html": pageOf("attempt(() => new WebAssembly.Module(embedded()))", embeddedScript) },
});

/** What this file uses of the extension's own interface, evaluated in its background. */
declare const chrome: {
  readonly storage: { readonly managed: { get(): Promise<object> } };
  readonly notifications: { create(id: string, options: { message: string }): Promise<string> };
  readonly alarms: { create(name: string, when: { when: number }): Promise<void> };
};

/** Acts on the page of settings and leaves it. */
async function settings<T>(act: (options: Page) => Promise<T>): Promise<T> {
  const options = await openOwn(await theBrowser(true), "options.html");
  try {
    return await act(options);
  } finally {
    // Nothing is on its way any more.
    await options.waitForSelector('body[aria-busy="false"]');
    await options.close();
  }
}

/** Messages of notifications, which no test sees otherwise. */
async function notifications(): Promise<() => Promise<string[]>> {
  const background = await (await theBrowser(true)).serviceWorker();
  await background.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    chrome.notifications.create = async (id, { message }) => {
      told.push(message);
      return id;
    };
  });
  return () => background.evaluate(() => (globalThis as unknown as { told: string[] }).told);
}

describe("the mode", () => {
  for (const [mode, notices] of [
    ["warn", 1],
    ["audit", 0],
  ] as const) {
    test(`${mode}: what mines runs, from the first script on; then it is stopped again`, () =>
      visit(true, minerOf(`${mode}.example`), async (page, run) => {
        await settings((options) => options.check(`input[value="${mode}"]`));
        const told = await notifications();
        await reload(page, run);
        await mines(page, run);
        await reload(page, run);
        await mines(page, run);
        assert.deepEqual(run.failures, []);
        assert.equal((await told()).length, notices, (await told()).join(" | "));
        const popup = await openPopup(await theBrowser(true), page);
        assert.ok(await popup.locator("#mode").isVisible(), "the popup does not say that nothing is stopped");
        await popup.close();
        await settings((options) => options.click("#defaults"));
        await reload(page, run);
        await isRefused(page, run, REFUSED);
      }));
  }
});

describe("decisions", () => {
  test("for an hour: it mines until the hour is over, wherever the clock stands when somebody looks", () =>
    visit(true, minerOf("hour.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      run.failures.length = 0;
      await press(await theBrowser(true), page, "#hour");
      await mines(page, run);
      const background = await (await theBrowser(true)).serviceWorker();
      await background.evaluate(async (hour) => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + hour;
        await chrome.alarms.create("book", { when: now() });
        setTimeout(() => {
          Date.now = now;
        }, 5_000);
      }, HOUR_MS);
      const isOver = (): Promise<boolean> =>
        settings((options) => options.locator("#sites tbody tr").count()).then((count) => count === 0);
      assert.ok(await until(isOver, 5_000), "the decision is still there");
      await reload(page, run);
      await isRefused(page, run, REFUSED);
    }));

  test("made on the page of settings hold for exactly the host that was typed", () =>
    visit(true, minerOf("www.shop.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      const add = (site: string): Promise<void> =>
        settings(async (options) => {
          await options.fill("#site", site);
          await options.click("#add button");
          await options.waitForFunction((n) => document.querySelectorAll("#sites tbody tr").length >= n, 1);
        });
      await add("shop.example");
      await reload(page, run);
      await isRefused(page, run, REFUSED);
      await add("http://WWW.Shop.example:8080/cart");
      await reload(page, run);
      await mines(page, run);
      await settings(async (options) => {
        await options.fill("#site", "*.example");
        await options.click("#add button");
        await options.locator("#site-refused").waitFor();
        while ((await options.locator("[data-site]").count()) > 0) {
          const before = await options.locator("[data-site]").count();
          await options.locator("[data-site]").first().click();
          await options.waitForFunction((n) => document.querySelectorAll("[data-site]").length < n, before);
        }
      });
      await reload(page, run);
      await isRefused(page, run, REFUSED);
    }));
});

describe("a site that a person blocks", () => {
  const wallet = readFileSync(path.join(corpus, "lookalike/wallet/wallet-o2.wasm"));
  const compiles: Case = {
    host: "odd.example",
    files: {
      "wallet.wasm": wallet,
      "index.html": `<script>
        const tell = (kind, text) => fetch('%BASE%/' + kind, { method: 'POST', body: text });
        fetch('wallet.wasm').then((r) => r.arrayBuffer()).then((bytes) => WebAssembly.compile(bytes))
          .then(() => tell('note', 'compiled'), (error) => tell('failure', String(error)));
      </script>`,
    },
  };
  test("is kept from what merely looks like mining, until the block is taken back", () =>
    visit(true, compiles, async (page, run) => {
      assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      await press(await theBrowser(true), page, "#forbid");
      assert.ok(await until(() => run.failures.length > 0), "it was compiled still");
      assert.match(run.failures[0] ?? "", REFUSED);
      run.notes.length = 0;
      await press(await theBrowser(true), page, "#again");
      assert.ok(await until(() => run.notes.length > 0), "it is kept from it still");
    }));
});

describe("a site that a person allows", () => {
  const worker = "const s = new WebSocket(location.hash.slice(1)); s.onclose = () => close()";
  const opens = (pool: Pool): Files => ({
    "worker.js": worker,
    "index.html": `<script>new Worker('worker.js#${pool.address(LISTED)}'); new WebSocket('${pool.address(LISTED)}')</script>`,
  });
  test("reaches a listed host, from its workers too; a host below it does not", async () => {
    const pool = await Pool.open();
    try {
      await settings(async (options) => {
        await options.fill("#site", "pool-user.example");
        await options.click("#add button");
        await options.locator("[data-site]").waitFor();
      });
      await visit(true, { host: "pool-user.example", files: opens(pool) }, async () => {
        assert.ok(await until(() => pool.connections >= 2, 5_000), `${pool.connections} of 2 connections`);
      });
      pool.reset();
      await visit(true, { host: "below.pool-user.example", files: opens(pool) }, async (page) => {
        await page.waitForTimeout(1_000);
        assert.equal(pool.connections, 0);
      });
      await settings((options) => options.click("[data-site]"));
    } finally {
      await pool.close();
    }
  });
});

describe("an administrator", () => {
  test("sets the mode and sites: settings are locked, and the person cannot allow what is blocked", () =>
    visit(true, minerOf("work.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      const background = await (await theBrowser(true)).serviceWorker();
      const policy = { mode: "warn", notify: false, blocked: ["https://work.example"], unheard: 1 };
      const manage = async (managed: object | undefined): Promise<void> => {
        await background.evaluate((managed) => {
          chrome.storage.managed.get = () => (managed ? Promise.resolve(managed) : new Promise(() => undefined));
        }, managed);
        // Any change has all settings read anew; a browser tells of a changed policy by an event of its own.
        await settings((options) => options.locator('[data-switch="hosts"]').click());
      };
      await manage(policy);
      await settings(async (options) => {
        assert.ok(await options.locator('input[value="warn"]').isChecked());
        assert.ok(await options.locator('input[value="block"]').isDisabled());
        assert.ok(await options.locator('[data-switch="notify"]').isDisabled());
        assert.ok(await options.locator('[data-switch="log"]').isEnabled());
        assert.match(await options.locator("#refused").innerText(), /unheard/);
        assert.match(await options.locator("#sites").innerText(), /work\.example/);
      });
      // A browser that has just started may not know its policies yet.
      await manage(undefined);
      await settings(async (options) => assert.ok(await options.locator('input[value="warn"]').isDisabled()));
      await reload(page, run);
      await isRefused(page, run, REFUSED);
      const popup = await openPopup(await theBrowser(true), page);
      assert.equal(await popup.locator("#actions").isVisible(), false, "there is nothing to decide");
      await popup.close();
      await visit(true, minerOf("elsewhere.example"), mines);
      await manage({});
      await visit(true, minerOf("elsewhere.example"), (other, told) => isRefused(other, told, REFUSED));
    }));
});

describe("the log", () => {
  test("is searched, exported with origins alone, and cleared", () =>
    visit(true, minerOf("logged.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      await settings(async (options) => {
        const rows = options.locator("#log tbody tr");
        await options.fill("#search", "logged.example mining");
        await rows.first().waitFor();
        const [download] = await Promise.all([options.waitForEvent("download"), options.click("#log-export")]);
        const { entries } = JSON.parse(readFileSync(await download.path(), "utf8")) as {
          entries: { origin: string }[];
        };
        assert.ok(entries.length >= 1);
        for (const { origin } of entries) assert.equal(origin, new URL(run.url).origin);
        await options.fill("#search", "nowhere.example");
        assert.equal(await rows.count(), 0);
        await options.fill("#search", "");
        await options.click("#log-clear");
        await options.waitForFunction(() => document.querySelectorAll("#log tbody tr").length === 0);
      });
    }));
});

describe("files", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "davy-files-"));
  test("settings and decisions are saved and taken in; a report of a mistake is read by the command", async () => {
    const saved = path.join(folder, "settings.json");
    await settings(async (options) => {
      await options.fill("#site", "kept.example");
      await options.selectOption("#choice", "block");
      await options.click("#add button");
      await options.locator("[data-site]").waitFor();
      await options.uncheck('[data-switch="notify"]');
      const [download] = await Promise.all([options.waitForEvent("download"), options.click("#export")]);
      await download.saveAs(saved);
    });
    const { schema, sites, settings: kept } = JSON.parse(readFileSync(saved, "utf8")) as Record<string, unknown>;
    assert.deepEqual([schema, (kept as { notify?: boolean }).notify], ["davy.settings/1", false]);
    assert.equal((sites as { site: string }[])[0]?.site, "kept.example");
    const other = await Browser.open({ davy: true });
    try {
      const options = await openOwn(other, "options.html");
      await options.setInputFiles("#file", saved);
      await options.locator("[data-site]").waitFor();
      assert.equal(await options.locator('[data-switch="notify"]').isChecked(), false);
      await options.setInputFiles("#file", { name: "x.json", mimeType: "application/json", buffer: Buffer.from("{") });
      await options.waitForFunction(() => document.getElementById("imported")?.textContent?.includes("x.json"));
      assert.equal(await options.locator("[data-site]").count(), 1);
    } finally {
      await other.close();
    }
    await visit(true, minerOf("mistake.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      const popup = await openPopup(await theBrowser(true), page);
      await popup.click("#mistake > summary");
      await popup.check('input[value="wrong"]');
      await popup.fill("#note", "It folds proteins.");
      const [download] = await Promise.all([popup.waitForEvent("download"), popup.click("#save")]);
      const report = path.join(folder, "davy-report.json");
      await download.saveAs(report);
      await popup.close();
      const text = execFileSync(davy, ["explain", report], { encoding: "utf8" });
      for (const part of ["mistake.example", "does not mine", "It folds proteins.", "cryptonight"]) {
        assert.ok(text.includes(part), `${part}: ${text}`);
      }
    });
    rmSync(folder, { recursive: true });
  });
});
