// What the background is asked of a module, so that the analyser need not even start here. Modules that a site's pages compiled
// before, since the browser started, are known by the digest of their bytes; large ones are read there.
import { digestOf } from "../shared/digest";
import { type Judgement, LARGE_BYTES } from "../shared/messages";
import { askLarge, recall } from "./relay";

/** Whether it may be worth asking. Only secure contexts have digests. */
export const isWorthAsking = (length: number, ready: boolean): boolean =>
  length >= LARGE_BYTES || (globalThis.crypto?.subtle !== undefined && !ready);

/** What is known of these bytes, and the digest under which that is kept. */
export interface Memory {
  readonly digest: string | undefined;
  readonly judgement: Judgement | undefined;
}

/** Asks for a module. Whatever fails, the module is read here. */
export async function remembered(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<Memory> {
  try {
    const digest = globalThis.crypto?.subtle && (await digestOf(bytes));
    const known = async () => (digest === undefined ? undefined : recall(digest, path, bytes.length));
    const isLarge = bytes.length >= LARGE_BYTES;
    const read = async () => (await known()) ?? askLarge(path, bytes, digest);
    return { digest, judgement: await (isLarge ? inLine(read) : known()) };
  } catch {
    return { digest: undefined, judgement: undefined };
  }
}

let line: Promise<unknown> = Promise.resolve();

/** One large module of a frame at a time: the background has other frames, and the next module may be the same one, as where
 * workers share it. */
function inLine<T>(ask: () => Promise<T>): Promise<T> {
  const turn = line.then(ask);
  line = turn.catch(() => undefined);
  return turn;
}
