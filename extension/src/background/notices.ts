// What speaks to a person without being asked: notifications, and the page that greets after an install.

import { browser } from "../shared/browser";
import type { Phrase } from "./engine";
import { trouble } from "./trouble";

const PREFIX = "tab:";

/** Tells of a tab; one notification a tab, the newer in place of the older. */
export async function notify(tab: number, host: string, message: Phrase): Promise<void> {
  await browser.notifications.create(PREFIX + tab, {
    type: "basic",
    iconUrl: browser.runtime.getURL("icons/128.png"),
    title: `${browser.i18n.getMessage("extensionName")} – ${host}`,
    message: browser.i18n.getMessage(message.key, message.args),
  });
}

/** Leads to the tab that a notification told of. */
export function watchNotices(): void {
  browser.notifications.onClicked.addListener((id) => {
    if (id.startsWith(PREFIX)) show(Number(id.slice(PREFIX.length))).catch(trouble);
    browser.notifications.clear(id).catch(trouble);
  });
}

async function show(tab: number): Promise<void> {
  const { windowId } = await browser.tabs.get(tab);
  await Promise.all([browser.tabs.update(tab, { active: true }), browser.windows.update(windowId, { focused: true })]);
}

/** Greets a person who has installed the extension; nobody who was given it. */
export async function welcome(): Promise<void> {
  const { installType } = await browser.management.getSelf();
  if (installType !== "admin") await browser.tabs.create({ url: browser.runtime.getURL("welcome.html") });
}
