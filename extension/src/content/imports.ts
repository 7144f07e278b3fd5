// Scripts that other scripts load, mostly those of workers: each is judged once, whoever loads it, before that one runs where its
// text names them, and beside it where only the browser tells.
import { isStopped } from "./hold";
import { askScript, late } from "./relay";
import { textOf } from "./scripts";

/** Scripts of one document that are judged so; how deep they are followed that load each other. */
const MOST_SCRIPTS = 128;
const DEEPEST = 4;
/** How long a script waits for those that it loads to come and be judged. */
const PATIENCE_MS = 1_500;

/** What is known of one of them: whether it may run, and what it loads. */
interface Judged {
  readonly pass: boolean;
  readonly imports: readonly string[];
}

export class Imports {
  readonly #judged = new Map<string, Promise<Judged>>();

  /** Whether the script at `url`, and all that it loads, may run; `bytes` where they are known. */
  async pass(url: string, bytes?: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const { pass, imports } = await this.#judge(url, bytes);
    return pass && this.passAll(url, imports);
  }

  /** The same for a script that waits: what is slow to come is judged when it runs. */
  async passSoon(base: string, imports: readonly string[]): Promise<boolean> {
    if (imports.length === 0) return true;
    return (await Promise.race([this.passAll(base, imports), late(PATIENCE_MS)])) ?? true;
  }

  /** Whether all of these may run that the script at `base` loads, and what they load. */
  async passAll(base: string, imports: readonly string[]): Promise<boolean> {
    const seen = new Set([base]);
    let next = imports.flatMap((address) => absolute(address, base));
    for (let depth = 0; depth < DEEPEST && next.length > 0; depth += 1) {
      const urls = next.filter((url) => !seen.has(url) && seen.add(url));
      const all = await Promise.all(urls.map((url) => this.#judge(url)));
      if (!all.every(({ pass }) => pass)) return false;
      next = all.flatMap(({ imports }, index) => imports.flatMap((address) => absolute(address, urls[index] ?? "")));
    }
    return true;
  }

  #judge(url: string, bytes?: Uint8Array<ArrayBuffer>): Promise<Judged> {
    const known = this.#judged.get(url);
    if (known !== undefined || this.#judged.size >= MOST_SCRIPTS) return known ?? Promise.resolve(UNREAD);
    const judged = judge(url, bytes);
    this.#judged.set(url, judged);
    return judged;
  }
}

const UNREAD: Judged = { pass: true, imports: [] };

async function judge(url: string, known: Uint8Array<ArrayBuffer> | undefined): Promise<Judged> {
  const bytes = known ?? (await textOf(url, "force-cache"));
  const judgement = bytes && (await askScript(url, bytes));
  return judgement === undefined ? UNREAD : { pass: !isStopped(judgement), imports: judgement.imports };
}

function absolute(address: string, base: string): string[] {
  try {
    return [new URL(address, base).href];
  } catch {
    return [];
  }
}
