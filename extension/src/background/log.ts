// The log: what was found, newest first, on this computer and nowhere else. What a line holds is the core's business.

import { browser } from "../shared/browser";
import type { LogEntry } from "../shared/messages";

const LOG = "log";
/** Lines that are kept; the oldest go first. */
const MOST_LINES = 1000;
/** Lines of one moment are written together. */
const WRITE_AFTER_MS = 500;

let waiting: LogEntry[] = [];
let writing: Promise<void> = Promise.resolve();

/** Writes a line, a moment later. */
export function log(entry: LogEntry, failed: (error: unknown) => void): void {
  waiting.push(entry);
  if (waiting.length > 1) return;
  setTimeout(() => {
    write().catch(failed);
  }, WRITE_AFTER_MS);
}

function write(): Promise<void> {
  writing = writing
    .catch(() => undefined)
    .then(async () => {
      const lines = waiting.reverse();
      waiting = [];
      if (lines.length > 0)
        await browser.storage.local.set({ [LOG]: [...lines, ...(await kept())].slice(0, MOST_LINES) });
    });
  return writing;
}

async function kept(): Promise<LogEntry[]> {
  const found = (await browser.storage.local.get(LOG))[LOG];
  return Array.isArray(found) ? (found as LogEntry[]) : [];
}

/** Every line, newest first. */
export async function readLog(): Promise<LogEntry[]> {
  await write();
  return kept();
}

/** Forgets every line. */
export async function clearLog(): Promise<void> {
  waiting = [];
  await writing.catch(() => undefined);
  await browser.storage.local.remove(LOG);
}
