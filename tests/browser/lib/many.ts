// Many ways to mine at once: pages are open side by side in one browser without and one with Davy, each page tries
// several ways, and each way is a row and a test of its own.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "./alive.ts";
import { Alone } from "./alone.ts";
import { kernelBytes } from "./kernel.ts";
import { expected } from "./miner.ts";
import type { Files, Run } from "./site.ts";
import { theBrowser, theSite } from "./twice.ts";
import { note } from "./ways.ts";

/** Pages that load at the same time: more would only wait for the processor. */
const TOGETHER = 3;
/** How long a page may take until all of its ways have shown what they do. */
const PATIENCE_MS = 60_000;
/** How long one that is stopped after a moment may take to its first hash: it may be stopped sooner, and then tells nothing. */
const MOMENT_MS = 8_000;
/** How long all pages are watched for a hash that comes late. */
const GRACE_MS = 1_000;
/** Pages that stay open, the last ones: far longer than that, and no more than a machine has room for. */
const KEPT = 24;
/** Where Chromium makes it impossible to stop it before its first hash. */
const STOP_MS = 3_000;

/** One page and the ways that it tries. What it tells begins with the number of its way and a blank. */
export interface Tries {
  readonly name: string;
  readonly ways: readonly string[];
  readonly files: Files;
  readonly host?: string;
  /** Ways that Davy does not stop, each with the reason; a test fails when one is stopped after all. */
  readonly known?: Readonly<Record<string, string>>;
  /** Ways that Chromium lets run for a moment, each with the reason: they try again and again, for longer than they may. */
  readonly moment?: Readonly<Record<string, string>>;
  /** What a way that is stopped may be told; nothing at all where the page never hears of it. */
  readonly silent?: boolean;
  /** With Davy it is visited by a browser of its own that nobody is attached to; the page tells beats as notes. */
  readonly alone?: boolean;
  /** Its hashes are not the kernel's: shares of which a pool has told. */
  readonly shares?: boolean;
}

/** What one way showed in one visit. */
interface Shown {
  readonly hashes: readonly string[];
  readonly failures: readonly string[];
  readonly took: number;
  readonly alive: boolean;
}

/**
 * Plain script: `tries([make, …])` attempts each way under its number; needs `minerScript`. It leans on no method, so that
 * it mines in a realm which the page has spoilt.
 */
export const triesScript = `
const { Module: OwnModule, Instance: OwnInstance } = WebAssembly;
const NativePromise = Promise;
async function tryAs(number, make) {
  const say = (kind, text) => tell(kind, number + ' ' + text);
  try {
    let made = make();
    if (!(made instanceof OwnModule || made instanceof OwnInstance)) made = await made;
    const exports = exportsOf(made);
    const blob = new Uint8Array(exports.memory.buffer, exports.input(), 76);
    for (let i = 0; i < 76; i += 1) blob[i] = 0;
    const done = exports.hash(76);
    if (done instanceof NativePromise) await done;
    const result = new Uint8Array(exports.memory.buffer, exports.output(), 32);
    let text = '';
    for (let i = 0; i < 32; i += 1) text += '0123456789abcdef'[result[i] >> 4] + '0123456789abcdef'[result[i] & 15];
    say('hash', text);
  } catch (error) {
    say('failure', error?.name + ': ' + error?.message);
  }
}
function tries(makes, first = 0) {
  for (let i = 0; i < makes.length; i += 1) tryAs(first + i, makes[i]);
}
`;

/** A worklet's script that tries each of `makes`, expressions over the kernel's `bytes`, and tells by its port. */
export const soundScript = (makes: string): string => `let tell;
const exportsOf = (made) => made.exports ?? made.instance?.exports ?? new WebAssembly.Instance(made, {}).exports;
${triesScript}
registerProcessor('way', class extends AudioWorkletProcessor {
  constructor({ processorOptions: { bytes } }) {
    super();
    tell = (kind, text) => this.port.postMessage([kind, text]);
    tries([${makes}]);
  }
  process() { return true; }
});`;

/** Declares a test for every way of every page. */
export function many(title: string, all: readonly Tries[]): void {
  describe(title, () => {
    const shown = new Map<boolean, Map<Tries, Shown[]>>();
    before(async () => {
      for (const davy of [false, true]) shown.set(davy, await visitAll(all, davy));
    });
    for (const page of all) {
      page.ways.forEach((way, number) => {
        const name = `${page.name}: ${way}`;
        test(name, () => {
          const [free, held] = [false, true].map((davy) => shown.get(davy)?.get(page)?.[number]);
          assert.ok(free !== undefined && held !== undefined);
          note(name, false, { hashes: free.hashes.length });
          note(name, true, { hashes: held.hashes.length, stoppedMs: held.took, why: reasonOf(page, way, held) });
          mined(free, page.shares === true);
          assert.ok(held.alive, "the page stopped");
          stopped(held, page, way);
        });
      });
    }
  });
}

function reasonOf({ known, moment }: Tries, way: string, { failures }: Shown): string {
  const open = known?.[way];
  if (open !== undefined) return `open: ${open}`;
  if (moment?.[way] !== undefined) return moment[way];
  const told = failures[0]?.split(":")[0];
  return told === undefined ? "its script does not start" : `${told} at the call`;
}

