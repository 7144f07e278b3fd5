// What the page's hooks ask the isolated world, and what comes back. Nobody else holds the node that carries it.
import type { FrameMessage } from "../shared/messages";
import type { Fate, Pass, SocketMessage, SocketPass } from "./judge";
import type { Go } from "./workers/words";

/** Type of the window event by which the page's world hands its node over, once, before any script of the page. */
export const HELLO = "davy-hello";
/** The mark of a realm that has been hooked, on its `location`, whoever did it: a function that is to be called when the realm
 * gets another document, and tells whether its hooks are those of a document around it. It stands where only our scripts came
 * first, on what a page can put nothing else in the place of. */
export const MARK = Symbol.for("davy");
/** Types of the events on the node. */
export const ASK = "ask";
export const ANSWER = "answer";
export const SETTLED = "settled";
export const SPOKEN = "spoken";
export const SHADED = "shaded";
export const SCRIPTED = "scripted";
export const HALT = "halt";
export const HOLD = "hold";
export const END = "end";

export type Question =
  /** Answer: whether the module may be compiled; or, when `wait` is set, the number under which that is told later. */
  | { readonly op: "module"; readonly bytes: Uint8Array<ArrayBuffer>; readonly source: string; readonly wait: boolean }
  /** Answer: whether a module that has started may go on. */
  | {
      readonly op: "started";
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly memory: Uint8Array<ArrayBuffer>;
      readonly source: string;
    }
  /** Answer: whether the socket may be opened. */
  | { readonly op: "address"; readonly url: string }
  /** Answer: `SocketPass`. */
  | { readonly op: "message"; readonly message: SocketMessage }
  /** No answer; `Shaded` follows. Numbers count up from `first`. */
  | { readonly op: "shaders"; readonly first: number; readonly texts: readonly string[] }
  /** No answer; `Scripted` follows. */
  | {
      readonly op: "script";
      readonly id: number;
      readonly url: string;
      readonly bytes: Uint8Array<ArrayBuffer> | undefined;
      /** It does not wait: what the browser has kept of it is what runs. */
      readonly runs: boolean;
    }
  /** No answer. */
  | { readonly op: "closed"; readonly socket: number }
  /** No answer. */
  | { readonly op: "secure" }
  /** Answer: `Kit`. */
  | { readonly op: "kit"; readonly of: "worker" | "worklet" }
  /** For the background. No answer. */
  | { readonly op: "tell"; readonly message: FrameMessage };

/** What a worker or a worklet needs. */
export interface Kit {
  /** Text of an expression: the prelude with its analyser, a function of `WorkerConfig` or `WorkletConfig`. */
  readonly prelude: string;
  /** Address of the prelude as a file that pages can load whatever their policy; its configuration follows a `#`. */
  readonly file: string | undefined;
  /** JSON of the document's `Setting`. */
  readonly setting: string;
  /** Whether the document's policy lets WebAssembly compile at all. */
  readonly compiles: boolean;
}

export type Answer = Pass | number | Kit | SocketPass | undefined;

/** What follows from a message of a socket that was waited for. */
export interface Spoken {
  readonly id: number;
  readonly pass: SocketPass;
}

/** Verdict on a script that waits. */
export interface Scripted {
  readonly id: number;
  readonly go: Go;
}

/** Verdicts on shaders. */
export interface Shaded {
  readonly first: number;
  readonly fates: readonly Fate[];
}

/** Verdict on a module that was waited for. */
export interface Settled {
  readonly id: number;
  readonly pass: Pass;
}
