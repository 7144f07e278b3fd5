// The prelude's private port: a channel that the worker's script never sees. Its first message announces it.
import type { Fate, Pass, SocketMessage, SocketPass } from "../page/judge";
import {
  apply,
  listen,
  messageData,
  messagePorts,
  OwnMap,
  portSend,
  portStart,
  sequenceOf,
  stopEvent,
} from "../page/own";
import { learnShape } from "../page/watched";
import type { FromWorker, Go, ToWorker, Word } from "../page/workers/words";
import { replace } from "../page/wrap";

export interface Port {
  tell(message: FromWorker, transfer?: Transferable[]): void;
  /** Tells whoever started this worker what became of the page's script. */
  say(state: "loaded" | "blocked" | "refused"): void;
  /** Calls `go` when it is known whether the page's script may run. */
  whenJudged(go: (go: Go) => void): void;
  /** Has whoever started this worker judge a module; they are not short of memories in the same way. */
  ask(bytes: Uint8Array<ArrayBuffer>, source: string, then: (pass: Pass) => void): void;
  /** Has whoever started this worker judge a socket's message; `then` is called once, with what is settled. */
  askMessage(message: SocketMessage, then: (pass: SocketPass) => void): void;
  /** Has whoever started this worker have a shader judged. */
  askShader(text: string, then: (fate: Fate) => void): void;
  /** Calls `halt` when the page is halted on the graphics card. */
  whenHalted(halt: () => void): void;
  /** Calls `hold` with the address that is there as long as watched code is to pause; empty when it may go on. */
  whenHeld(hold: (lease: string) => void): void;
  /** Calls `end` with the key of a worker that this one is to end. */
  whenEnded(end: (key: number) => void): void;
  /** A worker that closes itself is not silent because it is busy. */
  sayGoodbye(realm: typeof globalThis): void;
}

export function openPort(secret: string): Port {
  const { port1, port2 } = new MessageChannel();
  const waiting = new OwnMap<number, (pass: Pass) => void>();
  const speaking = new OwnMap<number, (pass: SocketPass) => void>();
  const shading = new OwnMap<number, (fate: Fate) => void>();
  let halting: () => void = () => undefined;
  let holding: (lease: string) => void = () => undefined;
  let ending: (key: number) => void = () => undefined;
  let going: (go: Go) => void = () => undefined;
  let last = 0;
  const tell: Port["tell"] = (message, transfer) => portSend(port1, message, sequenceOf<unknown>(transfer ?? []));
  const order = (heard: Exclude<ToWorker, { readonly id: number }>) => {
    if (heard.say === "halt") halting();
    else if (heard.say === "hold") holding(heard.lease);
    else if (heard.say === "end") ending(heard.key);
    else if (heard.say === "watch") learnShape(heard.shape);
    else going(heard);
  };
  listen(port1, "message", (event) => {
    const heard = messageData(event as MessageEvent) as ToWorker;
    if (heard.say === "shaded") {
      const then = shading.get(heard.id);
      shading.delete(heard.id);
      return then?.(heard.fate);
    }
    if (heard.say === "spoken") {
      // More is told later.
      if (heard.pass.later !== undefined) return;
      const settle = speaking.get(heard.id);
      speaking.delete(heard.id);
      return settle?.(heard.pass);
    }
    if (heard.say !== "verdict") return order(heard);
    const then = waiting.get(heard.id);
    waiting.delete(heard.id);
    then?.(heard.pass);
  });
  portStart(port1);
  const { say, goodbye } = announce(secret, port2);
  return {
    tell,
    say: (state) => say({ secret, state }),
    ask(bytes, source, then) {
      last += 1;
      waiting.set(last, then);
      tell({ say: "ask", id: last, bytes, source });
    },
    askMessage(message, then) {
      last += 1;
      speaking.set(last, then);
      tell({ say: "message", id: last, message });
    },
    askShader(text, then) {
      last += 1;
      shading.set(last, then);
      tell({ say: "shader", id: last, text });
    },
    whenJudged(go) {
      going = go;
    },
    whenHalted(halt) {
      halting = halt;
    },
    whenHeld(hold) {
      holding = hold;
    },
    whenEnded(end) {
      ending = end;
    },
    sayGoodbye(realm) {
      replace(realm, "close", {
        call(native, self, args) {
          tell({ say: "bye" });
          goodbye();
          return apply(native, self, args);
        },
      });
    },
  };
}

interface Announced {
  readonly say: (word: Word) => void;
  readonly goodbye: () => void;
}

/** Hands the port to whoever started this worker. */
function announce(secret: string, port: MessagePort): Announced {
  const scope = globalThis as unknown as DedicatedWorkerGlobalScope & SharedWorkerGlobalScope;
  const { postMessage } = scope;
  if (postMessage === undefined) return connected(scope, port);
  const post = postMessage.bind(scope);
  const say = (word: Word, transfer: Transferable[] = []) => post(word, sequenceOf(transfer));
  say({ secret, state: "runs", port }, [port]);
  return { say, goodbye: () => undefined };
}

/** A shared worker is first connected with the hooks of whoever started it, and its script never hears of that. */
function connected(scope: SharedWorkerGlobalScope, port: MessagePort): Announced {
  const { close } = scope;
  let line: MessagePort | undefined;
  listen(scope, "connect", (event) => {
    if (line !== undefined) return;
    stopEvent(event);
    line = messagePorts(event as MessageEvent)[0] as MessagePort;
    listen(line, "message", () => apply(close, scope, []));
    portStart(line);
    portSend(line, "runs", sequenceOf<unknown>([port]));
  });
  return { say: () => undefined, goodbye: () => line && portSend(line, "ends") };
}

interface DedicatedWorkerGlobalScope {
  readonly postMessage?: (message: unknown, transfer: Transferable[]) => void;
}

interface SharedWorkerGlobalScope extends EventTarget {
  close(): void;
}
