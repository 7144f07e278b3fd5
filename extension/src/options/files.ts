// Settings and decisions as a file, to keep or to take elsewhere.

import { byId, tell } from "../shared/dom";
import type { Imported, SavedSettings } from "../shared/messages";
import { saveAs } from "../shared/page";
import { say } from "../shared/words";
import { ask, show } from "./options";

/** Longest file that is read: a full book of decisions is far shorter. */
const LONGEST_BYTES = 4 * 1024 * 1024;

/** Listens to the buttons. */
export function attendFiles(): void {
  const file = byId("file", HTMLInputElement);
  byId("export", HTMLButtonElement).addEventListener("click", async () => {
    const saved = await ask<SavedSettings>({ kind: "export" });
    if (saved) saveAs("davy-settings.json", saved);
  });
  byId("import", HTMLButtonElement).addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (chosen) await take(chosen);
    file.value = "";
  });
}

async function take(chosen: File): Promise<void> {
  const imported = await ask<Imported>({ kind: "import", file: await contents(chosen) });
  show(imported?.view);
  tell(byId("imported", HTMLElement), say(imported?.read ? "importDone" : "importRefused", chosen.name));
}

async function contents(chosen: File): Promise<unknown> {
  if (chosen.size > LONGEST_BYTES) return undefined;
  try {
    return JSON.parse(await chosen.text()) as unknown;
  } catch {
    return undefined;
  }
}
