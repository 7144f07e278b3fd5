// What the hooks ask, whoever answers: in a page the isolated world, in a worker the analyser beside them.
import type { UnwatchedReason } from "../shared/messages";

/** What is done about a module that may run. Nothing in it may be left out. */
export interface Care {
  /** It is looked at once more when it has started. */
  readonly look: boolean;
  /** Something was found of it: its calls are timed, and can be paused. */
  readonly watch: boolean;
}

/** Whether a module may be compiled, or that it may and has to be cared for. */
export type Pass = boolean | Care;

/** One message of a socket. */
export interface SocketMessage {
  /** Number of the socket in this realm. */
  readonly socket: number;
  readonly url: string;
  /** Whether the page sent it. */
  readonly sent: boolean;
  /** Whether it belongs to requests, and is judged beside the page: nothing waits for it. */
  readonly beside: boolean;
  /** A text, or bytes that nobody else changes. */
  readonly data: string | Uint8Array<ArrayBuffer>;
}

/** What follows from a message. Nothing in it may be left out: a page could supply it, on `Object.prototype`. */
export interface SocketPass {
  readonly pass: boolean;
  /** How many of the next messages in its direction need not be judged. */
  readonly skip: number;
  /** Bytes of a message that are read, where that is known. */
  readonly most: number | undefined;
  /** Number under which more is told later. */
  readonly later: number | undefined;
}

/** What follows where nobody can judge. */
export const UNREAD: SocketPass = { pass: true, skip: 0xffff_ffff, most: undefined, later: undefined };

/** What becomes of who was handed a shader: nothing; it ends when the page as a whole mines; it ends now. */
export type Fate = "forget" | "keep" | "stop";

export interface Judge {
  /** Whether these bytes may be compiled, known at once. `source`: where they came from, empty for the document. */
  now(bytes: Uint8Array<ArrayBuffer>, source: string): Pass;
  /** The same for a caller that can wait; `then` is called once, perhaps before this returns. */
  later(bytes: Uint8Array<ArrayBuffer>, source: string, then: (pass: Pass) => void): void;
  /** Whether a module that has started may go on, by what its memory holds from address 0. */
  started(bytes: Uint8Array<ArrayBuffer>, memory: Uint8Array<ArrayBuffer>, source: string): boolean;
  /** Whether a WebSocket to this absolute address may be opened. */
  address(url: string): boolean;
  /** Whether a socket may go on after a message. Where that is not known at once, `settle` is called when it is. */
  message(message: SocketMessage, settle: (pass: SocketPass) => void): SocketPass;
  /** A socket is closed. */
  closed(socket: number): void;
  /** Judges a shader; `then` is called once, later. */
  shader(text: string, then: (fate: Fate) => void): void;
  /** Calls `halt` whenever the page as a whole is found to mine on the graphics card. */
  whenHalted(halt: () => void): void;
  /** Makes sure that the analyser has its memory before the page takes one more. */
  secure(): void;
  /** Tells that something goes unwatched. */
  unwatched(reason: UnwatchedReason, detail: string): void;
}
