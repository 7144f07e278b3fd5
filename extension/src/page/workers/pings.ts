// How busy workers are: a ping at a random moment finds a worker busy as often as it is busy. What answers late or not
// at all was running something when the ping came.
import type { WorkerBusy } from "../../shared/messages";
import { put } from "../arguments";
import { OwnMap, own } from "../own";

/** Pings are 20 to 120 ms apart, 70 in the mean: random, so that no worker can rest just then. */
const LEAST_MS = 20;
const SPREAD_MS = 100;
/** An answer later than this was kept waiting; an idle worker answers within one. */
const LATE_MS = 3;
/** Time between two reports. */
const REPORT_MS = 1000;

/** Milliseconds on the clock that pages and workers share. */
export const clock = (): number => own.timeOrigin + own.now();

/** One worker that is pinged. */
export class Pinged {
  readonly id: number;
  readonly #name: string;
  readonly #send: () => void;
  #waiting = false;
  #counted = false;
  #sent = 0;
  #samples = 0;
  #late = 0;

  constructor(id: number, name: string, send: () => void) {
    this.id = id;
    this.#name = name;
    this.#send = send;
  }

  /** One more moment: the ping before is still on its way, or a new one goes out. */
  ping(): void {
    if (this.#waiting) {
      this.#counted = true;
      this.#count(true);
      return;
    }
    this.#waiting = true;
    this.#counted = false;
    this.#sent = clock();
    this.#send();
  }

  /** The worker got the ping at `at`; by its own clock, so that a busy page does not count as a busy worker. */
  pong(at: number): void {
    if (this.#waiting && !this.#counted) this.#count(at - this.#sent > LATE_MS);
    this.#waiting = false;
  }

  /** The share since the last call; undefined when nothing is known. */
  take(): WorkerBusy | undefined {
    if (this.#samples === 0) return undefined;
    const share = this.#late / this.#samples;
    this.#samples = 0;
    this.#late = 0;
    return { id: this.id, name: this.#name, share };
  }

  #count(late: boolean): void {
    this.#samples += 1;
    if (late) this.#late += 1;
  }
}

/** All workers of a page. No timer runs while there are none. */
export class Pings {
  readonly #workers = new OwnMap<number, Pinged>();
  readonly #report: (busy: WorkerBusy[]) => void;
  #last = 0;
  #running = false;
  #reported = 0;

  constructor(report: (busy: WorkerBusy[]) => void) {
    this.#report = report;
  }

  add(name: string, send: () => void): Pinged {
    this.#last += 1;
    const pinged = new Pinged(this.#last, name, send);
    this.#workers.set(pinged.id, pinged);
    if (!this.#running) {
      this.#running = true;
      this.#reported = own.now();
      this.#next();
    }
    return pinged;
  }

  remove(pinged: Pinged): void {
    this.#workers.delete(pinged.id);
  }

  #next(): void {
    own.setTimeout(() => this.#tick(), LEAST_MS + own.random() * SPREAD_MS);
  }

  #tick(): void {
    if (this.#workers.size === 0) {
      this.#running = false;
      return;
    }
    this.#workers.each((worker) => worker.ping());
    if (own.now() - this.#reported >= REPORT_MS) this.#tell();
    this.#next();
  }

  #tell(): void {
    this.#reported = own.now();
    const busy: WorkerBusy[] = [];
    this.#workers.each((worker) => {
      const taken = worker.take();
      if (taken !== undefined) put(busy, busy.length, taken);
    });
    if (busy.length > 0) this.#report(busy);
  }
}
