// How busy a page is, by what its workers report, by their silence, and by the long tasks of its main thread. It only
// counts; what follows is the background's business.
import type { MainBusy, WorkerBusy } from "../../shared/messages";
import { put } from "../arguments";
import { takeCalled } from "../brake";
import { durationOf, entryName, listedEntries, OwnMap, observeEntries, own } from "../own";
import type { Load } from "./words";

/** Time between two reports. */
const REPORT_MS = 1000;
/** A worker of which nothing was heard for so long is silent: it reports once a second. */
const SILENT_MS = 1600;
/** A page that was kept from counting longer than this lets waiting messages in before it counts. */
const STALLED_MS = 1500;
const STALLED_WAIT_MS = 100;

/** One worker. */
export class Heard {
  readonly id: number;
  readonly #name: string;
  readonly #script: string;
  readonly quiet: boolean;
  #samples = 0;
  #late = 0;
  #near = 0;
  #called = 0;
  #last: number;
  held = false;
  watched = false;

  /** `quiet`: it has no clock of its own, and is not heard of unless it calls watched code. */
  constructor(id: number, name: string, script: string, quiet: boolean) {
    this.id = id;
    this.#name = name;
    this.#script = script;
    this.quiet = quiet;
    this.#last = own.now();
  }

  load({ samples, late, near, called }: Load): void {
    this.#last = own.now();
    this.#samples += samples;
    this.#late += late;
    this.#near += near;
    this.#called += called;
  }

  /** What is known since the last call; undefined where that is nothing. */
  take(span: number): WorkerBusy | undefined {
    const isKnown = this.quiet ? this.#called > 0 : this.#samples > 0;
    const silent = !this.quiet && !isKnown && own.now() - this.#last > SILENT_MS;
    if (!isKnown && !silent) return undefined;
    const busy: WorkerBusy = {
      id: this.id,
      name: this.#name,
      script: this.#script,
      span,
      samples: this.#samples,
      late: this.#late,
      near: this.#near,
      silent,
      held: this.held,
      watched: this.watched,
      called: this.#called,
    };
    this.#samples = 0;
    this.#late = 0;
    this.#near = 0;
    this.#called = 0;
    return busy;
  }
}

/** The threads of a page. No timer runs while there is nothing to tell. */
export class Loads {
  readonly #workers = new OwnMap<number, Heard>();
  readonly #report: (main: MainBusy | undefined, workers: WorkerBusy[]) => void;
  #ids = 0;
  /** Workers that are heard of once a second. */
  #loud = 0;
  #running = false;
  #looked = 0;
  #reported = 0;
  #long = 0;
  /** Whether the last report told of the main thread: what has ended is told once more, as nothing. */
  #told = false;

  constructor(report: (main: MainBusy | undefined, workers: WorkerBusy[]) => void) {
    this.#report = report;
    this.observe(own.PerformanceObserver);
  }

  add(name: string, script: string, quiet: boolean): Heard {
    this.#ids += 1;
    const heard = new Heard(this.#ids, name, script, quiet);
    this.#workers.set(heard.id, heard);
    if (quiet) return heard;
    this.#loud += 1;
    this.wake();
    return heard;
  }

  remove(heard: Heard): void {
    this.#workers.delete(heard.id);
    if (!heard.quiet) this.#loud -= 1;
  }

  /** There is something to tell. Comes with every word of a worker too, for pages can stop timers. */
  wake(): void {
    const now = own.now();
    if (!this.#running) {
      this.#running = true;
      this.#looked = this.#reported = now;
      own.setTimeout(() => this.#look(), REPORT_MS);
    } else if (now - this.#reported > STALLED_MS && now - this.#looked > STALLED_MS) this.#tell(now);
  }

  /** Counts the long tasks of the document that this constructor belongs to. */
  observe(Observer: typeof PerformanceObserver): void {
    if (!own.tellsLongTasks) return;
    const observer = new Observer((list) => {
      const entries = listedEntries(list);
      for (let i = 0; i < entries.length; i += 1) {
        const entry = entries[i] as PerformanceEntry;
        // Other frames of this thread tell of their own.
        if (entryName(entry) === "self") this.#long += durationOf(entry);
      }
      if (this.#long > 0) this.wake();
    });
    observeEntries(observer, { __proto__: null, type: "longtask" } as PerformanceObserverInit);
  }

  #look(): void {
    const now = own.now();
    const stalled = now - this.#looked > STALLED_MS;
    this.#looked = now;
    // What was sent while the page was kept busy waits behind this.
    if (!stalled) this.#tell(now);
    if (!this.#running) return;
    own.setTimeout(() => this.#look(), stalled ? STALLED_WAIT_MS : REPORT_MS);
  }

  #tell(now: number): void {
    const span = now - this.#reported;
    this.#reported = now;
    const busy: WorkerBusy[] = [];
    this.#workers.each((worker) => {
      const taken = worker.take(span);
      if (taken !== undefined) put(busy, busy.length, taken);
    });
    const [long, called] = [this.#long, takeCalled()];
    this.#long = 0;
    const main: MainBusy = { span, long, called };
    const isBusy = long > 0 || called > 0;
    if (isBusy || this.#told || busy.length > 0) this.#report(isBusy || this.#told ? main : undefined, busy);
    this.#told = isBusy;
    this.#running = isBusy || this.#loud > 0;
  }
}
