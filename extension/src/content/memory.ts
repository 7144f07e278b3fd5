// Modules that a site's pages compiled before, since the browser started, are known by the digest of their bytes: they are not
// read once more, and the analyser need not even start.
import { digestOf } from "../shared/digest";
import type { Judgement } from "../shared/messages";
import { recall } from "./relay";

/** Smaller modules are read sooner than they are asked about, once the analyser has started. */
const LEAST_BYTES = 64 * 1024;

/** Whether it may be worth asking. Only secure contexts have digests. */
export const isWorthAsking = (length: number, ready: boolean): boolean =>
  globalThis.crypto?.subtle !== undefined && (!ready || length >= LEAST_BYTES);

/** What is known of these bytes, and the digest under which that is kept. */
export interface Memory {
  readonly digest: string | undefined;
  readonly judgement: Judgement | undefined;
}

/** Asks for a module. Whatever fails, the module is read. */
export async function remembered(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<Memory> {
  try {
    const digest = await digestOf(bytes);
    return { digest, judgement: await recall(digest, path, bytes.length) };
  } catch {
    return { digest: undefined, judgement: undefined };
  }
}
