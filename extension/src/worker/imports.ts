// What a worker loads besides its own script: asked for by the address that the worker means, told as it is asked for, and read
// beside. A module's imports are told once they have come: nothing else tells of them.
import { put } from "../page/arguments";
import { apply, entryName, getter, listedEntries, observeEntries, own, startsWith } from "../page/own";
import { blobs } from "../page/workers/blobs";
import { absolute, replaceInherited } from "./base";
import type { Port } from "./port";

const initiatorOf = getter(PerformanceResourceTiming.prototype, "initiatorType");

/** Has everything resolved and told that the worker of this address imports. */
export function tellImports(realm: typeof globalThis, port: Port, address: string): void {
  const tell = (url: string) => {
    if (url !== address) port.tell({ say: "imports", script: { url, blob: blobs.get(url) } });
  };
  replaceInherited(realm, "importScripts", {
    call(native, self, args) {
      for (let i = 0; i < args.length; i += 1) {
        // A symbol is refused in the browser's own words.
        if (typeof args[i] === "symbol") break;
        // What is no text becomes one here, and only once.
        const url = absolute(address, `${args[i]}`);
        if (!isTrusted(realm, args[i])) put(args, i, url);
        tell(url);
      }
      return apply(native, self, args);
    },
  });
  const observer = new own.PerformanceObserver((list) => {
    const entries = listedEntries(list);
    for (let i = 0; i < entries.length; i += 1) {
      const entry = entries[i] as PerformanceResourceTiming;
      const initiator = initiatorOf(entry);
      // What `importScripts` loads is noted as something else.
      const isScript = initiator === "script" || initiator === "other";
      if (isScript && startsWith(entryName(entry), "http")) tell(entryName(entry));
    }
  });
  observeEntries(observer, { __proto__: null, type: "resource", buffered: true } as PerformanceObserverInit);
}

/** Whether the page's policy has made it: only as an object it may be loaded. */
function isTrusted({ TrustedScriptURL: Trusted }: typeof globalThis & Trusting, given: unknown): boolean {
  return Trusted !== undefined && given instanceof Trusted;
}

interface Trusting {
  readonly TrustedScriptURL?: new () => object;
}
