// The only file that knows which browser it runs in. Everything else speaks to `browser`.

/** The browser's interface for extensions. */
export const browser = chrome;

/** Origin of the extension's own pages, as senders of messages carry it. */
export const ownOrigin = (): string => new URL(browser.runtime.getURL("")).origin;

/** What webRequest calls a request that a network rule of some extension refused. */
export const REFUSED = "net::ERR_BLOCKED_BY_CLIENT";

/** A condition of a network rule that holds for pages of these hosts and everything in them. */
export function onPagesOf(hosts: readonly string[]): chrome.declarativeNetRequest.RuleCondition {
  // Known to the browser since 145, not yet to its published types.
  const condition: { topDomains: readonly string[] } = { topDomains: hosts };
  return condition as chrome.declarativeNetRequest.RuleCondition;
}

/** Firefox's way to hand a value from the isolated world to the page: without it, the page may not look into it. */
declare const cloneInto: ((value: unknown, scope: Window) => unknown) | undefined;

const isFirefox = typeof cloneInto === "function";

/** A value of the isolated world as the page's world may read it. */
export const forPage = <Value>(value: Value): Value => (isFirefox ? (cloneInto(value, window) as Value) : value);

/** A value of the page's world as the isolated world may read it: Firefox shows it through a veil that hides much. */
export const fromPage = <Value>(value: Value): Value => (isFirefox ? structuredClone(value) : value);
