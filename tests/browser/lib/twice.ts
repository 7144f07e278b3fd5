// The harness: the same page without Davy (it mines) and with Davy (no hash at all, and the page lives on).
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { isAlive, until } from "./alive.ts";
import { Browser } from "./chromium.ts";
import { kernelBytes } from "./kernel.ts";
import { expected, HASHES } from "./miner.ts";
import { type Files, type Run, Site } from "./site.ts";
import { note } from "./ways.ts";

/** How long after its refusal a page is watched for a hash that comes late. */
const GRACE_MS = 1_000;

let site: Promise<Site> | undefined;
const browsers = new Map<string, Promise<Browser>>();

/** The site of this test file, opened on first use. */
export function theSite(): Promise<Site> {
  site ??= Site.open();
  return site;
}

/** The browser of this test file, without or with Davy, opened on first use. */
export function theBrowser(davy: boolean, graphics = false): Promise<Browser> {
  const key = `${davy} ${graphics}`;
  const open = browsers.get(key) ?? Browser.open({ davy, graphics });
  browsers.set(key, open);
  return open;
}

after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
  await (await site)?.close();
});

export interface Case {
  /** `index.html` and what it needs; `kernel.wasm` is always there. */
  readonly files: Files | ((davy: boolean) => Files);
  /** What the page must see with Davy; the error of a broken module unless said otherwise. */
  readonly refusal?: RegExp;
  /** The page's host, any name: all lead to loopback. */
  readonly host?: string;
  /** A browser of its own: what a page has taken of its process is given back late. */
  readonly ownBrowser?: boolean;
  /** A browser with WebGPU, shared by the cases of a file that want one. */
  readonly graphics?: boolean;
}

/** Visits the case's page in a fresh tab and hands over the tab and what it told. */
export async function visit<T>(davy: boolean, a: Case, act: (page: Page, run: Run) => Promise<T>): Promise<T> {
  const files = typeof a.files === "function" ? a.files(davy) : a.files;
  const run = (await theSite()).run({ "kernel.wasm": kernelBytes, ...files }, a.host);
  const browser = a.ownBrowser === true ? await Browser.open({ davy }) : await theBrowser(davy, a.graphics);
  const page = await browser.page();
  try {
    await page.goto(run.url);
    return await act(page, run);
  } finally {
    await (a.ownBrowser === true ? browser.close() : page.close());
  }
}

/** Declares both runs of a case as tests. */
export function twice(name: string, a: Case): void {
  describe(name, () => {
    test("without Davy: hashes > 0", () =>
      visit(false, a, async (page, run) => {
        await mines(page, run);
        noteRun(name, false, run);
      }));
    test("with Davy: 0 hashes, the page lives", () =>
      visit(true, a, async (page, run) => {
        await isRefused(page, run, a.refusal ?? /^CompileError: /);
        noteRun(name, true, run);
      }));
  });
}

/** Leaves the row of a page that mines; `why` it stopped, where it was not told by an error at the call. */
export function noteRun(name: string, davy: boolean, run: Run, why = `${errorOf(run)} at the call`): void {
  note(name, davy, { hashes: run.hashes.length, stoppedMs: run.hashing, why });
}

const errorOf = (run: Run): string => run.failures[0]?.split(":")[0] ?? "";

/** Declares a test that a page's one note, a list of texts, is the same without and with Davy. `patience`: milliseconds. */
export function tellsTheSame(name: string, files: Files, patience?: number): void {
  test(name, async () => {
    const told: string[][] = [];
    for (const davy of [false, true]) {
      await visit(davy, { files }, async (_page, run) => {
        assert.ok(await until(() => run.notes.length > 0, patience), run.failures.join(" | "));
        told.push(JSON.parse((run.notes[0] ?? "").replaceAll(/127\.0\.0\.1:\d+\/\w+/g, "host")) as string[]);
      });
    }
    assert.deepEqual(told[1], told[0]);
  });
}

/** The page does hashes, and they are the right ones. */
export async function mines(_page: Page, run: Run): Promise<void> {
  assert.ok(await until(() => run.hashes.length > 0), `no hash; failures: ${run.failures.join(" | ") || "none"}`);
  for (const hash of run.hashes) assert.ok(expected.has(hash), `a wrong hash: ${hash}`);
}

/** Forgets what was told, then loads the page again. Where it mines, once it is done: a hash that is still on its way would
 * be taken for one of the next load. */
export async function reload(page: Page, run: Run): Promise<void> {
  assert.ok(run.hashes.length === 0 || (await until(() => run.hashes.length >= HASHES)), "it ended in between");
  run.hashes.length = run.failures.length = 0;
  await page.reload();
}

/** The page is refused, does nothing afterwards, and its script goes on. */
export async function isRefused(page: Page, run: Run, refusal: RegExp): Promise<void> {
  const refused = await until(() => run.failures.length > 0 || run.hashes.length > 0);
  await sleep(GRACE_MS);
  assert.equal(run.hashes.length, 0, `${run.hashes.length} hashes with Davy`);
  assert.ok(refused, "the page was neither refused nor did it mine");
  for (const failure of run.failures) assert.match(failure, refusal);
  assert.ok(await isAlive(page), "the page stopped");
}
