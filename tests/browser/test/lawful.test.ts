// What must not change: lawful modules give the same results, and a page without WebAssembly costs no analyser.
import assert from "node:assert/strict";
import { createHash, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { until } from "../lib/alive.ts";
import { pageOf } from "../lib/miner.ts";
import { lawfulPackages } from "../lib/paths.ts";
import { theBrowser, theSite, visit } from "../lib/twice.ts";

const hashWasm = readFileSync(path.join(lawfulPackages, "hash-wasm/dist/index.umd.min.js"), "utf8");

/** The same by OpenSSL. */
const digest = (name: string): string => createHash(name).update("abc").digest("hex");
const EXPECTED = {
  sha256: digest("sha256"),
  sha3: digest("sha3-256"),
  blake2b: digest("blake2b512"),
  scrypt: scryptSync("password", "NaCl", 64, { N: 1024, r: 8, p: 16 }).toString("hex"),
};

const lawful = {
  files: {
    "hash-wasm.js": hashWasm,
    "index.html": pageOf(`
      const script = document.createElement('script');
      script.src = 'hash-wasm.js';
      script.onload = async () => {
        try {
          const h = window.hashwasm;
          tell('note', JSON.stringify({
            sha256: await h.sha256('abc'),
            sha3: await h.sha3('abc', 256),
            blake2b: await h.blake2b('abc'),
            scrypt: await h.scrypt({
              password: 'password', salt: 'NaCl', costFactor: 1024, blockSize: 8, parallelism: 16, hashLength: 64 }),
          }));
        } catch (error) { tell('failure', error.name + ': ' + error.message); }
      };
      document.body.append(script);`),
  },
};

describe("hash-wasm, embedded as base64 in its script", () => {
  for (const davy of [false, true]) {
    test(`${davy ? "with" : "without"} Davy: every result is right`, () =>
      visit(davy, lawful, async (_page, run) => {
        await until(() => run.notes.length + run.failures.length > 0);
        assert.deepEqual(run.failures, []);
        assert.deepEqual(JSON.parse(run.notes[0] ?? "{}"), EXPECTED);
      }));
  }
});

describe("errors of the engine stay what they are", () => {
  const script = `
    const broken = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 99]);
    const seen = [];
    const note = (name) => (error) => seen.push(name + ' ' + error.constructor.name);
    const sync = (name, f) => { try { f(); seen.push(name + ' ok'); } catch (error) { note(name)(error); } };
    sync('no argument', () => new WebAssembly.Module());
    sync('without new', () => WebAssembly.Module(broken));
    sync('broken', () => new WebAssembly.Module(broken));
    sync('empty', () => new WebAssembly.Module(new Uint8Array()));
    sync('validate', () => seen.push('validate ' + WebAssembly.validate(broken)));
    (async () => {
      await WebAssembly.compile(broken).catch(note('compile'));
      await WebAssembly.instantiate(7).catch(note('instantiate'));
      await WebAssembly.compileStreaming(fetch('%BASE%/missing.wasm')).catch(note('missing'));
      await WebAssembly.compileStreaming(new Response(broken)).catch(note('no type'));
      seen.push([WebAssembly.Module.name, WebAssembly.Module.length, WebAssembly.instantiate.length].join());
      tell('note', seen.join('; '));
    })();`;
  const visits = new Map<boolean, string | undefined>();
  for (const davy of [false, true]) {
    test(`${davy ? "with" : "without"} Davy`, () =>
      visit(davy, { files: { "index.html": pageOf(script) } }, async (_page, run) => {
        assert.ok(await until(() => run.notes.length > 0), "nothing told");
        visits.set(davy, run.notes[0]);
        assert.equal(run.notes[0], visits.get(false));
      }));
  }
});

describe("the analyser is instantiated only where WebAssembly is compiled", () => {
  /** Modules that any world of the page compiled, by the debugger's account. */
  async function modules(script: string): Promise<number> {
    const run = (await theSite()).run({ "index.html": pageOf(script) });
    const page = await (await theBrowser(true)).page();
    try {
      const session = await page.context().newCDPSession(page);
      let count = 0;
      session.on("Debugger.scriptParsed", (event) => (count += event.scriptLanguage === "WebAssembly" ? 1 : 0));
      await session.send("Debugger.enable");
      await page.goto(run.url);
      assert.ok(await until(() => run.notes.length > 0), "nothing told");
      return count;
    } finally {
      await page.close();
    }
  }
  test("a page without WebAssembly: none", async () => {
    assert.equal(await modules(`tell('note', 'done')`), 0);
  });
  test("a page with a module: its own and the analyser", async () => {
    const script = `new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); tell('note', 'done')`;
    assert.ok((await modules(script)) >= 2);
  });
});
