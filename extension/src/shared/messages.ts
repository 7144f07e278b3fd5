// What the parts of the extension say to each other: discriminated unions. Their shapes come from Rust; what arrives
// at the background is validated by background/receive.ts, whoever sent it.

import type {
  Action,
  ArtifactKind,
  Choice,
  Decision,
  Evidence,
  Found,
  Judgement,
  Mode,
  Report,
  Setting,
  SocketAnswer,
  TabView,
  UnwatchedReason,
  Verdict,
  WorkerBusy,
} from "../../pkg/background/davy_web.js";

export type {
  Action,
  ArtifactKind,
  Choice,
  Decision,
  Evidence,
  Found,
  Judgement,
  Mode,
  Report,
  Setting,
  SocketAnswer,
  TabView,
  UnwatchedReason,
  Verdict,
  WorkerBusy,
};

/** From a frame's isolated world to the background. */
export type FrameMessage =
  /** Something was read and judged there, and this was done about it. No answer. */
  | { readonly kind: "judged"; readonly found: Found }
  /** Load of every living worker of the frame since the report before; one to three seconds apart. No answer. */
  | { readonly kind: "busy"; readonly workers: readonly WorkerBusy[] }
  /** Something that cannot be watched; `detail` is an address or a name. No answer. */
  | { readonly kind: "unwatched"; readonly reason: UnwatchedReason; readonly detail: string }
  /** The frame cannot run the analyser itself. Answer: `Judgement`, or `undefined` when there is none; the background
   * has taken note of it. A socket's address stands in `path`, and `bytes` is empty. */
  | {
      readonly kind: "analyse";
      readonly artifact: "wasm" | "websocket" | "script" | "waiting-script";
      readonly path: string;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
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
  /** A worker starts with the script at this address. Never leaves the frame: its isolated world reads the script. */
  | { readonly kind: "starts"; readonly url: string };

/** What the background says of a socket's message. */
export type Heard = Pick<SocketAnswer, "state" | "skip" | "most"> & { readonly found?: Found };

/** From the background to a frame's isolated world: the page as a whole mines on the graphics card. */
export type BackgroundMessage = { readonly kind: "halt" };

/** From the popup to the background. */
export type PopupMessage =
  /** Answer: `TabView`. */
  | { readonly kind: "view"; readonly tab: number }
  /** Answer: `TabView` after the decision. */
  | { readonly kind: "decide"; readonly tab: number; readonly choice: Choice }
  /** Answer: `Report`. */
  | { readonly kind: "report"; readonly tab: number };

/** Longest module that a frame may hand to the background; beyond it the frame answers by itself. */
export const LONGEST_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Longest script that is read: a frame's scripts are read one after the other, beside everything else. */
export const LONGEST_SCRIPT_BYTES = 2 * 1024 * 1024;
