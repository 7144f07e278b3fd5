// What the background is asked of a module, so that the analyser need not even start here. Modules that a site's pages compiled
// before, since the browser started, are known by the digest of their bytes; large ones are read there.
import { digestOf } from "../shared/digest";
import type { Judgement } from "../shared/messages";
import { askLarge, recall } from "./relay";

/** Smaller modules are read sooner than they are asked about, once the analyser has started. */
const LEAST_BYTES = 64 * 1024;

/** Larger modules are read by the background. An analyser that begins in a process spends more on being compiled well than on
 * 12 MB (530 of 870 ms of processor time); that of the background has been. */
const LARGE_BYTES = 1024 * 1024;

/** Whether it may be worth asking. Only secure contexts have digests. */
export const isWorthAsking = (length: number, ready: boolean): boolean =>
  length >= LARGE_BYTES || (globalThis.crypto?.subtle !== undefined && (!ready || length >= LEAST_BYTES));

/** What is known of these bytes, and the digest under which that is kept. */
export interface Memory {
  readonly digest: string | undefined;
  readonly judgement: Judgement | undefined;
}

/** Asks for a module. `alone`: no other one of this frame is asked about, so that a large one may be read elsewhere. Whatever
 * fails, the module is read here. */
export async function remembered(bytes: Uint8Array<ArrayBuffer>, path: string, alone: boolean): Promise<Memory> {
  try {
    const digest = globalThis.crypto?.subtle && (await digestOf(bytes));
    const known = digest === undefined ? undefined : await recall(digest, path, bytes.length);
    const isRead = known === undefined && alone && bytes.length >= LARGE_BYTES;
    return { digest, judgement: isRead ? await askLarge(path, bytes, digest) : known };
  } catch {
    return { digest: undefined, judgement: undefined };
  }
}
