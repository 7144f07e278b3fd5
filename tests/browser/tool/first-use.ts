// Prints the size of the frame build and what its first use costs a page in the real Chromium, beside the engine's own
// validation of the same bytes.
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { Browser } from "../lib/chromium.ts";
import { framePackage } from "../lib/paths.ts";
import { Site } from "../lib/site.ts";

/** Bounds that the architecture page keeps in view. */
const LARGEST_BYTES = 300_000;
const DEAREST_RATIO = 0.35;
/** Fresh pages, so that each first use is one. */
const PAGES = 7;

/** Milliseconds of each part, as one page measured them. */
interface Cost {
  readonly decode: number;
  readonly compile: number;
  readonly instantiate: number;
  readonly first: number;
  /** The same verdict once more, when the engine has warmed up. */
  readonly again: number;
  readonly validate: number;
}
const PARTS = ["decode", "compile", "instantiate", "first", "again", "validate"] as const;

/** What a page does: as the content script does it, with the frame build itself as a lawful module to judge. */
const MEASURE = `
import { initSync } from './davy_web.js';
const text = await (await fetch('frame.txt')).text();
const sample = new Uint8Array(await (await fetch('frame.wasm')).arrayBuffer());
const cost = {};
function timed(name, work) {
  const start = performance.now();
  const result = work();
  cost[name] = performance.now() - start;
  return result;
}
const bytes = timed('decode', () => Uint8Array.fromBase64(text));
const module = timed('compile', () => new WebAssembly.Module(bytes));
const wasm = timed('instantiate', () => initSync({ module }));
function verdict() {
  const at = wasm.input(sample.length) >>> 0;
  new Uint8Array(wasm.memory.buffer, at, sample.length).set(sample);
  const length = wasm.judge_module();
  return JSON.parse(new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, wasm.output() >>> 0, length)));
}
const judged = timed('first', verdict);
for (let i = 0; i < 20; i++) timed('again', verdict);
for (let i = 0; i < 20; i++) timed('validate', () => WebAssembly.validate(sample));
window.measured = { cost, level: judged.level };
`;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

async function measure(): Promise<{ cost: Cost; level: string }> {
  const bytes = readFileSync(path.join(framePackage, "davy_web_bg.wasm"));
  // Isolation gives the page a clock of five microseconds instead of a hundred.
  const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
  const site = await Site.open();
  const run = site.run({
    "index.html": { headers, body: `<!doctype html><script type="module">${MEASURE}</script>` },
    "davy_web.js": readFileSync(path.join(framePackage, "davy_web.js")),
    "frame.txt": bytes.toString("base64"),
    "frame.wasm": bytes,
  });
  const browser = await Browser.open({ davy: false });
  const seen: { cost: Cost; level: string }[] = [];
  try {
    for (let i = 0; i < PAGES; i += 1) {
      const page = await browser.page();
      await page.goto(run.url);
      await page.waitForFunction("window.measured !== undefined");
      seen.push(await page.evaluate("window.measured"));
      await page.close();
    }
  } finally {
    await browser.close();
    await site.close();
  }
  const cost = Object.fromEntries(PARTS.map((part) => [part, median(seen.map((s) => s.cost[part]))]));
  return { cost: cost as unknown as Cost, level: seen[0]?.level ?? "" };
}

const size = statSync(path.join(framePackage, "davy_web_bg.wasm")).size;
const { cost, level } = await measure();
const ms = (number: number): string => `${number.toFixed(2)} ms`;
const firstUse = cost.decode + cost.compile + cost.instantiate + cost.first;
const ratio = cost.again / cost.validate;
const over = size > LARGEST_BYTES ? `: ${size - LARGEST_BYTES} over` : "";
console.log(`frame build: ${size} bytes (bound ${LARGEST_BYTES}${over})`);
console.log(
  `first use in Chromium: ${ms(firstUse)} = decode ${ms(cost.decode)} + compile ${ms(cost.compile)} + instantiate ` +
    `${ms(cost.instantiate)} + first verdict ${ms(cost.first)}; median of ${PAGES} pages`,
);
console.log(
  `that verdict: ${level}, on ${size} bytes of lawful code; warm ${ms(cost.again)} = ${ratio.toFixed(2)} × ` +
    `WebAssembly.validate (${ms(cost.validate)}; bound ${DEAREST_RATIO})`,
);
// A lawful module that is called anything else would be a defect; the bounds are kept in view, not enforced.
if (level !== "clean") process.exitCode = 1;
