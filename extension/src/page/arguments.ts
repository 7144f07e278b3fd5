// Changes to private lists of arguments.
import { apply, defineProperty } from "./language";

/** Assignment would run a setter that the page put on `Array.prototype`. */
export function put(args: unknown[], index: number, value: unknown): void {
  const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  defineProperty(args, index, descriptor as PropertyDescriptor);
}

/** Lists that take 64 KiB and 2 KiB of a stack as arguments. */
const MANY = new Array<undefined>(8192).fill(undefined);
const FEW = new Array<undefined>(256).fill(undefined);
const nothing = (): void => undefined;

/**
 * Throws what a full stack throws unless there is room for what hooks have to do to the end, or for what the isolated world
 * does when it is asked: who does not answer for want of it would be taken for nobody.
 */
export const makeRoom = (): void => apply(nothing, undefined, MANY);

/** The same for what takes something back; it costs next to nothing. */
export const makeSomeRoom = (): void => apply(nothing, undefined, FEW);
