// What the hooks of `Worker` need from where they stand: in a page it watches, in a worker it hands on.
import type { Kit } from "../question";
import type { Go, Waiting } from "./words";

export interface Yard {
  /** What a worker has to carry; undefined when nobody can tell. */
  kit(): Kit | undefined;
  /**
   * Takes over the private port of a worker whose prelude runs, and tells it when its script may run. `end` ends it;
   * `quiet`: it is not heard of unless it calls watched code.
   * Returns what to do when the worker is terminated.
   */
  adopt(port: MessagePort, name: string, script: Waiting | undefined, end: () => void, quiet?: boolean): () => void;
  /** Has a script judged that waits for it. */
  admit(script: Waiting, then: (go: Go) => void): void;
  /** A worker is about to start with the script at this address, which does not wait; `apart`: it carries no hooks. */
  starts(url: string, apart: boolean): void;
  /** A worker runs that carries no hooks. */
  unwatched(detail: string): void;
}
