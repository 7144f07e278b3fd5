// A small site for reports to be about: a page that mines, a script with a search, names that must be escaped, and modules
// that cannot be read whole. Made anew for each test, from texts of the corpus.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const davy = process.env.DAVY_COMMAND ?? path.join(root, "target/release/davy");

/** The search that stands in a script of the site. */
const shader = readFileSync(path.join(root, "tests/corpus/shader/sha256-search/shader.wgsl"), "utf8");

const FILES = {
  "index.html":
    "<!doctype html><script src='lib/hash.js'></script><script>new WebSocket('wss://ws001.coinhive.com/proxy')</script>",
  "lib/hash.js": `\n\nconst code = \`${shader}\`;\ndevice.createShaderModule({ code });`,
  "lib/<a> & \"ü\"]]>.js": `const code = \`${shader}\`;\ndevice.createShaderModule({ code });`,
  "cut.wasm": "\0asm\x01\0\0\0\x01",
  "plain.js": "f()",
};

/** Calls `use` with a folder that holds the site, and removes it when that is done. */
export async function withSite(use) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "davy-formats-"));
  try {
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(path.dirname(path.join(folder, "site", name)), { recursive: true });
      writeFileSync(path.join(folder, "site", name), text);
    }
    mkdirSync(path.join(folder, "empty"));
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the command in a folder and gives its output; `status` is what it must exit with. */
export function run(folder, words, status) {
  const done = spawnSync(davy, words, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== status) {
    throw new Error(`davy ${words.join(" ")}: ${done.status ?? done.error}, not ${status}\n${done.stderr}${done.stdout}`);
  }
  return done.stdout;
}

/** A folder that holds the command by its name, for the path. */
export function withCommand(folder) {
  const bin = path.join(folder, "bin");
  if (!existsSync(bin)) {
    mkdirSync(bin);
    symlinkSync(path.resolve(davy), path.join(bin, "davy"));
  }
  return bin;
}
