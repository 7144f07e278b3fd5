// The bytes of a body that nobody else can reach on their way. A promise that is resolved with an object asks it for `then`,
// which a page may have planted on a prototype; pieces that are handed to a sink are arguments, and ask for nothing.
import { put } from "./arguments";
import { own, pipeTo, setBytes, typedLength } from "./own";

/** Calls `done` with all bytes of a body, or `failed` with why there are none. */
export function drain(
  body: ReadableStream,
  done: (bytes: Uint8Array<ArrayBuffer>) => void,
  failed: (reason: unknown) => void,
): void {
  const pieces: Uint8Array[] = [];
  let count = 0;
  let length = 0;
  const sink = {
    __proto__: null,
    write(piece: Uint8Array) {
      put(pieces, count, piece);
      count += 1;
      length += typedLength(piece);
    },
  };
  own.whenDone(
    pipeTo(body, new own.WritableStream(sink as UnderlyingSink)),
    () => {
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = new own.Uint8Array(length);
      } catch (error) {
        return failed(error);
      }
      for (let i = 0, at = 0; i < count; i += 1) {
        const piece = pieces[i] as Uint8Array;
        setBytes(bytes, piece, at);
        at += typedLength(piece);
      }
      done(bytes);
    },
    failed,
  );
}
