// The line to the background.
import type { FrameMessage, Judgement } from "../shared/messages";
import { LONGEST_MESSAGE_BYTES } from "../shared/messages";

/** How long the background may take to wake up, load its analyser and judge. */
const PATIENCE_MS = 30_000;

/** Reports a second that a frame may send; what a page does more often says nothing new. */
const REPORTS_PER_SECOND = 50;

let second = 0;
let sent = 0;

/** Whether the extension is still there: it may have been updated or switched off under the page. */
const isConnected = (): boolean => chrome.runtime?.id !== undefined;

/** Sends a report; what cannot be delivered is lost with the extension that would have shown it. */
export function tell(message: FrameMessage): void {
  const now = Math.floor(performance.now() / 1000);
  sent = now === second ? sent + 1 : 1;
  second = now;
  if (sent > REPORTS_PER_SECOND || !isConnected()) return;
  chrome.runtime.sendMessage(message).catch(() => undefined);
}

/** Has the background judge a module. `disconnected`: no background is left; undefined: it could not tell. */
export async function ask(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Judgement | "disconnected" | undefined> {
  if (!isConnected()) return "disconnected";
  if (bytes.length > LONGEST_MESSAGE_BYTES) return undefined;
  const message: FrameMessage = { kind: "analyse", artifact: "wasm", path, bytes };
  try {
    const answer = chrome.runtime.sendMessage<FrameMessage, Judgement | undefined>(message);
    return await Promise.race([answer, late()]);
  } catch {
    return isConnected() ? undefined : "disconnected";
  }
}

const late = (): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS));
