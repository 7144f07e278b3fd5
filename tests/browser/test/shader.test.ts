// Shaders in live pages. WebGPU runs by SwiftShader here, on the processor: slow, and otherwise as on a graphics card.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { isAlive, until } from "../lib/alive.ts";
import { minerScript, pageOf } from "../lib/miner.ts";
import { root } from "../lib/paths.ts";
import { openPopup, read } from "../lib/popup.ts";
import { noteRun, theBrowser, visit } from "../lib/twice.ts";
import { Wire } from "../lib/wire.ts";

const shader = (name: string) => readFileSync(path.join(root, "tests/corpus/shader", name), "utf8");
const search = shader("sha256-search/shader.wgsl");
const pixels = shader("sha1-search/shader.glsl");
const noise = shader("noise/shader.wgsl");

/** From the moment the page mines to the moment it must have stopped. */
const STOP_MS = 3_000;

let wire: Wire;
before(async () => {
  wire = await Wire.open(() => []);
});
after(() => wire.close());

/** The path of a mining proxy; what is said there is nothing. */
const relay = () => `new WebSocket(${JSON.stringify(wire.address.replace("/live", "/proxy"))})`;

/** Searches on a device of WebGPU, sixteen invocations' worth of target, until the device is lost. */
const compute = (describe = "{ label: 'search', code }") => `
const describe = (code) => (${describe});
async function searchOn(gpu) {
  const device = await (await gpu.requestAdapter()).requestDevice();
  device.lost.then((why) => tell('note', 'lost ' + why.reason));
  const module = device.createShaderModule(describe(${JSON.stringify(search)}));
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'search' } });
  const job = device.createBuffer({ size: 64, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
  const found = device.createBuffer({ size: 4096, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
  const out = device.createBuffer({ size: 4096, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: job } }, { binding: 1, resource: { buffer: found } }] });
  for (let round = 0; ; round += 1) {
    const words = new Uint32Array(16);
    words.set([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19, 1, 2, 3, round * 128, 0x1fffffff, 0xffffffff]);
    device.queue.writeBuffer(job, 0, words);
    device.queue.writeBuffer(found, 0, new Uint32Array(1));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline); pass.setBindGroup(0, group); pass.dispatchWorkgroups(1); pass.end();
    encoder.copyBufferToBuffer(found, 0, out, 0, 4096);
    device.queue.submit([encoder.finish()]);
    await out.mapAsync(GPUMapMode.READ);
    const count = new Uint32Array(out.getMappedRange())[0];
    out.unmap();
    if (count > 0) tell('hash', String(count));
    await new Promise((done) => setTimeout(done, 50));
  }
}
const start = () => searchOn(navigator.gpu).catch((error) => tell('failure', error.name + ': ' + error.message));
`;

/** Searches on a context of WebGL2: the colour of each pixel says whether its number is one. */
const draw = `
function drawOn(canvas) {
  const gl = canvas.getContext('webgl2');
  canvas.addEventListener('webglcontextlost', () => tell('note', 'lost'));
  const made = (type, text) => { const one = gl.createShader(type); gl.shaderSource(one, text); gl.compileShader(one); return one; };
  const program = gl.createProgram();
  gl.attachShader(program, made(gl.VERTEX_SHADER, '#version 300 es\\nvoid main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }'));
  gl.attachShader(program, made(gl.FRAGMENT_SHADER, ${JSON.stringify(pixels)}));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  gl.useProgram(program);
  let round = 0;
  const timer = setInterval(() => {
    if (gl.isContextLost()) return clearInterval(timer);
    gl.uniform1ui(gl.getUniformLocation(program, 'start'), round += 256);
    gl.uniform1ui(gl.getUniformLocation(program, 'width'), 16);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const read = new Uint8Array(4);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, read);
    if (gl.getError() === 0) tell('hash', read.join());
  }, 50);
}
`;

