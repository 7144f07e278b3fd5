// Decisions as the browser knows them: content scripts that tell a page at its very start that it is allowed, and
// network rules that lift the list of hosts for it. A page must know synchronously, so nothing here is looked up later.

import { browser, onPagesOf } from "../shared/browser";

const SCRIPT = "decision-allowed.js";
const ALWAYS = "always";
const ALWAYS_RULE = 1;
/** Above every rule of the list of hosts. */
const PRIORITY = 10;

const once = (tab: number) => `once-${tab}`;

function script(id: string, matches: readonly string[], lasting: boolean): chrome.scripting.RegisteredContentScript {
  return {
    id,
    matches: [...matches],
    js: [SCRIPT],
    allFrames: true,
    matchOriginAsFallback: true,
    runAt: "document_start",
    world: "ISOLATED",
    persistAcrossSessions: lasting,
  };
}

async function registered(id: string): Promise<chrome.scripting.RegisteredContentScript | undefined> {
  const [found] = await browser.scripting.getRegisteredContentScripts({ ids: [id] });
  return found;
}

async function register(id: string, matches: readonly string[], lasting: boolean): Promise<void> {
  const known = await registered(id);
  const wanted = script(id, matches, lasting);
  if (matches.length === 0) await unregister(id);
  else if (known) await browser.scripting.updateContentScripts([wanted]);
  else await browser.scripting.registerContentScripts([wanted]);
}

async function unregister(id: string): Promise<void> {
  if (await registered(id)) await browser.scripting.unregisterContentScripts({ ids: [id] });
}

/** For the next load of a tab: pages of these patterns are allowed, and nothing that this tab requests is refused. */
export async function permitOnce(tab: number, matches: readonly string[]): Promise<void> {
  await register(once(tab), matches, false);
  const rule: chrome.declarativeNetRequest.Rule = {
    id: tab,
    priority: PRIORITY,
    action: { type: "allow" },
    condition: { tabIds: [tab] },
  };
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [tab], addRules: [rule] });
}

/** The load has happened. */
export async function endOnceScript(tab: number): Promise<void> {
  await unregister(once(tab));
}

/** The page is gone. */
export async function endOnceRequests(tab: number): Promise<void> {
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [tab] });
}

/** These, and no others, are allowed from now on. */
export async function permitAlways(matches: readonly string[], hosts: readonly string[]): Promise<void> {
  await register(ALWAYS, matches, true);
  const rule: chrome.declarativeNetRequest.Rule = {
    id: ALWAYS_RULE,
    priority: PRIORITY,
    action: { type: "allow" },
    condition: onPagesOf(hosts),
  };
  const addRules = hosts.length > 0 ? [rule] : [];
  await browser.declarativeNetRequest.updateDynamicRules({ removeRuleIds: [ALWAYS_RULE], addRules });
}
