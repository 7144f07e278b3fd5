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
import { davy } from "../lib/paths.ts";
import { openPopup } from "../lib/popup.ts";
import type { Run } from "../lib/site.ts";
import { type Case, isRefused, mines, theBrowser, visit } from "../lib/twice.ts";

const REFUSED = /^CompileError: /;
const HOUR_MS = 60 * 60 * 1000;
const minerOf = (host: string): Case => ({
  host,
  files: { "index.html": pageOf("attempt(() => new WebAssembly.Module(embedded()))", embeddedScript) },
});

/** What this file uses of the extension's own interface, evaluated in its background. */
declare const chrome: {
  readonly storage: { readonly managed: { get(): Promise<object> } };
  readonly alarms: { create(name: string, when: { when: number }): Promise<void> };
};

async function again(page: Page, run: Run): Promise<void> {
  run.hashes.length = run.failures.length = 0;
  await page.reload();
}

async function press(page: Page, button: string): Promise<void> {
  const popup = await openPopup(await theBrowser(true), page);
  await popup.click(button);
  await popup.waitForTimeout(500);
  await popup.close();
}

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

describe("the mode", () => {
  for (const mode of ["warn", "audit"]) {
    test(`${mode}: what mines runs, from the first script on; then it is stopped again`, () =>
      visit(true, minerOf(`${mode}.example`), async (page, run) => {
        await isRefused(page, run, REFUSED);
        await settings((options) => options.check(`input[value="${mode}"]`));
        await again(page, run);
        await mines(page, run);
        assert.deepEqual(run.failures, []);
        const popup = await openPopup(await theBrowser(true), page);
        assert.ok(await popup.locator("#mode").isVisible(), "the popup does not say that nothing is stopped");
        await popup.close();
        await settings((options) => options.click("#defaults"));
        await again(page, run);
        await isRefused(page, run, REFUSED);
      }));
  }
});

describe("decisions", () => {
  test("for an hour: it mines until the hour is over, wherever the clock stands when somebody looks", () =>
    visit(true, minerOf("hour.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      run.failures.length = 0;
      await press(page, "#hour");
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
      await again(page, run);
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
      await again(page, run);
      await isRefused(page, run, REFUSED);
      await add("http://WWW.Shop.example:8080/cart");
      await again(page, run);
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
      await again(page, run);
      await isRefused(page, run, REFUSED);
    }));
});

describe("an administrator", () => {
  test("sets the mode and sites: settings are locked, and the person cannot allow what is blocked", () =>
    visit(true, minerOf("work.example"), async (page, run) => {
      await isRefused(page, run, REFUSED);
      const background = await (await theBrowser(true)).serviceWorker();
      const policy = { mode: "warn", notify: false, blocked: ["https://work.example"], unheard: 1 };
      const manage = async (managed: object): Promise<void> => {
        await background.evaluate((managed) => {
          chrome.storage.managed.get = () => Promise.resolve(managed);
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
      await again(page, run);
      await isRefused(page, run, REFUSED);
      const popup = await openPopup(await theBrowser(true), page);
      assert.equal(await popup.locator("#actions").isVisible(), false, "there is nothing to decide");
      await popup.close();
      await visit(true, minerOf("elsewhere.example"), mines);
      await manage({});
      await visit(true, minerOf("elsewhere.example"), (other, told) => isRefused(other, told, REFUSED));
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