/** The same by methods that were taken from the interface before there was any context. */
const taken = (from: string, drawing = "drawOn(new OffscreenCanvas(16, 16))") =>
  `const { shaderSource } = ${from}; ${draw.replace("gl.shaderSource(one, text)", "Reflect.apply(shaderSource, gl, [one, text])")}
try { ${drawing}; } catch (error) { tell('failure', error.name + ': ' + error.message); }`;
const FRAME = "document.body.appendChild(document.createElement('iframe')).contentWindow";

const drawn = `try { drawOn(new OffscreenCanvas(16, 16)); } catch (error) { tell('failure', error.name + ': ' + error.message); }`;

/** In a worker from a Blob. */
const inWorker = (script: string) =>
  `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(minerScript + script).replaceAll("</", "<\\/")}], { type: 'text/javascript' })));`;

const ways: Readonly<Record<string, string>> = {
  "by WebGPU": `${compute()} start();`,
  "by WebGPU in a worker": inWorker(`${compute()} start();`),
  "by WebGPU, with a text that changes when it is read again": `let asked = 0;
    ${compute("{ get code() { asked += 1; return asked > 1 ? '' : code; } }")} start();`,
  "by WebGL2": `${draw} ${drawn}`,
  "by WebGL2, with a method of its interface": taken("WebGL2RenderingContext.prototype"),
  "by WebGL2, with a method of what its interface is described as": taken(
    "Object.getOwnPropertyDescriptors(Object.getOwnPropertyDescriptor(window, 'WebGL2RenderingContext').value).prototype.value",
  ),
  "by WebGL2, with a method of another context": taken(
    "document.createElement('canvas').getContext('webgl2').constructor.prototype",
  ),
  "by WebGL2, with a method of a blank frame": taken(`${FRAME}.WebGL2RenderingContext.prototype`),
  "by WebGL2, with a method of a blank frame's context": taken(
    `${FRAME}.document.createElement('canvas').getContext('webgl2').__proto__`,
  ),
  "by WebGL2, with a context that was asked for when the stack was full": taken(
    `(() => { let made, tried = 0; const deep = () => { try { deep(); } catch {} if (made === undefined && tried < 400) { tried += 1; try { made = document.createElement('canvas').getContext('webgl2'); } catch {} } }; deep(); return WebGL2RenderingContext.prototype; })()`,
  ),
  "by WebGL2, with a canvas that another one's method opens": taken(
    "{}",
    `const own = document.createElement('canvas'); own.getContext = ${FRAME}.HTMLCanvasElement.prototype.getContext; drawOn(own)`,
  ).replace("Reflect.apply(shaderSource, gl, [one, text])", "gl.shaderSource(one, text)"),
  "by WebGL2 in a worker": inWorker(`${draw} ${drawn}`),
};

/** What the popup says of the page once it says `level`. */
async function said(page: Page, level: string): Promise<{ sentence: string; why: string }> {
  const popup = await openPopup(await theBrowser(true, true), page);
  await popup.waitForSelector(`.level[data-level="${level}"]`, { timeout: 10_000 });
  const { sentence, why } = await read(popup);
  await popup.close();
  return { sentence, why: why.join("\n") };
}

/** Each takes a moment in which nothing may happen any more: several wait together. */
describe("searches for a proof of work", { concurrency: 2 }, () => {
  for (const [way, script] of Object.entries(ways)) {
    describe(`a search for a proof of work ${way}, beside the socket of a mining proxy`, () => {
      const a = () => ({ graphics: true, files: { "index.html": pageOf(`${relay()}; ${script}`) } });
      test("without Davy: it goes on", () =>
        visit(false, a(), async (_page, run) => {
          assert.ok(await until(() => run.hashes.length > 10), `${run.hashes.length}; ${run.failures.join(" | ")}`);
          noteRun(way, false, run);
        }));
      test("with Davy: it stops, the page lives and the tab says why", (t) =>
        visit(true, a(), async (page, run) => {
          assert.ok(await until(() => run.notes.some((note) => note.startsWith("lost")), 20_000), run.failures.join());
          // From its first round: a drawing interface in software on a busy machine takes seconds to begin.
          t.diagnostic(`stopped after ${run.hashing.toFixed(0)} ms and ${run.hashes.length} rounds`);
          assert.ok(run.hashing < STOP_MS, `${run.hashing} ms`);
          await sleep(1_000);
          const { length } = run.hashes;
          await sleep(1_500);
          assert.equal(run.hashes.length, length, "it went on");
          noteRun(way, true, run, "shaders are judged beside the page, and ended with their device");
          assert.ok(await isAlive(page), "the page stopped");
          const { sentence, why } = await said(page, "mining");
          assert.match(why, /behaviour\/shader-search/);
          assert.match(why, /page\/proxy-and-search/);
          assert.match(sentence, /stopped/);
        }));
    });
  }
});

