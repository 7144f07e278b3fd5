// The same bytes give the same verdict natively and in both wasm builds, byte for byte: kernels, look-alikes, lawful
// modules from npm, and modules cut short. Scripts, whole and cut, in the build that reads them; sockets, as transcripts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { corpus, davy, framePackage, lawfulPackages, root } from "../lib/paths.ts";

/** Modules larger than this take long in a test and have nothing that smaller ones have not. */
const LARGEST_BYTES = 12 << 20;
/** Scripts of npm beyond this length say nothing new, and so many of them are enough. */
const LONGEST_SCRIPT = 64 << 10;
const MOST_SCRIPTS = 150;
const CUTS = [0, 1, 4, 7, 8, 9, 100, 1000, 10_000, 30_000];

interface Evidence {
  readonly rule: string;
  readonly algorithms?: readonly string[];
}
interface Line {
  readonly path: string;
  readonly kind: string;
  readonly sha256: string;
  readonly level: string;
  readonly algorithms: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly gaps: readonly unknown[];
  readonly complete: boolean;
}
interface Judgement {
  readonly level: string;
  readonly algorithms: readonly string[];
  readonly complete: boolean;
  readonly verdict: { readonly evidence: readonly Evidence[]; readonly gaps: readonly unknown[] };
}

function filesUnder(folder: string, ...endings: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.includes(path.extname(entry.name)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** Scripts of the corpus, halves of them, and some of npm, spread over all of them, in one folder. */
function scripts(): string {
  const folder = path.join(root, "target/cut-scripts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of filesUnder(path.join(root, "tests/corpus/script"), ".js", ".mjs")) {
    const text = readFileSync(file);
    const name = path.basename(path.dirname(file));
    writeFileSync(path.join(folder, `${name}.js`), text);
    writeFileSync(path.join(folder, `${name}-half.js`), text.subarray(0, text.length >> 1));
  }
  const short = filesUnder(lawfulPackages, ".js").filter((file) => statSync(file).size <= LONGEST_SCRIPT);
  const step = Math.max(1, Math.ceil(short.length / MOST_SCRIPTS));
  for (const [index, file] of short.entries()) {
    if (index % step === 0) writeFileSync(path.join(folder, `npm-${index}.js`), readFileSync(file));
  }
  return folder;
}

/** Beginnings of the kernel: what is cut must be read the same way too. */
function cuts(): string {
  const folder = path.join(root, "target/cuts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const kernel = readFileSync(path.join(corpus, "cryptonight.wasm"));
  for (const length of CUTS) writeFileSync(path.join(folder, `${length}.wasm`), kernel.subarray(0, length));
  return folder;
}

function native(folders: readonly string[]): Map<string, Line> {
  const result = spawnSync(davy, ["scan", "--format", "ndjson", ...folders], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const lines = (result.stdout ?? "").split("\n").filter((line) => line.startsWith("{"));
  assert.ok(lines.length > 1, `davy scan gave nothing: ${result.error?.message ?? result.stderr}`);
  return new Map(lines.map((line) => JSON.parse(line) as Line).map((line) => [line.sha256, line]));
}

/** The frame build, spoken to as the content script does. */
async function frameBuild(): Promise<(bytes: Uint8Array) => Judgement> {
  const glue = await import(path.join(framePackage, "davy_web.js"));
  const wasm = glue.initSync({ module: readFileSync(path.join(framePackage, "davy_web_bg.wasm")) });
  return (bytes) => {
    const at = wasm.input(bytes.length) >>> 0;
    new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
    const length = wasm.judge_module();
    const text = new Uint8Array(wasm.memory.buffer, wasm.output() >>> 0, length);
    return JSON.parse(Buffer.from(text).toString("utf8"));
  };
}

interface Answer {
  readonly state: string;
  readonly skip: number;
  readonly judgement?: Judgement | null;
}
interface Background {
  module(bytes: Uint8Array): Judgement;
  script(path: string, text: Uint8Array): Judgement;
  message(sent: boolean, state: string, message: Uint8Array): Answer;
}

async function backgroundBuild(): Promise<Background> {
  const folder = path.join(framePackage, "../background");
  const glue = await import(path.join(folder, "davy_web.js"));
  glue.initSync({ module: readFileSync(path.join(folder, "davy_web_bg.wasm")) });
  return {
    module: (bytes) => glue.judgeModule(bytes, "undecided", "block"),
    script: (name, text) => glue.judgeScript(name, text, "undecided", "block"),
    message: (sent, state, message) =>
      glue.judgeMessage("wss://socket.example/", sent, state, message, "undecided", "block"),
  };
}

/** The level that a socket's messages come to, where those are passed over that need not be judged. */
function levelOfSocket(transcript: string): string {
  let [state, level] = ["1", "clean"];
  const skip = { "<": 0, ">": 0 };
  for (const [, way, isHex, data] of transcript.matchAll(/^([<>])(x?) (.*)$/gm)) {
    const from = way as keyof typeof skip;
    if (skip[from] > 0) {
      skip[from] -= 1;
      continue;
    }
    const message = Buffer.from(data ?? "", isHex === "x" ? "hex" : "utf8");
    const answer = background.message(from === ">", state, message);
    state = answer.state;
    skip[from] = answer.skip;
    level = answer.judgement?.level ?? level;
  }
  return level;
}

/** The lines of the command leave out which evidence names which algorithm; both give the sum of them. */
const inLine = (evidence: readonly Evidence[]): readonly Omit<Evidence, "algorithms">[] =>
  evidence.map(({ algorithms: _, ...rest }) => rest);
const told = (line: Line): string =>
  JSON.stringify([line.level, line.algorithms, line.complete, inLine(line.evidence), line.gaps]);
const judged = ({ level, algorithms, complete, verdict }: Judgement): string =>
  JSON.stringify([level, algorithms, complete, inLine(verdict.evidence), verdict.gaps]);

const folders = [corpus, lawfulPackages, cuts()];
const scriptFolder = scripts();
const lines = native(folders);
const scriptLines = native([scriptFolder]);
const [frame, background] = await Promise.all([frameBuild(), backgroundBuild()]);

for (const file of folders.flatMap((folder) => filesUnder(folder, ".wasm"))) {
  const bytes = readFileSync(file);
  if (bytes.length > LARGEST_BYTES) continue;
  test(path.relative(root, file), () => {
    const line = lines.get(createHash("sha256").update(bytes).digest("hex"));
    if (line === undefined) assert.fail("davy scan has no line for it");
    assert.equal(judged(frame(bytes)), told(line), "the frame build");
    assert.equal(judged(background.module(bytes)), told(line), "the background build");
  });
}

for (const file of filesUnder(scriptFolder, ".js")) {
  const bytes = readFileSync(file);
  test(path.relative(root, file), () => {
    const line = scriptLines.get(createHash("sha256").update(bytes).digest("hex"));
    if (line === undefined) assert.fail("davy scan has no line for it");
    assert.equal(judged(background.script(line.path, bytes)), told(line));
  });
}

for (const file of filesUnder(path.join(root, "tests/corpus/frames"), ".txt")) {
  const transcript = readFileSync(file, "utf8");
  test(path.relative(root, file), () => {
    assert.equal(levelOfSocket(transcript), /^# level: (.*)$/m.exec(transcript)?.[1]);
  });
}
