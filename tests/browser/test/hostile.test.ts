// A page that works against the analyser: exhausts its memories, pads its module, changes bytes behind its back.

import { padWithCustomSection, padWithFunctions, withSwitch } from "../lib/disguise.ts";
import { kernelBytes } from "../lib/kernel.ts";
import { embeddedScript, minerScript, pageOf } from "../lib/miner.ts";
import { twice } from "../lib/twice.ts";

/** Where the page took the last memory of the process, the engine may say so instead. */
const REFUSED = /^(CompileError|RangeError): /;
/** Without Davy the page leaves room for its own: where exactly a process ends, at 125 or a few less, is chance. */
const hold = (davy: boolean) => `const held = [];
try { while (held.length < ${davy ? 124 : 118}) held.push(new WebAssembly.Memory({ initial: 1 })); } catch {}`;
/** A document whose isolation lets it share memory. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const holding = (start: string, worker = "") => ({
  refusal: REFUSED,
  ownBrowser: true,
  files: (davy: boolean) => ({ "index.html": pageOf(`${hold(davy)} ${start}`, embeddedScript), "worker.js": worker }),
});
const EMBEDDED_START = "attempt(() => new WebAssembly.Module(embedded()))";
twice("124 memories held by the page, then a synchronous compile", holding(EMBEDDED_START));
twice(
  "124 memories held by the page, then an asynchronous instantiation",
  holding("attempt(async () => WebAssembly.instantiate(await kernelArray()))"),
);
twice(
  "124 memories held by the page, then a worker",
  holding(
    `new Worker('worker.js')`,
    `${minerScript}\nattempt(async () => new WebAssembly.Module(await kernelArray()));`,
  ),
);
twice("124 memories held by a worker, then a compile in the page", {
  refusal: REFUSED,
  ownBrowser: true,
  files: (davy) => ({
    "index.html": pageOf(`new Worker('worker.js').onmessage = () => ${EMBEDDED_START}`, embeddedScript),
    "worker.js": `${hold(davy)} postMessage('held');`,
  }),
});

const padded = (bytes: Uint8Array, start: string) => ({
  files: { "index.html": pageOf(start), "padded.wasm": bytes },
});
const fetched = `fetch('%BASE%/padded.wasm')`;
const largeSection = padWithCustomSection(kernelBytes, 96 << 20);
const manyFunctions = padWithFunctions(kernelBytes, 300_000);
twice("padded by a custom section of 96 MiB, synchronous in a worker", {
  files: {
    "index.html": pageOf(`new Worker('worker.js')`),
    "padded.wasm": largeSection,
    "worker.js": `${minerScript}
      attempt(async () => new WebAssembly.Module(await (await ${fetched}).arrayBuffer()));`,
  },
});
twice(
  "padded by a custom section of 96 MiB, streaming",
  padded(largeSection, `attempt(() => WebAssembly.instantiateStreaming(${fetched}))`),
);
twice(
  "padded by 300 000 functions, synchronous",
  padded(manyFunctions, `attempt(async () => new WebAssembly.Module(await (await ${fetched}).arrayBuffer()))`),
);
twice(
  "padded by 300 000 functions, asynchronous",
  padded(manyFunctions, `attempt(async () => WebAssembly.compile(await (await ${fetched}).arrayBuffer()))`),
);

const { bytes: switched, at, mining, lawful } = withSwitch(kernelBytes);
twice("bytes in shared memory that a worker keeps switching between a lawful module and a kernel", {
  files: {
    "index.html": {
      headers: ISOLATED,
      body: pageOf(`(async () => {
        const bytes = new Uint8Array(await (await fetch('%BASE%/switched.wasm')).arrayBuffer());
        const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
        shared.set(bytes);
        new Worker('switch.js').postMessage(shared);
        const lawful = [];
        const end = performance.now() + 4000;
        let done = false;
        while (!done && performance.now() < end) {
          await attempt(async () => {
            const module = new WebAssembly.Module(shared);
            const instance = new WebAssembly.Instance(module, {});
            if (instance.exports.hash === undefined) return { exports: { memory: new WebAssembly.Memory({ initial: 1 }), input: () => { throw new Error('lawful') } } };
            done = true;
            return instance;
          }).catch(() => {});
          await new Promise((next) => setTimeout(next, 5));
        }
      })()`),
    },
    "switched.wasm": switched,
    "switch.js": {
      headers: ISOLATED,
      body: `onmessage = ({ data: shared }) => {
        const end = performance.now() + 5000;
        while (performance.now() < end) {
          shared.set(${JSON.stringify(mining)}, ${at});
          for (let i = 0; i < 2000; i++);
          shared.set(${JSON.stringify(lawful)}, ${at});
          for (let i = 0; i < 2000; i++);
        }
      };`,
    },
  },
  refusal: /^(CompileError: |Error: lawful)/,
});
