// The page of settings: shows what is in force and who has set it, and hands changes to the background. Decides nothing.

import { browser } from "../shared/browser";
import { byId, tell } from "../shared/dom";
import type { SettingsMessage, SettingsView } from "../shared/messages";
import { grantAccess, prepare } from "../shared/page";
import { say } from "../shared/words";
import { attendFiles } from "./files";
import { attendGeneral, showGeneral } from "./general";
import { attendLog, showLog } from "./log";
import { attendSites, showSites } from "./sites";

let asked = 0;

/** Asks the background, which has an answer to everything that this page can ask: a change holds once it is there. */
export async function ask<T>(message: SettingsMessage): Promise<T | undefined> {
  asked += 1;
  document.body.ariaBusy = "true";
  try {
    return await browser.runtime.sendMessage<SettingsMessage, T | undefined>(message);
  } finally {
    asked -= 1;
    if (asked === 0) document.body.ariaBusy = "false";
  }
}

/** Shows what the background answers. */
export function show(view: SettingsView | undefined): void {
  if (!view) return;
  byId("access", HTMLElement).hidden = view.access;
  const refused = byId("refused", HTMLElement);
  refused.hidden = view.refused.length === 0;
  for (const words of refused.querySelectorAll("p")) tell(words, say("policyRefused", view.refused.join(", ")));
  showGeneral(view.settings);
  showSites(view.sites);
}

async function run(): Promise<void> {
  prepare();
  document.title = say("settingsTitle");
  attendGeneral();
  attendSites();
  attendLog();
  attendFiles();
  byId("grant", HTMLButtonElement).addEventListener("click", () => {
    void grantAccess().then(async () => show(await ask({ kind: "settings" })));
  });
  show(await ask({ kind: "settings" }));
  // Nobody sets what is not shown yet: the answer would undo it before their eyes.
  document.querySelector("main")?.removeAttribute("inert");
  await showLog();
  // Another window, an administrator, or the end of an hour may change what is shown here.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void ask<SettingsView>({ kind: "settings" }).then(show);
  });
}

void run();
