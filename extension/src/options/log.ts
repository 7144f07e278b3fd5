// The log: what was found on which site, with a search.

import { byId, make, tell } from "../shared/dom";
import type { LogEntry } from "../shared/messages";
import { saveAs } from "../shared/page";
import { count, date, keyEnd, number, say } from "../shared/words";
import { ask } from "./options";

/** Lines that are shown at once; a search finds the others. */
const MOST_SHOWN = 200;

let entries: readonly LogEntry[] = [];

/** Reads the log and shows it. */
export async function showLog(): Promise<void> {
  entries = (await ask<LogEntry[]>({ kind: "log" })) ?? [];
  showFound();
}

/** Listens to the search and the buttons. */
export function attendLog(): void {
  byId("search", HTMLInputElement).addEventListener("input", showFound);
  byId("log-export", HTMLButtonElement).addEventListener("click", () =>
    saveAs("davy-log.json", { schema: "davy.log/1", entries: found() }),
  );
  byId("log-clear", HTMLButtonElement).addEventListener("click", async () => {
    entries = (await ask<LogEntry[]>({ kind: "clear-log" })) ?? [];
    showFound();
  });
}

/** The words that a person reads of a line. */
const words = (entry: LogEntry): readonly string[] => [
  entry.origin,
  say(`level${keyEnd(entry.level)}`),
  say(`kind${keyEnd(entry.kind)}`),
  entry.algorithms.join(", "),
  entry.rule,
  say(`action${keyEnd(entry.action)}`),
];

function found(): readonly LogEntry[] {
  const wanted = byId("search", HTMLInputElement).value.trim().toLowerCase().split(/\s+/);
  const matches = (entry: LogEntry): boolean => {
    const text = words(entry).join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return entries.filter(matches);
}

function showFound(): void {
  const lines = found();
  byId("log", HTMLTableElement).tBodies[0]?.replaceChildren(...lines.slice(0, MOST_SHOWN).map(row));
  byId("log-scroll", HTMLElement).hidden = lines.length === 0;
  byId("log-export", HTMLButtonElement).disabled = lines.length === 0;
  byId("log-clear", HTMLButtonElement).disabled = entries.length === 0;
  const more = lines.length > MOST_SHOWN ? ` ${say("logShown", number(MOST_SHOWN))}` : "";
  tell(
    byId("log-count", HTMLElement),
    (entries.length === 0 ? say("logEmpty") : count("logLines", lines.length)) + more,
  );
}

function row(entry: LogEntry): HTMLElement {
  const level = make("span", { class: "level", "data-level": entry.level }, say(`level${keyEnd(entry.level)}`));
  const what = entry.algorithms.length > 0 ? entry.algorithms.join(", ") : say(`kind${keyEnd(entry.kind)}`);
  return make(
    "tr",
    {},
    make("td", { class: "when" }, date(entry.at)),
    make("td", { class: "origin" }, make("bdi", { dir: "ltr" }, entry.origin)),
    make("td", { title: entry.rule }, level, ` ${what}`),
    make("td", {}, say(`action${keyEnd(entry.action)}`)),
  );
}
