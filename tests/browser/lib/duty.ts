// Pages whose threads work for a known part of the time, and what the system says they cost.
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import type { Browser } from "./chromium.ts";
import { openPopup } from "./popup.ts";
import type { Files } from "./site.ts";

/** `run(n)`: counts down from n. */
const COUNTER =
  "[0,97,115,109,1,0,0,0,1,5,1,96,1,127,0,3,2,1,0,7,7,1,3,114,117,110,0,0,10,16,1,14,0,3,64,32,0,65,1,107,34,0,13,0,11,11]";

/** Milliseconds of one turn of work and rest. */
const PERIOD_MS = 100;

export type Kind = "wasm" | "js" | "never";

/** Script of a worker that is busy for `duty` (0 to 1) of the time. */
const dutyScript = (kind: Kind, duty: number): string => `
const { run } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(${COUNTER}))).exports;
let x = 0;
const work = ${kind === "js" ? "() => { for (let i = 0; i < 20000; i += 1) x = (x * 1103515245 + i) | 0; }" : "() => run(200000)"};
const channel = new MessageChannel();
channel.port2.onmessage = slice;
function slice() {
  const start = performance.now();
  while (performance.now() - start < ${PERIOD_MS * duty}) work();
  if (${duty} >= 1) channel.port1.postMessage(0);
  else setTimeout(slice, Math.max(0, ${PERIOD_MS} - (performance.now() - start)));
}
${kind === "never" ? "for (;;) run(1e6);" : "slice();"}`;

/** A page with so many workers of one duty. */
export function dutyPage(workers: number, kind: Kind, duty: number): Files {
  return {
    "index.html": `<!doctype html><title>duty</title><p>Works.</p>
<script>for (let i = 0; i < ${workers}; i += 1) new Worker('worker.js');</script>`,
    "worker.js": dutyScript(kind, duty),
  };
}

/** Ticks of the system's clock a second, as Linux gives them to every program. */
const TICKS = 100;

/** CPU seconds that a process has used. */
function secondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return 0;
  }
}

/** Processor time that all programs have used, in seconds of a core. */
function secondsOfAll(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] =
    /^cpu +(.*)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]?.split(" ").map(Number) ?? [];
  return (user + nice + system + irq + softirq) / TICKS;
}

/** Cores that the busiest renderer used while `wait` went by, and those that everybody else did. */
export async function coresOfBusiest(
  browser: Browser,
  wait: () => Promise<unknown>,
): Promise<{ truth: number; others: number }> {
  const processes = await browser.renderers();
  const before = processes.map(secondsOf);
  const [all, start] = [secondsOfAll(), Date.now()];
  await wait();
  const seconds = (Date.now() - start) / 1000;
  const truth = Math.max(...processes.map((pid, index) => (secondsOf(pid) - (before[index] ?? 0)) / seconds));
  return { truth, others: (secondsOfAll() - all) / seconds - truth };
}

/** What this file uses of the extension's own API, evaluated in its popup. */
declare const chrome: { readonly runtime: { sendMessage(message: object): Promise<View> } };

/** What these tests read of the view of a tab. */
export interface View {
  readonly level: string;
  readonly held: boolean;
  readonly ended: number;
  readonly can_pause: boolean;
  readonly can_resume: boolean;
  readonly unwatched: readonly { readonly reason: string }[];
  readonly sentence: { readonly key: string };
  readonly budget?: { readonly spent: number; readonly limit: number };
  readonly busy: { readonly history: readonly number[]; readonly workers: readonly { readonly main: boolean }[] };
}

/** The popup of a page, to be asked for the view again and again. */
export class Viewer {
  private constructor(
    private readonly popup: Page,
    private readonly tab: number,
  ) {}

  static async open(browser: Browser, page: Page): Promise<Viewer> {
    const popup = await openPopup(browser, page);
    const tab = Number(new URL(popup.url()).searchParams.get("tab"));
    return new Viewer(popup, tab);
  }

  view(): Promise<View> {
    return this.popup.evaluate((tab) => chrome.runtime.sendMessage({ kind: "view", tab }), this.tab);
  }

  decide(choice: string): Promise<View> {
    const message = { kind: "decide", tab: this.tab, choice };
    return this.popup.evaluate((message) => chrome.runtime.sendMessage(message), message);
  }

  /** Cores in use, averaged over the last seconds. */
  async cores(seconds: number): Promise<number> {
    const { busy } = await this.view();
    return busy.history.slice(-seconds).reduce((sum, percent) => sum + percent, 0) / (100 * seconds);
  }

  close(): Promise<void> {
    return this.popup.close();
  }
}
