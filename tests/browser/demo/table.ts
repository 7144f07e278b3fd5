// The demo's small table: both visits side by side, then the evidence.
import type { Visit } from "./visit.ts";

export function table(without: Visit, withDavy: Visit): string {
  const rows: readonly (readonly [string, string, string])[] = [
    ["", "without Davy", "with Davy"],
    ["hashes the pool accepted", String(without.hashes), String(withDavy.hashes)],
    ["CPU of the renderers, cores", without.cpu.toFixed(2), withDavy.cpu.toFixed(2)],
    ["page alive", yes(without.alive), yes(withDavy.alive)],
    ["workers say", without.told, withDavy.told],
    ["badge", "", withDavy.badge],
    ["verdict", "", withDavy.popup?.levels[0] ?? ""],
  ];
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(([name, a, b]) => `  ${name.padEnd(width(0))}  ${a.padEnd(width(1))}  ${b}`.trimEnd());
  const why = (withDavy.popup?.why ?? []).map((line) => `    ${line}`);
  return ["", ...lines, `  the popup says: ${withDavy.popup?.sentence ?? ""}`, "  evidence:", ...why, ""].join("\n");
}

const yes = (holds: boolean): string => (holds ? "yes" : "NO");
