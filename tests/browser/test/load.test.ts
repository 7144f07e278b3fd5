// How busy a page is, as the extension estimates it, against what the system says of its process.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { coresOfBusiest, dutyPage, type Kind, Viewer } from "../lib/duty.ts";
import type { Files } from "../lib/site.ts";
import { theBrowser, visit } from "../lib/twice.ts";

/** Seconds until the page's start no longer counts, and seconds that are measured. */
const SETTLE_MS = 3_000;
const MEASURED_S = 10;
/** Bounds in cores. */
const BOUND = 0.15;
const IDLE_BOUND = 0.05;

const isLong = process.env["DAVY_LONG"] !== undefined;

/** The estimate and the truth for a page, in front or behind another one. */
async function measured(files: Files, hidden = false): Promise<{ estimate: number; truth: number }> {
  return visit(true, { files }, async (page) => {
    const browser = await theBrowser(true);
    const viewer = await Viewer.open(browser, page);
    if (!hidden) await page.bringToFront();
    await sleep(SETTLE_MS);
    const truth = await coresOfBusiest(browser, () => sleep(MEASURED_S * 1000));
    const estimate = await viewer.cores(MEASURED_S);
    await viewer.close();
    return { estimate, truth };
  });
}

/** `demand`: cores that the page asks for. Where other programs take them, threads wait; the estimate counts that as busy. */
function near(name: string, demand: number, files: Files, hidden = false): void {
  test(name, async (context) => {
    const { estimate, truth } = await measured(files, hidden);
    const figures = `estimate ${estimate.toFixed(2)}, truth ${truth.toFixed(2)} cores`;
    context.diagnostic(figures);
    assert.ok(estimate >= truth - BOUND && estimate <= Math.max(truth, demand) + BOUND, figures);
  });
}

describe("the estimate of a page's load is within 0.15 core of the truth after 10 s", () => {
  near("2 workers at 50 %, wasm", 1, dutyPage(2, "wasm", 0.5));
  if (!isLong) return;
  for (const kind of ["wasm", "js"] satisfies Kind[]) {
    for (const duty of [1, 0.5, 0.2]) {
      near(`2 workers at ${duty * 100} %, ${kind}, again`, 2 * duty, dutyPage(2, kind, duty));
      near(`2 workers at ${duty * 100} %, ${kind}, hidden`, 2 * duty, dutyPage(2, kind, duty), true);
    }
  }
  near("1 worker that never yields", 1, dutyPage(1, "never", 1));
  near("the main thread at half", 0.5, {
    "index.html": `<!doctype html><title>busy</title><script>
      setInterval(() => { const start = performance.now(); while (performance.now() - start < 100); }, 200);
    </script>`,
  });
});

test("a page whose workers rest takes less than 0.05 core", async (context) => {
  const { estimate, truth } = await measured(dutyPage(2, "js", 0));
  const figures = `estimate ${estimate.toFixed(3)}, truth ${truth.toFixed(3)} cores`;
  context.diagnostic(figures);
  assert.ok(estimate < IDLE_BOUND, figures);
});
