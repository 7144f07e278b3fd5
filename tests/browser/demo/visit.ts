// One visit to the demo's page: lets it run for a while, then says what it did and what Davy showed.
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../lib/alive.ts";
import { Browser } from "../lib/chromium.ts";
import type { Pool } from "../lib/pool.ts";
import { badge, openPopup, type PopupText, read, screenshot } from "../lib/popup.ts";

export interface Plan {
  readonly davy: boolean;
  readonly address: string;
  readonly pool: Pool;
  readonly seconds: number;
}

export interface Visit {
  /** Hashes in shares that the pool accepted. */
  readonly hashes: number;
  /** CPU seconds of all renderer processes during the visit, per second. */
  readonly cpu: number;
  readonly alive: boolean;
  /** What the page itself says of its workers. */
  readonly told: string;
  readonly badge: string;
  readonly popup?: PopupText;
  readonly screens: readonly string[];
}

export async function visitFor({ davy, address, pool, seconds }: Plan): Promise<Visit> {
  pool.reset();
  const browser = await Browser.open({ davy });
  try {
    const page = await browser.page();
    await page.goto(address);
    const [before, start] = [await browser.rendererSeconds(), Date.now()];
    await sleep(seconds * 1000);
    const cpu = ((await browser.rendererSeconds()) - before) / ((Date.now() - start) / 1000);
    const seen = {
      cpu,
      alive: await isAlive(page),
      told: (await page.locator("#workers").textContent()) ?? "",
      screens: [await screenshot(page, davy ? "demo-blocked-page" : "demo-page")],
    };
    if (!davy) return { ...seen, hashes: pool.hashes, badge: "" };
    const popup = await openPopup(browser, page);
    const shown = await read(popup);
    const screens = [...seen.screens, await screenshot(popup, "demo-popup")];
    return { ...seen, hashes: pool.hashes, badge: await badge(browser, page), popup: shown, screens };
  } finally {
    await browser.close();
  }
}
