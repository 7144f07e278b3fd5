// The prelude of worklets: hooks what compiles WebAssembly before the page's first module, and carries the analyser. They
// have no sockets, no workers and no clock of ours. Worklets that make sound tell the page's hooks what was found, by the
// port of a processor that nobody else knows; others cannot speak.
import { Analyser } from "../content/analyser";
import { put } from "../page/arguments";
import { setHeld, takeCalled, whenCalled } from "../page/brake";
import type { Judge, Pass } from "../page/judge";
import { UNREAD } from "../page/judge";
import { apply, getter, own } from "../page/language";
import { learnShape, whenWatched } from "../page/watched";
import { hookWebAssembly } from "../page/webassembly";
import type { FromWorker, ToWorker } from "../page/workers/words";
import { hideText } from "../page/wrap";
import type { Setting } from "../shared/messages";
import { judgeModules } from "../worker/modules";

/** Milliseconds of calls that are worth telling. */
const TOLD_MS = 200;

const { address, secret, wasm } = davyWorklet;
const setting = own.parse(davyWorklet.setting) as Setting;
const analyser = new Analyser(() => own.fromBase64(wasm));
const tell = opened();

hideText(globalThis.Function.prototype);
hookWebAssembly(globalThis.WebAssembly, judge(), () => address);
whenWatched((shape) => tell({ say: "watched", shape }));
whenCalled(TOLD_MS, () => tell({ say: "load", load: { samples: 0, late: 0, near: 0, called: takeCalled() } }));

function judge(): Judge {
  const { weigh, started } = judgeModules(analyser, setting, address, (found) => tell({ say: "judged", found }));
  // Nobody else can be asked from here.
  const now = (bytes: Uint8Array<ArrayBuffer>, source: string): Pass => {
    const answer = weigh(bytes, source, false);
    return answer === "unknown" ? false : answer;
  };
  return {
    now,
    later: (bytes, source, then) => then(now(bytes, source)),
    started,
    secure: () => analyser.secure(),
    // Nothing of this is there.
    address: () => true,
    message: () => UNREAD,
    closed: () => undefined,
    shader: (_text, then) => then("forget"),
    whenHalted: () => undefined,
    unwatched: () => undefined,
  };
}

/** What tells the page's hooks; what is told before they listen waits. */
function opened(): (message: FromWorker) => void {
  const { AudioWorkletProcessor: Processor } = globalThis as { AudioWorkletProcessor?: typeof AudioWorkletProcessor };
  if (Processor === undefined) return () => undefined;
  const post = MessagePort.prototype.postMessage;
  const add = EventTarget.prototype.addEventListener;
  const start = MessagePort.prototype.start;
  const dataOf = getter(MessageEvent.prototype, "data");
  const portOf = getter(Processor.prototype, "port");
  const waiting: FromWorker[] = [];
  let port: MessagePort | undefined;
  const hear = (event: MessageEvent) => {
    const heard = dataOf(event) as ToWorker;
    if (heard.say === "hold") setHeld(heard.lease !== "");
    else if (heard.say === "watch") learnShape(heard.shape);
  };
  const listening = class extends Processor {
    constructor() {
      super();
      const theirs = portOf(this);
      port = theirs;
      apply(add, theirs, ["message", hear]);
      apply(start, theirs, []);
      for (let i = 0; i < waiting.length; i += 1) apply(post, theirs, [waiting[i]]);
      waiting.length = 0;
    }
    process(): boolean {
      return false;
    }
  };
  registerProcessor(secret, listening);
  return (message) => {
    if (port === undefined) put(waiting, waiting.length, message);
    else apply(post, port, [message]);
  };
}