function mined({ hashes, failures }: Shown, shares: boolean): void {
  assert.ok(hashes.length > 0, `no hash without Davy: ${failures.join(" | ")}`);
  for (const hash of shares ? [] : hashes) assert.ok(expected.has(hash), `a wrong hash: ${hash}`);
}

function stopped({ hashes, failures, took }: Shown, { known, moment, silent }: Tries, way: string): void {
  if (known?.[way] !== undefined) {
    assert.ok(hashes.length > 0, "a way that was open is closed: take it off the list");
  } else if (moment?.[way] !== undefined) assert.ok(took < STOP_MS, `went on for ${took} ms`);
  else {
    assert.equal(hashes.length, 0, "hashes with Davy");
    assert.ok(silent === true || failures.length > 0, "neither refused nor mined");
  }
}

/** A page that has shown what it does. */
interface Open {
  readonly tries: Tries;
  readonly page: Page;
  readonly run: Run;
  /** How often it had beaten then. */
  readonly beats: number;
}

/** Visits all pages, a few at a time, and keeps them open until they cannot mine any more. */
async function visitAll(all: readonly Tries[], davy: boolean): Promise<Map<Tries, Shown[]>> {
  const browser = await theBrowser(davy);
  const open: Open[] = [];
  const shown = new Map<Tries, Shown[]>();
  const isAlone = (tries: Tries) => davy && tries.alone === true;
  for (const tries of all.filter(isAlone)) shown.set(tries, await visitAlone(tries));
  const leave = async ({ tries, page, run, beats }: Open): Promise<void> => {
    const alive = !davy || (await until(async () => (await beatsOf(page, PATIENCE_MS)) > beats));
    shown.set(tries, showing(tries, run, alive));
    if (davy) await page.close();
  };
  const work = async (queue: Tries[]): Promise<void> => {
    // Without Davy nothing is looked at later: one tab is enough for all.
    const tab = davy ? undefined : await browser.page();
    for (let tries = queue.shift(); tries !== undefined; tries = queue.shift()) {
      open.push(await visitOne(tries, tab ?? (await browser.page()), davy));
      const oldest = davy && open.length > KEPT ? open.shift() : undefined;
      if (oldest !== undefined) await leave(oldest);
    }
    await tab?.close();
  };
  const together = all.filter((tries) => !isAlone(tries));
  // How long one takes to end is measured where no other page is busy.
  await work(together.filter((tries) => isMoment(tries, davy)));
  const queue = together.filter((tries) => !isMoment(tries, davy));
  await Promise.all(Array.from({ length: TOGETHER }, () => work(queue)));
  await sleep(GRACE_MS);
  for (const one of open) await leave(one);
  return shown;
}

/** Visits a page and waits until its ways have shown what they do. */
async function visitOne(tries: Tries, page: Page, davy: boolean): Promise<Open> {
  const run = (await theSite()).run({ "kernel.wasm": kernelBytes, ...tries.files }, tries.host);
  // Some never load: what they try, they do before.
  await page.goto(run.url, { waitUntil: "commit" });
  const enough = isMoment(tries, davy) ? "some" : "every";
  await until(() => tries.ways[enough]((_, number) => isTold(run, number)), patience(tries, davy));
  // What is stopped only after a moment goes on for long otherwise: it would be seen to.
  if (isMoment(tries, davy)) await sleep(STOP_MS);
  return { tries, page, run, beats: davy ? await beatsOf(page, 50) : 0 };
}

const isMoment = ({ moment }: Tries, davy: boolean): boolean => davy && moment !== undefined;

function patience(tries: Tries, davy: boolean): number {
  if (davy && tries.silent === true) return GRACE_MS;
  return isMoment(tries, davy) ? MOMENT_MS : PATIENCE_MS;
}

async function visitAlone(tries: Tries): Promise<Shown[]> {
  const run = (await theSite()).run({ "kernel.wasm": kernelBytes, ...tries.files }, tries.host);
  const browser = await Alone.open(run.url);
  try {
    await until(() => tries.ways.some((_, number) => isTold(run, number)));
    await sleep(STOP_MS + GRACE_MS);
    const beats = run.notes.length;
    const alive = await until(() => run.notes.length > beats);
    return showing(tries, run, alive);
  } finally {
    await browser.close();
  }
}

const showing = ({ ways }: Tries, run: Run, alive: boolean): Shown[] =>
  ways.map((_, number) => ({
    hashes: of(run.hashes, number),
    failures: of(run.failures, number),
    took: run.hashing,
    alive,
  }));

/** How often the page has beaten, read from outside its world; it may have broken much. 0 where it says nothing for so long. */
async function beatsOf(page: Page, timeout: number): Promise<number> {
  return Number(
    await page
      .locator("#beats")
      .textContent({ timeout })
      .catch(() => "0"),
  );
}

const of = (told: readonly string[], number: number): string[] =>
  told.filter((text) => text.startsWith(`${number} `)).map((text) => text.slice(`${number} `.length));
const isTold = (run: Run, number: number): boolean =>
  [...of(run.hashes, number), ...of(run.failures, number)].length > 0;
