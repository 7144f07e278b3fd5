// A module that mines, in dedicated workers of every kind.
import { minerScript, pageOf } from "../lib/miner.ts";
import { twice } from "../lib/twice.ts";

const START = "attempt(async () => WebAssembly.instantiate(await kernelArray(), {}));";
const script = `${minerScript}\n${START}`;
const relative = `${minerScript}
attempt(() => WebAssembly.instantiateStreaming(fetch('../kernel.wasm')));`;
const blobOf = (text: string) =>
  `URL.createObjectURL(new Blob([${JSON.stringify(text)}], { type: 'text/javascript' }))`;
const page = (start: string) => pageOf(start.replaceAll("</", "<\\/"));

twice("a blob: worker", { files: { "index.html": page(`new Worker(${blobOf(script)})`) } });
twice("a blob: worker whose address is revoked at once", {
  files: { "index.html": page(`const a = ${blobOf(script)}; const w = new Worker(a); URL.revokeObjectURL(a);`) },
});
twice("a data: worker", {
  files: {
    "index.html": page(`new Worker('data:text/javascript,' + encodeURIComponent(${JSON.stringify(script)}))`),
  },
});
twice("a same-origin http worker with relative addresses", {
  files: { "index.html": page(`new Worker('code/worker.js')`), "code/worker.js": relative },
});
twice("an http worker that imports its miner", {
  files: {
    "index.html": page(`new Worker('code/worker.js')`),
    "code/worker.js": `importScripts('miner.js');`,
    "code/miner.js": script,
  },
});
twice("a module worker", {
  files: {
    "index.html": page(`new Worker('code/worker.js', { type: 'module' })`),
    "code/worker.js": `import { start } from './start.js'; start();`,
    "code/start.js": `${minerScript}\nexport function start() { ${START} }`,
  },
});
twice("a blob: module worker", {
  files: { "index.html": page(`new Worker(${blobOf(script)}, { type: 'module' })`) },
});
twice("a worker in a worker", {
  files: {
    "index.html": page(`new Worker('outer.js')`),
    "outer.js": `new Worker('inner.js');`,
    "inner.js": script,
  },
});
twice("a blob: worker in a blob: worker", {
  files: { "index.html": page(`new Worker(${blobOf(`new Worker(${blobOf(script)});`)})`) },
});
twice("a module posted to a worker by the page", {
  files: {
    "index.html": page(`
      const worker = new Worker('code/worker.js');
      attempt(async () => {
        const module = await WebAssembly.compile(await kernelArray());
        worker.postMessage(module);
        return module;
      })`),
    "code/worker.js": `${minerScript}\nonmessage = (event) => attempt(() => event.data);`,
  },
});
twice("bytes posted to a worker by the page", {
  files: {
    "index.html": page(`
      const worker = new Worker('code/worker.js');
      kernelArray().then((bytes) => worker.postMessage(bytes, [bytes.buffer]))`),
    "code/worker.js": `${minerScript}\nonmessage = (event) => attempt(() => WebAssembly.compile(event.data));`,
  },
});
