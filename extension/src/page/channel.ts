// The synchronous line to the isolated world: events on a target that is in no tree and that no page ever sees.
import type { FrameMessage } from "../shared/messages";
import { put } from "./arguments";
import { type Care, type Fate, type Judge, type Pass, type SocketPass, UNREAD } from "./judge";
import { apply, dispatch, getOwnPropertyDescriptor, listen, OwnMap, own } from "./own";
import {
  ANSWER,
  type Answer,
  ASK,
  END,
  HALT,
  HELLO,
  HOLD,
  type Kit,
  type Question,
  SCRIPTED,
  type Scripted,
  SETTLED,
  type Settled,
  SHADED,
  type Shaded,
  SPOKEN,
  type Spoken,
} from "./question";
import type { Go } from "./workers/words";

export interface Channel extends Judge {
  /** What workers or worklets need; undefined when nobody answers. */
  kit(of: "worker" | "worklet"): Kit | undefined;
  tell(message: FrameMessage): void;
  /** Calls `hold` when watched code is to pause, and when it may go on. */
  whenHeld(hold: (on: boolean) => void): void;
  /** Calls `end` with the number of a worker that is to end. */
  whenEnded(end: (worker: number) => void): void;
  /** Judges the script at an address before it runs; `bytes` where they are known already. `then` is called
   * twice for one that goes unread. */
  script(url: string, bytes: Uint8Array<ArrayBuffer> | undefined, then: (go: Go) => void): void;
  /** Judges a script that runs already. `then` is called once, with whether it may go on. */
  imported(url: string, bytes: Uint8Array<ArrayBuffer> | undefined, then: (pass: boolean) => void): void;
}

/** Shaders that are handed over together; the background takes no longer list than 512. */
const MOST_TOGETHER = 256;

const detailGetter = getOwnPropertyDescriptor(CustomEvent.prototype, "detail")?.get;
const detailOf = (event: Event): unknown => (detailGetter === undefined ? undefined : apply(detailGetter, event, []));

/** Opens the line. Must run before any script of the page: the first node that arrives is the one that is heard. */
export function openChannel(): Channel {
  // No element: either world would have to set up what elements are.
  const node = new EventTarget();
  const waiting = new OwnMap<number, (pass: Pass) => void>();
  let answer: Answer;
  listen(node, ANSWER, (event) => {
    answer = detailOf(event) as Answer;
  });
  listen(node, SETTLED, (event) => {
    const { id, pass } = detailOf(event) as Settled;
    const then = waiting.get(id);
    waiting.delete(id);
    then?.(pass);
  });
  const speaking = new OwnMap<number, (pass: SocketPass) => void>();
  listen(node, SPOKEN, (event) => {
    const { id, pass } = detailOf(event) as Spoken;
    const settle = speaking.get(id);
    speaking.delete(id);
    settle?.(pass);
  });
  const shaders = new OwnMap<number, (fate: Fate) => void>();
  let first = 0;
  let texts: string[] = [];
  listen(node, SHADED, (event) => {
    const { first, fates } = detailOf(event) as Shaded;
    for (let i = 0; i < fates.length; i += 1) {
      const then = shaders.get(first + i);
      shaders.delete(first + i);
      then?.(fates[i] as Fate);
    }
  });
  dispatchEvent(new FocusEvent(HELLO, { relatedTarget: node }));
  // Nobody there from the start: not the page's doing, so the page works, unwatched.
  const attended = answer === true;
  const ask = (question: Question): Answer => {
    answer = undefined;
    dispatch(node, new own.CustomEvent(ASK, bare({ detail: bare(question) })));
    return answer;
  };
  const scripts = new OwnMap<number, (go: Go) => void>();
  let script = 0;
  listen(node, SCRIPTED, (event) => {
    const { id, go } = detailOf(event) as Scripted;
    const then = scripts.get(id);
    if (go.unread !== true) scripts.delete(id);
    then?.(go);
  });
  const askScript = (
    url: string,
    bytes: Uint8Array<ArrayBuffer> | undefined,
    runs: boolean,
    then: (go: Go) => void,
  ): void => {
    if (!attended) then({ pass: true, bytes: undefined });
    else {
      script += 1;
      scripts.set(script, then);
      ask({ op: "script", id: script, url, bytes, runs });
    }
  };
  const handOver = () => {
    if (texts.length === 0) return;
    const asked = texts;
    texts = [];
    ask({ op: "shaders", first, texts: asked });
    first += asked.length;
  };
  const pass = (given: Answer): Pass => (typeof given === "object" ? (given as Care) : given === true || !attended);
  return {
    now: (bytes, source) => pass(ask({ op: "module", bytes, source, wait: false })),
    later(bytes, source, then) {
      const given = ask({ op: "module", bytes, source, wait: true });
      if (typeof given === "number") waiting.set(given, then);
      else then(pass(given));
    },
    started: (bytes, memory, source) => pass(ask({ op: "started", bytes, memory, source })) !== false,
    address: (url) => pass(ask({ op: "address", url })) !== false,
    message(message, settle) {
      const given = (ask({ op: "message", message: bare(message) }) as SocketPass | undefined) ?? UNREAD;
      if (given.later !== undefined) speaking.set(given.later, settle);
      return given;
    },
    shader(text, then) {
      if (!attended) return then("forget");
      // A scene makes many at once: they are handed over together, when it has made them.
      if (texts.length === 0) own.setTimeout(handOver, 0);
      shaders.set(first + texts.length, then);
      put(texts, texts.length, text);
      if (texts.length >= MOST_TOGETHER) handOver();
    },
    whenHalted: (halt) => listen(node, HALT, halt),
    whenHeld: (hold) => listen(node, HOLD, (event) => hold(detailOf(event) === true)),
    whenEnded: (end) => listen(node, END, (event) => end(detailOf(event) as number)),
    closed(socket) {
      ask({ op: "closed", socket });
    },
    secure() {
      ask({ op: "secure" });
    },
    script: (url, bytes, then) => askScript(url, bytes, false, then),
    imported: (url, bytes, then) => askScript(url, bytes, true, ({ pass }) => then(pass)),
    // An event carries nothing as null.
    kit: (of) => (ask({ op: "kit", of }) as Kit | null | undefined) ?? undefined,
    tell(message) {
      ask({ op: "tell", message });
    },
    unwatched(reason, detail) {
      ask({ op: "tell", message: { kind: "unwatched", reason, detail } });
    },
  };
}

/** The same without a prototype: browsers read options through the whole chain, where the page may have put a getter. */
function bare<Options extends object>(options: Options): Options {
  return { __proto__: null, ...options } as Options;
}