/** What a page can tell of an interface without a context, before it has one and when it has. */
const TOLD = `
const beside = (name) => {
  const names = Object.getOwnPropertyNames(window);
  return names.slice(Math.max(names.indexOf(name) - 1, 0), names.indexOf(name) + 2).join();
};
const told = (name, word) => {
  const held = (holder, key) => JSON.stringify(Object.getOwnPropertyDescriptor(holder, key), (at, value) => typeof value === 'function' ? 'function ' + value.name : at === 'value' ? String(value) : value);
  const thrown = (f) => { try { return String(f()); } catch (error) { return error.name + ': ' + error.message; } };
  const before = [name in window, typeof window[name], held(window, name), Object.keys(window).includes(name), beside(name), Function.prototype.toString.call(window[name]), String(window[name])];
  const context = document.createElement('canvas').getContext(word);
  const Interface = window[name];
  return JSON.stringify([...before, thrown(() => new Interface()), thrown(() => Interface()), thrown(() => Reflect.construct(Object, [], Interface)),
    thrown(() => class extends Interface {}.name), Reflect.ownKeys(Interface).map(String).join(), held(Interface, 'prototype'), held(Interface, 'TRIANGLES'), Interface.name, Interface.length,
    Object.getPrototypeOf(Interface) === Function.prototype, Object.isExtensible(Interface), Reflect.set(Interface, 'own', 1), Interface.own, delete Interface.own,
    Reflect.ownKeys(Interface.prototype).map(String).join(), held(Interface.prototype, 'constructor'), held(Interface.prototype, 'shaderSource'), Interface.prototype.constructor === Interface,
    context.constructor === Interface, context instanceof Interface, ({}) instanceof Interface, Interface.prototype === Object.getPrototypeOf(context), String(Interface.prototype),
    thrown(() => Interface.prototype.shaderSource.call({}, 1, '')), Function.prototype.toString.call(Interface), Function.prototype.toString.call(Interface.prototype.shaderSource)]);
};
tell('note', told('WebGLRenderingContext', 'webgl'));
WebGL2RenderingContext.prototype;
tell('note', told('WebGL2RenderingContext', 'webgl2'));`;

test("the interfaces of WebGL look the same with Davy and without", async () => {
  const seen: string[][] = [];
  for (const davy of [false, true]) {
    await visit(davy, { graphics: true, files: { "index.html": pageOf(TOLD) } }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length === 2 || run.failures.length > 0), "nothing was told");
      assert.deepEqual(run.failures, []);
      seen.push(run.notes.toSorted());
    });
  }
  assert.deepEqual(seen[1], seen[0]);
  assert.match(seen[0]?.join() ?? "", /shaderSource/);
});

describe("a page that was halted and starts again", () => {
  const script = () => `${compute()} ${relay()}; start(); setInterval(() => start(), 700);`;
  test("with Davy: the second device ends before it computes", () =>
    visit(true, { graphics: true, files: { "index.html": pageOf(script()) } }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length >= 1, 20_000), run.failures.join());
      await sleep(500);
      const { length } = run.hashes;
      assert.ok(await until(() => run.notes.length >= 3, 20_000));
      assert.equal(run.hashes.length, length);
    }));
});

