// Load of the page's workers: a graph of the last minute and a bar for each worker.

import { byId, draw, make } from "../shared/dom";
import type { TabView } from "../shared/messages";
import { count, number, say } from "../shared/words";

type Busy = TabView["busy"];

const WIDTH = 368;
const HEIGHT = 56;
/** Percent; the graph always has room for one core. */
const CORE = 100;

/** Shows the load, or nothing when no worker did anything in the last minute. */
export function showBusy({ busy }: TabView): void {
  const isQuiet = busy.workers.length === 0 || busy.history.every((percent) => percent === 0);
  byId("busy", HTMLElement).hidden = isQuiet;
  if (isQuiet) return;
  const body = [graph(busy), axis(), workers(busy)];
  if (busy.more > 0) body.push(make("p", { class: "hint" }, count("moreWorkers", busy.more)));
  byId("busy-body", HTMLElement).replaceChildren(...body);
}

function graph({ history, now }: Busy): Element {
  const top = Math.max(CORE * 1.1, ...history);
  const x = (index: number) => ((index * WIDTH) / Math.max(history.length - 1, 1)).toFixed(1);
  const y = (percent: number) => (HEIGHT - (percent * (HEIGHT - 2)) / top).toFixed(1);
  const points = history.map((percent, index) => `${x(index)},${y(percent)}`).join(" ");
  const peak = Math.max(...history);
  return draw(
    "svg",
    {
      class: "graph",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": say("busyGraph", number(now), number(peak)),
    },
    draw("line", { class: "core", x1: "0", x2: String(WIDTH), y1: y(CORE), y2: y(CORE) }),
    draw("polygon", { class: "area", points: `0,${HEIGHT} ${points} ${WIDTH},${HEIGHT}` }),
    draw("polyline", { class: "curve", points }),
  );
}

function axis(): HTMLElement {
  const parts = [say("minuteAgo"), say("dashedLine"), say("now")];
  return make("p", { class: "axis", "aria-hidden": "true" }, ...parts.map((part) => make("span", {}, part)));
}

function workers(busy: Busy): HTMLElement {
  const rows = busy.workers.map((worker) => {
    const label = say("percent", number(worker.now));
    const bar = make("meter", { min: "0", max: "100", value: String(worker.now), "aria-hidden": "true" });
    const nameless = say(worker.main ? "mainThread" : "namelessWorker");
    const name = worker.name === "" ? nameless : worker.name;
    return row(name, bar, label);
  });
  if (busy.workers.length > 1) rows.push(row(say("allWorkers"), "", say("percent", number(busy.now))));
  return make("table", { class: "workers" }, make("caption", { class: "hint" }, say("busyCaption")), ...rows);
}

function row(name: string, bar: Node | string, value: string): HTMLElement {
  return make(
    "tr",
    {},
    make("th", { scope: "row", title: name }, name),
    make("td", { class: "bar" }, bar),
    make("td", {}, value),
  );
}
