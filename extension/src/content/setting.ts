// What people decided for this document. Content scripts that the background registers for decided sites leave it here
// before the page's first script runs; it is read when it is needed.
import type { Decision, Mode, Setting } from "../shared/messages";

declare global {
  /** Set by `decision-allowed.ts`, in the isolated world. */
  var davyDecision: Decision | undefined;
  /** How strict the product is. */
  var davyMode: Mode | undefined;
}

export const settingNow = (): Required<Setting> => ({
  decision: globalThis.davyDecision ?? "undecided",
  mode: globalThis.davyMode ?? "block",
});
