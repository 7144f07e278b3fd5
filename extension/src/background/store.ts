// What outlives the service worker: tabs until the browser closes, the book of decisions for good.

import { browser } from "../shared/browser";
import type { Book, Ledger, Tab } from "./engine";

const TAB = "tab:";
const BOOK = "book";
const STARTED = "started";
const LEDGER = "ledger";
/** Several events of one moment are written once. */
const WRITE_AFTER_MS = 250;

/** What was written in this session. */
export interface Saved {
  /** Whether this session was set up before. */
  readonly started: boolean;
  readonly tabs: ReadonlyMap<number, Tab>;
  /** What private windows have spent. */
  readonly ledger: Ledger | undefined;
  /** All of it. */
  readonly all: Readonly<Record<string, unknown>>;
}

/** Reads what was written in this session. */
export async function readSession(): Promise<Saved> {
  const all = await browser.storage.session.get();
  const tabs = Object.entries(all).filter(([key]) => key.startsWith(TAB));
  return {
    started: all[STARTED] === true,
    all,
    ledger: all[LEDGER] as Ledger | undefined,
    tabs: new Map(tabs.map(([key, tab]) => [Number(key.slice(TAB.length)), tab as Tab])),
  };
}

/** Remembers that this session is set up. */
export async function markStarted(): Promise<void> {
  await browser.storage.session.set({ [STARTED]: true });
}

/** Reads the book of decisions; whoever uses it checks its shape. */
export async function readBook(): Promise<Book | undefined> {
  const found = await browser.storage.local.get(BOOK);
  return found[BOOK] as Book | undefined;
}

/** Writes the book of decisions. */
export async function writeBook(book: Book): Promise<void> {
  await browser.storage.local.set({ [BOOK]: book });
}

/** Reads the ledger of spent CPU time; whoever uses it checks its shape. */
export async function readLedger(): Promise<Ledger | undefined> {
  const found = await browser.storage.local.get(LEDGER);
  return found[LEDGER] as Ledger | undefined;
}

/** Writes the ledger of spent CPU time, and that of private windows as long as the browser runs. */
export async function writeLedgers(lasting: Ledger, ofPrivate: Ledger): Promise<void> {
  await browser.storage.local.set({ [LEDGER]: lasting });
  await browser.storage.session.set({ [LEDGER]: ofPrivate });
}

/** Collects tabs that changed and writes them a moment later. */
export class SessionWriter {
  readonly #changed = new Set<number>();
  readonly #read: (tab: number) => Tab | undefined;
  readonly #failed: (error: unknown) => void;
  #waiting = false;

  /** `read` gives a tab's state when it is written; `failed` hears of a write that did not succeed. */
  constructor(read: (tab: number) => Tab | undefined, failed: (error: unknown) => void) {
    this.#read = read;
    this.#failed = failed;
  }

  /** The tab has changed: written at once, or together with what else changes a moment after a write. */
  save(tab: number): void {
    this.#changed.add(tab);
    if (this.#waiting) return;
    this.#waiting = true;
    this.#write().catch(this.#failed);
    setTimeout(() => {
      this.#waiting = false;
      if (this.#changed.size > 0) this.#write().catch(this.#failed);
    }, WRITE_AFTER_MS);
  }

  /** The tab is gone. */
  async forget(tab: number): Promise<void> {
    this.#changed.delete(tab);
    await browser.storage.session.remove(TAB + tab);
  }

  async #write(): Promise<void> {
    const entries: Record<string, Tab> = {};
    for (const tab of this.#changed) {
      const state = this.#read(tab);
      if (state) entries[TAB + tab] = state;
    }
    this.#changed.clear();
    await browser.storage.session.set(entries);
  }
}
