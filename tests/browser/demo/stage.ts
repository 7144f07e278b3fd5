// The page's folder under target/demo, with the kernel beside its scripts, and a server for it.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { kernelBytes } from "../lib/kernel.ts";
import { here, root } from "../lib/paths.ts";
import { Site } from "../lib/site.ts";

const NAMES = ["index.html", "miner.js", "worker.js", "cryptonight.wasm"];

/** Makes the folder anew and gives its path. */
export function stage(): string {
  const folder = path.join(root, "target/demo/site");
  rmSync(folder, { recursive: true, force: true });
  cpSync(path.join(here, "demo/site"), folder, { recursive: true });
  writeFileSync(path.join(folder, "cryptonight.wasm"), kernelBytes);
  return folder;
}

export async function serveFolder(folder: string): Promise<{ base: string; close(): Promise<void> }> {
  const site = await Site.open();
  const files = Object.fromEntries(NAMES.map((name) => [name, readFileSync(path.join(folder, name))]));
  return { base: site.run(files).base, close: () => site.close() };
}
