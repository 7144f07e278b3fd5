// Scripts of workers that no hook reaches and that mine: the browser loads them no more, until it is closed.
import { browser } from "../shared/browser";
import type { Reach } from "./engine";

/** Numbers of these rules: above every number of a tab, which others bear. */
const FIRST = 0x4000_0000;
/** Rules kept; the oldest goes. */
const MOST = 256;
/** Above the list of hosts, below what a person allows. */
const PRIORITY = 5;
/** For workers of a host that comes with ever new scripts: neither WebAssembly nor sockets. Documents take their policy from
 * their own response, never from a script's. */
const POLICY = "script-src * data: blob: 'unsafe-inline'; connect-src http: https: data: blob:";

type Rule = chrome.declarativeNetRequest.Rule;
type Part = Pick<Rule, "action" | "condition">;

/** Has the browser load this script no more, and what `reach` says with it. */
export async function refuseScript(url: string, reach: Reach): Promise<void> {
  const part = partOf(url, reach);
  const rules = await browser.declarativeNetRequest.getSessionRules();
  const ours = rules.filter(({ id }) => id >= FIRST).sort((a, b) => a.id - b.id);
  if (ours.some(({ condition }) => condition.regexFilter === part.condition.regexFilter)) return;
  const rule: Rule = { id: (ours.at(-1)?.id ?? FIRST) + 1, priority: PRIORITY, ...part };
  const removeRuleIds = ours.length < MOST ? [] : ours.slice(0, 1).map(({ id }) => id);
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds, addRules: [rule] });
}

function partOf(url: string, reach: Reach): Part {
  if (reach === "host") return withoutEngines(url);
  const { action, condition } = blocked(url, reach);
  const noTab = { tabIds: [browser.tabs.TAB_ID_NONE], resourceTypes: ["xmlhttprequest" as const] };
  return { action, condition: reach === "fetch" ? { ...condition, ...noTab } : condition };
}

function blocked(url: string, reach: Reach): Part {
  const address = url.split(reach === "path" ? /[?#]/ : "#")[0] ?? url;
  const regexFilter = `^${escaped(address)}${reach === "path" ? "(?:\\?.*)?" : ""}$`;
  return { action: { type: "block" }, condition: matching(url, regexFilter, ["script"]) };
}

function withoutEngines(url: string): Part {
  const header = { header: "content-security-policy", operation: "append", value: POLICY } as const;
  const regexFilter = `^https?://${escaped(new URL(url).hostname)}(?::\\d+)?/`;
  return {
    action: { type: "modifyHeaders", responseHeaders: [header] },
    condition: matching(url, regexFilter, ["script", "other"]),
  };
}

type Condition = Rule["condition"];

function matching(url: string, regexFilter: string, resourceTypes: Condition["resourceTypes"]): Condition {
  const { hostname } = new URL(url);
  // By the host the rule is found again; numbers in brackets are none to the browser.
  const named = hostname.startsWith("[") ? {} : { requestDomains: [hostname] };
  return { ...named, regexFilter, resourceTypes, isUrlFilterCaseSensitive: true };
}

const escaped = (text: string): string => text.replaceAll(/[^\w\s]/g, "\\$&");

/** Has the browser load again what was refused of these hosts. */
export async function readmit(hosts: readonly string[]): Promise<void> {
  const rules = await browser.declarativeNetRequest.getSessionRules();
  const isMeant = ({ id, condition }: Rule) =>
    id >= FIRST && condition.requestDomains?.some((host) => hosts.includes(host)) === true;
  await browser.declarativeNetRequest.updateSessionRules({
    removeRuleIds: rules.filter(isMeant).map(({ id }) => id),
  });
}
