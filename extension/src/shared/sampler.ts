// How busy a thread is: a line of ours is due at random moments, and runs late as often as the thread is busy with
// something else. Moments are fixed beforehand, whatever the thread does: one that came only when the thread is at rest
// would find it at rest.

/** What a thread was heard of. */
export interface Moments {
  /** Moments at which a line was due. */
  readonly samples: number;
  /** Those at which it ran late. */
  readonly late: number;
  /** Those of the late ones at which it did so by little. */
  readonly near: number;
}

/** What is needed of a thread. In one of a page's these are functions that the page cannot replace. */
export interface Thread {
  /** Milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  readonly setTimeout: (then: () => void, after: number) => unknown;
}

/** Moments are 20 to 120 ms apart, 70 in the mean: random, so that no worker can rest just then. */
const LEAST_MS = 20;
const SPREAD_MS = 100;
/**
 * What runs later than this was kept waiting. An idle thread runs within two; within five where others fill all cores half
 * of the time, since Linux leaves a core to whoever has it for some 3 ms (measured: 600 moments beside two such workers).
 */
const LATE_MS = 6;
/** The shortest time that browsers wait for a timer which another one has set. */
const CLAMP_MS = 4;
/** Time between two reports. */
const REPORT_MS = 1000;

/** Reports once a second, as long as the thread lets anything run and `report` wants more. */
export function sample(thread: Thread, report: (moments: Moments) => boolean): void {
  const gap = () => LEAST_MS + thread.random() * SPREAD_MS;
  let due = thread.now() + gap();
  let expected = due;
  let reported = thread.now();
  let samples = 0;
  let late = 0;
  let near = 0;
  const count = (delay: number) => {
    samples += 1;
    if (delay > LATE_MS) late += 1;
    if (delay > LATE_MS && delay <= 2 * LATE_MS) near += 1;
  };
  const arm = (now: number) => {
    expected = due - now < CLAMP_MS ? now + CLAMP_MS : due;
    thread.setTimeout(fire, due - now);
  };
  const fire = () => {
    const now = thread.now();
    // What was due before was counted as silence by whoever waits for the report.
    if (due < now - REPORT_MS) due = now - REPORT_MS;
    for (let first = true; due <= now; first = false) {
      count(now - (first && expected > due ? expected : due));
      due += gap();
    }
    if (now - reported >= REPORT_MS) {
      reported = now;
      if (!report({ samples, late, near })) return;
      samples = 0;
      late = 0;
      near = 0;
    }
    arm(now);
  };
  arm(thread.now());
}
