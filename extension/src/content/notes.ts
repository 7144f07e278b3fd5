// What the browser notes of the scripts that a document loads: those of its elements, modules that others import, and those
// whose element is gone. A page can empty the browser's own list, not this one.

/** Known to browsers, not yet to TypeScript. */
type Timing = PerformanceResourceTiming & { readonly deliveryType?: string; readonly contentType?: string };

/** A script that was loaded. */
export interface Loaded {
  readonly src: string;
  /** How it was asked for, as the attribute `crossorigin` says it; null where its text is not shared. */
  readonly crossOrigin: string | null;
}

/** What a rule has the browser note of scripts that it does not keep: whoever asked for one would leave a line in the page's
 * console. */
const UNKEPT = "unkept";
const FAILED = 400;
/** Addresses that are noted, and loads of each. */
const MOST_ADDRESSES = 512;
const MOST_LOADS = 8;

export class Notes {
  readonly #notes = new Map<string, Timing[]>();
  readonly #observer: PerformanceObserver;
  #told: Loaded[] = [];

  /** Calls `more` where there may be scripts to take. */
  constructor(more: () => void) {
    this.#observer = new PerformanceObserver((list) => {
      this.#hear(list.getEntries());
      if (this.#told.length > 0) more();
    });
    this.#observer.observe({ type: "resource" });
  }

  /** The scripts that were loaded since this was asked last. */
  take(): Loaded[] {
    this.#hear(this.#observer.takeRecords());
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** Whether a script has come, and the browser has kept it as far as it can be told. */
  isKept(url: string): boolean {
    const note = this.#of(url).at(-1);
    if (note === undefined) return !url.startsWith("http") || this.#notes.size >= MOST_ADDRESSES;
    return note.responseStatus < FAILED && !note.serverTiming.some(({ name }) => name === UNKEPT);
  }

  /** Address and lengths of a script, by the browser's own word, and whether it had been kept: it was asked of nobody then. */
  keyOf(url: string): { key: string | undefined; wasKept: boolean } {
    const notes = this.#of(url);
    const note = notes.at(-1);
    // What a service worker answers is whatever it likes.
    if (note === undefined || note.decodedBodySize === 0 || notes.some(({ workerStart }) => workerStart > 0))
      return { key: undefined, wasKept: false };
    const key = `${note.decodedBodySize} ${note.encodedBodySize} ${url}`;
    return { key, wasKept: notes.every(({ deliveryType }) => deliveryType === "cache") };
  }

  #hear(entries: PerformanceEntryList): void {
    for (const entry of entries as Timing[]) {
      const { initiatorType, name, responseStatus, contentType = "" } = entry;
      const isScript = initiatorType === "script" || (initiatorType === "link" && contentType.includes("javascript"));
      if (!isScript) continue;
      const loads = this.#notes.get(name) ?? [];
      if (loads.length >= MOST_LOADS || (loads.length === 0 && this.#notes.size >= MOST_ADDRESSES)) continue;
      if (loads.length === 0) this.#notes.set(name, loads);
      loads.push(entry);
      // Of what another origin does not share, no status is told.
      this.#told.push({ src: name, crossOrigin: responseStatus > 0 ? "anonymous" : null });
    }
  }

  #of = (url: string): readonly Timing[] => this.#notes.get(url.split("#")[0] ?? url) ?? [];
}
