// The script in whose place a worker starts: the prelude first, then what the page asked for, as a script of its own,
// so that nothing of either (hoisted functions, "use strict", line numbers) touches the other.
import { own, sequenceOf, urlHref, urlOrigin, urlProtocol } from "../own";
import type { Kit } from "../question";
import type { WorkerConfig } from "./words";

/** Chromium's longest URL is 2 MiB (`url::kMaxURLChars`). */
const LONGEST_URL = 2 * 1024 * 1024;
/** The origin as the browser sees it; that of `about:srcdoc` is its parent's. */
const ORIGIN = globalThis.origin;

/** Where a worker's script comes from; `other`: what can carry no prelude because the browser refuses it. */
export type Source = "blob" | "data" | "http" | "other";

export function sourceOfUrl(url: URL): Source {
  const protocol = urlProtocol(url);
  if (protocol === "data:") return "data";
  if (urlOrigin(url) !== ORIGIN) return "other";
  // A file of the site's own store is had like a Blob.
  if (protocol === "blob:" || protocol === "filesystem:") return "blob";
  return protocol === "http:" || protocol === "https:" ? "http" : "other";
}

/** The addresses that a worker starts with; all can be revoked once it runs. */
export interface Script {
  readonly url: string;
  readonly more: string[];
}

/** What is known of the worker that is wanted. */
export interface Wanted {
  readonly url: URL;
  readonly source: Exclude<Source, "other">;
  readonly blob: Blob | undefined;
  readonly module: boolean;
  readonly secret: string;
  /** Stands in the word of a module that runs behind the page's, which may listen to it. */
  readonly mark: string;
  /** Whether the page's policy may demand that addresses be trusted. */
  readonly trusts: boolean;
  /** Put the page's script into the same text: its policy lets a worker start from a Blob, but load none. */
  readonly inText: boolean;
}

/** The script to start with; undefined when it would be too long for a browser. */
export function buildScript(wanted: Wanted, kit: Kit): Script | undefined {
  return wanted.source === "data" ? dataScript(wanted, kit) : blobScript(wanted, kit);
}

function dataScript(wanted: Wanted, kit: Kit): Script | undefined {
  const address = urlHref(wanted.url);
  const load = wanted.module ? dataOf(imports(address, dataOf(mark(wanted)))) : address;
  const url = dataOf((wanted.module ? "await " : "") + kit.prelude + call(wanted, kit, load, ""));
  return url.length < LONGEST_URL ? { url, more: [] } : undefined;
}

function blobScript(wanted: Wanted, kit: Kit): Script {
  const address = urlHref(wanted.url);
  const kept = wanted.blob;
  if (kept !== undefined && wanted.inText && !wanted.module) {
    return { url: own.createObjectURL(blobOf(inText(wanted, kit), kept)), more: [] };
  }
  const load = kept === undefined ? address : own.createObjectURL(kept);
  const trash = kept === undefined ? "" : load;
  if (!wanted.module) return { url: own.createObjectURL(blobOf(start(kit), call(wanted, kit, load, trash))), more: [] };
  const last = own.createObjectURL(blobOf(mark(wanted), ""));
  const both = own.createObjectURL(blobOf(imports(load, last), ""));
  const url = own.createObjectURL(blobOf(blobOf("await ", start(kit)), call(wanted, kit, both, "")));
  return { url, more: trash === "" ? [last, both] : [last, both, trash] };
}

/**
 * The address of a shared worker's script. Nothing of it waits: whoever connects finds the listeners of the page's script, as
 * soon as this one has run.
 */
export function sharedScript({ url, module, blob, trusts }: SharedWanted, kit: Kit): string {
  const head = inText({ url, module: false, secret: "", trusts }, kit);
  if (!module) return own.createObjectURL(blobOf(head, blob));
  return own.createObjectURL(blobOf(imports(own.createObjectURL(head), own.createObjectURL(blob)), ""));
}

/** What is known of a shared worker that is wanted. */
export type SharedWanted = Pick<Wanted, "url" | "module" | "trusts"> & { readonly blob: Blob };

/** A module that runs behind the page's, when that waits for something or has ended: messages find its listeners now. */
const mark = (wanted: Wanted): string =>
  `postMessage(${own.stringify({ __proto__: null, secret: wanted.mark, state: "loaded" })})`;

let started: Blob | undefined;

/** One Blob for all workers of this realm: browsers keep it once. */
function start(kit: Kit): Blob {
  started ??= blobOf(kit.prelude, "");
  return started;
}

/** The prelude and its argument list, which the page's script follows in the same text. */
const inText = (wanted: Called, kit: Kit): Blob => blobOf(start(kit), call(wanted, kit, "", ""));

/** What a prelude is told of its worker. */
type Called = Pick<Wanted, "url" | "secret" | "module" | "trusts">;

/** The prelude's argument list; a module waits for what it makes ready. */
function call({ url, secret, module, trusts }: Called, kit: Kit, load: string, trash: string): string {
  const follows = load === "" ? "in-text" : module ? "as-import" : "by-load";
  const config: WorkerConfig = { secret, address: urlHref(url), follows, load, trusts, setting: kit.setting, trash };
  // Without a prototype: JSON.stringify asks for a `toJSON` that the page may have put there.
  return `(${own.stringify({ __proto__: null, ...config })})${module ? "" : ";"}`;
}

const imports = (first: string, second: string): string =>
  `import${own.stringify(first)};import${own.stringify(second)};`;

const dataOf = (script: string): string => `data:text/javascript;charset=utf-8,${own.encodeURIComponent(script)}`;

const blobOf = (first: BlobPart, second: BlobPart): Blob =>
  new own.Blob(sequenceOf([first, second]), { __proto__: null, type: "text/javascript" } as BlobPropertyBag);
