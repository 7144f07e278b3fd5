// What is known of the sockets of one realm: kept between two messages, never understood here.
import type { SocketMessage, SocketPass } from "../page/judge";
import { UNREAD } from "../page/judge";
import { encode, OwnMap, own } from "../page/own";
import type { Found, Setting } from "../shared/messages";
import type { Analyser } from "./analyser";
import { foundOf, isStopped } from "./hold";

export class Sockets {
  readonly #analyser: Analyser;
  readonly #tell: (found: Found) => void;
  readonly #states = new OwnMap<number, string>();
  /** What was told when a socket to an address was closed. */
  readonly #closed = new OwnMap<string, Found>();

  constructor(analyser: Analyser, tell: (found: Found) => void) {
    this.#analyser = analyser;
    this.#tell = tell;
  }

  /** Judges one message. What the analyser cannot read passes: a call or a game must not end because memory is short. */
  message(message: SocketMessage, setting: Setting): SocketPass {
    const { socket, url, sent, data } = message;
    const state = this.#states.get(socket) ?? `${(own.random() * 0xffff_ffff) >>> 0}`;
    const bytes = typeof data === "string" ? encode(data) : data;
    const answer = this.#analyser.message(url, sent, state, bytes, setting);
    if (answer === "forbidden") return UNREAD;
    if (typeof answer === "string") return { pass: true, skip: 0, most: bytes.length };
    this.#states.set(socket, answer.state);
    const { judgement, skip, most } = answer;
    const pass = !judgement || !isStopped(judgement);
    if (judgement) this.#found(url, foundOf("websocket", url, url.length, judgement, pass), pass);
    return { pass, skip, most };
  }

  /** Whether a socket to this address was closed before; it is told once more then. */
  wasClosed(url: string): boolean {
    const found = this.#closed.get(url);
    if (found !== undefined) this.#tell(found);
    return found !== undefined;
  }

  forget(socket: number): void {
    this.#states.delete(socket);
  }

  #found(url: string, found: Found, passed: boolean): void {
    if (!passed && this.#closed.size < CLOSED) this.#closed.set(url, found);
    this.#tell(found);
  }
}

/** Addresses of closed sockets that are remembered; a page with more has each socket read anew. */
const CLOSED = 64;
