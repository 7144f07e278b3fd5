// The ways in: every mining page that a test visits leaves a row that says what it did without Davy and with it.
// Each test file writes its own rows when its process ends, so that files may run side by side; `tool/ways.ts` joins them.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Browser } from "./chromium.ts";
import { waysDirectory } from "./paths.ts";

/** One way to mine, as it went in the last run. */
export interface Way {
  /** The file and the name of its test. */
  readonly id: string;
  readonly browser: string;
  /** Hashes, or shares that a pool heard, when nothing stands in the way. */
  hashes_without: number;
  hashes_with: number;
  /** Milliseconds from the first hash with Davy to the last one; 0 where none was done. */
  stopped_ms: number;
  /** What stopped it. */
  why: string;
}

/** What one visit showed. */
export interface Seen {
  readonly hashes: number;
  readonly stoppedMs?: number;
  readonly why?: string;
}

const file = path.basename(process.argv[1] ?? "").replace(/\.test\.ts$/, "");
const ways = new Map<string, Way>();

/** Notes what a visit without or with Davy showed of the way `name`. */
export function note(name: string, davy: boolean, seen: Seen): void {
  const id = `${file}: ${name}`;
  const way = ways.get(id) ?? {
    id,
    browser: Browser.version,
    hashes_without: 0,
    hashes_with: 0,
    stopped_ms: 0,
    why: "",
  };
  if (davy) {
    way.hashes_with = seen.hashes;
    way.stopped_ms = Math.round(seen.stoppedMs ?? 0);
    way.why = seen.why ?? "";
  } else way.hashes_without = seen.hashes;
  ways.set(id, way);
}

process.once("exit", () => {
  if (ways.size === 0) return;
  mkdirSync(waysDirectory, { recursive: true });
  writeFileSync(path.join(waysDirectory, `${file}.json`), `${JSON.stringify([...ways.values()], null, 1)}\n`);
});
