// Every way to compile WebAssembly: what is compiled is the copy that was judged, or a broken module in its place.
import { put } from "./arguments";
import { privateCopy } from "./bytes";
import type { Judge } from "./judge";
import { apply, own } from "./own";
import { hookStreaming } from "./streaming";
import { create, type Native, replace } from "./wrap";

/**
 * Hooks a realm's `WebAssembly` object. `validate` stays truthful; a Module that exists was judged when it was made.
 * `address` tells where bytes come from that say nothing about it; it may be empty.
 */
export function hookWebAssembly(namespace: object | undefined, judge: Judge, address: () => string): void {
  if (namespace === undefined) return;
  replace(namespace, "Module", {
    create: (native, args, target) => create(native, judged(args, judge, address()), target),
  });
  for (let i = 0; i < ASYNC.length; i += 1) {
    replace(namespace, ASYNC[i] as string, {
      call: (native, self, args) => whenJudged(native, self, args, judge, address()),
    });
  }
  replace(namespace, "Memory", {
    create: (native, args, target) => {
      judge.secure();
      return create(native, args, target);
    },
  });
  hookStreaming(namespace, judge);
}

const ASYNC = ["compile", "instantiate"];

/** The arguments with a judged copy, or the broken module, at the place of the bytes. */
function judged(args: unknown[], judge: Judge, source: string): unknown[] {
  const copy = privateCopy(args[0]);
  if (copy !== undefined) put(args, 0, copy.give(judge.now(copy.bytes, source)));
  return args;
}

function whenJudged(native: Native, self: unknown, args: unknown[], judge: Judge, source: string): unknown {
  const copy = privateCopy(args[0]);
  // A Module, or what the native function refuses by itself.
  if (copy === undefined) return apply(native, self, args);
  return onceJudged(judge, copy.bytes, source, (pass) => {
    put(args, 0, copy.give(pass));
    return apply(native, self, args);
  });
}

/** The result of `go`, at once when the verdict is there, else a promise of it. */
export function onceJudged(
  judge: Judge,
  bytes: Uint8Array<ArrayBuffer>,
  source: string,
  go: (pass: boolean) => unknown,
): unknown {
  let known: boolean | undefined;
  let resolve: ((value: unknown) => void) | undefined;
  judge.later(bytes, source, (pass) => {
    known = pass;
    resolve?.(go(pass));
  });
  if (known !== undefined) return go(known);
  return new own.Promise((done) => {
    resolve = done;
  });
}
