// The extension's own pages: words in every language, nothing for axe to find in light, dark or from right to left, and
// all of it by keyboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { Browser } from "../lib/chromium.ts";
import { embeddedScript, pageOf } from "../lib/miner.ts";
import { type Look, languages, messagesOf, openOwn, violations } from "../lib/own.ts";
import { extension } from "../lib/paths.ts";
import { screenshot, tabOf } from "../lib/popup.ts";
import { isRefused, theBrowser, visit } from "../lib/twice.ts";

const looks: readonly (readonly [string, Look])[] = [
  ["light", {}],
  ["dark", { dark: true }],
  ["rtl", { language: "he" }],
  ["german", { language: "de", dark: true }],
];
const miner = {
  host: "a-miner.example",
  files: { "index.html": pageOf("attempt(() => new WebAssembly.Module(embedded()))", embeddedScript) },
};

describe("the words", () => {
  const english = messagesOf("en");
  const arguments_ = (text: string): string[] => [...text.matchAll(/\$\d/g)].map(String).sort();

  for (const language of languages) {
    test(`${language} has every message, with the same places for what is put in`, () => {
      const messages = messagesOf(language);
      assert.deepEqual(Object.keys(messages), Object.keys(english));
      for (const [key, { message }] of Object.entries(messages)) {
        assert.deepEqual(arguments_(message), arguments_(english[key]?.message ?? ""), `${language}: ${key}`);
        assert.notEqual(message, "", `${language}: ${key}`);
      }
      assert.equal(messages["language"]?.message, language);
    });
  }

  test("every word that a page asks for is there", () => {
    for (const page of ["popup", "options", "welcome"]) {
      const text = readFileSync(path.join(extension, `${page}.html`), "utf8");
      for (const [, key = ""] of text.matchAll(/data-(?:text|placeholder)="(\w+)"/g)) {
        assert.ok(key in english, `${page}.html: ${key}`);
      }
    }
  });
});

describe("the popup", () => {
  test("has nothing for axe to find, with all that it can show unfolded", () =>
    visit(true, miner, async (page, run) => {
      await isRefused(page, run, /^CompileError: /);
      const browser = await theBrowser(true);
      const tab = await tabOf(browser, page);
      for (const [name, look] of looks) {
        const popup = await openOwn(browser, `popup.html?tab=${tab}`, look);
        await popup.setViewportSize({ width: 420, height: 600 });
        await popup.waitForSelector('.level[data-level="mining"]');
        await screenshot(popup, `popup-${name}`);
        if (name === "light") assert.deepEqual(await tabbed(popup), ["once", "hour", "always", "forbid"]);
        await popup.locator("#mistake > summary").click();
        await screenshot(popup, `popup-mistake-${name}`);
        assert.deepEqual(await violations(popup), [], name);
        assert.ok(await fits(popup), `${name}: wider than its window`);
        await popup.close();
      }
    }));
});

describe("the page of settings", () => {
  test("has nothing for axe to find", async () => {
    const browser = await theBrowser(true);
    await visit(true, miner, async (page, run) => {
      await isRefused(page, run, /^CompileError: /);
      await page.waitForTimeout(700);
    });
    for (const [name, look] of looks) {
      const options = await openOwn(browser, "options.html", look);
      if (name === "light") await addByKeyboard(options, "shop.example");
      await options.waitForSelector("#log tbody tr");
      assert.equal(await options.locator("#log tbody .origin").first().innerText().then(hostOf), miner.host);
      await options.setViewportSize({ width: 900, height: 1500 });
      await screenshot(options, `options-${name}`);
      assert.deepEqual(await violations(options), [], name);
      await options.setViewportSize({ width: 380, height: 800 });
      assert.ok(await fits(options), `${name}: wider than its window`);
      await options.close();
    }
  });
});

describe("the page that greets", () => {
  let browser: Browser;
  before(async () => {
    browser = await Browser.open({ davy: true, welcome: true });
  });
  after(() => browser.close());

  test("opens by itself after an install and has nothing for axe to find", async () => {
    const greeting = await browser.welcomePage();
    assert.equal(await greeting.locator("h1").innerText(), messagesOf("en")["welcomeTitle"]?.message);
    await greeting.close();
    for (const [name, look] of looks) {
      const welcome = await openOwn(browser, "welcome.html", look);
      await welcome.setViewportSize({ width: 800, height: 1000 });
      await screenshot(welcome, `welcome-${name}`);
      assert.deepEqual(await violations(welcome), [], name);
      await welcome.close();
    }
  });
});

const hostOf = (origin: string): string => new URL(origin).hostname;

const fits = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

/** What the tabulator reaches first, one after the other. */
async function tabbed(popup: Page): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    await popup.keyboard.press("Tab");
    ids.push(await popup.evaluate(() => document.activeElement?.id ?? ""));
  }
  return ids;
}

/** From the address bar into the page, and on with the keys alone. */
async function addByKeyboard(options: Page, host: string): Promise<void> {
  for (let i = 0; i < 40; i += 1) {
    await options.keyboard.press("Tab");
    if (await options.evaluate(() => document.activeElement?.id === "site")) break;
  }
  await options.keyboard.type(host);
  await options.keyboard.press("Enter");
  await options.waitForFunction((host) => document.querySelector("#sites tbody th")?.textContent?.includes(host), host);
}
