// Pages may demand that the addresses of scripts be made by policies of theirs. Each of these makes ours as well, whatever it
// makes of others: else a worker that carries the prelude could not start, or a page's default policy would name another.

import { put } from "../arguments";
import { apply, getOwnPropertyDescriptor } from "../own";
import { type Native, replace, standIn } from "../wrap";

interface Realm {
  readonly TrustedTypePolicyFactory?: { readonly prototype: object };
  readonly TrustedTypePolicy?: { readonly prototype: object };
}
type Options = Readonly<Record<"createHTML" | "createScript" | "createScriptURL", unknown>>;

const made = (globalThis as Realm).TrustedTypePolicy?.prototype;
const make = made && (getOwnPropertyDescriptor(made, "createScriptURL")?.value as Native | undefined);

/** A policy that makes addresses of scripts. */
let policy: object | undefined;
let isDefault = false;
/** The address that is being made. */
let ours: string | undefined;

/** Whether texts may become other addresses than they say. */
export const hasDefault = (): boolean => isDefault;

export function hookTrust(realm: object): void {
  replace((realm as Realm).TrustedTypePolicyFactory?.prototype, "createPolicy", {
    call(native, self, args) {
      const given = args[1];
      put(args, 0, `${args[0]}`);
      if (typeof given !== "object" || given === null) return apply(native, self, args);
      const { createHTML, createScript, createScriptURL } = given as Options;
      if (typeof createScriptURL !== "function") return apply(native, self, args);
      const vouching = standIn(createScriptURL, {
        call: (theirs, receiver, values) =>
          ours !== undefined && values[0] === ours ? ours : apply(theirs, receiver, values),
      });
      put(args, 1, { __proto__: null, createHTML, createScript, createScriptURL: vouching });
      policy = apply(native, self, args) as object;
      if (args[0] === "default") isDefault = true;
      return policy;
    },
  });
}

/** An address of ours as a page takes it that demands such. */
export function trusted(address: string): unknown {
  if (policy === undefined || make === undefined) return address;
  ours = address;
  try {
    return apply(make, policy, [address]);
  } finally {
    ours = undefined;
  }
}
