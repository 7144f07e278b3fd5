// Scripts of workers that no hook reaches and that mine: the browser loads them no more, until it is closed.
import { browser } from "../shared/browser";

/** Numbers of these rules: above every number of a tab, which others bear. */
const FIRST = 0x4000_0000;
/** Rules kept; the oldest goes. */
const MOST = 256;
/** Above the list of hosts, below what a person allows. */
const PRIORITY = 5;

/** Has the browser load this script no more. */
export async function refuseScript(url: string): Promise<void> {
  const address = url.split("#")[0] ?? url;
  const regexFilter = `^${address.replaceAll(/[^\w\s]/g, "\\$&")}$`;
  const rules = await browser.declarativeNetRequest.getSessionRules();
  const ours = rules.filter(({ id }) => id >= FIRST).sort((a, b) => a.id - b.id);
  if (ours.some(({ condition }) => condition.regexFilter === regexFilter)) return;
  const rule: chrome.declarativeNetRequest.Rule = {
    id: (ours.at(-1)?.id ?? FIRST) + 1,
    priority: PRIORITY,
    action: { type: "block" },
    condition: { regexFilter, resourceTypes: ["script"], isUrlFilterCaseSensitive: true },
  };
  const removeRuleIds = ours.length < MOST ? [] : ours.slice(0, 1).map(({ id }) => id);
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds, addRules: [rule] });
}
