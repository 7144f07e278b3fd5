// `WebSocketStream`: its two streams are led through stages of ours, in which every message is judged.
import type { Judge } from "./judge";
import {
  apply,
  enqueue,
  getOwnPropertyDescriptor,
  OwnWeakMap,
  own,
  pipeThrough,
  pipeTo,
  transformReadable,
  transformWritable,
} from "./own";
import { Tap } from "./tap";
import { type Native, replaceAccessor } from "./wrap";

/** What `opened` gives. */
interface Opened {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
  readonly extensions: string;
  readonly protocol: string;
}

const taps = new OwnWeakMap<object, Tap>();
/** What the page gets of each socket: always the same promise. */
const opened = new OwnWeakMap<object, Promise<unknown>>();

/** Hooks a realm's `opened`; returns what has to be called with each new socket. */
export function hookStreams(global: object, judge: Judge): (socket: object, url: string) => void {
  const Stream = getOwnPropertyDescriptor(global, "WebSocketStream")?.value as { prototype: object } | undefined;
  if (Stream === undefined) return () => undefined;
  const close = getOwnPropertyDescriptor(Stream.prototype, "close")?.value as Native;
  replaceAccessor(Stream.prototype, "opened", "get", {
    call: (native, self, args) => {
      const given = apply(native, self, args) as Promise<unknown>;
      const tap = taps.get(self as object);
      if (tap === undefined) return given;
      const known = opened.get(self as object) ?? led(given, tap);
      opened.set(self as object, known);
      return known;
    },
  });
  return (socket, url) => {
    taps.set(socket, new Tap(judge, url, () => apply(close, socket, [])));
  };
}

function led(given: Promise<unknown>, tap: Tap): Promise<unknown> {
  return new own.Promise((done, failed) => {
    own.whenDone(given, (connection) => done(throughStages(connection as Opened, tap)), failed);
  });
}

function throughStages(connection: Opened, tap: Tap): Opened {
  const { readable, writable, extensions, protocol } = connection;
  const outgoing = stage(tap, true);
  // What becomes of the end of the pipe, the page hears from its own end.
  own.whenDone(
    pipeTo(transformReadable(outgoing), writable),
    () => undefined,
    () => undefined,
  );
  return {
    readable: pipeThrough(readable, stage(tap, false)),
    writable: transformWritable(outgoing),
    extensions,
    protocol,
  };
}

/** A stage that a message passes when it may. What may not is dropped: the socket is closing. */
function stage(tap: Tap, sent: boolean): TransformStream {
  const transformer = {
    __proto__: null,
    transform(chunk: unknown, controller: TransformStreamDefaultController) {
      if (tap.passes(sent, chunk)) enqueue(controller, chunk);
    },
  };
  return new own.TransformStream(transformer as Transformer);
}
