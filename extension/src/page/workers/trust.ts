// Pages may demand that the addresses of scripts be made by policies of theirs. Each of these makes ours as well, whatever it
// makes of others: else a worker that carries the prelude could not start, or a page's default policy would name another.

import { put } from "../arguments";
import { apply, defineProperty, getOwnPropertyDescriptor } from "../own";
import { type Native, replace, standIn } from "../wrap";

interface Realm {
  readonly TrustedTypePolicyFactory?: { readonly prototype: object };
  readonly TrustedTypePolicy?: { readonly prototype: object };
}

const made = (globalThis as Realm).TrustedTypePolicy?.prototype;
const make = made && (getOwnPropertyDescriptor(made, "createScriptURL")?.value as Native | undefined);

/** A policy that makes addresses of scripts. */
let policy: object | undefined;
let isDefault = false;
/** The address that is being made. */
let ours: string | undefined;
let instead: Given | undefined;

/** Whether texts may become other addresses than they say. */
export const hasDefault = (): boolean => isDefault;

export function hookTrust(realm: object): void {
  replace((realm as Realm).TrustedTypePolicyFactory?.prototype, "createPolicy", {
    call(native, self, args) {
      const given = args[1];
      if (typeof given !== "object" || given === null) return apply(native, self, args);
      put(args, 0, `${args[0]}`);
      let makes = false;
      // The browser reads the others as they are, and in its own order.
      const get = () => {
        const theirs = (given as { createScriptURL: unknown }).createScriptURL;
        makes = typeof theirs === "function";
        return makes ? vouching(theirs as Native) : theirs;
      };
      const options = { __proto__: given };
      defineProperty(options, "createScriptURL", { __proto__: null, get } as PropertyDescriptor);
      put(args, 1, options);
      const created = apply(native, self, args) as object;
      if (makes) {
        policy = created;
        if (args[0] === "default") isDefault = true;
      }
      return created;
    },
  });
}

const vouching = (native: Native): Native =>
  standIn(native, {
    call(theirs, self, args) {
      if (ours === undefined || args[0] !== ours) return apply(theirs, self, args);
      if (instead === undefined) return ours;
      put(args, 0, instead.text);
      const said: unknown = apply(theirs, self, args);
      if (said === null || said === undefined) return said;
      // What is another worker than the one that was made ready does not start.
      return instead.isSame(`${said}`) ? ours : null;
    },
  });

/** What a page has given for an address of ours, and whether another text means the same. */
interface Given {
  readonly text: string;
  readonly isSame: (text: string) => boolean;
}

/** An address of ours as a page takes it that has given a trusted one. */
export function trusted(address: string): unknown {
  if (policy === undefined || make === undefined) return address;
  const url = make;
  return vouched(address, undefined, () => apply(url, policy, [address]));
}

/** Runs what hands an address of ours over; a default policy is asked for what the page has given instead. */
export function vouched<Result>(address: string, given: Given | undefined, run: () => Result): Result {
  ours = address;
  instead = given;
  try {
    return run();
  } finally {
    ours = undefined;
  }
}
