// Scripts that browsers had kept, and that showed nothing when they were read: pages bring the same ones with every visit.
import { readScript } from "./desk";
import type { Sender } from "./engine";
import { Plain } from "./plain";
import type { Keyed } from "./receive";

/** By address and lengths. */
const plain = new Plain();

/** Which of these need not be read. */
export const arePlain = (keys: readonly string[]): boolean[] => keys.map((key) => plain.has(key));

/** Reads scripts. */
export async function readScripts(tab: number, sender: Sender, scripts: readonly Keyed[]): Promise<void> {
  await Promise.all(
    scripts.map(async ({ asked, key }) => {
      const judgement = await readScript(tab, sender, asked);
      if (judgement === undefined && key !== undefined) plain.add(key);
    }),
  );
}
