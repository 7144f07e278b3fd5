// Scripts that workers load besides their own. They run at once and are read beside; the workers that have loaded one that
// mines are ended.
import { put } from "../arguments";
import type { Channel } from "../channel";
import { OwnMap, startsWith } from "../own";
import { whenRead } from "./blobs";
import type { Waiting } from "./words";

/** Scripts of one page's workers that are read. */
const MOST_SCRIPTS = 64;
const ORIGIN = `${globalThis.origin}/`;

/** What is known of one script, and what ends the workers that wait to hear of it. */
interface Known {
  verdict: "asked" | "passed" | "refused";
  readonly ends: (() => void)[];
}

export class Imports {
  readonly #channel: Channel;
  readonly #known = new OwnMap<string, Known>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** A worker loads a script; `end` ends it. A script of another origin cannot be had. */
  read({ url, blob }: Waiting, end: () => void): void {
    const known = this.#known.get(url);
    if (known?.verdict === "refused") end();
    else if (known?.verdict === "asked") put(known.ends, known.ends.length, end);
    else if (known === undefined && isNear(url)) {
      if (this.#known.size < MOST_SCRIPTS) this.#ask(url, blob, end);
      else this.#channel.unwatched("worker", url);
    }
  }

  #ask(url: string, blob: Blob | undefined, end: () => void): void {
    const known: Known = { verdict: "asked", ends: [end] };
    this.#known.set(url, known);
    whenRead(blob, (bytes) =>
      this.#channel.imported(url, bytes, (pass) => {
        known.verdict = pass ? "passed" : "refused";
        for (let i = 0; !pass && i < known.ends.length; i += 1) (known.ends[i] as () => void)();
        known.ends.length = 0;
      }),
    );
  }
}

const isNear = (url: string): boolean =>
  startsWith(url, ORIGIN) || startsWith(url, "blob:") || startsWith(url, "data:");
