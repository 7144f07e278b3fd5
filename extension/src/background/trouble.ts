// What went wrong in the background, for whoever looks at its console. Never an address of a page.

/** Tabs close and frames vanish while an answer is on its way: that is no trouble. */
const GONE =
  /^(No tab with id|No frame with id|Could not establish connection|The message port closed|The tab was closed)/;

/** Tells of an error. */
export function trouble(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  // biome-ignore lint/suspicious/noConsole: the console of the service worker is the only place that outlives a failure
  if (!GONE.test(message)) console.warn("davy:", message);
}
