// What a worker's prelude and the hooks of whoever started it say to each other.
import type { Found, UnwatchedReason } from "../../shared/messages";
import type { Moments } from "../../shared/sampler";
import type { Fate, Pass, SocketMessage, SocketPass } from "../judge";

/** What the prelude is called with; JSON, flat. */
export interface WorkerConfig {
  /** Stands in the prelude's first message; the frame made it up. Empty in a shared worker, which has a port of its own for that. */
  readonly secret: string;
  /** The address that the page asked for: what `location` has to say. */
  readonly address: string;
  /** How the page's script follows the prelude: when it may run, or as the rest of the same text. */
  readonly follows: "by-load" | "as-import" | "in-text";
  /** Address of the page's script; empty when it stands in the same text. */
  readonly load: string;
  /** Whether addresses may have to be trusted here. */
  readonly trusts: boolean;
  /** JSON of the document's `Setting`. */
  readonly setting: string;
  /** Address that nobody needs once `load` runs; may be empty. */
  readonly trash: string;
  /** Set by the prelude of a module: settled when the page's module has run or failed. */
  ready?: Promise<unknown>;
}

/** What a prelude says through the worker's own `postMessage`, before the page's script can. */
export type Word =
  /** The first word, with the private port beside it. */
  | { readonly secret: string; readonly state: "runs"; readonly port: MessagePort }
  /** The page's script has run; a message finds its listeners. */
  | { readonly secret: string; readonly state: "loaded" }
  /** The page's policy forbids to load the script from here; nothing of it has run. */
  | { readonly secret: string; readonly state: "blocked" }
  /** The page's script mines, and has not run. */
  | { readonly secret: string; readonly state: "refused" };

/** A script that waits for a verdict. */
export interface Waiting {
  readonly url: string;
  /** What stands behind the address, where that is a Blob's. */
  readonly blob: Blob | undefined;
}

/** What becomes of it. */
export interface Go {
  readonly pass: boolean;
  /** The bytes that were judged, where a server gave them: it may give others the next time. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  /** It goes unread, and another one of these follows with what is known later. */
  readonly unread?: boolean;
}

/** What a worker knows of its own load since it said so last. */
export interface Load extends Moments {
  /** Milliseconds in calls of watched modules. */
  readonly called: number;
}

/** From a worker, through its private port. */
export type FromWorker =
  | { readonly say: "load"; readonly load: Load }
  /** It waits in a call until it may go on, or does so no more. */
  | { readonly say: "held"; readonly held: boolean }
  /** It is about to start a watched module of this shape. */
  | { readonly say: "watched"; readonly shape: string }
  | { readonly say: "judged"; readonly found: Found }
  | { readonly say: "unwatched"; readonly reason: UnwatchedReason; readonly detail: string }
  /** Answered by `verdict`. */
  | { readonly say: "ask"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer>; readonly source: string }
  /** Answered by `spoken`, perhaps twice. */
  | { readonly say: "message"; readonly id: number; readonly message: SocketMessage }
  | { readonly say: "closed"; readonly socket: number }
  /** Answered by `shaded`. */
  | { readonly say: "shader"; readonly id: number; readonly text: string }
  /** The port of a worker that this one has started. */
  | {
      readonly say: "nested";
      readonly key: number;
      readonly name: string;
      readonly port: MessagePort;
      readonly script: Waiting | undefined;
    }
  /** It has ended that worker. */
  | { readonly say: "ended"; readonly key: number }
  /** It loads another script. */
  | { readonly say: "imports"; readonly script: Waiting }
  | { readonly say: "bye" };

/** To a worker, through its private port. */
export type ToWorker =
  /** Watched code pauses while there is something at this address; empty: it goes on. */
  | { readonly say: "hold"; readonly lease: string }
  /** A module of this shape is watched. */
  | { readonly say: "watch"; readonly shape: string }
  /** The worker is to end one that it has started. */
  | { readonly say: "end"; readonly key: number }
  | { readonly say: "halt" }
  | ({ readonly say: "go" } & Go)
  | { readonly say: "shaded"; readonly id: number; readonly fate: Fate }
  | { readonly say: "verdict"; readonly id: number; readonly pass: Pass }
  | { readonly say: "spoken"; readonly id: number; readonly pass: SocketPass };