test("a search without any socket is suspicious and goes on", () =>
  visit(true, { graphics: true, files: { "index.html": pageOf(`${compute()} start();`) } }, async (page, run) => {
    const { why } = await said(page, "suspicious");
    assert.match(why, /behaviour\/shader-search/);
    const { length } = run.hashes;
    assert.ok(await until(() => run.hashes.length > length + 5));
    assert.deepEqual(run.notes, []);
  }));

/** Tells all that a page can see of the calls: results, errors, names, and what is drawn. */
const lawful = `(async () => {
  const seen = [];
  const caught = (what, run) => { try { seen.push(what + ' ' + run()); } catch (error) { seen.push(what + ' ' + error.name + ': ' + error.message); } };
  const device = await (await navigator.gpu.requestAdapter()).requestDevice();
  for (const f of [GPUDevice.prototype.createShaderModule, WebGLRenderingContext.prototype.shaderSource, WebGL2RenderingContext.prototype.shaderSource])
    seen.push(f.name + f.length + f);
  caught('none', () => device.createShaderModule());
  caught('empty', () => device.createShaderModule({}));
  caught('symbol', () => device.createShaderModule({ code: Symbol('s') }));
  caught('foreign', () => GPUDevice.prototype.createShaderModule.call({}, { code: '' }));
  caught('label', () => device.createShaderModule({ label: 'mine', code: ${JSON.stringify(noise)} }).label);
  const module = device.createShaderModule(Object.create({ label: 'inherited', code: 'fn broken(' }));
  const info = await module.getCompilationInfo();
  seen.push(module.label + info.messages.map((m) => m.type + m.lineNum).join());
  const gl = new OffscreenCanvas(2, 2).getContext('webgl');
  caught('none', () => gl.shaderSource());
  caught('null', () => gl.shaderSource(null, 'x'));
  const one = gl.createShader(gl.FRAGMENT_SHADER);
  caught('symbol', () => gl.shaderSource(one, Symbol('s')));
  caught('object', () => gl.shaderSource(one, { toString: () => 'precision mediump float; void main() { gl_FragColor = vec4(1.0); }' }));
  gl.compileShader(one);
  seen.push(gl.getShaderSource(one) + gl.getShaderParameter(one, gl.COMPILE_STATUS) + gl.getError());
  tell('note', JSON.stringify(seen));
})().catch((error) => tell('failure', String(error)));`;

test("graphics that are no search see the same with and without Davy", async () => {
  const told: string[] = [];
  for (const davy of [false, true]) {
    await visit(davy, { graphics: true, files: { "index.html": pageOf(lawful) } }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0, 20_000), run.failures.join(" | "));
      told.push(run.notes[0] ?? "");
    });
  }
  assert.equal(told[1], told[0]);
});

/** A scene that makes many different shaders at once, as games do when they start. */
const scene = `
  const gl = new OffscreenCanvas(2, 2).getContext('webgl2');
  const start = performance.now();
  for (let i = 0; i < 200; i += 1) {
    const one = gl.createShader(gl.FRAGMENT_SHADER);
    gl.shaderSource(one, '#version 300 es\\nprecision highp float; out vec4 c; // ' + 'x'.repeat(10_000) + '\\nvoid main() { c = vec4(' + i + '.0); }');
  }
  tell('note', String(performance.now() - start));`;

test("a scene of 200 shaders of 10 kB each is handed over in little more time", async (t) => {
  const took = { without: Number.POSITIVE_INFINITY, davy: Number.POSITIVE_INFINITY };
  for (const davy of [false, true, false, true]) {
    await visit(davy, { files: { "index.html": pageOf(scene) } }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      const key = davy ? "davy" : "without";
      took[key] = Math.min(took[key], Number(run.notes[0]));
    });
  }
  t.diagnostic(`${took.without.toFixed(1)} ms without, ${took.davy.toFixed(1)} ms with Davy`);
  assert.ok(took.davy < took.without + 200, `${took.davy} ms against ${took.without} ms`);
});
