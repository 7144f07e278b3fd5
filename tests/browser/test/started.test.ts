// The second look: a module that decrypts its tables when it starts is recognised by its memory.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { until } from "../lib/alive.ts";
import { pageOf } from "../lib/miner.ts";
import { corpus } from "../lib/paths.ts";
import { openPopup, read } from "../lib/popup.ts";
import { theBrowser, visit } from "../lib/twice.ts";

const hidden = readFileSync(path.join(corpus, "lookalike/hidden-tables/hidden-tables.wasm"));

const WAYS: Readonly<Record<string, string>> = {
  "new Instance of a new Module": "new WebAssembly.Instance(new WebAssembly.Module(await bytes()))",
  "instantiate of bytes": "(await WebAssembly.instantiate(await bytes())).instance",
  "instantiate of a compiled Module": "await WebAssembly.instantiate(await WebAssembly.compile(await bytes()))",
  instantiateStreaming: "(await WebAssembly.instantiateStreaming(fetch('%BASE%/hidden.wasm'))).instance",
};

const page = (way: string) => ({
  files: {
    "index.html": pageOf(`
      const bytes = async () => (await fetch('%BASE%/hidden.wasm')).arrayBuffer();
      (async () => {
        const { exports } = ${way};
        exports.compress();
        tell('note', String(exports.input()));
      })().catch((error) => tell('failure', error.name + ': ' + error.message));`),
    "hidden.wasm": hidden,
  },
});

describe("tables that are decrypted at start", () => {
  for (const [name, way] of Object.entries(WAYS)) {
    test(`with Davy: ${name}: the hash has a name, and runs`, () =>
      visit(true, page(way), async (tab, run) => {
        assert.ok(await until(() => run.notes.length + run.failures.length > 0), "the page was told nothing");
        assert.deepEqual([run.notes, run.failures], [["2048"], []]);
        const popup = await openPopup(await theBrowser(true), tab);
        await popup.waitForSelector('.level[data-level="notice"]', { timeout: 5_000 });
        const { why } = await read(popup);
        await popup.close();
        assert.ok(
          why.some((line) => line.includes("algorithm/sha256")),
          why.join("\n"),
        );
      }));
  }
});
