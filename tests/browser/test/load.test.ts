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

/** Cores of other programs from which threads wait for the processor so often that a bound says nothing. */
const CROWDED = 0.75;

interface Figures {
  readonly estimate: number;
  readonly truth: number;
  readonly others: number;
}

const sayingOf = ({ estimate, truth, others }: Figures): string =>
  `estimate ${estimate.toFixed(3)}, truth ${truth.toFixed(3)}, others ${others.toFixed(2)} cores`;

/** The estimate and the truth for a page, in front or behind another one. */
async function measured(files: Files, hidden = false): Promise<Figures> {
  return visit(true, { files }, async (page) => {
    const browser = await theBrowser(true);
    const viewer = await Viewer.open(browser, page);
    if (!hidden) await page.bringToFront();
    await sleep(SETTLE_MS);
    const { truth, others } = await coresOfBusiest(browser, () => sleep(MEASURED_S * 1000));
    const estimate = await viewer.cores(MEASURED_S);
    await viewer.close();
    return { estimate, truth, others };
  });
}

/** `demand`: cores that the page asks for. Where other programs take them, threads wait; the estimate counts that as busy. */
function near(name: string, demand: number, files: Files, hidden = false): void {
  test(name, async (context) => {
    const measure = await measured(files, hidden);
    const [{ estimate, truth, others }, figures] = [measure, sayingOf(measure)];
    context.diagnostic(figures);
    if (others > CROWDED) return context.skip(`the processor was taken by others: ${figures}`);
    assert.ok(estimate >= truth - BOUND && estimate <= Math.max(truth, demand) + BOUND, figures);
  });
}

describe("the estimate of a page's load is within 0.15 core of the truth after 10 s", () => {
  if (!isLong) return;
  for (const kind of ["wasm", "js"] satisfies Kind[]) {
    for (const duty of [1, 0.5, 0.2]) {
      near(`2 workers at ${duty * 100} %, ${kind}`, 2 * duty, dutyPage(2, kind, duty));
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

test("2 workers at 50 %, and beside them a page whose workers rest: less than 0.05 core", (context) =>
  visit(true, { files: dutyPage(2, "js", 0), host: "resting.example" }, async (page) => {
    const viewer = await Viewer.open(await theBrowser(true), page);
    const measure = await measured(dutyPage(2, "wasm", 0.5));
    const resting = await viewer.cores(MEASURED_S);
    await viewer.close();
    const figures = `${sayingOf(measure)}; resting: estimate ${resting.toFixed(3)}`;
    context.diagnostic(figures);
    if (measure.others > CROWDED) return context.skip(`the processor was taken by others: ${figures}`);
    assert.ok(Math.abs(measure.estimate - measure.truth) <= BOUND, figures);
    assert.ok(resting < IDLE_BOUND, figures);
  }));
