// Shared workers from Blobs. Whoever knows a Blob's address has it of the document that made it, so that a worker with the
// prelude can stand for it; those with other addresses are shared with documents that hooks know nothing of.
import {
  getter,
  listen,
  messagePorts,
  OwnMap,
  own,
  portSend,
  portStart,
  requestOpen,
  requestSend,
  sequenceOf,
  urlHref,
  urlProtocol,
} from "../own";
import type { Native } from "../wrap";
import { sharedScript } from "./build";
import { created } from "./hook";
import { type Order, orderOf, SHARED_MEMBERS } from "./order";
import { hasDefault } from "./trust";
import type { Yard } from "./yard";

/** What starts instead, by address and kind of script. */
const scripts = new OwnMap<string, string>();
/** Workers that run, by script and name. */
const running = new OwnMap<string, true>();

/** The worker with the prelude; undefined where the page has to get the one that it asked for. */
export function startShared(
  native: Native,
  args: unknown[],
  target: Native,
  yard: Yard,
  base: () => string,
): object | undefined {
  const order = orderOf(args, base, SHARED_MEMBERS);
  const script = order && scriptOf(order, yard);
  if (order === undefined || script === undefined) return undefined;
  const key = `${script} ${order.name}`;
  // Ours connects first.
  if (!running.get(key)) {
    const ours = created(native, order, script, native);
    running.set(key, true);
    attend(ours as SharedWorker, order, yard, () => running.delete(key));
    yard.starts(urlHref(order.url as URL), false);
  }
  return created(native, order, script, target);
}

function scriptOf({ url, module, blob, trusted }: Order, yard: Yard): string | undefined {
  if (url === undefined || urlProtocol(url) !== "blob:") return undefined;
  const key = `${module} ${urlHref(url)}`;
  const known = scripts.get(key);
  if (known !== undefined) return known;
  const kit = yard.kit();
  const text = blob ?? textAt(urlHref(url));
  if (kit === undefined || text === undefined) return undefined;
  const script = sharedScript({ url, module, blob: text, trusts: trusted || hasDefault() }, kit);
  scripts.set(key, script);
  return script;
}

const textOf = getter(XMLHttpRequest.prototype, "responseText");
/** What another document has made an address for. */
function textAt(url: string): Blob | undefined {
  try {
    const request = new own.Request();
    requestOpen(request, "GET", url, false);
    requestSend(request);
    return new own.Blob(sequenceOf<BlobPart>([textOf(request)]));
  } catch {
    return undefined;
  }
}

const Shared = (globalThis as { SharedWorker?: typeof SharedWorker }).SharedWorker;
const portOf = Shared && getter(Shared.prototype, "port");

/** Listens to the prelude, by the first connection: what is said there by us ends the worker, what it says last is that it ends. */
function attend(worker: SharedWorker, { name, url }: Order, yard: Yard, gone: () => void): void {
  if (portOf === undefined) return;
  const line = portOf(worker);
  listen(line, "message", (event) => {
    const port = messagePorts(event as MessageEvent)[0];
    if (port === undefined) return gone();
    yard.adopt(port, name || urlHref(url as URL), undefined, () => portSend(line, "end"));
  });
  portStart(line);
}
