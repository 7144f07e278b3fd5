// What the hooks ask, whoever answers: in a page the isolated world, in a worker the analyser beside them.
import type { UnwatchedReason } from "../shared/messages";

export interface Judge {
  /** Whether these bytes may be compiled, known at once. `source`: where they came from, empty for the document. */
  now(bytes: Uint8Array<ArrayBuffer>, source: string): boolean;
  /** The same for a caller that can wait; `then` is called once, perhaps before this returns. */
  later(bytes: Uint8Array<ArrayBuffer>, source: string, then: (pass: boolean) => void): void;
  /** Whether a WebSocket to this absolute address may be opened. */
  address(url: string): boolean;
  /** Makes sure that the analyser has its memory before the page takes one more. */
  secure(): void;
  /** Tells that something goes unwatched. */
  unwatched(reason: UnwatchedReason, detail: string): void;
}
