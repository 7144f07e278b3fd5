// What the processor as a whole does, as the browser tells extensions: the bound of what all tabs together can do. And how
// late a thread runs that has nothing to do: this one, as long as some page is busy.
import { browser } from "../shared/browser";
import { sample } from "../shared/sampler";
import type { Ticks } from "./engine";

/** Looks are at least this far apart, in milliseconds. */
const LEAST_MS = 1000;
/** Without a look for so long nobody wants to know any more. */
const LAST_MS = 5000;

let looked = 0;
let sampling = false;
let moments = { samples: 0, late: 0, near: 0 };
/** Until when the work of this thread explains that it runs late. */
let worked = 0;

/** This thread has just worked for somebody: what was due meanwhile says nothing of the processor. */
export function hasWorked(): void {
  worked = performance.now();
}

/** A look at the processor; undefined when the last one was a moment ago. */
export async function lookAtProcessor(now: number): Promise<Ticks | undefined> {
  if (now - looked < LEAST_MS) return undefined;
  looked = now;
  startSampling();
  const taken = moments;
  moments = { samples: 0, late: 0, near: 0 };
  const cores = navigator.hardwareConcurrency;
  const cpu = browser.system?.cpu;
  if (cpu === undefined) return { cores, busy: 0, total: 0, ...taken };
  const { processors } = await cpu.getInfo();
  const total = processors.reduce((sum, { usage }) => sum + usage.total, 0);
  const idle = processors.reduce((sum, { usage }) => sum + usage.idle, 0);
  return { cores: processors.length, busy: total - idle, total, ...taken };
}

function startSampling(): void {
  if (sampling) return;
  sampling = true;
  const thread = {
    now: () => performance.now(),
    random: Math.random,
    setTimeout: (then: () => void, after: number) => setTimeout(then, after),
  };
  sample(thread, (heard) => {
    if (performance.now() - worked > LEAST_MS) moments = heard;
    sampling = Date.now() - looked < LAST_MS;
    return sampling;
  });
}
