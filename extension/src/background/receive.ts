// What arrives by message: taken apart here, bounded, and only then believed to be what it says. The core checks the
// inner shape of findings once more when it reads them.

import { ownOrigin } from "../shared/browser";
import {
  type Choice,
  type Found,
  LONGEST_MESSAGE_BYTES,
  LONGEST_SCRIPT_BYTES,
  type MainBusy,
  type UnwatchedReason,
  type WorkerBusy,
} from "../shared/messages";
import type { Sender, TabEvent } from "./engine";

/** Texts longer than this are cut before they reach the core, which cuts them further. */
const TEXT = 4096;
/** What is known of a socket is cut to nothing shorter: with a message that has begun it is some KiB, in hexadecimal. */
const STATE = 32 * 1024;
/** A socket's message is cut to this many characters; the core reads less. */
const MESSAGE = 1024 * 1024;
/** The same in bytes: a character is three at most. */
const MESSAGE_BYTES = 3 * MESSAGE;
/** Words of the core are shorter than this. */
const WORD = 32;
/** More pieces of evidence, gaps or workers than this are no honest report. */
const PIECES = 512;

const CHOICES: readonly Choice[] = ["once", "hour", "always", "block", "again", "pause", "resume"];

/** What is known of an object that came by message: its fields may hold anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** A frame asks for a judgement. */
export interface Analyse {
  readonly artifact: ModuleKind | "websocket" | ScriptKind | "shader";
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A script, and the key under which it is known when it shows nothing. */
export interface Keyed {
  readonly asked: Analyse;
  readonly key: string | undefined;
}

/** A frame asks for a judgement of a message that passed a socket. */
export interface Spoken {
  readonly url: string;
  readonly sent: boolean;
  readonly state: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A frame asks what is known of a module by its bytes' digest. */
export interface Recall {
  readonly digest: string;
  readonly path: string;
  readonly length: number;
}

/** A frame asks for a judgement of a large module, of whose bytes this is the digest. */
export interface Large {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly digest: string | undefined;
}

/** A message of a frame, understood. */
export type FromFrame =
  | { readonly kind: "event"; readonly event: TabEvent }
  /** A module was judged; its verdict may be kept where there is a digest. */
  | { readonly kind: "judged"; readonly found: Found; readonly digest: string | undefined }
  | { readonly kind: "recall"; readonly recall: Recall }
  | { readonly kind: "message"; readonly spoken: Spoken }
  | { readonly kind: "large"; readonly large: Large }
  | { readonly kind: "analyse"; readonly asked: Analyse }
  | { readonly kind: "scripts"; readonly scripts: readonly Keyed[] }
  | { readonly kind: "kept-scripts"; readonly keys: readonly string[] }
  | { readonly kind: "shaders"; readonly shaders: readonly Analyse[] };

/** A message of the popup, understood. */
export type FromPopup =
  | { readonly kind: "view" | "report"; readonly tab: number }
  | { readonly kind: "decide"; readonly tab: number; readonly choice: Choice };

/** Who sent a message, by the browser's own word. */
export interface From {
  readonly tab: number;
  readonly sender: Sender;
  /** Origin for which verdicts are kept: none for private windows, and where the origin is nobody's. */
  readonly site: string | undefined;
}

/** The document that sent a message; `undefined` when it is no frame of a tab. */
export function frameSender(sender: chrome.runtime.MessageSender): From | undefined {
  const { tab, frameId, documentId, url, origin } = sender;
  if (tab?.id === undefined || frameId === undefined || documentId === undefined) return undefined;
  const isOpaque = origin === undefined || origin === "null";
  const address = isOpaque ? (url ?? "") : origin;
  const site = isOpaque || tab.incognito ? undefined : origin.slice(0, TEXT);
  return { tab: tab.id, sender: { frame: frameId, document: documentId, url: address.slice(0, TEXT) }, site };
}

/** Whether a message comes from a page of the extension itself. */
export function isOwnPage(sender: chrome.runtime.MessageSender): boolean {
  return sender.origin === ownOrigin();
}

/** Reads a frame's message. */
export function readFrameMessage(message: unknown, sender: Sender): FromFrame | undefined {
  if (!isFields(message)) return undefined;
  switch (message["kind"]) {
    case "judged": {
      const found = readFound(message["found"]);
      const { digest } = message;
      return found && { kind: "judged", found, digest: isDigest(digest) ? digest : undefined };
    }
    case "recall":
      return readRecall(message);
    case "busy": {
      const workers = readWorkers(message["workers"]);
      const main = readMain(message["main"]);
      return workers && { kind: "event", event: { kind: "busy", sender, main, workers } };
    }
    case "unwatched": {
      const { reason, detail } = message;
      if (!isWord(reason) || typeof detail !== "string") return undefined;
      // The core refuses a reason that it does not know.
      const known = reason as UnwatchedReason;
      return { kind: "event", event: { kind: "unwatched", sender, reason: known, detail: detail.slice(0, TEXT) } };
    }
    case "analyse":
      return readAnalyse(message);
    case "large":
      return readLarge(message);
    case "scripts":
      return readScripts(message, sender);
    case "kept-scripts":
      return readKeys(message, sender);
    case "shaders":
      return readShaders(message);
    case "message":
      return readSpoken(message);
    default:
      return undefined;
  }
}

/** Reads a message of the popup. */
export function readPopupMessage(message: unknown): FromPopup | undefined {
  if (!isFields(message)) return undefined;
  const { kind, tab, choice } = message;
  if (typeof tab !== "number" || !Number.isInteger(tab) || tab < 0) return undefined;
  if (kind === "view" || kind === "report") return { kind, tab };
  const known = CHOICES.find((one) => one === choice);
  return kind === "decide" && known !== undefined ? { kind, tab, choice: known } : undefined;
}

/** A script that runs already, one that waits, and one that runs where no hook reaches it. */
type ScriptKind = "script" | "waiting-script" | "apart-script";

/** Whether it is a script. */
export const isScript = (artifact: unknown): artifact is ScriptKind =>
  artifact === "script" || artifact === "waiting-script" || artifact === "apart-script";

/** A module that the page is handed, and one that may run where no hook reaches it. */
type ModuleKind = "wasm" | "apart-wasm";

const isModule = (artifact: unknown): artifact is ModuleKind => artifact === "wasm" || artifact === "apart-wasm";

function readAnalyse({ artifact, path, bytes }: Fields): FromFrame | undefined {
  if (!isModule(artifact) && artifact !== "websocket" && !isScript(artifact)) return undefined;
  const longest = isScript(artifact) ? LONGEST_SCRIPT_BYTES : LONGEST_MESSAGE_BYTES;
  if (typeof path !== "string" || !isBytes(bytes) || bytes.length > longest) return undefined;
  return { kind: "analyse", asked: { artifact, path: path.slice(0, TEXT), bytes } };
}

function readLarge({ path, bytes, digest }: Fields): FromFrame | undefined {
  if (typeof path !== "string" || !isBytes(bytes) || bytes.length > LONGEST_MESSAGE_BYTES) return undefined;
  return { kind: "large", large: { path: path.slice(0, TEXT), bytes, digest: isDigest(digest) ? digest : undefined } };
}

function readScripts({ scripts }: Fields, sender: Sender): FromFrame | undefined {
  if (!isShortList(scripts)) return undefined;
  const read: Keyed[] = [];
  for (const script of scripts) {
    if (!isFields(script)) return undefined;
    const one = readAnalyse({ ...script, artifact: "script" });
    if (one?.kind !== "analyse") return undefined;
    read.push({ asked: one.asked, key: keyFor(script["key"], sender) });
  }
  return { kind: "scripts", scripts: read };
}

function readKeys({ keys }: Fields, sender: Sender): FromFrame | undefined {
  if (!isShortList(keys)) return undefined;
  return { kind: "kept-scripts", keys: keys.map((key) => keyFor(key, sender) ?? "") };
}

/** What one site's documents say of a script holds for that site. */
const keyFor = (key: unknown, { url }: Sender): string | undefined =>
  typeof key === "string" && key.length <= TEXT ? `${url} ${key}` : undefined;

function readRecall({ digest, path, length }: Fields): FromFrame | undefined {
  if (!isDigest(digest) || typeof path !== "string" || !isCount(length)) return undefined;
  return { kind: "recall", recall: { digest, path: path.slice(0, TEXT), length } };
}

const isDigest = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

function readShaders({ path, texts }: Fields): FromFrame | undefined {
  if (typeof path !== "string" || !isShortList(texts)) return undefined;
  const shaders: Analyse[] = [];
  for (const text of texts) {
    if (typeof text !== "string" || text.length > LONGEST_MESSAGE_BYTES) return undefined;
    shaders.push({ artifact: "shader", path: path.slice(0, TEXT), bytes: new TextEncoder().encode(text) });
  }
  return { kind: "shaders", shaders };
}

function readSpoken({ url, sent, state, data }: Fields): FromFrame | undefined {
  if (typeof url !== "string" || typeof sent !== "boolean" || typeof state !== "string") return undefined;
  const bytes = typeof data === "string" ? new TextEncoder().encode(data.slice(0, MESSAGE)) : data;
  if (state.length > STATE || !isBytes(bytes) || bytes.length > MESSAGE_BYTES) return undefined;
  return { kind: "message", spoken: { url: url.slice(0, TEXT), sent, state, bytes } };
}

function readFound(found: unknown): Found | undefined {
  if (!isFields(found) || !isFields(found["verdict"])) return undefined;
  const { path, kind, bytes, action } = found;
  const { evidence, gaps } = found["verdict"];
  const isSound =
    typeof path === "string" &&
    isWord(kind) &&
    isWord(action) &&
    typeof bytes === "number" &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0 &&
    isShortList(evidence) &&
    isShortList(gaps);
  // Deeper than this the core looks for itself: what is no finding to it changes nothing.
  return isSound
    ? ({ path: path.slice(0, TEXT), kind, bytes, action, verdict: { evidence, gaps } } as Found)
    : undefined;
}

function readWorkers(workers: unknown): WorkerBusy[] | undefined {
  if (!isShortList(workers)) return undefined;
  const read: WorkerBusy[] = [];
  for (const worker of workers) {
    if (!isFields(worker)) return undefined;
    const { id, name, script, span, samples, late, near, silent, held, watched, called } = worker;
    if (![id, samples, late, near].every(isCount) || typeof name !== "string" || typeof script !== "string") {
      return undefined;
    }
    if (typeof span !== "number" || typeof called !== "number") return undefined;
    const counts = { id, samples, late, near } as Pick<WorkerBusy, "id" | "samples" | "late" | "near">;
    const states = { silent: silent === true, held: held === true, watched: watched === true };
    read.push({ ...counts, ...states, name: name.slice(0, TEXT), script: script.slice(0, TEXT), span, called });
  }
  return read;
}

function readMain(main: unknown): MainBusy | undefined {
  if (!isFields(main)) return undefined;
  const { span, long, called } = main;
  if (typeof span !== "number" || typeof long !== "number" || typeof called !== "number") return undefined;
  return { span, long, called };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value.length < WORD;
}

function isShortList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= PIECES;
}

function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array && value.buffer instanceof ArrayBuffer;
}
