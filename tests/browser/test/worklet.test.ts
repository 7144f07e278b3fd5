// Worklets: a module that mines where sound is made, and worklets that notice nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { until } from "../lib/alive.ts";
import { Viewer } from "../lib/duty.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import { corpus } from "../lib/paths.ts";
import { openPopup, read } from "../lib/popup.ts";
import { isRefused, tellsTheSame, theBrowser, twice, visit } from "../lib/twice.ts";

const keccak = readFileSync(path.join(corpus, "lookalike/keccak/keccak-o2.wasm"));
const search = readFileSync(path.join(corpus, "mining/hash-chain/x11-o2.wasm"));

/** A worklet has no way out but its processor's port: what it tells, its page passes on. */
const processor = (bytes: string) => `
${minerScript.replace(/const tell =[^;]*;/, "let tell = () => {};")}
registerProcessor('sound', class extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    tell = (kind, text) => this.port.postMessage([kind, text]);
    attempt(() => new WebAssembly.Module(${bytes}));
  }
  process() { return false; }
});`;
/** `address`: an expression of the page. */
const page = (address: string, options = "{}") =>
  pageOf(
    `(async () => {
      const context = new OfflineAudioContext(1, 128, 8000);
      await context.audioWorklet.addModule(${address});
      const node = new AudioWorkletNode(context, 'sound', { processorOptions: ${options} });
      node.port.onmessage = ({ data: [kind, text] }) => tell(kind, text);
    })().catch((error) => tell('failure', String(error?.name) + ': ' + String(error?.message)))`.replaceAll(
      "</",
      "<\\/",
    ),
  );
const handed = processor("processorOptions.bytes");
const blob = `URL.createObjectURL(new Blob([${JSON.stringify(handed)}], { type: 'text/javascript' }))`;
const bytes = "{ bytes: await kernelArray() }";

twice("a worklet that is handed a miner", {
  files: { "index.html": page("'sound.js'", bytes), "sound.js": handed },
});
twice("a worklet from a Blob", { files: { "index.html": page(blob, bytes) } });
test("a Blob whose address is taken back while it is judged, with Davy", () => {
  const revoked = `(() => { const a = ${blob}; setTimeout(() => URL.revokeObjectURL(a), 0); return a; })()`;
  return visit(true, { files: { "index.html": page(revoked, bytes) } }, (tab, run) =>
    isRefused(tab, run, /^CompileError: /),
  );
});
twice("a worklet with a miner inside", {
  refusal: /^AbortError: /,
  files: { "index.html": page("'sound.js'"), "sound.js": processor(`Uint8Array.fromBase64('${kernelBase64}')`) },
});

describe("a worklet with Davy", () => {
  const files = { "index.html": page("'sound.js'", bytes), "sound.js": handed };
  test("tells what was stopped", () =>
    visit(true, { files }, async (tab, run) => {
      await isRefused(tab, run, /^CompileError: /);
      const popup = await openPopup(await theBrowser(true), tab);
      await popup.waitForSelector('.level[data-level="mining"]', { timeout: 5_000 });
      assert.deepEqual((await read(popup)).levels, ["mining"]);
      await popup.close();
    }));

  test("counts what runs there on a budget, and stops it", () => {
    const working = `
      registerProcessor('sound', class extends AudioWorkletProcessor {
        constructor({ processorOptions }) {
          super();
          const { exports } = new WebAssembly.Instance(new WebAssembly.Module(processorOptions.bytes), {});
          this.port.onmessage = () => {
            const start = Date.now();
            try { while (Date.now() - start < 200) exports.hash(80); } catch (error) { this.port.postMessage(error.name); return; }
            this.port.postMessage('slice');
          };
        }
        process() { return true; }
      });`;
    const busy = pageOf(`(async () => {
      const context = new OfflineAudioContext(1, 128, 8000);
      await context.audioWorklet.addModule('sound.js');
      const bytes = await (await fetch('module.wasm')).arrayBuffer();
      const node = new AudioWorkletNode(context, 'sound', { processorOptions: { bytes } });
      node.port.onmessage = ({ data }) => { tell('note', data); if (data === 'slice') node.port.postMessage(0); };
      node.port.postMessage(0);
    })().catch((error) => tell('failure', String(error)))`);
    return visit(
      true,
      { files: { "index.html": busy, "sound.js": working, "module.wasm": search } },
      async (tab, run) => {
        const viewer = await Viewer.open(await theBrowser(true), tab);
        assert.ok(
          await until(() => run.notes.includes("RuntimeError"), 30_000),
          run.notes.at(-1) ?? run.failures.join(),
        );
        const { held, budget } = await viewer.view();
        assert.ok(held && budget !== undefined && budget.spent >= 5_000, JSON.stringify(budget));
        assert.deepEqual((await viewer.view()).unwatched, []);
        await viewer.close();
      },
    );
  });
});

tellsTheSame("worklets that do something else", {
  "module.wasm": keccak,
  "one.js": `
    import { rate } from './two.js';
    registerProcessor('one', class extends AudioWorkletProcessor {
      constructor({ processorOptions: { bytes, module } }) {
        super();
        const seen = [rate === sampleRate, typeof WebAssembly.compileStreaming, String(WebAssembly.Module), import.meta.url.endsWith('/one.js')];
        const own = new WebAssembly.Instance(new WebAssembly.Module(bytes), {});
        const given = new WebAssembly.Instance(module, {});
        seen.push(own.exports.run(80) === given.exports.run(80), Object.keys(own.exports).join());
        WebAssembly.instantiate(bytes, {}).then(({ instance }) => {
          seen.push(instance.exports.run(80) === own.exports.run(80));
          return WebAssembly.compile(new Uint8Array(3)).catch((error) => seen.push(error.name));
        }).then(() => this.port.postMessage(seen));
      }
      process() { return true; }
    });`,
  "two.js": "export const rate = sampleRate;",
  "broken.js": "syntax error here",
  "index.html": pageOf(`(async () => {
    const seen = [];
    const note = (value) => seen.push(String(value));
    const context = new OfflineAudioContext(1, 128, 8000);
    const { audioWorklet } = context;
    note(audioWorklet === context.audioWorklet);
    note([audioWorklet.addModule.name, audioWorklet.addModule.length, String(audioWorklet.addModule)]);
    for (const address of ['none.js', 'broken.js', 'http://', 'data:text/javascript,registerProcessor("two",class extends AudioWorkletProcessor{process(){}})'])
      await audioWorklet.addModule(address).then((value) => note(value), (error) => note(error.name));
    await audioWorklet.addModule().catch((error) => note(error.name));
    await audioWorklet.addModule({ toString() { throw new RangeError('mine'); } }).catch((error) => note(error.name));
    note(await audioWorklet.addModule('one.js', { credentials: 'omit' }));
    note(new AudioWorkletNode(context, 'two').port instanceof MessagePort);
    const bytes = new Uint8Array(await (await fetch('module.wasm')).arrayBuffer());
    const node = new AudioWorkletNode(context, 'one', { processorOptions: { bytes, module: new WebAssembly.Module(bytes) } });
    note(await new Promise((done) => { node.port.onmessage = ({ data }) => done(data); }));
    const paint = URL.createObjectURL(new Blob(['registerPaint("dots", class { paint() {} })'], { type: 'text/javascript' }));
    note(await CSS.paintWorklet.addModule(paint));
    try { new AudioWorkletNode(context, 'none'); } catch (error) { note(error.name); }
    note((await context.startRendering()).length);
    tell('note', JSON.stringify(seen));
  })().catch((error) => tell('failure', String(error)))`),
});
