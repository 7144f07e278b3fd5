// A worker that starts from a Blob of ours still has the address that the page asked for: `location` says it, and
// relative addresses are resolved against it.
import { put } from "../page/arguments";
import { apply, getPrototypeOf, own, startsWith, urlHref } from "../page/own";
import { create, replace, replaceAccessor, type Traps } from "../page/wrap";

const PARTS = ["href", "origin", "protocol", "host", "hostname", "port", "pathname", "search", "hash"] as const;
/** Functions that take an address first; of `XMLHttpRequest.open` it is the second argument. */
const CONSTRUCTORS = ["Request", "EventSource"] as const;
const CACHE_METHODS = ["add", "match", "matchAll", "put", "delete", "keys"] as const;

export function repairBase(realm: typeof globalThis, address: string): void {
  repairLocation(realm, address);
  // Nothing is relative to a Blob or to data.
  if (!startsWith(address, "http")) return;
  const first = resolving(address, 0);
  replaceInherited(realm, "fetch", first);
  for (let i = 0; i < CONSTRUCTORS.length; i += 1) replace(realm, CONSTRUCTORS[i] as string, first);
  replace(realm.XMLHttpRequest?.prototype, "open", resolving(address, 1));
  for (let i = 0; i < CACHE_METHODS.length; i += 1) {
    replace(realm.Cache?.prototype, CACHE_METHODS[i] as string, first);
  }
  replace(realm.CacheStorage?.prototype, "match", first);
}

function repairLocation(realm: typeof globalThis, address: string): void {
  const shown = new own.URL(address);
  const prototype = getPrototypeOf(realm.location);
  for (let i = 0; i < PARTS.length; i += 1) {
    const part = PARTS[i] as (typeof PARTS)[number];
    const value = shown[part];
    const says: Traps = {
      call(native, self, args) {
        // For what it throws when `self` is no location.
        apply(native, self, args);
        return value;
      },
    };
    replaceAccessor(prototype ?? undefined, part, "get", says);
    if (part === "href") replace(prototype ?? undefined, "toString", says);
  }
}

/** Makes the address among the arguments absolute. */
function resolving(base: string, index: number): Traps {
  const repaired = (args: unknown[]) => {
    if (args.length > index) put(args, index, resolved(base, args[index]));
    return args;
  };
  return {
    call: (native, self, args) => apply(native, self, repaired(args)),
    create: (native, args, target) => create(native, repaired(args), target),
  };
}

function resolved(base: string, given: unknown): unknown {
  return typeof given === "string" || given instanceof own.URL ? absolute(base, `${given}`) : given;
}

/** The address that a worker means; what is none is left to the browser. */
export function absolute(base: string, text: string): string {
  try {
    return urlHref(new own.URL(text, base));
  } catch {
    return text;
  }
}

/** `fetch` and `importScripts` stand on the prototype of the global or on the global itself, by browser and version. */
export function replaceInherited(realm: object, key: string, traps: Traps): void {
  for (let holder: object | null = realm; holder !== null; holder = getPrototypeOf(holder)) replace(holder, key, traps);
}
