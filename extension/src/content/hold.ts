// What becomes of a module when the analyser's word is not the last one. Whoever made it so decides: what the page can
// bring about (memories taken, bytes that break the analyser or exceed a bound) never lets a module through.

import type { Care, Fate, Pass } from "../page/judge";
import { own } from "../page/language";
import type { ArtifactKind, Found, Judgement, Setting, Verdict } from "../shared/messages";
import type { Failure } from "./analyser";

/** Care: it may run. `unknown`: the background's analyser has to say; a caller that cannot wait is refused. */
export type Answer = Care | "refuse" | "unknown";

/** Nothing is known of a module that would have to be cared for. */
const CARELESS: Care = { look: false, watch: false };

/** What is done about a module that may run: whatever something was found of is watched. */
const careOf = ({ look, level }: Judgement): Care => ({ look, watch: level !== "clean" });

/** What follows for a module. */
export function answerFor(outcome: Judgement | Failure, bytes: Uint8Array<ArrayBuffer>, setting: Setting): Answer {
  // The browser refuses every module here, and says so when it is handed a broken one.
  if (outcome === "forbidden") return "refuse";
  // Nobody is left who could be told or asked: not the page's doing, so it works, unwatched.
  if (outcome === "gone") return CARELESS;
  if (typeof outcome === "string") return isOpen(setting) ? CARELESS : "unknown";
  if (!isStopped(outcome)) return careOf(outcome);
  if (outcome.complete || outcome.level === "mining") return "refuse";
  // What the browser cannot read either never runs, and the page gets the browser's own words.
  return own.validate(bytes) ? "unknown" : CARELESS;
}

/** Whether what was judged must not reach the page. */
export const isStopped = (judgement: Pick<Judgement, "action">): boolean =>
  judgement.action === "block" || judgement.action === "pause";

/** What follows for a module of which the background has the last word. */
export const passOf = (judgement: Judgement): Pass => !isStopped(judgement) && careOf(judgement);

/** What follows for whoever was handed a shader. What has a budget is kept in mind, for when the page says more. */
export function fateFor(judgement: Judgement | undefined): Fate {
  if (judgement === undefined || judgement.action === "allow") return "forget";
  return isStopped(judgement) ? "stop" : "keep";
}

/** Whether a module may go on after the second look; what that look could not read, the first one has passed. */
export const mayGoOn = (outcome: Judgement | Failure): boolean => typeof outcome === "string" || !isStopped(outcome);

/** Whether the second look shows what the first could not have. */
export const isNews = (outcome: Judgement): boolean => outcome.level !== "clean";

/** Whether a socket may be opened. */
export function mayConnect(outcome: Judgement | Failure, setting: Setting): boolean {
  // A page without WebAssembly may still have sockets; the network rules see them.
  if (outcome === "forbidden" || outcome === "gone") return true;
  return typeof outcome === "string" ? isOpen(setting) : !isStopped(outcome);
}

/** Whether people let this document run whatever it is. */
const isOpen = (setting: Setting): boolean => setting.decision === "allowed" || setting.mode !== "block";

/** Whether there is something to tell: not where the browser itself refuses. */
export const isTold = (outcome: Judgement | Failure, passed: boolean): boolean =>
  outcome !== "forbidden" && (typeof outcome === "string" || !passed || !isStopped(outcome));

/** What the tab is told. */
export function foundOf(
  kind: ArtifactKind,
  path: string,
  length: number,
  outcome: Judgement | Failure,
  passed: boolean,
): Found {
  const verdict = typeof outcome === "string" ? unread(outcome) : outcome.verdict;
  const action = typeof outcome === "string" ? "allow" : outcome.action;
  return { path, kind, bytes: length, verdict, action: passed ? action : "block" };
}

function unread(failure: Failure): Verdict {
  const because = `The analyser could not read it (${failure}).`;
  return { evidence: [], gaps: [{ reason: "over-limit", location: { kind: "whole" }, because }] };
}
