// The script that test pages and their workers share: compile, hash a few nonces, tell the server each result.
import { BLOB_BYTES, hash, kernelBytes, withNonce } from "./kernel.ts";

/** Hashes that one attempt does: enough to show that it mines, bounded in time. */
export const HASHES = 3;

/** The results that an honest attempt tells, in any order. */
export const expected: ReadonlySet<string> = new Set(
  Array.from({ length: HASHES }, (_, nonce) => hash(withNonce(new Uint8Array(BLOB_BYTES), nonce))),
);

export const kernelBase64 = kernelBytes.toString("base64");

/**
 * Plain script for pages and workers of any kind. `%BASE%` becomes the run's address.
 * `attempt(make)`: `make` gives a Module, an Instance or `{ instance }`; what it throws is told as a failure.
 */
export const minerScript = `
const tell = (kind, text) =>
  fetch('%BASE%/' + kind, { method: 'POST', mode: 'no-cors', body: text }).catch(() => {});
const kernelFile = () => fetch('%BASE%/kernel.wasm');
const kernelArray = async () => new Uint8Array(await (await kernelFile()).arrayBuffer());
function mine(exports) {
  for (let nonce = 0; nonce < ${HASHES}; nonce++) {
    const blob = new Uint8Array(exports.memory.buffer, exports.input(), ${BLOB_BYTES});
    blob.fill(0);
    blob[39] = nonce;
    exports.hash(${BLOB_BYTES});
    const result = new Uint8Array(exports.memory.buffer, exports.output(), 32);
    tell('hash', Array.from(result, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
}
const exportsOf = (made) =>
  made.exports ?? made.instance?.exports ?? new WebAssembly.Instance(made.module ?? made, {}).exports;
async function attempt(make) {
  try {
    mine(exportsOf(await make()));
  } catch (error) {
    tell('failure', String(error?.name) + ': ' + String(error?.message));
  }
}
`;

/** Script that has the kernel inside it, as miners' loaders do. */
export const embeddedScript = `
${minerScript}
const embedded = () => Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
`;

/** A page that beats while it lives, then runs `script`. Nothing that is shown changes: painting the beats of twenty pages takes
 * half a processor. */
export function pageOf(script: string, head = minerScript): string {
  return `<!doctype html><meta charset="utf-8"><title>a page</title>
<p hidden>Beats: <output id="beats">0</output></p>
<script>
  window.beats = 0;
  setInterval(() => { window.beats += 1; document.getElementById('beats').textContent = String(window.beats); }, 200);
</script>
<script>${head}</script>
<script>${script}</script>`;
}
