// Records what the extension hears of the load of lawful programs, second by second, for the tests that replay it in virtual
// time (crate/judge/src/tab/traces):
//
//   node --import tsx tool/record.ts FOLDER_OF_PACKAGES [SECONDS]
//
// The folder holds npm's stockfish, esbuild-wasm and @ffmpeg/core-mt.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Browser } from "../lib/chromium.ts";
import { root } from "../lib/paths.ts";
import { type File, type Files, Site } from "../lib/site.ts";

const [, , packages = "", seconds = "60"] = process.argv;
/** What lets a page share memory between threads. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const file = (name: string): File => ({ body: readFileSync(path.join(packages, name)), headers: ISOLATED });
const page = (script: string): File => ({
  body: `<!doctype html><title>works</title><script>${script}</script>`,
  headers: ISOLATED,
});

const programs: Readonly<Record<string, Files>> = {
  stockfish: {
    "index.html": page(`
      const engine = new Worker('stockfish-19-lite-single.js');
      const go = () => { engine.postMessage('position startpos moves e2e4 e7e5'); engine.postMessage('go movetime 5000'); };
      engine.onmessage = ({ data }) => { if (String(data).startsWith('bestmove')) setTimeout(go, 1000); };
      engine.postMessage('uci');
      go();`),
    "stockfish-19-lite-single.js": file("stockfish/bin/stockfish-19-lite-single.js"),
    "stockfish-19-lite-single.wasm": file("stockfish/bin/stockfish-19-lite-single.wasm"),
  },
  esbuild: {
    "index.html": {
      body: `<!doctype html><title>works</title><script src="browser.js"></script><script>
        (async () => {
          await esbuild.initialize({ wasmURL: 'esbuild.wasm' });
          const text = Array.from({ length: 20000 }, (_, i) => 'export const f' + i + ' = (x: number): number => x * ' + i + ';').join('\\n');
          for (;;) {
            await esbuild.transform(text, { loader: 'ts', minify: true });
            await new Promise((done) => setTimeout(done, 500));
          }
        })();</script>`,
      headers: ISOLATED,
    },
    "browser.js": file("esbuild-wasm/lib/browser.js"),
    "esbuild.wasm": file("esbuild-wasm/esbuild.wasm"),
  },
  ffmpeg: {
    "index.html": page(`new Worker('encode.js')`),
    "encode.js": {
      body: `
        importScripts('ffmpeg-core.js');
        createFFmpegCore({ mainScriptUrlOrBlob: '%BASE%/ffmpeg-core.js#' + btoa(JSON.stringify({ wasmURL: '%BASE%/ffmpeg-core.wasm', workerURL: '%BASE%/ffmpeg-core.worker.js' })) })
          .then((core) => { for (;;) core.exec('-f', 'lavfi', '-i', 'testsrc2=s=640x480:d=20', '-c:v', 'libx264', '-y', 'out.mp4'); });`,
      headers: ISOLATED,
    },
    "ffmpeg-core.js": file("@ffmpeg/core-mt/dist/umd/ffmpeg-core.js"),
    "ffmpeg-core.wasm": file("@ffmpeg/core-mt/dist/umd/ffmpeg-core.wasm"),
    "ffmpeg-core.worker.js": file("@ffmpeg/core-mt/dist/umd/ffmpeg-core.worker.js"),
  },
};

/** What differs from nothing, in whole numbers, without names. */
const spare = (heard: object): object =>
  Object.fromEntries(
    Object.entries(heard).flatMap(([key, value]) => {
      const kept: unknown = typeof value === "number" ? Math.round(value) : value;
      return kept === 0 || kept === false || typeof kept === "string" ? [] : [[key, kept]];
    }),
  );

interface Heard {
  readonly kind: string;
  readonly main?: object;
  readonly workers: readonly object[];
}
/** What this file uses of the extension's own API, evaluated in its background. */
declare const chrome: {
  readonly runtime: { readonly onMessage: { addListener(hear: (heard: Heard) => void): void } };
  trace?: [number, Heard][];
};

const site = await Site.open();
for (const [name, files] of Object.entries(programs)) {
  const browser = await Browser.open({ davy: true });
  const background = await browser.serviceWorker();
  await background.evaluate(() => {
    chrome.trace = [];
    chrome.runtime.onMessage.addListener((heard) => {
      if (heard.kind === "busy") chrome.trace?.push([Date.now(), heard]);
    });
  });
  const tab = await browser.page();
  tab.on("console", (message) => console.error(name, message.text()));
  await tab.goto(site.run(files, "127.0.0.1").url);
  await sleep(Number(seconds) * 1000);
  const trace = (await background.evaluate(() => chrome.trace)) ?? [];
  const start = trace[0]?.[0] ?? 0;
  const lines = trace.map(([at, { main, workers }]) =>
    JSON.stringify({ at: at - start, main: spare(main ?? {}), workers: workers.map(spare) }),
  );
  const to = path.join(root, "crate/judge/src/tab/traces", `${name}.json`);
  writeFileSync(to, `[\n${lines.join(",\n")}\n]\n`);
  console.log(`${name}: ${trace.length} reports`);
  await browser.close();
}
await site.close();
