// The document's scripts, read beside it: what the page runs anyway is handed to the background as soon as its text can be
// had, and never holds the page up. Inline scripts come from the document, others from the cache by the page's own address;
// nothing is asked of a server that the page has not asked already.
import { LONGEST_SCRIPT_BYTES } from "../shared/messages";
import { type Loaded, Notes } from "./notes";
import { arePlain, read } from "./relay";

/** Scripts of one document that are read, and their bytes together: a page cannot fill the background with work. */
const MOST_SCRIPTS = 128;
const MOST_BYTES = 8 * 1024 * 1024;
/** Later looks at the document, after it has loaded: loaders add scripts when the page stands. */
const LOOKS_MS = [2_000, 8_000];
/** A document that has been parsed is looked at after this time, whether it ever ends to load or not. */
const PATIENCE_MS = 2_000;
/** How long the first look waits for a moment in which the page has nothing to do. */
const IDLE_MS = 500;
/** After this time a worker's script is in the cache. */
const WORKER_MS = 2_000;

export class Scripts {
  readonly #seen = new Set<string>();
  readonly #notes = new Notes(() => this.#lookLater());
  /** Looks that are still to come. */
  #due = 1;
  readonly #apart = new Set<string>();
  /** Those of them that a worker may have imported. */
  readonly #imported = new Set<string>();
  readonly #inline = new WeakSet<Element>();
  #bytes = 0;

  constructor() {
    const look = () => this.#look();
    // While a page loads, everything that is done beside makes it wait.
    addEventListener("DOMContentLoaded", () => setTimeout(look, PATIENCE_MS), { once: true });
    addEventListener(
      "load",
      () => {
        this.#due += 1 + LOOKS_MS.length;
        requestIdleCallback(look, { timeout: IDLE_MS });
        for (const after of LOOKS_MS) setTimeout(look, after);
      },
      { once: true },
    );
  }

  /** A worker is about to start with this script; `apart`: where no hook reaches it. */
  worker(url: string, apart: boolean): void {
    const look = () => void (apart ? this.inspect(url) : this.#fetch(url));
    // A page may take a blob's address back at once; what was asked for before is still had.
    if (url.startsWith("blob:") || url.startsWith("data:")) look();
    else setTimeout(look, WORKER_MS);
  }

  /** Reads a script that runs where no hook reaches it, perhaps because another has imported it. It is worth a request of its own. */
  async inspect(url: string, imported = false): Promise<void> {
    if (this.#apart.has(url) || this.#apart.size >= MOST_SCRIPTS) return;
    this.#apart.add(url);
    // A service worker is updated past what the browser has kept.
    const bytes = await textOf(url, imported ? "no-cache" : "force-cache");
    if (imported && bytes !== undefined) this.#imported.add(url);
    if (bytes !== undefined) read(url.startsWith("data:") ? "data:" : url, bytes, "apart-script");
  }

  /** Takes back service workers with this script, or all where one may have imported it: what they have installed is not asked
   * for again. */
  async unregister(url: string): Promise<void> {
    const isOf = (worker: ServiceWorker | null) => this.#imported.has(url) || worker?.scriptURL === url;
    const all = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    const theirs = all.filter((one) => isOf(one.active) || isOf(one.waiting) || isOf(one.installing));
    await Promise.all(theirs.map((one) => one.unregister()));
  }

  /** After the last look somebody has to look once more. */
  #lookLater(): void {
    if (this.#due > 0) return;
    this.#due = 1;
    setTimeout(() => this.#look(), PATIENCE_MS);
  }

  #look(): void {
    this.#due -= 1;
    const kept = new Map<string, Loaded>();
    for (const script of document.scripts) {
      if (script.src !== "") this.#lookAt(script, kept);
      else if (!this.#inline.has(script)) {
        this.#inline.add(script);
        if (runs(script.type)) this.#hand(location.href, new TextEncoder().encode(script.text));
      }
    }
    for (const script of this.#notes.take()) this.#lookAt(script, kept);
    if (kept.size > 0) void this.#askUnknown(kept);
  }

  /** Reads a script with an address; what the browser had kept is put to the others. */
  #lookAt(script: Loaded, kept: Map<string, Loaded>): void {
    if (this.#seen.has(script.src) || !this.#notes.isKept(script.src)) return;
    const { key, wasKept } = this.#notes.keyOf(script.src);
    if (key !== undefined && wasKept) kept.set(key, kept.get(key) ?? script);
    else void this.#fetch(script.src, script.crossOrigin, key);
  }

  /** Asks for what the browser had kept, but for what showed nothing when it was read before. */
  async #askUnknown(kept: ReadonlyMap<string, Loaded>): Promise<void> {
    const all = [...kept].slice(0, MOST_SCRIPTS);
    const plain = await arePlain(all.map(([key]) => key));
    all.forEach(([key, { src, crossOrigin }], index) => {
      if (plain[index] === true) this.#seen.add(src);
      else void this.#fetch(src, crossOrigin, key);
    });
  }

  async #fetch(url: string, shared: string | null = null, key?: string): Promise<void> {
    const init = this.#seen.has(url) || this.#seen.size >= MOST_SCRIPTS ? undefined : initOf(url, shared);
    this.#seen.add(url);
    if (init === undefined) return;
    try {
      const response = await fetch(url, init);
      if (response.ok) this.#hand(url, new Uint8Array(await response.arrayBuffer()), key);
    } catch {
      // Not in the cache, or not shared: the modules, sockets and workers that it brings are seen where they are made.
    }
  }

  #hand(path: string, bytes: Uint8Array<ArrayBuffer>, key?: string): void {
    if (bytes.length === 0 || bytes.length > LONGEST_SCRIPT_BYTES) return;
    this.#bytes += bytes.length;
    if (this.#bytes <= MOST_BYTES) read(path.startsWith("data:") ? "data:" : path, bytes, "script", key);
  }
}

/** The bytes of a worker's script, asked for as the worker would; undefined where there are none. */
export async function textOf(url: string, cache?: RequestCache): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const how = cache === undefined ? {} : { cache };
  // The browser would write into the page's console that it was asked in vain.
  if (url.startsWith("http") && !url.startsWith(`${globalThis.origin}/`)) return undefined;
  try {
    const response = await fetch(url, url.startsWith("http") ? { mode: "same-origin", ...how } : {});
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How a script's text is had without asking its server again; undefined where there is no way. `shared` is the element's
 * `crossorigin`: a script of another origin has to be asked for as the page did, or the cache holds something else.
 */
function initOf(url: string, shared: string | null): RequestInit | undefined {
  if (url.startsWith("blob:") || url.startsWith("data:")) return {};
  // The standard allows `only-if-cached` for a page's own origin only.
  if (url.startsWith(`${location.origin}/`)) return { cache: "only-if-cached", mode: "same-origin" };
  if (shared === null || !url.startsWith("http")) return undefined;
  return { cache: "force-cache", credentials: shared === "use-credentials" ? "include" : "same-origin" };
}

/** Whether a script element of this type runs, and does not only hold data. */
const runs = (type: string): boolean =>
  type === "" || type === "module" || /^(?:text|application)\/(?:x-)?(?:java|ecma)script$/i.test(type.trim());
