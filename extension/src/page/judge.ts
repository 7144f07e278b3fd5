// What the hooks ask, whoever answers: in a page the isolated world, in a worker the analyser beside them.
import type { UnwatchedReason } from "../shared/messages";

/** Whether a module may be compiled; `look`: it may, and is to be looked at once more when it has started. */
export type Pass = boolean | "look";

export interface Judge {
  /** Whether these bytes may be compiled, known at once. `source`: where they came from, empty for the document. */
  now(bytes: Uint8Array<ArrayBuffer>, source: string): Pass;
  /** The same for a caller that can wait; `then` is called once, perhaps before this returns. */
  later(bytes: Uint8Array<ArrayBuffer>, source: string, then: (pass: Pass) => void): void;
  /** Whether a module that has started may go on, by what its memory holds from address 0. */
  started(bytes: Uint8Array<ArrayBuffer>, memory: Uint8Array<ArrayBuffer>, source: string): boolean;
  /** Whether a WebSocket to this absolute address may be opened. */
  address(url: string): boolean;
  /** Makes sure that the analyser has its memory before the page takes one more. */
  secure(): void;
  /** Tells that something goes unwatched. */
  unwatched(reason: UnwatchedReason, detail: string): void;
}
