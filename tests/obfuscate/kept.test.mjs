// Scripts of the corpus through obfuscators, minifiers and packers: a miner stays what it is, whatever was done to its text,
// and what is lawful is not made worse by it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild-wasm";
import obfuscator from "javascript-obfuscator";
import { minify } from "terser";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const davy = process.env.DAVY_COMMAND ?? path.join(root, "target/release/davy");
const LEVELS = ["clean", "notice", "suspicious", "mining"];
const SEED = 1;

/**
 * What is lost today, by way: scripts whose level falls. A loss that is not named here fails, and so does one that is named
 * and found again. Flattened control flow takes searches apart.
 */
const FLATTENED = ["field-walk", "scrypt-search", "sum-walk-search"];
const LOST = {
  "obfuscator medium": FLATTENED,
  "obfuscator high": FLATTENED,
};

/** Options of javascript-obfuscator by name: its presets, and each encoding of strings by itself. */
const OBFUSCATED = {
  default: { optionsPreset: "default" },
  low: { optionsPreset: "low-obfuscation" },
  medium: { optionsPreset: "medium-obfuscation" },
  high: { optionsPreset: "high-obfuscation" },
  base64: { stringArrayEncoding: ["base64"], stringArrayThreshold: 1 },
  rc4: { stringArrayEncoding: ["rc4"], stringArrayThreshold: 1 },
  wrapped: {
    stringArrayEncoding: ["rc4", "base64"],
    stringArrayThreshold: 1,
    stringArrayWrappersCount: 5,
    stringArrayWrappersType: "function",
    stringArrayCallsTransform: true,
  },
  split: { splitStrings: true, splitStringsChunkLength: 3, stringArrayThreshold: 1 },
  keys: { transformObjectKeys: true, numbersToExpressions: true, unicodeEscapeSequence: true },
};

/** Words by their number in base 36, put back when the program runs: the way of p,a,c,k,e,d. */
function packed(text) {
  const words = [...new Set(text.match(/\b\w+\b/g))];
  const places = new Map(words.map((word, index) => [word, index.toString(36)]));
  const body = JSON.stringify(text.replace(/\b\w+\b/g, (word) => places.get(word)));
  const table = JSON.stringify(words.join("|"));
  return `eval(function(p,k){return p.replace(/\\b\\w+\\b/g,function(w){return k[parseInt(w,36)]})}(${body},${table}.split('|')))`;
}

/** Every character masked, spelled as numbers. */
function masked(text) {
  const codes = [...text].map((c) => c.charCodeAt(0) ^ 0x2a).join(",");
  return `(function(a){var s='';for(var i=0;i<a.length;i++)s+=String.fromCharCode(a[i]^42);(0,eval)(s)})([${codes}])`;
}

const ways = {
  terser: async (text) => (await minify(text, { compress: true, mangle: { toplevel: true } })).code,
  esbuild: async (text) => (await esbuild.transform(text, { minify: true, target: "es2017" })).code,
  base64: async (text) => `eval(atob(${JSON.stringify(Buffer.from(text, "latin1").toString("base64"))}))`,
  escaped: async (text) => `eval(unescape(${JSON.stringify(escape(text))}))`,
  masked: async (text) => masked(text),
  packed: async (text) => packed((await minify(text)).code),
  twice: async (text) => masked(`eval(atob(${JSON.stringify(Buffer.from(text, "latin1").toString("base64"))}))`),
};
for (const [name, options] of Object.entries(OBFUSCATED)) {
  ways[`obfuscator ${name}`] = async (text) => obfuscator.obfuscate(text, { ...options, seed: SEED }).getObfuscatedCode();
}

/** The level of each file of a folder, by name. What is inside of a file counts as the file's. */
function levels(folder) {
  const result = spawnSync(davy, ["scan", "--format", "ndjson", folder], { encoding: "utf8", maxBuffer: 1 << 30 });
  const found = new Map();
  for (const line of result.stdout.split("\n").filter((text) => text.startsWith("{"))) {
    const { path: name, level } = JSON.parse(line);
    if (name === undefined) continue;
    const file = path.basename(name.split("!/")[0]);
    const before = found.get(file) ?? "clean";
    found.set(file, LEVELS.indexOf(level) > LEVELS.indexOf(before) ? level : before);
  }
  assert.ok(found.size > 0, `davy scan gave nothing: ${result.error?.message ?? result.stderr}`);
  return found;
}

const target = path.join(root, "target/obfuscate");
const cases = path.join(root, "tests/corpus/script");
const scripts = new Map(
  readdirSync(cases)
    .filter((name) => existsSync(path.join(cases, name, "script.js")))
    .map((name) => [`${name}.js`, readFileSync(path.join(cases, name, "script.js"), "utf8")]),
);

function write(name, texts) {
  const folder = path.join(target, name.replaceAll(" ", "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of texts) writeFileSync(path.join(folder, file), text);
  return folder;
}

const plain = levels(write("plain", scripts));
const rank = (of, file) => LEVELS.indexOf(of.get(file) ?? "clean");
const serious = [...scripts.keys()].filter((file) => rank(plain, file) >= 2);

for (const [name, way] of Object.entries(ways)) {
  test(`scripts through ${name} are judged as they are`, async () => {
    const texts = [];
    for (const [file, text] of scripts) texts.push([file, await way(text)]);
    const after = levels(write(name, texts));
    const lost = serious.filter((file) => rank(after, file) < rank(plain, file)).map((file) => path.parse(file).name);
    const worse = [...scripts.keys()].filter((file) => rank(plain, file) < 2 && rank(after, file) >= 2);
    console.log(`${name}: ${serious.length - lost.length} of ${serious.length} kept`);
    assert.deepEqual(lost.sort(), LOST[name] ?? []);
    assert.deepEqual(worse, [], "lawful scripts are judged worse");
  });
}
