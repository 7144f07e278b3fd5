// The sole importer of the core's background build. It is instantiated once, on first use.

import init, {
  Desk,
  judgeAddress,
  judgeKnown,
  judgeMessage,
  judgeModule,
  judgeScript,
  judgeShader,
  judgeWaitingScript,
} from "../../pkg/background/davy_web.js";
import { browser } from "../shared/browser";

export type {
  ArtifactKind,
  Book,
  BookEdit,
  Decision,
  Fetched,
  Found,
  Judgement,
  Ledger,
  Phrase,
  Reach,
  Sender,
  Tab,
  TabAction,
  TabEvent,
  Ticks,
  Trip,
} from "../../pkg/background/davy_web.js";
export type { Desk };

/** The core, ready for use. */
export interface Engine {
  readonly Desk: typeof Desk;
  readonly judgeModule: typeof judgeModule;
  readonly judgeAddress: typeof judgeAddress;
  readonly judgeKnown: typeof judgeKnown;
  readonly judgeMessage: typeof judgeMessage;
  readonly judgeScript: typeof judgeScript;
  readonly judgeShader: typeof judgeShader;
  readonly judgeWaitingScript: typeof judgeWaitingScript;
}

let loading: Promise<Engine> | undefined;

/** Loads the core, once. A failure is tried again by the next caller. */
export function engine(): Promise<Engine> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Engine> {
  await init({ module_or_path: fetch(browser.runtime.getURL("engine.wasm")) });
  return { Desk, judgeModule, judgeAddress, judgeKnown, judgeMessage, judgeScript, judgeShader, judgeWaitingScript };
}
