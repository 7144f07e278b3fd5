// Modules that a worker without hooks may have compiled, read beside it by a page of its origin: what it has fetched, what
// the origin has stored, and what the page itself has fetched and may have handed over.
import { LONGEST_MESSAGE_BYTES } from "../shared/messages";
import { readModule } from "./relay";

/** Entries of the origin's caches that are looked into. */
const MOST_STORED = 256;
/** Modules that the page has fetched, the last ones. */
const MOST_OWN = 16;
/** What every module begins with. */
const MAGIC = [0, 0x61, 0x73, 0x6d];

export class Modules {
  readonly #seen = new Set<string>();

  /** Reads what the worker with the script `by` may have compiled; only one document of its origin does. */
  async inspect(by: string, urls: readonly string[]): Promise<void> {
    if (!speaksFor(URL.parse(by)?.origin)) return;
    const all = [...urls, ...fetchedHere()].filter((url) => this.#isNew(url));
    await Promise.allSettled([...all.map((url) => this.#fetch(url)), this.#stored()]);
  }

  async #fetch(url: string): Promise<void> {
    const mode = url.startsWith(`${location.origin}/`) ? "same-origin" : "cors";
    await hand(url, await fetch(url, { mode, cache: "force-cache" }));
  }

  async #stored(): Promise<void> {
    // Pages that came without encryption have none.
    const names = (await globalThis.caches?.keys()) ?? [];
    let left = MOST_STORED;
    for (const name of names) {
      const cache = await caches.open(name);
      for (const request of (await cache.keys()).slice(0, left)) {
        left -= 1;
        if (!this.#isNew(`${name} ${request.url}`)) continue;
        const response = await cache.match(request);
        if (response !== undefined) await hand(request.url, response);
      }
    }
  }

  #isNew(what: string): boolean {
    const isNew = !this.#seen.has(what);
    this.#seen.add(what);
    return isNew;
  }
}

/** Whether this document is of the origin, and no document above it is: frames of one site need not all read the same. */
function speaksFor(origin: string | undefined): boolean {
  if (location.origin !== origin || globalThis.origin !== origin) return false;
  try {
    return window.parent === window || window.parent.location.origin !== origin;
  } catch {
    return true;
  }
}

/** Addresses of modules that the page has asked for by a script. */
function fetchedHere(): string[] {
  const entries = performance.getEntriesByType("resource") as (PerformanceResourceTiming & { contentType?: string })[];
  const isModule = ({ initiatorType, contentType, name }: (typeof entries)[number]) =>
    /^(?:fetch|xmlhttprequest)$/.test(initiatorType) &&
    (contentType === "application/wasm" || /\.wasm(?:$|[?#])/.test(name));
  return entries
    .filter(isModule)
    .slice(-MOST_OWN)
    .map(({ name }) => name);
}

/** Has a response judged that is a module; of anything else only the beginning is read. */
async function hand(url: string, response: Response): Promise<void> {
  const reader = response.ok ? response.body?.getReader() : undefined;
  if (reader === undefined) return;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (length > LONGEST_MESSAGE_BYTES || !mayBeModule(parts)) return reader.cancel();
  }
  if (length >= 2 * MAGIC.length) readModule(url, new Uint8Array(await new Blob(parts).arrayBuffer()));
}

/** Whether what has come so far begins like a module. */
function mayBeModule(parts: readonly Uint8Array[]): boolean {
  const start = parts.flatMap((part) => [...part.subarray(0, MAGIC.length)]).slice(0, MAGIC.length);
  return start.every((byte, index) => byte === MAGIC[index]);
}
