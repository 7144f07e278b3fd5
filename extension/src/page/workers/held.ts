// Messages to a worker that is not known to run yet. They are kept as the snapshot that the page posted, so that they can
// go to this worker or, where the page's policy forbids ours, to the one in its place.
import { put } from "../arguments";
import { own, sequenceOf } from "../own";

interface Message {
  readonly data: unknown;
  readonly list: unknown[];
}

export class Held {
  readonly #messages: Message[] = [];

  /** Takes the arguments of `postMessage`; throws what that would throw. */
  keep(args: unknown[]): void {
    const list = transferOf(args[1]);
    const message = { __proto__: null, data: args[0], list };
    const options = { __proto__: null, transfer: sequenceOf(list) } as StructuredSerializeOptions;
    // Data and list together: what is transferred stands in both, as the new object.
    put(this.#messages, this.#messages.length, own.structuredClone(message, options));
  }

  /** Posts everything, in order. */
  release(post: (args: unknown[]) => unknown): void {
    for (let i = 0; i < this.#messages.length; i += 1) {
      const { data, list } = this.#messages[i] as Message;
      post([data, sequenceOf(list)]);
    }
    this.#messages.length = 0;
  }
}

/** The transfer list of `postMessage(data, list)` or `postMessage(data, { transfer: list })`. */
function transferOf(given: unknown): unknown[] {
  if (given === undefined || given === null) return [];
  const options = given as { [Symbol.iterator]?: unknown; transfer?: Iterable<unknown> };
  const list = typeof options[Symbol.iterator] === "function" ? (given as Iterable<unknown>) : options.transfer;
  return list === undefined ? [] : own.ArrayFrom(list);
}
