// Changes to private lists of arguments.
import { defineProperty } from "./language";

/** Assignment would run a setter that the page put on `Array.prototype`. */
export function put(args: unknown[], index: number, value: unknown): void {
  const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
  defineProperty(args, index, descriptor as PropertyDescriptor);
}
