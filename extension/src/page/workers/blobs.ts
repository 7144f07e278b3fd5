// Blobs behind the addresses that pages made, so that a worker starts although its address is revoked at once.
import { apply, blobBytes, isBlob, OwnMap, own } from "../own";
import { replace } from "../wrap";

export const blobs = new OwnMap<string, Blob>();

export function rememberBlobs(realm: typeof globalThis): void {
  replace(realm.URL, "createObjectURL", {
    call: (native, self, args) => {
      const address = apply(native, self, args) as string;
      // A MediaSource has an address too, and is no script.
      if (isBlob(args[0])) blobs.set(address, args[0]);
      return address;
    },
  });
  replace(realm.URL, "revokeObjectURL", {
    call: (native, self, args) => {
      if (typeof args[0] === "string") blobs.delete(args[0]);
      return apply(native, self, args);
    },
  });
}

/** Calls `then` with the bytes of a script that is a Blob's; without any for every other, and for one that cannot be read. */
export function whenRead(blob: Blob | undefined, then: (bytes?: Uint8Array<ArrayBuffer>) => void): void {
  if (blob === undefined) then();
  else
    own.whenDone(
      blobBytes(blob),
      (buffer) => then(new own.Uint8Array(buffer as ArrayBuffer)),
      () => then(),
    );
}
