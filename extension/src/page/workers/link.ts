// One worker that was started with the prelude, from its start until the page's script has it to itself.
import { apply, dispatch, listen, messageData, messagePorts, own, preventEvent, stopEvent } from "../own";
import type { Native } from "../wrap";
import { relay } from "./facade";
import { Held } from "./held";
import type { Word } from "./words";

/** What a link needs from the hooks. */
export interface Ties {
  readonly secret: string;
  /** Stands in a word that the page's script may hear: it is believed that its module has run, and nothing else. */
  readonly mark: string;
  /** The native methods. */
  readonly post: Native;
  readonly end: Native;
  /** What takes the worker's place when the page's policy keeps the prelude (`start`) or what it loads from running. */
  readonly instead: (refused: "start" | "load") => Instead | undefined;
  /** The prelude runs; this is its private port. Returns what to do when the worker is terminated. */
  readonly runs: (port: MessagePort) => () => void;
  /** Nothing of this worker is needed any more to start it. */
  readonly started: () => void;
}

/** Another worker: one that was told of, or a link of its own. */
export type Instead = { readonly worker: EventTarget; readonly link: Link | undefined };

export class Link {
  readonly worker: EventTarget;
  readonly #ties: Ties;
  readonly #held = new Held();
  #starting = true;
  #instead: Instead | undefined;
  #gone: (() => void) | undefined;

  constructor(worker: object, ties: Ties) {
    this.worker = worker as EventTarget;
    this.#ties = ties;
    // First of all listeners: the page has not seen the worker yet.
    listen(this.worker, "message", (event) => this.#hear(event as MessageEvent));
    listen(this.worker, "error", (event) => this.#fail(event));
  }

  post(args: unknown[]): unknown {
    if (this.#starting) return this.#held.keep(args);
    const { link, worker } = this.#instead ?? { link: undefined, worker: this.worker };
    return link === undefined ? apply(this.#ties.post, worker, args) : link.post(args);
  }

  end(): void {
    this.#starting = false;
    this.#gone?.();
    this.#instead?.link?.end();
    if (this.#instead !== undefined) apply(this.#ties.end, this.#instead.worker, []);
  }

  /** The prelude's own words come first and hold the secret; everything after them is the page's. */
  #hear(event: MessageEvent): void {
    if (!this.#starting || !event.isTrusted) return;
    const word = messageData(event) as Word | undefined;
    const isMark = word?.secret === this.#ties.mark;
    if (word === undefined || (!isMark && word?.secret !== this.#ties.secret)) return;
    stopEvent(event);
    if (isMark) this.#start();
    else if (word.state === "runs") this.#gone = this.#ties.runs(messagePorts(event)[0] as MessagePort);
    else if (word.state === "loaded") this.#start();
    else if (word.state === "refused") this.#refuse();
    else this.#replace("load");
  }

  /** An error before the first word: the page's policy did not let the prelude start. */
  #fail(event: Event): void {
    if (!this.#starting || this.#gone !== undefined || !event.isTrusted) return;
    if (!this.#replace("start")) return;
    stopEvent(event);
    preventEvent(event);
  }

  #replace(refused: "start" | "load"): boolean {
    this.#gone?.();
    this.#instead = this.#ties.instead(refused);
    if (this.#instead !== undefined) relay(this.#instead.worker, this.worker);
    this.#start();
    return this.#instead !== undefined;
  }

  /** To the page, a script that could not be had. */
  #refuse(): void {
    this.end();
    this.#ties.started();
    apply(this.#ties.end, this.worker, []);
    dispatch(this.worker, new own.Event("error"));
  }

  #start(): void {
    this.#starting = false;
    this.#ties.started();
    this.#held.release((args) => this.post(args));
  }
}

/** A word that no page can guess. */
export const newSecret = (): string => `${own.random()}${own.random()}`;
