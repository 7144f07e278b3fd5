// What is known of the sockets of one realm: kept between two messages, never understood here.
import { put } from "../page/arguments";
import type { SocketMessage, SocketPass } from "../page/judge";
import { encode, OwnMap, own } from "../page/language";
import type { Found, Setting, SocketAnswer } from "../shared/messages";
import type { Analyser } from "./analyser";
import { foundOf, isStopped } from "./hold";

/** What judges where the analyser beside the page cannot: it is forbidden here, or the page has taken its memory. */
export type Elsewhere = (message: SocketMessage, state: string, then: (answer: Told | undefined) => void) => void;

/** An answer from elsewhere; whoever gave it has told what was found. */
export interface Told extends SocketPass {
  readonly state: string;
  readonly works: string;
  readonly found: Found | undefined;
}

type Settle = (pass: SocketPass) => void;

/** A socket whose messages are judged elsewhere, one after the other. */
interface Line {
  readonly waiting: { readonly message: SocketMessage; readonly settle: Settle }[];
  isAsking: boolean;
}

/** Messages of one socket that may wait for an answer; more are not read. */
const WAITING = 64;
/** Addresses of closed sockets that are remembered; a page with more has each socket read anew. */
const CLOSED = 64;

export class Sockets {
  readonly #analyser: Analyser;
  readonly #tell: (found: Found) => void;
  readonly #elsewhere: Elsewhere;
  readonly #states = new OwnMap<number, string>();
  readonly #lines = new OwnMap<number, Line>();
  /** The work that one of the sockets was handed last: its share may go by another. */
  #works = "";
  /** What was told when a socket to an address was closed. */
  readonly #closed = new OwnMap<string, Found>();

  constructor(analyser: Analyser, tell: (found: Found) => void, elsewhere: Elsewhere) {
    this.#analyser = analyser;
    this.#tell = tell;
    this.#elsewhere = elsewhere;
  }

  /** Judges one message. Where that takes time it passes, and `settle` is called when more is known. */
  message(message: SocketMessage, setting: Setting, settle: Settle): SocketPass {
    const { socket, url, sent, data } = message;
    const bytes = typeof data === "string" ? encode(data) : data;
    const isElsewhere = message.beside || this.#lines.get(socket) !== undefined;
    const answer = isElsewhere || this.#analyser.message(url, sent, this.#state(socket), bytes, setting);
    if (answer === true || typeof answer === "string") return this.#wait(message, settle);
    this.#keep(socket, answer);
    const { judgement, skip, most } = answer;
    const pass = !judgement || !isStopped(judgement);
    if (judgement) {
      const found = foundOf("websocket", url, url.length, judgement, pass);
      if (!pass) this.#close(url, found);
      this.#tell(found);
    }
    return { pass, skip, most, later: undefined };
  }

  /** Whether a socket to this address was closed before; it is told once more then. */
  wasClosed(url: string): boolean {
    const found = this.#closed.get(url);
    if (found !== undefined) this.#tell(found);
    return found !== undefined;
  }

  forget(socket: number): void {
    this.#states.delete(socket);
    this.#lines.delete(socket);
  }

  #state(socket: number): string {
    return `${this.#states.get(socket) ?? `${(own.random() * 0xffff_ffff) >>> 0}`} ${this.#works}`;
  }

  #keep(socket: number, { state, works }: Pick<SocketAnswer, "state" | "works">): void {
    this.#states.set(socket, state);
    if (works !== "") this.#works = works;
  }

  #close(url: string, found: Found): void {
    if (this.#closed.size < CLOSED) this.#closed.set(url, found);
  }

  #wait(message: SocketMessage, settle: Settle): SocketPass {
    const line = this.#lines.get(message.socket) ?? { waiting: [], isAsking: false };
    this.#lines.set(message.socket, line);
    if (line.waiting.length < WAITING) put(line.waiting, line.waiting.length, { message, settle });
    this.#next(line);
    return { pass: true, skip: 0, most: undefined, later: 0 };
  }

  #next(line: Line): void {
    const first = line.waiting[0];
    if (line.isAsking || first === undefined) return;
    line.isAsking = true;
    for (let i = 1; i < line.waiting.length; i += 1) put(line.waiting, i - 1, line.waiting[i]);
    line.waiting.length -= 1;
    const { message, settle } = first;
    const { socket, url } = message;
    this.#elsewhere(message, this.#state(socket), (answer) => {
      line.isAsking = false;
      if (answer !== undefined) {
        const { found } = answer;
        if (this.#lines.get(socket) === line) this.#keep(socket, answer);
        if (found !== undefined && !answer.pass) this.#close(url, found);
        settle({ pass: answer.pass, skip: answer.skip, most: answer.most, later: undefined });
      }
      this.#next(line);
    });
  }
}
