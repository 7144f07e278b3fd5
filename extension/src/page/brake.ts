// Calls of watched modules: they are timed, and stopped at the door while their page is held. One brake for one thread.
import { apply, own } from "./language";
import type { Native } from "./wrap";

let held = false;
let depth = 0;
let called = 0;
/** What a call does that comes while the page is held: it waits and returns, or throws. */
let rest: () => void = refuse;

/** Calls wait or go on from now on. */
export function setHeld(on: boolean): void {
  held = on;
}

/** Lets calls wait in a way of this thread; without one they throw. */
export function restBy(way: () => void): void {
  rest = way;
}

/** Ends a call before it begins. */
export function refuse(): never {
  throw new own.RuntimeError("paused");
}

let most = Number.POSITIVE_INFINITY;
let told: () => void = () => undefined;

/** Calls `tell` whenever calls have taken so many milliseconds since [`takeCalled`]. */
export function whenCalled(milliseconds: number, tell: () => void): void {
  most = milliseconds;
  told = tell;
}

/** One call of a watched module. A call inside of another one belongs to that. */
export function through(native: Native, self: unknown, args: unknown[]): unknown {
  if (depth > 0) return apply(native, self, args);
  if (held) rest();
  const began = own.now();
  depth += 1;
  try {
    return apply(native, self, args);
  } finally {
    depth -= 1;
    called += own.now() - began;
    if (called >= most) told();
  }
}

/** Milliseconds that calls have taken since this was asked last. */
export function takeCalled(): number {
  const taken = called;
  called = 0;
  return taken;
}
