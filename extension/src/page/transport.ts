// `WebTransport`: the address is judged before anything is sent, then datagrams and the pieces of streams, in both
// directions, as the messages of one socket.
import { put } from "./arguments";
import { addressOf } from "./exchange";
import type { Judge } from "./judge";
import { apply, getOwnPropertyDescriptor, OwnWeakMap, own, urlHref } from "./own";
import { watchStream } from "./readers";
import { Tap } from "./tap";
import { create, type Native, replace } from "./wrap";

/** An address that browsers refuse without asking anybody (the Fetch standard's list of bad ports). */
const NOWHERE = "https://127.0.0.1:1/";

const taps = new OwnWeakMap<object, Tap>();

/** Hooks a realm's `WebTransport`. */
export function hookTransport(realm: typeof globalThis, judge: Judge, base: () => string): void {
  const prototype = prototypeOf(realm, "WebTransport");
  if (prototype === undefined) return;
  const close = getOwnPropertyDescriptor(prototype, "close")?.value as Native;
  const watch = watcher(realm);
  const datagrams = member(prototype, "datagrams");
  const incoming = [
    member(prototype, "incomingBidirectionalStreams"),
    member(prototype, "incomingUnidirectionalStreams"),
  ];
  replace(realm, "WebTransport", {
    create: (native, args, target) => {
      if (args.length === 0) return create(native, args, target);
      // Once, so that what is judged is what is opened.
      const text = `${args[0]}`;
      put(args, 0, text);
      const url = addressOf(text, base());
      if (url !== undefined && !judge.address(urlHref(url))) put(args, 0, NOWHERE);
      const transport = create(native, args, target);
      const tap = new Tap(judge, url === undefined ? text : urlHref(url), () => void apply(close, transport, []));
      taps.set(transport, tap);
      watch(datagrams(transport), tap);
      for (let i = 0; i < incoming.length; i += 1) {
        const streams = incoming[i]?.(transport);
        if (streams !== undefined) watchStream(streams, (stream) => watch(stream, tap));
      }
      return transport;
    },
  });
  hookOutgoing(prototype, "createBidirectionalStream", watch);
  hookOutgoing(prototype, "createUnidirectionalStream", watch);
}

/** Has both ends of something looked at, or itself; always true. */
type Watch = (ends: unknown, tap: Tap) => boolean;

function hookOutgoing(prototype: object, method: string, watch: Watch): void {
  replace(prototype, method, {
    call: (native, self, args) => {
      const made = apply(native, self, args) as Promise<unknown>;
      const tap = taps.get(self as object);
      if (tap === undefined) return made;
      return new own.Promise((done, failed) => {
        const watched = (stream: unknown) => {
          watch(stream, tap);
          done(stream);
        };
        own.whenDone(made, watched, failed);
      });
    },
  });
}

function watcher(realm: object): Watch {
  const datagrams = prototypeOf(realm, "WebTransportDatagramDuplexStream");
  const stream = prototypeOf(realm, "WebTransportBidirectionalStream");
  const pairs = [
    { readable: member(datagrams, "readable"), writable: member(datagrams, "writable") },
    { readable: member(stream, "readable"), writable: member(stream, "writable") },
  ];
  return (ends, tap) => {
    if (typeof ends !== "object" || ends === null) return true;
    for (let i = 0; i < pairs.length; i += 1) {
      watchEnd(pairs[i]?.readable(ends), tap);
      watchEnd(pairs[i]?.writable(ends), tap);
    }
    watchEnd(ends, tap);
    return true;
  };
}

/** Has a stream looked at; everything else is left alone. */
function watchEnd(end: object | undefined, tap: Tap): void {
  if (end instanceof Readable) watchStream(end, (piece) => piece === undefined || tap.passes(false, piece));
  else if (end instanceof Writable) watchStream(end, (piece) => tap.passes(true, piece));
}

const Writable = WritableStream;
const Readable = ReadableStream;

const prototypeOf = (realm: object, name: string): object | undefined =>
  (getOwnPropertyDescriptor(realm, name)?.value as { prototype?: object } | undefined)?.prototype;

/** The getter of a member, as a function that gives undefined for every other receiver. */
function member(prototype: object | undefined, key: string): (self: object) => object | undefined {
  const get = prototype && getOwnPropertyDescriptor(prototype, key)?.get;
  return (self) => {
    if (get === undefined) return undefined;
    try {
      return apply(get, self, []) as object | undefined;
    } catch {
      return undefined;
    }
  };
}
