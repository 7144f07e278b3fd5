// The CryptoNight kernel that test pages run: built from source by xtask, driven here to know what it must answer.
import { readFileSync } from "node:fs";
import path from "node:path";
import { corpus } from "./paths.ts";

/** Header blob of a CryptoNote job: 76 bytes, the nonce little-endian at byte 39. */
export const BLOB_BYTES = 76;
export const NONCE_OFFSET = 39;

/** What a kernel exports. Addresses are offsets in `memory`. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  input(): number;
  output(): number;
  hash(length: number): void;
}

export const kernelBytes = Buffer.from(
  readFileSync(process.env["DAVY_KERNEL"] ?? path.join(corpus, "cryptonight.wasm")),
);

let instance: Kernel | undefined;

/** The kernel in this process, compiled once. */
function kernel(): Kernel {
  instance ??= new WebAssembly.Instance(new WebAssembly.Module(kernelBytes), {}).exports as unknown as Kernel;
  return instance;
}

/** The hash of any input up to a blob's length, in lower-case hex. */
export function hash(input: Uint8Array): string {
  const k = kernel();
  new Uint8Array(k.memory.buffer, k.input(), input.length).set(input);
  k.hash(input.length);
  return Buffer.from(new Uint8Array(k.memory.buffer, k.output(), 32)).toString("hex");
}

/** The blob with a nonce in its place. */
export function withNonce(blob: Uint8Array, nonce: number): Uint8Array {
  const copy = Uint8Array.from(blob);
  new DataView(copy.buffer).setUint32(NONCE_OFFSET, nonce, true);
  return copy;
}
