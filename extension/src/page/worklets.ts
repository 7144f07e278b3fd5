// `addModule`: the page's script is judged before it runs, and a worklet starts with a prelude that carries hooks and
// analyser. What makes sound can tell what is found in it; where the prelude may not run, the tab says so.
import type { Channel } from "./channel";
import { apply, construct, getter, OwnWeakMap, own, sequenceOf, urlHref } from "./own";
import { blobs } from "./workers/blobs";
import { newSecret } from "./workers/link";
import { parsed } from "./workers/order";
import type { Yard } from "./workers/yard";
import { type Native, replace, replaceAccessor } from "./wrap";

/** What the prelude is called with; JSON, flat. */
export interface WorkletConfig {
  /** Name of the processor whose port it speaks by. */
  readonly secret: string;
  /** Address of the document: what modules are said to come from. */
  readonly address: string;
  /** JSON of the document's `Setting`. */
  readonly setting: string;
  /** The analyser, in base64. */
  readonly wasm: string;
}

/** Names the browser's own error. */
const UNLOADED = "Unable to load a worklet's module.";

/** Worklets with the context that they make sound for. */
const contexts = new OwnWeakMap<object, object>();
/** Worklets that have got their prelude, or are about to. */
const prepared = new OwnWeakMap<object, Promise<unknown>>();

export function hookWorklets(realm: typeof globalThis, channel: Channel, yard: Yard, base: () => string): void {
  const open = opener(realm, yard);
  replaceAccessor(realm.BaseAudioContext?.prototype, "audioWorklet", "get", {
    call(native, self, args) {
      const worklet = apply(native, self, args) as object;
      contexts.set(worklet, self as object);
      return worklet;
    },
  });
  replace(realm.Worklet?.prototype, "addModule", {
    call(native, self, args) {
      // What is no address is the browser's to refuse.
      const text = args.length === 0 ? undefined : textOf(args[0]);
      const url = text === undefined ? undefined : parsed(text, base());
      if (url === undefined) {
        channel.unwatched("worklet", "");
        return apply(native, self, args);
      }
      const href = urlHref(url);
      const blob = blobs.get(href);
      return new own.Promise((done, failed) => {
        yard.admit({ url: href, blob }, ({ pass }) => {
          if (!pass) return failed(new own.DOMException(UNLOADED, "AbortError"));
          own.whenDone(
            prepare(native, self as object, channel, base, open),
            () => {
              // The page may have taken a Blob's address back meanwhile.
              const kept = blob === undefined ? href : own.createObjectURL(blob);
              const loaded = apply(native, self, args.length > 1 ? [kept, args[1]] : [kept]);
              const revoke = () => blob !== undefined && own.revokeObjectURL(kept);
              own.whenDone(loaded as Promise<unknown>, revoke, revoke);
              done(loaded);
            },
            failed,
          );
        });
      });
    },
  });
}

/** A promise that is kept when the prelude runs, or does not. */
function prepare(
  native: Native,
  worklet: object,
  channel: Channel,
  base: () => string,
  open: (worklet: object, secret: string, name: string) => void,
): Promise<unknown> {
  const known = prepared.get(worklet);
  if (known !== undefined) return known;
  const address = base();
  const kit = channel.kit("worklet");
  const making = new own.Promise<void>((done) => {
    const secret = newSecret();
    const give = (runs: boolean) => {
      if (runs) open(worklet, secret, address);
      else channel.unwatched("worklet", address);
      done();
    };
    if (kit === undefined) return give(false);
    const config = own.stringify({ __proto__: null, secret, address, setting: kit.setting });
    const load = (url: string, then: (runs: boolean) => void) =>
      own.whenDone(
        apply(native, worklet, [url]) as Promise<unknown>,
        () => then(true),
        () => then(false),
      );
    const parts = sequenceOf<BlobPart>([kit.prelude, `(${config});`]);
    const blob = new own.Blob(parts, { __proto__: null, type: "text/javascript" } as BlobPropertyBag);
    const url = own.createObjectURL(blob);
    load(url, (runs) => {
      own.revokeObjectURL(url);
      // The page's policy may let it load no Blob.
      if (runs || kit.file === undefined) give(runs);
      else load(`${kit.file}#${own.encodeURIComponent(config)}`, give);
    });
  });
  prepared.set(worklet, making);
  return making;
}

/** Listens to a prelude, by a node of its own that is connected with nothing. */
function opener(realm: typeof globalThis, yard: Yard): (worklet: object, secret: string, name: string) => void {
  const { AudioWorkletNode: Node } = realm;
  if (Node === undefined) return () => undefined;
  const portOf = getter(Node.prototype, "port");
  return (worklet, secret, name) => {
    const context = contexts.get(worklet);
    if (context === undefined) return;
    try {
      const node = construct(Node, [context, secret]) as AudioWorkletNode;
      yard.adopt(portOf(node), name, undefined, () => undefined, true);
    } catch {
      // A context that was closed meanwhile runs nothing.
    }
  };
}

function textOf(given: unknown): string | undefined {
  try {
    return `${given}`;
  } catch {
    return undefined;
  }
}
