// How a worker's calls wait while its page is held. The thread sleeps in the call, so that no message reaches it: it looks
// at an address that is taken back when it may go on.
import { refuse, restBy, setHeld } from "../page/brake";
import { apply, memoryBuffer, own, requestOpen, requestSend } from "../page/own";
import type { Port } from "./port";

/** Time between two looks. */
const LOOK_MS = 250;

/** Lets the calls of this worker wait as its port says. */
export function restAsTold(port: Port): void {
  let lease = "";
  let cell: Int32Array | undefined;
  port.whenHeld((given) => {
    lease = given;
    setHeld(given !== "");
  });
  restBy(() => {
    // Where the address cannot be looked at, nobody could tell the thread to go on.
    if (!isLeased(lease)) refuse();
    port.tell({ say: "held", held: true });
    try {
      cell ??= newCell();
      while (isLeased(lease)) apply(own.wait, undefined, [cell, 0, 0, LOOK_MS]);
    } finally {
      port.tell({ say: "held", held: false });
    }
    setHeld(false);
  });
}

/** A place in memory that threads can wait at; only shared memory has one. */
function newCell(): Int32Array {
  const size = { __proto__: null, initial: 1, maximum: 1, shared: true } as unknown as WebAssembly.MemoryDescriptor;
  return new own.Int32Array(memoryBuffer(new own.Memory(size)));
}

function isLeased(lease: string): boolean {
  try {
    const request = new own.Request();
    requestOpen(request, "GET", lease, false);
    requestSend(request);
    return true;
  } catch {
    return false;
  }
}
