// The demonstration: a page that mines on loopback, in the real Chromium without and with Davy, then read by the
// command. Ends with a failure when anything is not as promised.

import path from "node:path";
import { parseArgs } from "node:util";
import { hash } from "../lib/kernel.ts";
import { davy, root } from "../lib/paths.ts";
import { Pool } from "../lib/pool.ts";
import { keepOpen } from "./keep.ts";
import { type Scanned, scan } from "./scan.ts";
import { serveFolder, stage } from "./stage.ts";
import { table } from "./table.ts";
import { type Visit, visitFor } from "./visit.ts";

/** How long the page may mine in each browser. */
const SECONDS = 10;
/** CryptoNight's first public vector (CNS008's reference code, tests-slow). */
const VECTOR = { input: "This is a test", hash: "a084f01d1437a09c6985401b60d43554ae105802c5f5d8a9b3253649c0be6605" };

/** Everything that was promised and does not hold, in words. */
function broken(without: Visit, withDavy: Visit, scanned: Scanned, wrong: number): string[] {
  const promises: readonly (readonly [boolean, string])[] = [
    [hash(Buffer.from(VECTOR.input)) === VECTOR.hash, "the kernel gives the hash of the public vector"],
    [wrong === 0, "the pool finds every share right"],
    [without.hashes > 0, "without Davy the page does hashes"],
    [without.alive, "without Davy the page lives"],
    [withDavy.hashes === 0, "with Davy the page does no hash"],
    [withDavy.alive, "with Davy the page lives"],
    [withDavy.told.startsWith("CompileError"), "with Davy the workers get a CompileError"],
    [withDavy.popup?.levels[0] === "mining", "the popup says mining"],
    [
      withDavy.popup?.why.some((line) => line.includes("algorithm/cryptonight")) === true,
      "the popup gives the evidence",
    ],
    [withDavy.badge !== "", "the tab has a badge"],
    [
      scanned.status === 1 && scanned.level === "mining",
      "davy scan finds the miner in the folder and says so by its status",
    ],
  ];
  return promises.filter(([holds]) => !holds).map(([, promise]) => promise);
}

const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const folder = stage();
const site = await serveFolder(folder);
const pool = await Pool.open();
const address = `${site.base}/index.html?pool=${encodeURIComponent(pool.address())}`;
try {
  console.log(`demo: a page on loopback mines CryptoNight for ${SECONDS} s, without and with Davy`);
  const without = await visitFor({ davy: false, address, pool, seconds: SECONDS });
  const wrong = pool.wrong;
  const withDavy = await visitFor({ davy: true, address, pool, seconds: SECONDS });
  const scanned = scan(folder);
  console.log(table(without, withDavy));
  for (const screen of withDavy.screens) console.log(`screenshot: ${path.relative(root, screen)}`);
  console.log(`\n$ ${path.basename(davy)} scan ${path.relative(root, folder)}\n${scanned.text}`);
  const failures = broken(without, withDavy, scanned, wrong);
  for (const failure of failures) console.error(`demo: NOT so: ${failure}`);
  if (values.keep) await keepOpen(address);
  if (failures.length > 0) process.exitCode = 1;
  console.log(`demo: hashes without ${without.hashes}, with ${withDavy.hashes}`);
} finally {
  await pool.close();
  await site.close();
}
