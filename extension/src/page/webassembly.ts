// Every way to compile WebAssembly: what is compiled is the copy that was judged, or a broken module in its place.
import { put } from "./arguments";
import { privateCopy } from "./bytes";
import type { Judge, Pass } from "./judge";
import { apply, own } from "./language";
import { lookedAt, lookFor, looking, mayGoOn, refused, remember } from "./started";
import { hookExports } from "./watched";
import { create, type Native, replace } from "./wrap";

/**
 * Hooks a realm's `WebAssembly` object, but for what compiles a stream. `validate` stays truthful; a Module that exists was judged when it was made.
 * `address` tells where bytes come from that say nothing about it; it may be empty.
 */
export function hookWebAssembly(namespace: object | undefined, judge: Judge, address: () => string): void {
  if (namespace === undefined) return;
  replace(namespace, "Module", {
    create: (native, args, target) => moduleOf(native, args, target, judge, address()),
  });
  replace(namespace, "Instance", {
    create: (native, args, target) => {
      const instance = create(native, args, target);
      return mayGoOn(judge, lookedAt(args[0]), args[1], instance) ? instance : refused();
    },
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
  hookExports(namespace);
}

const ASYNC = ["compile", "instantiate"];

/** A module made of a judged copy, or of the broken module, in place of the bytes. */
function moduleOf(native: Native, args: unknown[], target: Native, judge: Judge, source: string): object {
  const copy = privateCopy(args[0]);
  if (copy === undefined) return create(native, args, target);
  const pass = judge.now(copy.bytes, source);
  put(args, 0, copy.give(pass));
  const module = create(native, args, target);
  const look = lookFor(pass, copy.bytes, source);
  if (look !== undefined) remember(module, look);
  return module;
}

function whenJudged(native: Native, self: unknown, args: unknown[], judge: Judge, source: string): unknown {
  const copy = privateCopy(args[0]);
  // A Module, or what the native function refuses by itself.
  if (copy === undefined) return looking(judge, lookedAt(args[0]), args[1], apply(native, self, args));
  return onceJudged(judge, copy.bytes, source, (pass) => {
    put(args, 0, copy.give(pass));
    return looking(judge, lookFor(pass, copy.bytes, source), args[1], apply(native, self, args));
  });
}

/** The result of `go`, at once when the verdict is there, else a promise of it. */
export function onceJudged(
  judge: Judge,
  bytes: Uint8Array<ArrayBuffer>,
  source: string,
  go: (pass: Pass) => unknown,
): unknown {
  let known: Pass | undefined;
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
