// What is not watched is said: sites that a person keeps from the extension, and pages that are older than it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../lib/alive.ts";
import { Browser } from "../lib/chromium.ts";
import { openOwn } from "../lib/own.ts";
import { tabOf } from "../lib/popup.ts";
import { theSite } from "../lib/twice.ts";

/** The interface of the browser's own page of extensions. */
declare const chrome: {
  readonly developerPrivate: {
    updateExtensionConfiguration(wanted: { extensionId: string; hostAccess: string }): Promise<void>;
  };
  readonly management: { setEnabled(extensionId: string, enabled: boolean): Promise<void> };
};

/** A browser of its own, and the browser's own pages: with `cargo xtask test --all`. */
const isLong = process.env["DAVY_LONG"] !== undefined;

let browser: Browser;
let page: Page;
/** Its number, asked for while the extension may see which tab shows what. */
let tab: number;
/** Acts on the browser's page of extensions, as a person does. */
async function manage(act: (extensions: Page, extensionId: string) => Promise<void>): Promise<void> {
  const { host } = new URL(await browser.extensionOrigin());
  const extensions = await browser.page();
  await extensions.goto("chrome://extensions/");
  await act(extensions, host);
  await extensions.close();
}

const giveAccess = (hostAccess: "ON_CLICK" | "ON_ALL_SITES"): Promise<void> =>
  manage((extensions, extensionId) =>
    extensions.evaluate((wanted) => chrome.developerPrivate.updateExtensionConfiguration(wanted), {
      extensionId,
      hostAccess,
    }),
  );

async function sentence(): Promise<string> {
  const popup = await openOwn(browser, `popup.html?tab=${tab}`);
  await popup.waitForFunction(() => document.getElementById("sentence")?.textContent !== "");
  const text = await popup.locator("#sentence").innerText();
  await popup.close();
  return text;
}

const isWatched = async (): Promise<boolean> => /Nothing on this page mines/.test(await sentence());

if (isLong) {
  before(async () => {
    browser = await Browser.open({ davy: true });
    page = await browser.page();
    await page.goto((await theSite()).run({ "index.html": "<title>A page</title>" }, "plain.example").url);
    tab = await tabOf(browser, page);
  });
  after(() => browser.close());

  describe("a page that Davy may not look into", () => {
    test("is not called clean; popup, settings and greeting ask for access", async () => {
      await giveAccess("ON_CLICK");
      await page.reload();
      assert.ok(await until(async () => /not watched.*keeps Davy out/.test(await sentence()), 5_000), await sentence());
      for (const address of ["options.html", "welcome.html"]) {
        const own = await openOwn(browser, address);
        await own.locator("#access").waitFor();
        assert.ok(await own.locator("#grant").isVisible(), address);
        await own.close();
      }
      await giveAccess("ON_ALL_SITES");
      await page.reload();
      assert.ok(await until(isWatched, 5_000), await sentence());
    });
  });

  describe("a page that is older than Davy", () => {
    test("says so until it is loaded again, and the greeting counts it", async () => {
      await manage(async (extensions, id) => {
        for (const enabled of [false, true]) {
          await extensions.evaluate(([id, enabled]) => chrome.management.setEnabled(id, enabled), [
            id,
            enabled,
          ] as const);
          await extensions.waitForTimeout(300);
        }
      });
      // What is left of it in the page has nobody to ask, and lets it work.
      const works = await page.evaluate(async () => {
        const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
        const kept = new WebAssembly.Module(bytes) instanceof WebAssembly.Module;
        const script = URL.createObjectURL(new Blob(["postMessage('heard')"], { type: "text/javascript" }));
        const heard = new Promise((done) => {
          new Worker(script).onmessage = ({ data }) => done(data);
        });
        return [kept, (await WebAssembly.compile(bytes)) instanceof WebAssembly.Module, await heard];
      });
      assert.deepEqual(works, [true, true, "heard"]);
      // It is gone for a moment.
      const isOlder = (): Promise<boolean> =>
        sentence().then(
          (text) => /older than the extension/.test(text),
          () => false,
        );
      assert.ok(await until(isOlder, 10_000), await sentence());
      const welcome = await openOwn(browser, "welcome.html");
      await welcome.locator("#older").waitFor();
      await welcome.close();
      await page.reload();
      assert.ok(await until(isWatched, 5_000), await sentence());
    });
  });
}
