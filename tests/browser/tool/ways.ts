// Joins the rows that test files have left of the ways in, holds them against the bounds and against the table in the
// README. With `--write` it writes that table anew.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { here, waysDirectory, waysFile } from "../lib/paths.ts";
import type { Way } from "../lib/ways.ts";

/** Ways that there must be at least. */
const LEAST = 60;
/** Where it cannot be stopped before its first hash, milliseconds within which it must be. */
const STOP_MS = 3_000;
/** Marks in the README between which the table stands. */
const [FROM, TO] = ["<!-- ways: made by tool/ways.ts -->", "<!-- end of ways -->"];
const readme = path.join(here, "README.md");

const ways = readdirSync(waysDirectory)
  .flatMap((file) => JSON.parse(readFileSync(path.join(waysDirectory, file), "utf8")) as Way[])
  .sort((a, b) => (a.id < b.id ? -1 : 1));
writeFileSync(waysFile, `${JSON.stringify(ways, null, 1)}\n`);

const stands = ({ hashes_with, stopped_ms, why }: Way): boolean =>
  hashes_with === 0 || why.startsWith("open: ") || (why !== "" && stopped_ms <= STOP_MS);
const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = ({ id, hashes_without, hashes_with, stopped_ms, why }: Way): string =>
  `| ${[cell(id), hashes_without, hashes_with, stopped_ms, cell(why)].join(" | ")} |`;
const idOf = (line: string): string => line.split(/(?<!\\)\|/)[1]?.trim() ?? "";

const text = readFileSync(readme, "utf8");
const [head = "", rest = ""] = text.split(FROM);
const [table = "", tail = ""] = rest.split(TO);
if (process.argv.includes("--write")) {
  const lines = [
    "",
    "",
    "| way | without | with | ms | why |",
    "| --- | --- | --- | --- | --- |",
    ...ways.map(row),
    "",
    "",
  ];
  writeFileSync(readme, `${head}${FROM}${lines.join("\n")}${TO}${tail}`);
} else {
  const told = table
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map(idOf);
  const ids = ways.map(({ id }) => cell(id));
  const findings = [
    ...ids.filter((id) => !told.includes(id)).map((id) => `not in the README: ${id}`),
    ...told.filter((id) => !ids.includes(id)).map((id) => `in the README, but no test has shown it: ${id}`),
    ...ways.filter((way) => way.hashes_without === 0).map(({ id }) => `no hash without Davy: ${id}`),
    ...ways.filter((way) => !stands(way)).map((way) => `not stopped: ${row(way)}`),
    ...(ways.length < LEAST ? [`${ways.length} ways; at least ${LEAST} are asked for`] : []),
  ];
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) {
    console.error("after a whole run of the tests, `node --import tsx tool/ways.ts --write` writes the table anew");
    process.exitCode = 1;
  }
}
const open = ways.filter(({ why }) => why.startsWith("open: ")).length;
const late = ways.filter(({ hashes_with, why }) => hashes_with > 0 && !why.startsWith("open: ")).length;
console.log(
  `ways in: ${ways.length}, of which ${late} are stopped after their first hash, ${open} are known to be open`,
);
