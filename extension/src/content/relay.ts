// The line to the background.
import type { BackgroundMessage, FrameMessage, Heard, Judgement, Script } from "../shared/messages";
import { LONGEST_MESSAGE_BYTES, LONGEST_SCRIPT_BYTES } from "../shared/messages";
import { isStopped } from "./hold";
import type { Elsewhere, Told } from "./sockets";

/** How long the background may take to wake up, load its analyser and judge. */
const PATIENCE_MS = 30_000;

/** Reports a second that a frame may send; what a page does more often says nothing new. */
const REPORTS_PER_SECOND = 50;

let second = 0;
let sent = 0;

/** Whether the extension is still there: it may have been updated or switched off under the page. */
export const isConnected = (): boolean => chrome.runtime?.id !== undefined;

/** Sends a report; what cannot be delivered is lost with the extension that would have shown it. */
export function tell(message: FrameMessage): void {
  const now = Math.floor(performance.now() / 1000);
  sent = now === second ? sent + 1 : 1;
  second = now;
  if (sent > REPORTS_PER_SECOND || !isConnected()) return;
  // What was found is told once more where the background was ended before it took note.
  const told = message.kind === "judged" ? asked(message) : chrome.runtime.sendMessage(message);
  told.catch(() => undefined);
}

/** Asks the background. The browser may end it while it judges; whoever asks once more wakes another one. */
async function asked<T>(message: FrameMessage): Promise<T | undefined> {
  const ask = () => chrome.runtime.sendMessage<FrameMessage, T | undefined>(message);
  try {
    return await ask();
  } catch (error) {
    if (!isConnected()) throw error;
    return ask();
  }
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
    const answer = asked<Judgement>(message);
    return await Promise.race([answer, late(PATIENCE_MS)]);
  } catch {
    return isConnected() ? undefined : "disconnected";
  }
}

/** How long a module waits to hear whether it is known; then it is read. */
const RECALL_MS = 1000;

/** What the background knows of a module that this site's pages compiled before. */
export async function recall(digest: string, path: string, length: number): Promise<Judgement | undefined> {
  const known = answered<Judgement>({ kind: "recall", digest, path, length });
  return Promise.race([known, late(RECALL_MS)]);
}

/** How long a large module waits for the background; then it is read in its frame. */
const LARGE_MS = 5000;

/** Has the background judge a large module; undefined when it does not say in time. */
export async function askLarge(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  digest: string | undefined,
): Promise<Judgement | undefined> {
  if (bytes.length > LONGEST_MESSAGE_BYTES) return undefined;
  return Promise.race([answered<Judgement>({ kind: "large", path, bytes, digest }), late(LARGE_MS)]);
}

/** Messages of sockets a second that the background is asked about; more are not read. */
const MESSAGES_PER_SECOND = 100;

let spokenSecond = 0;
let spoken = 0;

/** Has the background judge a message of a socket. */
export const askMessage: Elsewhere = ({ url, sent, data }, state, then) => {
  const now = Math.floor(performance.now() / 1000);
  spoken = now === spokenSecond ? spoken + 1 : 1;
  spokenSecond = now;
  if (spoken > MESSAGES_PER_SECOND || !isConnected()) return then(undefined);
  const message: FrameMessage = { kind: "message", url, sent, state, data };
  asked<Heard>(message).then(
    (heard) => then(heard && told(heard)),
    () => then(undefined),
  );
};

const told = ({ state, works, skip, most, found }: Heard): Told => ({
  state,
  works,
  skip,
  most,
  later: undefined,
  found,
  pass: found === undefined || !isStopped(found),
});

/** Has the background judge a script that waits; undefined when it cannot, or has nothing against it. */
export async function askScript(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<Judgement | undefined> {
  if (bytes.length > LONGEST_SCRIPT_BYTES) return undefined;
  const path = url.startsWith("data:") ? "data:" : url;
  return answered({ kind: "analyse", artifact: "waiting-script", path, bytes });
}

/** Has the background judge shaders; undefined when it cannot. */
export const askShaders = (path: string, texts: readonly string[]): Promise<Judgement[] | undefined> =>
  answered({ kind: "shaders", path, texts });

/** What the background answers; undefined when there is none. */
async function answered<T>(message: FrameMessage): Promise<T | undefined> {
  if (!isConnected()) return undefined;
  try {
    return await asked<T>(message);
  } catch {
    return undefined;
  }
}

/** Calls `hear` with every word of the background, which waits for what takes time. */
export function whenTold(hear: (message: BackgroundMessage) => Promise<unknown> | undefined): void {
  if (!isConnected()) return;
  chrome.runtime.onMessage.addListener((message: BackgroundMessage, _sender, answer) => {
    const done = hear(message);
    const settle = () => answer();
    done?.then(settle, settle);
    return done !== undefined;
  });
}

/** Whether hooks reach a script that runs already. */
type ScriptKind = "script" | "apart-script";

/** Time in which scripts gather, and bytes that make it short: a message of its own costs more than most take to be read. */
const GATHER_MS = 50;
const GATHERED_BYTES = 1024 * 1024;

let gathered: Script[] = [];
let gatheredBytes = 0;

/** For each of the scripts with these keys whether it showed nothing when it was read before. */
export const arePlain = async (keys: readonly string[]): Promise<readonly boolean[]> =>
  (await answered<readonly boolean[]>({ kind: "kept-scripts", keys })) ?? [];

/** Hands a script to the background, which takes note of what it finds, under `key` where it shows nothing. Nothing waits for it. */
export function read(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  artifact: ScriptKind = "script",
  key: string | undefined = undefined,
): void {
  if (!isConnected() || bytes.length > LONGEST_SCRIPT_BYTES) return;
  if (artifact !== "script") {
    send({ kind: "analyse", artifact, path, bytes });
    return;
  }
  if (gathered.length === 0) {
    setTimeout(handOver, GATHER_MS);
    addEventListener("pagehide", handOver, { once: true });
  }
  gathered.push({ path, bytes, key });
  gatheredBytes += bytes.length;
  if (gatheredBytes > GATHERED_BYTES) handOver();
}

function handOver(): void {
  removeEventListener("pagehide", handOver);
  if (gathered.length > 0) send({ kind: "scripts", scripts: gathered });
  gathered = [];
  gatheredBytes = 0;
}

function send(message: FrameMessage): void {
  if (isConnected()) chrome.runtime.sendMessage(message).catch(() => undefined);
}

/** Hands a module to the background that may run where no hook reaches it. Nothing waits for it. */
export function readModule(path: string, bytes: Uint8Array<ArrayBuffer>): void {
  if (!isConnected() || bytes.length > LONGEST_MESSAGE_BYTES) return;
  const message: FrameMessage = { kind: "analyse", artifact: "apart-wasm", path, bytes };
  chrome.runtime.sendMessage(message).catch(() => undefined);
}

/** Nothing, `after` milliseconds from now. */
export const late = (after: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), after));
