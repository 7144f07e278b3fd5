// Listens to one socket from its opening: every message is judged as it is handed over, the first ones all, later a few.
import { privateCopy } from "./bytes";
import type { Judge, SocketPass } from "./judge";
import { apply, blobBytes, blobStart, isBlob, listen, messageData, own, sliceOf, stopEvent } from "./own";
import type { Native } from "./wrap";

let sockets = 0;

/** A number for a socket of this realm, or of a worker that has to ask here. */
export function newSocket(): number {
  sockets += 1;
  return sockets;
}

/** A socket whose messages are judged. */
export class Tap {
  readonly #judge: Judge;
  readonly #url: string;
  readonly #close: () => void;
  readonly #beside: boolean;
  readonly #socket: number;
  /** Messages that need not be judged yet: received, sent. */
  readonly #skip: [number, number] = [0, 0];
  #most = START_BYTES;
  #open = true;

  /** `close` ends the socket; it is called once. `beside`: no message waits for its verdict. */
  constructor(judge: Judge, url: string, close: () => void, beside = false) {
    this.#judge = judge;
    this.#url = url;
    this.#close = close;
    this.#beside = beside;
    this.#socket = newSocket();
  }

  /** Whether a message may go on its way. A Blob always may: what is in it is known a moment later. */
  passes(sent: boolean, data: unknown): boolean {
    if (!this.#open) return false;
    const way = sent ? 1 : 0;
    const left = this.#skip[way];
    if (left > 0) {
      this.#skip[way] = left - 1;
      return true;
    }
    if (typeof data === "string") return this.#ask(sent, sliceOf(data, 0, this.#most));
    if (isBlob(data)) {
      const start = blobBytes(blobStart(data, 0, this.#most));
      own.whenDone(
        start,
        (buffer) => this.#ask(sent, new own.Uint8Array(buffer as ArrayBuffer)),
        () => undefined,
      );
      return true;
    }
    const copy = privateCopy(data, this.#most);
    return copy === undefined || this.#ask(sent, copy.bytes);
  }

  /** The socket is closed, whoever did it. */
  end(): void {
    if (this.#open) this.#judge.closed(this.#socket);
    this.#open = false;
  }

  #ask(sent: boolean, data: string | Uint8Array<ArrayBuffer>): boolean {
    if (!this.#open) return false;
    const message = { socket: this.#socket, url: this.#url, sent, beside: this.#beside, data };
    return this.#settle(
      sent,
      this.#judge.message(message, (pass) => this.#settle(sent, pass)),
    );
  }

  #settle(sent: boolean, { pass, skip, most }: SocketPass): boolean {
    this.#skip[sent ? 1 : 0] = skip;
    if (most !== undefined) this.#most = most;
    if (!pass && this.#open) {
      this.end();
      this.#close();
    }
    return pass;
  }
}

/** Bytes of the first message; its answer says how many are read. */
const START_BYTES = 1024 * 1024;

/** Listens before anybody else can; a message that shows a pool never reaches the page. */
export function tapped(socket: WebSocket, url: string, judge: Judge, close: Native): Tap {
  const tap = new Tap(judge, url, () => {
    apply(close, socket, []);
  });
  listen(socket, "message", (event) => {
    // The page may dispatch what it likes to itself.
    if (event.isTrusted && !tap.passes(false, messageData(event as MessageEvent))) stopEvent(event);
  });
  listen(socket, "close", (event) => {
    if (event.isTrusted) tap.end();
  });
  return tap;
}
