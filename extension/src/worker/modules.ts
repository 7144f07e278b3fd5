// Modules judged by the analyser beside the script that compiles them, in workers and worklets.
import type { Analyser } from "../content/analyser";
import { answerFor, foundOf, isNews, isTold, mayGoOn } from "../content/hold";
import type { Pass } from "../page/judge";
import type { Found, Setting } from "../shared/messages";

export interface Modules {
  /** Whether these bytes may be compiled; `unknown` only to a caller that can `wait` for somebody who knows. */
  weigh(bytes: Uint8Array<ArrayBuffer>, source: string, wait: boolean): Pass | "unknown";
  /** Whether a module that has started may go on. */
  started(bytes: Uint8Array<ArrayBuffer>, memory: Uint8Array<ArrayBuffer>, source: string): boolean;
}

/** `address`: where modules are said to come from that say nothing about it. */
export function judgeModules(
  analyser: Analyser,
  setting: Setting,
  address: string,
  tell: (found: Found) => void,
): Modules {
  return {
    weigh(bytes, source, wait) {
      const outcome = analyser.module(bytes, setting);
      const answer = answerFor(outcome, bytes, setting);
      if (answer === "unknown" && wait) return "unknown";
      const passed = typeof answer === "object";
      if (isTold(outcome, passed)) tell(foundOf("wasm", source || address, bytes.length, outcome, passed));
      return typeof answer === "object" ? answer : false;
    },
    started(bytes, memory, source) {
      const outcome = analyser.started(bytes, memory, setting);
      const passed = mayGoOn(outcome);
      if (typeof outcome !== "string" && isNews(outcome))
        tell(foundOf("wasm", source || address, bytes.length, outcome, passed));
      return passed;
    },
  };
}
