// What was read for a site is not read for it again: neither its module nor, for that, the analyser's own. Large modules are
// read in the background.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { until } from "../lib/alive.ts";
import type { Browser } from "../lib/chromium.ts";
import { kernelBytes } from "../lib/kernel.ts";
import { isRefused, theBrowser, theSite } from "../lib/twice.ts";

/** An empty module, and one that adds. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
/** A custom section of 64 KiB: its number, its length in three bytes, its name of no bytes, zeros. */
const SECTION = Buffer.concat([Uint8Array.of(0, 0x80, 0x80, 4), Buffer.alloc(64 * 1024)]);
const large = (module: Uint8Array): Uint8Array => Buffer.concat([module, SECTION]);

const page = (
  compile: string,
): string => `<!doctype html><title>a page</title><output id="beats" hidden>0</output><script>
setInterval(() => { document.getElementById('beats').textContent++; }, 100);
const tell = (kind, text) => fetch('%BASE%/' + kind, { method: 'POST', body: text });
(${compile})().then(() => tell('note', 'compiled'), (error) => tell('failure', String(error)));
</script>`;
const streamed = "() => WebAssembly.compileStreaming(fetch('module.wasm'))";
const copied = "async () => WebAssembly.compile(await (await fetch('module.wasm')).arrayBuffer())";

/** Visits a page with a module; gives how many modules the extension compiled in it. */
async function visit(browser: Browser, host: string, compile: string, module: Uint8Array): Promise<number> {
  const run = (await theSite()).run({ "index.html": page(compile), "module.wasm": module }, host);
  const tab = await browser.page();
  const compiled = await modulesOfOurs(tab);
  await tab.goto(run.url);
  if (isMiner(module)) await isRefused(tab, run, /^CompileError: /);
  else assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
  await tab.close();
  return compiled.size;
}

/** Only the miner has types, its first section. */
const isMiner = (module: Uint8Array): boolean => module[8] === 1;

/** Modules in isolated worlds, told by the debugger as they are compiled. */
async function modulesOfOurs(tab: Page): Promise<Set<string>> {
  const session = await tab.context().newCDPSession(tab);
  const found = new Set<string>();
  session.on("Debugger.scriptParsed", ({ scriptLanguage, executionContextAuxData, scriptId }) => {
    const { type } = (executionContextAuxData ?? {}) as { type?: string };
    if (scriptLanguage === "WebAssembly" && type === "isolated") found.add(scriptId);
  });
  await session.send("Debugger.enable");
  return found;
}

for (const [how, compile] of [
  ["streamed", streamed],
  ["from bytes", copied],
] as const) {
  for (const [what, module] of [
    ["lawful", EMPTY],
    ["mining", kernelBytes],
  ] as const) {
    test(`a ${what} module ${how} is read once`, async () => {
      const browser = await theBrowser(true);
      // Each case has an origin of its own, all of them secure.
      const host = `${how.replace(" ", "-")}-${what}.localhost`;
      assert.equal(await visit(browser, host, compile, module), 1, "the first visit");
      assert.equal(await visit(browser, host, compile, module), 0, "the second visit");
      assert.equal(await visit(browser, `other-${host}`, compile, module), 1, "another site");
    });
  }
  for (const [what, module] of [
    ["lawful", large(EMPTY)],
    ["mining", large(kernelBytes)],
  ] as const) {
    for (const host of [`large-${what}.localhost`, `large-${what}.example`]) {
      test(`a large ${what} module ${how} at ${host} is read in the background`, async () => {
        const browser = await theBrowser(true);
        assert.equal(await visit(browser, `${how.replace(" ", "-")}-${host}`, compile, module), 0);
      });
    }
  }
}

const SPIN = "for (const end = performance.now() + 3_000; performance.now() < end; );";
for (const [how, spin] of [
  ["at rest", ""],
  ["busy", SPIN],
] as const) {
  for (const module of [large(EMPTY), large(kernelBytes)]) {
    test(`a worker's large ${isMiner(module) ? "mining" : "lawful"} module, in a page that is ${how}`, async () => {
      const compile = `() => new Promise((done, failed) => {
        const worker = new Worker('worker.js');
        worker.onmessage = ({ data }) => {
          if (data === 'starts') { ${spin} }
          else if (data === '') done();
          else failed(data);
        };
      })`;
      const code = `postMessage('starts');
        WebAssembly.compileStreaming(fetch('module.wasm')).then(() => postMessage(''), (error) => postMessage(String(error)));`;
      const files = { "index.html": page(compile), "worker.js": code, "module.wasm": module };
      const run = (await theSite()).run(files, "worker.localhost");
      const tab = await (await theBrowser(true)).page();
      await tab.goto(run.url);
      if (isMiner(module)) await isRefused(tab, run, /^CompileError: /);
      else assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      await tab.close();
    });
  }
}
