// A worker that hashes: the kernel over the job's blob, nonce by nonce, every result below the target told to the page.
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
/** A pool's 4-byte target, little endian, as the bound of a hash's last eight bytes. */
const boundOf = (target) =>
  0xffffffffffffffffn / (0xffffffffn / BigInt(new DataView(fromHex(target).buffer).getUint32(0, true)));

const kernel = WebAssembly.instantiateStreaming(fetch("cryptonight.wasm"), {}).then(
  ({ instance }) => {
    postMessage({ ready: true });
    return instance.exports;
  },
  (error) => postMessage({ error: `${error.name}: ${error.message}` }),
);

let current;
self.onmessage = async ({ data: job }) => {
  const exports = await kernel;
  if (exports === undefined) return;
  current = job;
  const blob = fromHex(job.blob);
  const bound = boundOf(job.target);
  new Uint8Array(exports.memory.buffer, exports.input(), blob.length).set(blob);
  for (let nonce = job.first; current === job; nonce += job.step) {
    const found = exports.scan(blob.length, nonce, 1, bound);
    if (found >= 0) {
      new DataView(blob.buffer).setUint32(39, nonce, true);
      const result = toHex(new Uint8Array(exports.memory.buffer, exports.output(), 32));
      postMessage({ job_id: job.job_id, nonce: toHex(blob.subarray(39, 43)), result });
    }
    await new Promise((next) => setTimeout(next));
  }
};
