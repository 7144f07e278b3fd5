// Streams that a page reads or writes piece by piece: each piece is looked at as it is handed over.
import {
  apply,
  enqueue,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  getter,
  OwnWeakMap,
  own,
  pipeThrough,
  streamLocked,
  tells,
} from "./own";
import { create, replace, replaceAccessor, type Traps } from "./wrap";

/** Looks at one piece. False when it must not go on. */
export type Look = (piece: unknown) => boolean;

const streams = new OwnWeakMap<object, Look>();
const readers = new OwnWeakMap<object, Look>();
const writers = new OwnWeakMap<object, Look>();

/** Has the pieces of a stream looked at, whichever way they go. */
export const watchStream = (stream: object, look: Look): void => streams.set(stream, look);

/** What looks at the pieces of a stream; undefined for everything else. */
export const watching = (stream: unknown): Look | undefined =>
  typeof stream === "object" && stream !== null ? streams.get(stream) : undefined;

/** What gives the next piece of what is read. */
const pieces: Traps = {
  call: (native, self, args) => {
    const look = readers.get(self as object);
    const piece = apply(native, self, args) as Promise<unknown>;
    return look === undefined ? piece : looked((result) => look(valueIn(result)), piece);
  },
};

/** Hooks a realm's readers and writers. `lookOf` tells who looks at the body of a response. */
export function hookReaders(realm: typeof globalThis, lookOf: (response: unknown) => Look | undefined): void {
  replaceAccessor(realm.Response?.prototype, "body", "get", {
    call: (native, self, args) => {
      const stream = apply(native, self, args) as object | null;
      const look = stream === null ? undefined : lookOf(self);
      if (stream !== null && look !== undefined) watchStream(stream, look);
      return stream;
    },
  });
  handsOn(realm.ReadableStream?.prototype, "getReader", readers);
  // What a body is decoded by hands on what stands in it.
  handsOn(realm.ReadableStream?.prototype, "pipeThrough", streams);
  replace(realm.ReadableStream?.prototype, "tee", {
    call: (native, self, args) => {
      const both = apply(native, self, args) as object[];
      const look = streams.get(self as object);
      for (let i = 0; look !== undefined && i < both.length; i += 1) watchStream(both[i] as object, look);
      return both;
    },
  });
  replace(realm.ReadableStream?.prototype, "pipeTo", {
    call: (native, self, args) => {
      const look = streams.get(self as object);
      // What cannot be written to, or is read already, is refused in the words of this method.
      if (look === undefined || streamLocked(self as ReadableStream) || !isFree(args[0]))
        return apply(native, self, args);
      return apply(native, pipeThrough(self as ReadableStream, stage(look)), args);
    },
  });
  handsOn(realm.WritableStream?.prototype, "getWriter", writers);
  handsOn(realm.ReadableStream?.prototype, "values", readers, hookIterator);
  handsOn(realm.ReadableStream?.prototype, Symbol.asyncIterator, readers, hookIterator);
  for (let i = 0; i < READERS.length; i += 1) {
    const name = READERS[i] as (typeof READERS)[number];
    replace(realm[name]?.prototype, "read", pieces);
    isOf(realm, name, readers);
  }
  isOf(realm, "WritableStreamDefaultWriter", writers);
  replace(realm.WritableStreamDefaultWriter?.prototype, "write", {
    call: (native, self, args) => {
      const look = writers.get(self as object);
      if (look === undefined || look(args[0])) return apply(native, self, args);
      return new own.Promise((_done, failed) => failed(broken()));
    },
  });
}

const writableLocked = getter(WritableStream.prototype, "locked");
const isFree = (stream: unknown): boolean => tells(writableLocked, stream) === false;

const READERS = ["ReadableStreamDefaultReader", "ReadableStreamBYOBReader"] as const;

/** What a page makes of a watched stream by a constructor is watched as well. */
function isOf(realm: typeof globalThis, name: string, watched: OwnWeakMap<object, Look>): void {
  replace(realm, name, {
    create: (native, args, target) => {
      const made = create(native, args, target);
      const look = watching(args[0]);
      if (look !== undefined) watched.set(made, look);
      return made;
    },
  });
}

/** A stage that looks at what passes. */
function stage(look: Look): TransformStream {
  const transformer = {
    __proto__: null,
    transform(piece: unknown, controller: TransformStreamDefaultController) {
      if (!look(piece)) throw broken();
      enqueue(controller, piece);
    },
  };
  return new own.TransformStream(transformer as Transformer);
}

const iterators = new OwnWeakMap<object, true>();

/** `for await` over a body: its iterators have a prototype that only they lead to. It is hooked when there is the first. */
function hookIterator(iterator: object): void {
  const prototype = getPrototypeOf(iterator);
  if (prototype === null || iterators.get(prototype)) return;
  iterators.set(prototype, true);
  replace(prototype, "next", pieces);
}

/** What a watched stream gives by this method is watched as well. `seen` sees everything that it gives. */
function handsOn(
  prototype: object | undefined,
  method: PropertyKey,
  watched: OwnWeakMap<object, Look>,
  seen?: (made: object) => void,
): void {
  replace(prototype, method, {
    call: (native, self, args) => {
      const made = apply(native, self, args) as object;
      seen?.(made);
      const look = streams.get(self as object);
      if (look !== undefined) watched.set(made, look);
      return made;
    },
  });
}

const valueIn = (result: unknown): unknown => getOwnPropertyDescriptor(result as object, "value")?.value;

const same = (value: unknown): unknown => value;

/** What the page gets of what is promised: what `make` makes of it, or the error of a connection that broke. */
export function looked(
  look: Look,
  promised: Promise<unknown>,
  make: (value: never) => unknown = same,
): Promise<unknown> {
  return new own.Promise((done, failed) => {
    own.whenDone(
      promised,
      (value) => {
        if (!look(value)) return failed(broken());
        try {
          done(make(value as never));
        } catch (error) {
          failed(error);
        }
      },
      failed,
    );
  });
}

const broken = (): TypeError => new own.TypeError("network error");
