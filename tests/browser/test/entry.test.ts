// A module that mines, through every entry point of the WebAssembly API.
import { embeddedScript, kernelBase64, pageOf } from "../lib/miner.ts";
import { twice } from "../lib/twice.ts";

const inPage = (script: string) => ({ files: { "index.html": pageOf(script) } });
const embedded = (script: string) => ({ files: { "index.html": pageOf(script, embeddedScript) } });

twice("new WebAssembly.Module", inPage("attempt(async () => new WebAssembly.Module(await kernelArray()))"));
twice(
  "new WebAssembly.Module of an ArrayBuffer",
  inPage("attempt(async () => new WebAssembly.Module((await kernelArray()).buffer))"),
);
twice(
  "new WebAssembly.Module of a view into a larger buffer",
  inPage(`attempt(async () => {
  const bytes = await kernelArray();
  const larger = new Uint8Array(bytes.length + 100);
  larger.set(bytes, 50);
  return new WebAssembly.Module(larger.subarray(50, 50 + bytes.length));
})`),
);
twice(
  "Reflect.construct",
  inPage(`attempt(async () =>
  Reflect.construct(WebAssembly.Module, [await kernelArray()], class extends WebAssembly.Module {}))`),
);
twice("WebAssembly.compile", inPage("attempt(async () => WebAssembly.compile(await kernelArray()))"));
twice("WebAssembly.instantiate", inPage("attempt(async () => WebAssembly.instantiate(await kernelArray(), {}))"));
twice("WebAssembly.compileStreaming", inPage("attempt(() => WebAssembly.compileStreaming(kernelFile()))"));
twice("WebAssembly.instantiateStreaming", inPage("attempt(() => WebAssembly.instantiateStreaming(kernelFile(), {}))"));
twice(
  "WebAssembly.instantiateStreaming of a settled Response",
  inPage("attempt(async () => WebAssembly.instantiateStreaming(await kernelFile()))"),
);
twice(
  "WebAssembly.compileStreaming of a Response made by the page",
  inPage(`attempt(async () =>
  WebAssembly.compileStreaming(new Response(await kernelArray(), { headers: { 'content-type': 'application/wasm' } })))`),
);
twice(
  "WebAssembly.instantiateStreaming of a Response over a stream",
  inPage(`attempt(async () => {
  const bytes = await kernelArray();
  const stream = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 1000) controller.enqueue(bytes.slice(at, at + 1000));
      controller.close();
    },
  });
  return WebAssembly.instantiateStreaming(new Response(stream, { headers: { 'content-type': 'application/wasm' } }));
})`),
);
twice(
  "a kernel embedded as base64, in the first inline script",
  embedded("attempt(() => new WebAssembly.Module(embedded()))"),
);
twice(
  "a kernel in a data: address",
  inPage(`attempt(() => WebAssembly.instantiateStreaming(fetch('data:application/wasm;base64,${kernelBase64}')))`),
);
twice(
  "primordials replaced by the page before it compiles",
  inPage(`
  for (const name of ['slice', 'subarray', 'set', 'fill']) Uint8Array.prototype[name] = () => new Uint8Array(8);
  Function.prototype.call = Function.prototype.apply = () => undefined;
  Array.prototype[Symbol.iterator] = function* () {};
  EventTarget.prototype.dispatchEvent = () => true;
  Promise.prototype.then = ((then) => function (a, b) { return Reflect.apply(then, this, [a, b]); })(Promise.prototype.then);
  window.CustomEvent = class {};
  Reflect.construct = () => undefined;
  ArrayBuffer.isView = () => false;
  attempt(async () => new WebAssembly.Module(await (await kernelFile()).arrayBuffer()))`),
);
