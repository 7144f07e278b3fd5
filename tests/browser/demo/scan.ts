// The same folder read by the command: what it prints for a person, and what its status and lines say.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { davy, root } from "../lib/paths.ts";

export interface Scanned {
  readonly status: number | null;
  /** Level of the kernel's own line. */
  readonly level: string;
  /** The output for a person. */
  readonly text: string;
}

export function scan(folder: string): Scanned {
  const run = (format: string) =>
    spawnSync(davy, ["scan", "--format", format, "--no-progress", path.relative(root, folder)], {
      encoding: "utf8",
      cwd: root,
    });
  const human = run("human");
  const lines = run("ndjson");
  const kernel = (lines.stdout ?? "")
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { path?: string; kind?: string; level?: string })
    .find((line) => line.kind === "wasm");
  return {
    status: lines.status,
    level: kernel?.level ?? "",
    text: `${human.stdout ?? ""}${human.stderr ?? ""}`.trim(),
  };
}
