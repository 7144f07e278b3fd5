// Lawful applications of npm, doing real work: the same results with and without Davy, nothing blocked, no new error in
// the console. Long, and its packages are installed by `cargo xtask test --all` alone.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { before, describe, test } from "node:test";
import type { ConsoleMessage } from "playwright-core";
import { until } from "../../lib/alive.ts";
import { root } from "../../lib/paths.ts";
import { openPopup } from "../../lib/popup.ts";
import type { File, Files } from "../../lib/site.ts";
import { theBrowser, theSite } from "../../lib/twice.ts";

const isLong = process.env["DAVY_LONG"] !== undefined;
const folder = path.join(root, "tests/applications");
const modules = path.join(folder, "node_modules");
/** How long an application may take; large modules take long on a busy machine. */
const PATIENCE_MS = 180_000;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Modules of node that packages name for where they run in it. */
const OF_NODE = [
  ...[
    "assert",
    "child_process",
    "crypto",
    "events",
    "fs",
    "http",
    "https",
    "module",
    "net",
    "os",
    "path",
    "stream",
    "tls",
  ],
  ...["url", "util", "worker_threads", "zlib"],
];

/** What esbuild's interface this file uses. */
interface Bundler {
  build(
    options: object,
  ): Promise<{ readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[] }>;
}

/** What the popup's view tells of what was stopped. */
interface View {
  readonly level: string;
  readonly blocked: number;
  readonly blocked_requests: number;
  readonly held: boolean;
  readonly ended: number;
}
declare const chrome: { readonly runtime: { sendMessage(message: object): Promise<View> } };

const page = `<!doctype html><meta charset="utf-8"><title>an application</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="out.css"><body><script>
const tell = (kind, text) => fetch('%BASE%/' + kind, { method: 'POST', mode: 'no-cors', body: text });
globalThis.at = (name) => '%BASE%/' + name;
globalThis.own = (name) => '%BASE%/' + name;
globalThis.load = (name) => new Promise((done, failed) => {
  const script = document.createElement('script');
  script.src = at(name); script.onload = done; script.onerror = () => failed(new Error(name));
  document.head.append(script);
});
</script><script type="module">
import work from '%BASE%/out.js';
try { tell('note', JSON.stringify(await work())); } catch (error) { tell('failure', String(error?.stack ?? error)); }
</script>`;

/** An application's files: its bundle, and whatever it asks for of the packages. */
async function filesOf(name: string): Promise<Files> {
  const { build } = createRequire(path.join(folder, "package.json"))("esbuild") as Bundler;
  const { outputFiles } = await build({
    entryPoints: { out: path.join(folder, "apps", `${name}.js`), ...workersOf(name) },
    absWorkingDir: folder,
    bundle: true,
    format: "esm",
    platform: "browser",
    outdir: "/",
    write: false,
    logLevel: "error",
    loader: { ".ttf": "dataurl" },
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    external: ["node:*"],
    alias: Object.fromEntries(OF_NODE.map((name) => [name, path.join(folder, "stub/node.cjs")])),
  });
  const made = new Map<string, File | string>([
    ["index.html", page],
    ["out.css", ""],
  ]);
  for (const { path: name, contents } of outputFiles) made.set(path.basename(name), typed(name, contents));
  return new Proxy({} as Files, {
    get: (_, name) => made.get(String(name)) ?? packaged(String(name)),
  });
}

const workersOf = (name: string): Readonly<Record<string, string>> =>
  name === "monaco" ? { "editor.worker": "monaco-editor/editor/editor.worker.js" } : {};

const typed = (name: string, body: Uint8Array): File => ({
  body,
  // As servers send what does not change.
  headers: {
    "content-type": TYPES[path.extname(name)] ?? "application/octet-stream",
    "cache-control": "max-age=600",
  },
});

function packaged(name: string): File | undefined {
  const file = path.join(modules, path.normalize(`/${name}`));
  return existsSync(file) ? typed(name, readFileSync(file)) : undefined;
}

/** What one visit showed. */
interface Visit {
  readonly result: string;
  readonly errors: readonly string[];
  readonly view: View | undefined;
}

/** Numbers and hosts in an error are another's next time. */
const plain = (text: string): string =>
  text.replaceAll(/127\.0\.0\.1:\d+\/\w+/g, "host").replaceAll(/blob:\S+/g, "blob");

async function visit(files: Files, davy: boolean): Promise<Visit> {
  const run = (await theSite()).run(files);
  const browser = await theBrowser(davy, true);
  const shown = await browser.page();
  const errors: string[] = [];
  shown.on("console", (message: ConsoleMessage) => {
    if (message.type() === "error") errors.push(plain(message.text()));
  });
  shown.on("pageerror", ({ message }) => errors.push(plain(message)));
  try {
    await shown.goto(run.url);
    await until(() => run.notes.length + run.failures.length > 0, PATIENCE_MS);
    assert.equal(run.failures.length, 0, `${davy ? "with" : "without"} Davy: ${run.failures.join(" | ")}`);
    let view: View | undefined;
    if (davy) {
      const popup = await openPopup(browser, shown);
      const tab = Number(new URL(popup.url()).searchParams.get("tab"));
      view = await popup.evaluate((tab) => chrome.runtime.sendMessage({ kind: "view", tab }), tab);
      await popup.close();
    }
    return { result: run.notes[0] ?? "nothing", errors, view };
  } finally {
    await shown.close();
  }
}

/** Of the tripwire's policy, which only reports. */
const isTripwire = (text: string): boolean => /report-only|davy-tripwire/i.test(text);

if (isLong) {
  describe("an application does its work with and without Davy", () => {
    before(() => assert.ok(existsSync(modules), "its packages are missing: run `cargo xtask test --all`"));
    for (const file of readdirSync(path.join(folder, "apps"))) {
      const name = path.basename(file, ".js");
      test(name, async (t) => {
        const files = await filesOf(name);
        const without = await visit(files, false);
        const davy = await visit(files, true);
        const tripwire = davy.errors.filter(isTripwire).length;
        t.diagnostic(
          `${name}: ${davy.view?.level}, ${tripwire} lines of the tripwire; ${without.result.slice(0, 100)}`,
        );
        assert.equal(davy.result, without.result);
        const fresh = davy.errors.filter((text) => !isTripwire(text) && !without.errors.includes(text));
        assert.deepEqual(fresh, [], "new errors in the console");
        const { blocked, blocked_requests, held, ended } = davy.view ?? {};
        assert.deepEqual(
          { blocked, blocked_requests, held, ended },
          { blocked: 0, blocked_requests: 0, held: false, ended: 0 },
        );
      });
    }
  });
}
