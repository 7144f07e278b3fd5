// What a page's scripts say to one origin by requests and what they hear: long polls and event streams together are a
// channel like a socket's. Nothing of it waits for a verdict; an origin that turns out to be a pool's is asked no more.
import { put } from "./arguments";
import type { Judge } from "./judge";
import {
  formText,
  getter,
  isBlob,
  OwnMap,
  own,
  sliceOf,
  typedLength,
  typedName,
  urlHref,
  urlOrigin,
  urlSearch,
} from "./own";
import { SHORTEST, Tap } from "./tap";

/** Longest body that is read: a message of a pool has a few hundred characters, what is longer holds something else. */
const LONGEST_BODY = 16 * 1024;
/** Origins of one realm that are listened to; paths and open streams of each that are remembered. */
const MOST_ORIGINS = 64;
const MOST_PATHS = 64;
const MOST_STREAMS = 64;

/** An address that browsers refuse without asking anybody (the Fetch standard's list of bad ports). */
export const NOWHERE = "http://127.0.0.1:1/";

const ORIGIN = globalThis.origin;
const pathOf = getter(URL.prototype, "pathname");

const exchanges = new OwnMap<string, Exchange>();

export class Exchange {
  readonly #tap: Tap;
  /** A page's own server serves the page too: only what was part of the channel ends. */
  readonly #paths: OwnMap<string, true> | undefined;
  readonly #streams: (() => void)[] = [];
  #open = true;

  constructor(judge: Judge, origin: string) {
    this.#paths = origin === ORIGIN ? new OwnMap() : undefined;
    this.#tap = new Tap(judge, `${origin}/`, () => this.#end(), true);
  }

  /** Takes in what was said or heard. False when the channel has ended: it must not reach anybody then. */
  passes(url: URL, sent: boolean, body: unknown): boolean {
    if (!this.#open) return !this.isRefused(url);
    const query = sent ? urlSearch(url) : "";
    if (query.length >= SHORTEST && !this.#says(url, true, sliceOf(query, 1))) return false;
    return this.#says(url, sent, sent ? (formText(body) ?? body) : body);
  }

  #says(url: URL, sent: boolean, body: unknown): boolean {
    if (!isReadable(body)) return true;
    if (this.#paths !== undefined && this.#paths.size < MOST_PATHS) this.#paths.set(pathOf(url), true);
    return this.#tap.passes(sent, body);
  }

  isRefused(url: URL): boolean {
    if (this.#open) return false;
    return this.#paths === undefined || this.#paths.get(pathOf(url)) === true;
  }

  /** What ends a stream that stays open. */
  keeps(end: () => void): void {
    if (this.#streams.length < MOST_STREAMS) put(this.#streams, this.#streams.length, end);
  }

  #end(): void {
    this.#open = false;
    for (let i = 0; i < this.#streams.length; i += 1) (this.#streams[i] as () => void)();
    this.#streams.length = 0;
  }
}

/** The channel to the origin of an address; undefined where there is none, or where too many are open. */
export function exchangeWith(url: URL, judge: Judge): Exchange | undefined {
  const origin = urlOrigin(url);
  const known = exchanges.get(origin);
  if (known !== undefined || origin === "null" || exchanges.size >= MOST_ORIGINS) return known;
  const made = new Exchange(judge, origin);
  exchanges.set(origin, made);
  return made;
}

/** The address that a request goes to; undefined for what is none. */
export function addressOf(given: unknown, base: string): URL | undefined {
  try {
    const text = given instanceof own.URL ? urlHref(given) : given;
    if (typeof text !== "string") return undefined;
    const url = base === "" ? new own.URL(text) : new own.URL(text, base);
    return sliceOf(urlHref(url), 0, 4) === "http" ? url : undefined;
  } catch {
    return undefined;
  }
}

/** A text or bytes, short enough to be a message. */
function isReadable(body: unknown): boolean {
  if (typeof body === "string") return body.length > 0 && body.length <= LONGEST_BODY;
  if (typeof body !== "object" || body === null) return false;
  if (isBlob(body)) return body.size <= LONGEST_BODY;
  if (typedName(body) !== undefined) return typedLength(body as Uint8Array) <= LONGEST_BODY;
  try {
    return new own.DataView(body as ArrayBuffer).byteLength <= LONGEST_BODY;
  } catch {
    return false;
  }
}
