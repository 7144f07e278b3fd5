// Decisions and settings as the browser knows them: content scripts that tell a page at its very start what holds for it,
// and network rules that lift the list of hosts where it does not. A page must know synchronously, so nothing here is
// looked up later.

import { browser } from "../shared/browser";
import type { TabAction } from "./engine";
import { awaitLoads, restLoads } from "./loads";

type Enact = Extract<TabAction, { kind: "enact" }>;

const EVERYWHERE = ["<all_urls>"];
/** The static list of pool hosts, as the manifest names it. */
const LIST = "hosts";
/** Above every rule of the list of hosts. */
const PRIORITY = 10;

const ONCE = "once-";
const once = (tab: number) => `${ONCE}${tab}`;

function script(
  id: string,
  file: string,
  matches: readonly string[],
  lasting: boolean,
): chrome.scripting.RegisteredContentScript {
  return {
    id,
    matches: [...matches],
    js: [file],
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

async function register(id: string, file: string, matches: readonly string[], lasting: boolean): Promise<void> {
  const known = await registered(id);
  const wanted = script(id, file, matches, lasting);
  if (matches.length === 0) await unregister(id);
  else if (known) await browser.scripting.updateContentScripts([wanted]);
  else await browser.scripting.registerContentScripts([wanted]);
}

async function unregister(id: string): Promise<void> {
  if (await registered(id)) await browser.scripting.unregisterContentScripts({ ids: [id] });
}

/** For the next load of a tab: pages of these patterns are allowed, and nothing that this tab requests is refused. */
export async function permitOnce(tab: number, matches: readonly string[]): Promise<void> {
  awaitLoads();
  await register(once(tab), "decision-allowed.js", matches, false);
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
  await restPermits();
}

/** Nobody waits for a page to load unless one was allowed for one load. */
export function restPermits(): Promise<void> {
  return restLoads(async () =>
    (await browser.scripting.getRegisteredContentScripts()).some(({ id }) => id.startsWith(ONCE)),
  );
}

/** The page is gone. */
export async function endOnceRequests(tab: number): Promise<void> {
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [tab] });
}

/** This holds from now on, and nothing else that was enacted before. */
export async function enact({ allowed, hosts, blocked, mode, refuse }: Enact): Promise<void> {
  await Promise.all([
    register("always", "decision-allowed.js", allowed, true),
    register("blocked", "decision-blocked.js", blocked, true),
    register("audit", "mode-audit.js", mode === "audit" ? EVERYWHERE : [], true),
    register("warn", "mode-warn.js", mode === "warn" ? EVERYWHERE : [], true),
    liftList(hosts),
    browser.declarativeNetRequest.updateEnabledRulesets(
      refuse ? { enableRulesetIds: [LIST] } : { disableRulesetIds: [LIST] },
    ),
  ]);
}

/**
 * Nothing is refused to pages of these hosts and what is in them. A rule by host name would hold for every host below it
 * as well; one by address holds for exactly this one, on any port.
 */
async function liftList(hosts: readonly string[]): Promise<void> {
  const starts = hosts.flatMap((host) => [`|http://${host}^`, `|https://${host}^`]);
  const addRules = starts.map(
    (urlFilter, index): chrome.declarativeNetRequest.Rule => ({
      id: index + 1,
      priority: PRIORITY,
      action: { type: "allowAllRequests" },
      condition: { urlFilter, resourceTypes: ["main_frame", "sub_frame"] },
    }),
  );
  const before = await browser.declarativeNetRequest.getDynamicRules();
  await browser.declarativeNetRequest.updateDynamicRules({ removeRuleIds: before.map(({ id }) => id), addRules });
}
