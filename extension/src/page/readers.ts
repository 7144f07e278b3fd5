// Bodies that a page reads piece by piece: each piece is looked at as it is handed over, the first ones all, later a few.

import { apply, getOwnPropertyDescriptor, OwnWeakMap, own } from "./own";
import type { Line } from "./requests";
import { replace, replaceAccessor } from "./wrap";

const streams = new OwnWeakMap<object, Line>();
const readers = new OwnWeakMap<object, Line>();

/** Hooks a realm's readers. `lineOf` gives the channel of a response. */
export function hookReaders(realm: typeof globalThis, lineOf: (response: unknown) => Line | undefined): void {
  replaceAccessor(realm.Response?.prototype, "body", "get", {
    call: (native, self, args) => {
      const stream = apply(native, self, args) as object | null;
      const line = stream === null ? undefined : lineOf(self);
      if (stream !== null && line !== undefined) streams.set(stream, line);
      return stream;
    },
  });
  const { prototype } = realm.ReadableStream;
  replace(prototype, "getReader", {
    call: (native, self, args) => {
      const reader = apply(native, self, args) as object;
      const line = streams.get(self as object);
      if (line !== undefined) readers.set(reader, line);
      return reader;
    },
  });
  // What a body is decoded by hands on what stands in it.
  replace(prototype, "pipeThrough", {
    call: (native, self, args) => {
      const decoded = apply(native, self, args) as object;
      const line = streams.get(self as object);
      if (line !== undefined) streams.set(decoded, line);
      return decoded;
    },
  });
  replace(realm.ReadableStreamDefaultReader?.prototype, "read", {
    call: (native, self, args) => {
      const line = readers.get(self as object);
      const piece = apply(native, self, args) as Promise<unknown>;
      return line === undefined ? piece : looked(line, piece);
    },
  });
}

function looked(line: Line, piece: Promise<unknown>): unknown {
  return new own.Promise((done, failed) => {
    own.whenDone(
      piece,
      (result) => {
        const value: unknown = getOwnPropertyDescriptor(result as object, "value")?.value;
        if (line.exchange.passes(line.url, false, value)) done(result);
        else failed(new own.TypeError("network error"));
      },
      failed,
    );
  });
}
