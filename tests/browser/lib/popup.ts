// The extension's popup, opened in a tab of its own for the tab under test, and the badge of that tab.

import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import type { Browser } from "./chromium.ts";
import { screens } from "./paths.ts";

/** What this file uses of the extension's own API, evaluated in its background. */
declare const chrome: {
  readonly tabs: { query(query: object): Promise<{ id?: number; url?: string }[]> };
  readonly action: { getBadgeText(tab: { tabId: number }): Promise<string> };
};

/** The browser's number for a page's tab; the page's address must be its own. */
export async function tabOf(browser: Browser, page: Page): Promise<number> {
  const background = await browser.serviceWorker();
  const id = await background.evaluate(async (url) => {
    const tabs = await chrome.tabs.query({});
    return tabs.find((tab) => tab.url === url)?.id;
  }, page.url());
  if (id === undefined) throw new Error(`no tab shows ${page.url()}`);
  return id;
}

export async function badge(browser: Browser, page: Page): Promise<string> {
  const tabId = await tabOf(browser, page);
  return (await browser.serviceWorker()).evaluate((tabId) => chrome.action.getBadgeText({ tabId }), tabId);
}

/** Opens the popup that speaks of `page`. */
export async function openPopup(browser: Browser, page: Page): Promise<Page> {
  const tab = await tabOf(browser, page);
  const popup = await browser.page();
  await popup.setViewportSize({ width: 420, height: 600 });
  await popup.goto(`${await browser.extensionOrigin()}/popup.html?tab=${tab}`);
  await popup.waitForFunction(() => document.getElementById("sentence")?.textContent !== "");
  return popup;
}

/** Presses a button of the popup that speaks of `page`, and closes it once the background has answered. */
export async function press(browser: Browser, page: Page, button: string): Promise<void> {
  const popup = await openPopup(browser, page);
  await popup.click(button);
  await popup.waitForSelector('body[aria-busy="false"]');
  await popup.close();
}

export interface PopupText {
  readonly sentence: string;
  readonly tone: string;
  /** The level of each finding, heaviest first. */
  readonly levels: readonly string[];
  /** Every reason with its place and rule, as lines. */
  readonly why: readonly string[];
}

/** What a person reads in it. Findings that are folded are opened first. */
export async function read(popup: Page): Promise<PopupText> {
  // One at a time: what has been opened is no longer folded, and the next one is the first.
  const folded = popup.locator("details:not([open]) > summary");
  for (let left = await folded.count(); left > 0; left -= 1) await folded.first().click();
  const levels = await popup.locator(".level").all();
  return {
    sentence: oneLine(await popup.locator("#sentence").innerText()),
    tone: (await popup.locator("#verdict").getAttribute("data-tone")) ?? "",
    levels: await Promise.all(levels.map(async (level) => (await level.getAttribute("data-level")) ?? "")),
    why: (await popup.locator(".why li").allInnerTexts()).map(oneLine),
  };
}

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, " · ");

/** Saves what a page shows under `target/screens`. */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(screens, { recursive: true });
  const file = path.join(screens, `${name}.png`);
  // Unfolding a finding scrolls to it; a person opens the popup at its top.
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: file });
  return file;
}
