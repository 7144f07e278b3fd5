// Waiting: for a condition, and for a page that beats.
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";

/** How long an honest page may take to its first hash, in milliseconds; a loaded machine is slow. */
const PATIENCE_MS = 30_000;
/** How long a page may take from one beat to the next. */
const BEAT_MS = 15_000;

/** Waits until `ready` holds; false when patience ends first. */
export async function until(ready: () => boolean | Promise<boolean>, patience = PATIENCE_MS): Promise<boolean> {
  const end = Date.now() + patience;
  while (!(await ready())) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}

/** The page's own script still runs: its `beats` go on. Read from outside its world, where it may have broken much. */
export async function isAlive(page: Page): Promise<boolean> {
  const beats = async (): Promise<number> => Number(await page.locator("#beats").textContent({ timeout: BEAT_MS }));
  const before = await beats();
  return until(async () => (await beats()) > before, BEAT_MS);
}
