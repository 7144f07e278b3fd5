// What was found: a line for each, which opens to why and where.

import { byId, make, tell } from "../shared/dom";
import type { TabView } from "../shared/messages";
import { count, keyEnd, number, place, say } from "../shared/words";

type FindingView = TabView["findings"][number];

let shown = "";

/** Shows the findings. What has not changed is left alone, so that what a person opened stays open. */
export function showFindings(view: TabView): void {
  byId("found", HTMLElement).hidden = view.findings.length === 0 && view.blocked === 0 && view.blocked_requests === 0;
  tell(byId("counts", HTMLElement), counts(view));
  tell(byId("left-out", HTMLElement), view.left_out > 0 ? count("leftOut", view.left_out) : "");
  const next = JSON.stringify(view.findings);
  if (next === shown) return;
  shown = next;
  const list = byId("findings", HTMLElement);
  const open = [...list.querySelectorAll("details")].map((details) => details.open);
  list.replaceChildren(...view.findings.map((finding, index) => details(finding, open[index] ?? index === 0)));
}

function counts(view: TabView): string {
  const parts = [
    view.blocked > 0 && count("countBlocked", view.blocked),
    view.blocked_requests > 0 && count("countRequests", view.blocked_requests),
    view.read > 0 && count("countRead", view.read),
  ];
  return parts.filter((part) => part !== false).join(" · ");
}

function details(finding: FindingView, isOpen: boolean): HTMLElement {
  const times = finding.count > 1 ? ` ×${number(finding.count)}` : "";
  const summary = make(
    "summary",
    {},
    make("span", { class: "level", "data-level": finding.level }, say(`level${keyEnd(finding.level)}`)),
    make("span", { class: "path", dir: "auto", title: finding.path }, title(finding)),
    make("span", { class: "done" }, say(`action${keyEnd(finding.action)}`) + times),
  );
  const element = make("details", isOpen ? { open: "" } : {}, summary);
  const evidence = finding.evidence.map((e) => reason(e.because, place(e.location), e.rule));
  const gaps = finding.gaps.map((gap) => reason(gap.because, place(gap.location), say("gap")));
  element.append(make("ul", { class: "why" }, source(finding), ...evidence, ...gaps));
  return element;
}

/** What it is: the algorithms where evidence names them, else where it came from. */
function title(finding: FindingView): string {
  return finding.named.length > 0 ? finding.named.join(", ") : finding.path;
}

function source(finding: FindingView): HTMLElement {
  const hasSize = finding.bytes > 0 && finding.kind !== "request" && finding.kind !== "websocket";
  const size = hasSize ? say("bytes", number(finding.bytes)) : "";
  const host = finding.host === undefined ? "" : say("inFrame", finding.host);
  const facts = [say(`kind${keyEnd(finding.kind)}`), size, host].filter((fact) => fact !== "").join(", ");
  return make("li", {}, make("span", { dir: "auto" }, finding.path), make("span", { class: "where" }, facts));
}

function reason(because: string, where: string, rule: string): HTMLElement {
  // The core's sentences are in English, whatever the language of the rest.
  const sentence = make("span", { lang: "en", dir: "ltr", class: "because" }, because);
  return make("li", {}, sentence, make("span", { class: "where" }, `${where} · `, make("code", { dir: "ltr" }, rule)));
}
