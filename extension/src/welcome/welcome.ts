// The page that greets after an install, and tells what is not watched yet.

import { browser } from "../shared/browser";
import { byId, tell } from "../shared/dom";
import type { PopupMessage, TabView } from "../shared/messages";
import { grantAccess, prepare, showAccess } from "../shared/page";
import { count, say } from "../shared/words";

/** Tabs with pages that were there before the extension: no hook is in them until they are loaded again. */
async function showOlder(): Promise<void> {
  const views = (await browser.tabs.query({})).map(({ id }) => (id === undefined ? undefined : viewOf(id)));
  const isOlder = (view: TabView | undefined): boolean =>
    view?.unwatched.some(({ reason }) => reason === "older-than-extension") === true;
  const older = (await Promise.all(views)).filter(isOlder).length;
  tell(byId("older-says", HTMLElement), older > 0 ? count("olderTabs", older) : "");
  byId("older", HTMLElement).hidden = older === 0;
}

function viewOf(tab: number): Promise<TabView | undefined> {
  const message: PopupMessage = { kind: "view", tab };
  return browser.runtime.sendMessage(message);
}

function run(): void {
  prepare();
  document.title = say("welcomeTitle");
  byId("settings", HTMLButtonElement).addEventListener("click", () => void browser.runtime.openOptionsPage());
  byId("grant", HTMLButtonElement).addEventListener("click", () => void grantAccess());
  void showAccess();
  void showOlder();
}

run();
