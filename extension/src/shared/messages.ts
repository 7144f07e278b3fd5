// What the parts of the extension say to each other: discriminated unions. Their shapes come from Rust; what arrives
// at the background is validated by background/receive.ts, whoever sent it.

import type {
  Action,
  ArtifactKind,
  Book,
  BookEdit,
  Choice,
  Decision,
  Evidence,
  Found,
  Judgement,
  LogEntry,
  MainBusy,
  Mode,
  Opinion,
  Report,
  Setting,
  SiteDecision,
  SiteView,
  SocketAnswer,
  TabView,
  UnwatchedReason,
  Verdict,
  WorkerBusy,
} from "../../pkg/background/davy_web.js";
import type { Key, SourcedSettings } from "./settings";

export type {
  Action,
  ArtifactKind,
  Book,
  BookEdit,
  Choice,
  Decision,
  Evidence,
  Found,
  Judgement,
  LogEntry,
  MainBusy,
  Mode,
  Opinion,
  Report,
  Setting,
  SiteDecision,
  SiteView,
  SocketAnswer,
  TabView,
  UnwatchedReason,
  Verdict,
  WorkerBusy,
};

/** From a frame's isolated world to the background. */
export type FrameMessage =
  /** Something was read and judged there, and this was done about it. `digest`: the SHA-256 of a module's bytes in hex, where
   * its verdict may be kept for the site's next visit. No answer. */
  | { readonly kind: "judged"; readonly found: Found; readonly digest?: string | undefined }
  /** A module is about to be read. Answer: the `Judgement` that is known of its bytes, of which the background has taken
   * note, or `undefined`. */
  | { readonly kind: "recall"; readonly digest: string; readonly path: string; readonly length: number }
  /** Load of the frame's main thread, where there is any, and of every living worker of it since the report before; a
   * second apart. No answer. */
  | { readonly kind: "busy"; readonly main: MainBusy | undefined; readonly workers: readonly WorkerBusy[] }
  /** Something that cannot be watched; `detail` is an address or a name. No answer. */
  | { readonly kind: "unwatched"; readonly reason: UnwatchedReason; readonly detail: string }
  /** The frame cannot run the analyser itself. Answer: `Judgement`, or `undefined` when there is none; the background
   * has taken note of it. A socket's address stands in `path`, and `bytes` is empty. */
  | {
      readonly kind: "analyse";
      readonly artifact: "wasm" | "apart-wasm" | "websocket" | "script" | "waiting-script" | "apart-script";
      readonly path: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  /** A large module that waits. Answer: `Judgement`, or `undefined` when there is none; the background has taken note of it,
   * and keeps it under `digest` where there is one. */
  | {
      readonly kind: "large";
      readonly path: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly digest: string | undefined;
    }
  /** Scripts that run already. They are read beside the page. No answer. */
  | { readonly kind: "scripts"; readonly scripts: readonly Script[] }
  /** Scripts that the browser had kept. Answer: for each whether it is known to show nothing, and need not be read. */
  | { readonly kind: "kept-scripts"; readonly keys: readonly string[] }
  /** Shaders that the page has handed over. Answer: a `Judgement` for each. */
  | { readonly kind: "shaders"; readonly path: string; readonly texts: readonly string[] }
  /** The frame cannot judge a socket's message itself. `state` is what it was told after the message before. Answer:
   * `Heard`, or `undefined` when there is none. */
  | {
      readonly kind: "message";
      readonly url: string;
      readonly sent: boolean;
      readonly state: string;
      readonly data: string | Uint8Array<ArrayBuffer>;
    }
  /** A worker starts with the script at this address, `apart` where no hook reaches it. Never leaves the frame: its isolated
   * world reads the script. */
  | { readonly kind: "starts"; readonly url: string; readonly apart: boolean };

/** A script and where it came from. */
export interface Script {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Address and lengths, where the browser had kept it and does not read it anew. */
  readonly key: string | undefined;
}

/** What the background says of a socket's message. */
export type Heard = Pick<SocketAnswer, "state" | "works" | "skip" | "most"> & { readonly found?: Found };

/** From the background to a frame's isolated world. */
export type BackgroundMessage =
  /** The page as a whole mines on the graphics card. */
  | { readonly kind: "halt" }
  /** Watched code is to pause, or may go on. */
  | { readonly kind: "hold" | "release" }
  /** A worker is to end. */
  | { readonly kind: "end"; readonly worker: number }
  /** The script at this address runs where no hook reaches it, and is to be read; `imported`: another may have imported it. */
  | { readonly kind: "inspect"; readonly url: string; readonly imported: boolean }
  /** What is at these addresses, and what else this origin has, may have been compiled by the worker with the script `by`,
   * and is to be read. */
  | { readonly kind: "inspect-modules"; readonly by: string; readonly urls: readonly string[] }
  /** Service workers with this script are to go. */
  | { readonly kind: "unregister"; readonly url: string };

/** From the popup to the background. */
export type PopupMessage =
  /** Answer: `TabView`. */
  | { readonly kind: "view"; readonly tab: number }
  /** Answer: `TabView` after the decision. */
  | { readonly kind: "decide"; readonly tab: number; readonly choice: Choice }
  /** Answer: `Report`. */
  | { readonly kind: "report"; readonly tab: number };

/** From the page of settings to the background. */
export type SettingsMessage =
  /** Answer: `SettingsView`, as to all but the last three. */
  | { readonly kind: "settings" }
  /** Sets one setting; without a value it has its default again. */
  | { readonly kind: "set"; readonly key: Key; readonly value?: unknown }
  /** Changes the book of decisions. */
  | { readonly kind: "edit"; readonly edit: BookEdit }
  /** Takes in what `export` gave, here or elsewhere. Answer: `Imported`. */
  | { readonly kind: "import"; readonly file: unknown }
  /** Answer: `SavedSettings`. */
  | { readonly kind: "export" }
  /** Answer: every `LogEntry`, newest first. */
  | { readonly kind: "log" }
  /** Answer: no `LogEntry` any more. */
  | { readonly kind: "clear-log" };

/** What the page of settings shows. */
export interface SettingsView {
  readonly settings: SourcedSettings;
  /** Names in a policy that could not be taken. */
  readonly refused: readonly string[];
  readonly sites: readonly SiteView[];
  /** Whether the browser lets the extension into every site. */
  readonly access: boolean;
}

/** What came of a file with settings. */
export interface Imported {
  readonly view: SettingsView;
  /** Whether it was such a file at all. */
  readonly read: boolean;
}

/** Settings and lasting decisions of a person, as a file. */
export interface SavedSettings {
  readonly schema: "davy.settings/1";
  readonly settings: object;
  readonly sites: Book["sites"];
}

/** Longest module that a frame may hand to the background; beyond it the frame answers by itself. */
export const LONGEST_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Modules from this size on are read by the background, where somebody can wait. An analyser that begins in a process spends more
 * on being compiled well than on what it reads (530 of 870 ms of processor time for 12 MB, 280 of 300 for 1 MB, 630 of 780 for
 * an SQLite of 0.7 MB); that of the background has been. Smaller ones are read sooner than they are asked about.
 */
export const LARGE_BYTES = 64 * 1024;

/** Longest script that is read: a frame's scripts are read one after the other, beside everything else. */
export const LONGEST_SCRIPT_BYTES = 2 * 1024 * 1024;
