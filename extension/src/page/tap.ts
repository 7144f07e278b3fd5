// Listens to one socket from its opening: every message is judged as it is handed over, the first ones all, later a few.
import { put } from "./arguments";
import { isBuffer, privateCopy } from "./bytes";
import type { Judge, SocketPass } from "./judge";
import { apply, blobBytes, blobStart, codeAt, isBlob, listen, messageData, own, sliceOf, stopEvent } from "./own";
import type { Native, Traps } from "./wrap";

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
  #stood = 0;
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
    if (left > 0 && !this.#stands(data)) {
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

  /** Whether a message is read although others like it are passed over: it may hold what is hashed, or its hash. */
  #stands(data: unknown): boolean {
    if (this.#stood >= MOST_STANDING || typeof data !== "string" || !hasRun(data)) return false;
    this.#stood += 1;
    return true;
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
/** Messages of a socket that stand out among those that are passed over; where so many do, they are the custom there. */
const MOST_STANDING = 1024;
/** Characters of a hash in hexadecimal. A share holds one, and what is hashed has more: what is shorter in any writing is neither. */
export const SHORTEST = 64;
/** Longer texts hold something else. */
const LONGEST_STANDING = 4096;
const [ZERO, NINE, A, Z, SMALL_A, SMALL_Z, PLUS, SLASH] = [48, 57, 65, 90, 97, 122, 43, 47] as const;

/** Whether a short text has a run of characters that hexadecimal and base64 are written with. */
function hasRun(text: string): boolean {
  if (text.length > LONGEST_STANDING) return false;
  // What breaks a run breaks all that go through it: most characters need no look.
  for (let end = SHORTEST - 1; end < text.length; ) {
    let at = end;
    while (at > end - SHORTEST && isDigit(codeAt(text, at))) at -= 1;
    if (at === end - SHORTEST) return true;
    end = at + SHORTEST;
  }
  return false;
}

const isDigit = (code: number): boolean =>
  (code >= SMALL_A && code <= SMALL_Z) ||
  (code >= ZERO && code <= NINE) ||
  (code >= A && code <= Z) ||
  code === PLUS ||
  code === SLASH;

/** Listens before anybody else can; a message that shows a pool never reaches the page. */
export function tapped(socket: WebSocket | RTCDataChannel, url: string, judge: Judge, close: Native): Tap {
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

/** A `send` whose messages are judged first; `tapOf` gives what listens, or throws the browser's own words. */
export const sending = (tapOf: (self: object) => Tap | undefined): Traps => ({
  call: (native, self, args) => {
    const tap = args.length === 0 ? undefined : tapOf(self as object);
    // A symbol is refused in the browser's own words.
    if (tap === undefined || typeof args[0] === "symbol") return apply(native, self, args);
    // Once, so that what is judged is what is sent.
    if (!isMessage(args[0])) put(args, 0, `${args[0]}`);
    return tap.passes(true, args[0]) ? apply(native, self, args) : undefined;
  },
});

/** Whether `send` takes it as it is; everything else becomes a text. */
const isMessage = (data: unknown): boolean => typeof data === "string" || isBlob(data) || isBuffer(data);
