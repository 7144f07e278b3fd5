// The `Worker` constructor: a worker starts with the prelude, which carries hooks and analyser, and then runs what the
// page asked for. Where the page's policy allows no such thing, it gets the worker it asked for, and that is told.

import { makeRoom } from "../arguments";
import { apply, OwnWeakMap, own, urlHref } from "../own";
import { create, type Native, replace } from "../wrap";
import { rememberBlobs } from "./blobs";
import { buildScript, type Script, type Source } from "./build";
import { type Instead, Link, newSecret, type Ties } from "./link";
import { type Order, orderOf } from "./order";
import { hasDefault, trusted, vouched } from "./trust";
import type { Yard } from "./yard";

type Methods = Pick<Ties, "post" | "end">;
type Startable = Order & { readonly url: URL; readonly source: Exclude<Source, "other"> };

/** A script longer than a browser lets an address be: it does not start, as if its bytes could not be had. */
const TOO_LONG: Script = { url: "data:text/javascript,throw%20new%20RangeError()", more: [] };

/** What this document's policy has refused once it refuses again. */
const refused = { http: false, load: false };

export function hookWorkers(realm: typeof globalThis, yard: Yard, base: () => string): void {
  const { Worker } = realm;
  if (Worker === undefined) return;
  const links = new OwnWeakMap<object, Link>();
  const methods = { post: Worker.prototype.postMessage as Native, end: Worker.prototype.terminate as Native };
  rememberBlobs(realm);
  replace(Worker.prototype, "postMessage", {
    call: (native, self, args) => {
      const link = args.length === 0 ? undefined : links.get(self as object);
      return link === undefined ? apply(native, self, args) : link.post(args);
    },
  });
  replace(Worker.prototype, "terminate", {
    call: (native, self, args) => {
      links.get(self as object)?.end();
      return apply(native, self, args);
    },
  });
  replace(realm, "Worker", {
    create: (native, args, target) => {
      makeRoom();
      const order = orderOf(args, base);
      const link = isStartable(order) ? start(native, order, target, methods, yard) : undefined;
      if (link === undefined) return create(native, args, target);
      links.set(link.worker, link);
      return link.worker;
    },
  });
}

function isStartable(order: Order | undefined): order is Startable {
  return order?.url !== undefined && order.source !== "other";
}

/** Starts a watched worker; undefined when the page has to get the one it asked for. */
function start(native: Native, order: Startable, target: Native, methods: Methods, yard: Yard): Link | undefined {
  const { source, url, blob, module } = order;
  const name = order.name || urlHref(url);
  const kit = yard.kit();
  // A worker with an address has a policy of its own; ours would take WebAssembly away from it.
  const isLeft = kit === undefined || (source === "http" && (refused.http || !kit.compiles));
  const secret = newSecret();
  const mark = newSecret();
  const trusts = order.trusted || hasDefault();
  // As it was when this worker started: others may have been refused since.
  const inText = refused.load;
  const wanted = { url, source, blob, module, secret, mark, trusts, inText };
  const script = isLeft ? undefined : (buildScript(wanted, kit) ?? TOO_LONG);
  const worker = script && attempt(native, order, script, target);
  if (script === undefined || worker === undefined) {
    yard.starts(urlHref(url), true);
    yard.unwatched(name);
    return undefined;
  }
  // What stands in the same text cannot wait: it is read beside.
  const isOneText = inText && blob !== undefined && source === "blob" && !module;
  if (isOneText) yard.starts(urlHref(url), false);
  const waits = isOneText ? undefined : { url: urlHref(url), blob };
  const plain = (): Instead => {
    refused.http = true;
    yard.unwatched(name);
    return { worker: create(native, order.args, native) as EventTarget, link: undefined };
  };
  const again = (): Instead => {
    refused.load = true;
    const link = start(native, order, native, methods, yard);
    return link === undefined ? plain() : { worker: link.worker, link };
  };
  const instead: Ties["instead"] = (what) => {
    if (source === "http") return plain();
    return what === "load" && !inText ? again() : undefined;
  };
  return new Link(worker, {
    ...methods,
    secret,
    mark,
    instead,
    runs: (port) => yard.adopt(port, name, waits, () => apply(methods.end, worker, [])),
    started: () => revoke(script),
  });
}

/** The worker, or undefined where the page demands that addresses be trusted and none of its policies is known: the one that it
 * asked for has a policy of its own. */
function attempt(native: Native, order: Startable, script: Script, target: Native): object | undefined {
  try {
    return created(native, order, script.url, target);
  } catch (error) {
    revoke(script);
    if (order.trusted && order.source === "http") return undefined;
    throw error;
  }
}

/**
 * A worker that starts with a script of ours. Whose code tells what it is made for is asked once, so that nothing fails
 * halfway.
 */
export function created(native: Native, order: Order, script: string, target: Native): object {
  const prototype: unknown = target === native ? undefined : target.prototype;
  const { args, url } = order;
  const address = order.trusted ? trusted(script) : script;
  const text = args[0] as string;
  const isSame = (other: string) => other === text || (url !== undefined && other === urlHref(url));
  const worker = vouched(script, { text, isSame }, () =>
    create(native, args.length > 1 ? [address, args[1]] : [address], native),
  );
  if (typeof prototype === "object" && prototype !== null) own.setPrototypeOf(worker, prototype);
  return worker;
}

function revoke(script: Script): void {
  own.revokeObjectURL(script.url);
  for (let i = 0; i < script.more.length; i += 1) own.revokeObjectURL(script.more[i] as string);
}
