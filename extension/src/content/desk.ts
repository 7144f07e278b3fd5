// Answers the questions of the page's hooks.

import type { Pass, SocketMessage, SocketPass } from "../page/judge";
import {
  ANSWER,
  type Answer,
  ASK,
  END,
  HALT,
  HOLD,
  type Kit,
  type Question,
  SCRIPTED,
  type Scripted,
  SETTLED,
  type Settled,
  SHADED,
  type Shaded,
  SPOKEN,
  type Spoken,
} from "../page/question";
import { forPage, fromPage } from "../shared/browser";
import { type BackgroundMessage, type FrameMessage, LONGEST_SCRIPT_BYTES } from "../shared/messages";
import type { Analyser } from "./analyser";
import { GUARD } from "./guard";
import { answerFor, fateFor, foundOf, isNews, isStopped, isTold, mayConnect, mayGoOn, passOf } from "./hold";
import { Imports } from "./imports";
import { isWorthAsking, remembered } from "./memory";
import { Modules } from "./modules";
import { ask, askMessage, askScript, askShaders, late, tell, whenTold } from "./relay";
import { Scripts, textOf } from "./scripts";
import { settingNow } from "./setting";
import { Sockets } from "./sockets";

/** What preludes are made of. */
export interface PreludeParts {
  /** A classic script that runs as the body of a function of `davyPrelude`, `davyWasm` and `davyConfig`. */
  readonly prelude: string;
  /** A classic script that runs as the body of a function of `davyWorklet`. */
  readonly worklet: string;
  /** Address of the worklets' prelude as a file that pages can load; undefined where they can load none. */
  readonly file: () => string | undefined;
  /** The analyser, in base64; undefined when it is gone. */
  readonly base64: () => string | undefined;
}

/** A module to judge: who waits for it, and the digest under which its verdict may be kept. */
interface Asked {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly path: string;
  readonly id?: number;
  readonly digest?: string | undefined;
}

/** How long a script waits for its verdict once it has come; then it runs, and the tab says that it was not read in time. */
const PATIENCE_MS = 3_000;

export class Desk {
  readonly #analyser: Analyser;
  readonly #parts: PreludeParts;
  readonly #sockets: Sockets;
  readonly #scripts = new Scripts();
  readonly #modules = new Modules();
  readonly #imports = new Imports();
  #node: EventTarget | undefined;
  #waiting = 0;
  /** Modules about which the background is asked now. */
  #recalling = 0;

  constructor(analyser: Analyser, parts: PreludeParts) {
    this.#analyser = analyser;
    this.#parts = parts;
    this.#sockets = new Sockets(analyser, (found) => tell({ kind: "judged", found }), askMessage);
    whenTold((message) => this.#hear(message));
  }

  /** Listens to the hooks' node and tells them that somebody does. */
  attend(node: EventTarget): void {
    this.#node = node;
    node.addEventListener(ASK, (event) => {
      const question = fromPage((event as CustomEvent<Question>).detail);
      this.#say(ANSWER, this.#answer(question));
    });
    this.#say(ANSWER, true);
  }

  #hear(message: BackgroundMessage): Promise<unknown> | undefined {
    switch (message.kind) {
      case "halt":
        this.#say(HALT, undefined);
        return undefined;
      case "hold":
      case "release":
        this.#say(HOLD, message.kind === "hold");
        return undefined;
      case "end":
        this.#say(END, message.worker);
        return undefined;
      case "inspect":
        void this.#scripts.inspect(message.url, message.imported);
        return undefined;
      case "inspect-modules":
        void this.#modules.inspect(message.by, message.urls);
        return undefined;
      case "unregister":
        return this.#scripts.unregister(message.url);
    }
  }

  #say(type: string, detail: Answer | Settled | Spoken | Shaded | Scripted): void {
    this.#node?.dispatchEvent(new CustomEvent(type, { detail: forPage(detail) }));
  }

  #answer(question: Question): Answer {
    switch (question.op) {
      case "module":
        return this.#module(question.bytes, question.source || location.href, question.wait);
      case "started":
        return this.#started(question.bytes, question.memory, question.source || location.href);
      case "address":
        return this.#address(question.url);
      case "message":
        return this.#message(question.message);
      case "script":
        return void this.#script(question);
      case "shaders":
        return void this.#shaders(question.first, question.texts);
      case "closed":
        return void this.#sockets.forget(question.socket);
      case "secure":
        return void this.#analyser.secure();
      case "kit":
        return this.#kit(question.of);
      case "tell":
        return void this.#tell(question.message);
    }
  }

  #tell(message: FrameMessage): void {
    if (message.kind === "starts") this.#scripts.worker(message.url, message.apart);
    else tell(message);
  }

  #module(bytes: Uint8Array<ArrayBuffer>, path: string, wait: boolean): Pass | number {
    if (!wait) return this.#weigh({ bytes, path });
    this.#waiting += 1;
    const id = this.#waiting;
    // Who compiles many at once is answered by the analyser.
    const ready = this.#analyser.isReady || this.#recalling > 0;
    if (!isWorthAsking(bytes.length, ready)) return this.#weigh({ bytes, path, id });
    void this.#recall(id, bytes, path);
    return id;
  }

  async #recall(id: number, bytes: Uint8Array<ArrayBuffer>, path: string): Promise<void> {
    this.#recalling += 1;
    const { digest, judgement } = await remembered(bytes, path);
    this.#recalling -= 1;
    const pass = judgement === undefined ? this.#weigh({ bytes, path, id, digest }) : passOf(judgement);
    if (pass !== id) this.#say(SETTLED, { id, pass: pass as Pass });
  }

  /** Judges a module. Who waits for it under a number gets that where nothing is known yet. */
  #weigh({ bytes, path, id, digest }: Asked): Pass | number {
    const setting = settingNow();
    const outcome = this.#analyser.module(bytes, setting);
    const answer = answerFor(outcome, bytes, setting);
    if (answer === "unknown" && id !== undefined) {
      void this.#settle(id, bytes, path);
      return id;
    }
    const passed = typeof answer === "object";
    if (isTold(outcome, passed)) {
      tell({ kind: "judged", found: foundOf("wasm", path, bytes.length, outcome, passed), digest });
    }
    return passed ? answer : false;
  }

  #message(message: SocketMessage): SocketPass {
    this.#waiting += 1;
    const id = this.#waiting;
    const pass = this.#sockets.message(message, settingNow(), (pass) => this.#say(SPOKEN, { id, pass }));
    return pass.later === undefined ? pass : { ...pass, later: id };
  }

  #started(bytes: Uint8Array<ArrayBuffer>, memory: Uint8Array<ArrayBuffer>, path: string): boolean {
    const outcome = this.#analyser.started(bytes, memory, settingNow());
    const passed = mayGoOn(outcome);
    if (typeof outcome !== "string" && isNews(outcome)) {
      tell({ kind: "judged", found: foundOf("wasm", path, bytes.length, outcome, passed) });
    }
    return passed;
  }

  /** The background says what this frame could not find out. Without a background nobody watches, and nothing stops. */
  async #settle(id: number, bytes: Uint8Array<ArrayBuffer>, path: string): Promise<void> {
    const judgement = await ask(path, bytes);
    const known = judgement === undefined || judgement === "disconnected" ? undefined : judgement;
    const pass = known === undefined ? judgement === "disconnected" : passOf(known);
    this.#say(SETTLED, { id, pass });
  }

  /**
   * A script that cannot be had from here is left to the browser, which will say why. One that is slow to come would be slow
   * without Davy too: only for its verdict it does not wait for ever.
   */
  async #script({ id, url, bytes: known, runs }: Extract<Question, { readonly op: "script" }>): Promise<void> {
    if (runs) return this.#say(SCRIPTED, { id, go: { pass: await this.#imports.pass(url, known), bytes: undefined } });
    const bytes = known ?? (await textOf(url));
    const unwatched = () =>
      tell({ kind: "unwatched", reason: "worker", detail: url.startsWith("data:") ? "data:" : url });
    if (bytes !== undefined && bytes.length > LONGEST_SCRIPT_BYTES) unwatched();
    const isHeld = known === undefined && url.startsWith("http") && !importsLate(bytes);
    const held = isHeld ? bytes : undefined;
    const judged = this.#mayRun(url, bytes);
    const pass = await Promise.race([judged, late(PATIENCE_MS)]);
    if (pass !== undefined) return this.#say(SCRIPTED, { id, go: { pass, bytes: held } });
    unwatched();
    this.#say(SCRIPTED, { id, go: { pass: true, bytes: held, unread: true } });
    this.#say(SCRIPTED, { id, go: { pass: await judged, bytes: undefined } });
  }

  async #mayRun(url: string, bytes: Uint8Array<ArrayBuffer> | undefined): Promise<boolean> {
    const judgement = bytes && (await askScript(url, bytes));
    if (judgement === undefined) return true;
    return !isStopped(judgement) && this.#imports.passSoon(url, judgement.imports);
  }

  async #shaders(first: number, texts: readonly string[]): Promise<void> {
    const judgements = await askShaders(location.href, texts);
    this.#say(SHADED, { first, fates: texts.map((_, index) => fateFor(judgements?.[index])) });
  }

  #address(url: string): boolean {
    if (this.#sockets.wasClosed(url)) return false;
    const setting = settingNow();
    const outcome = this.#analyser.address(url, setting);
    const passed = mayConnect(outcome, setting);
    if (outcome !== "forbidden")
      tell({ kind: "judged", found: foundOf("websocket", url, url.length, outcome, passed) });
    return passed;
  }

  #kit(of: "worker" | "worklet"): Kit | undefined {
    const { prelude, worklet } = this.#parts;
    const wasm = this.#parts.base64();
    if (wasm === undefined) return undefined;
    const head = `(function davyPrelude(davyWasm){${GUARD}return function(davyConfig){`;
    const ofWorker = () => `${head}${prelude}\nreturn davyConfig.ready}})("${wasm}")`;
    // Nothing of the page's stands in the same text: there is nothing to guard.
    const ofWorklet = () => `((davyWasm)=>(davyWorklet)=>{davyWorklet.wasm=davyWasm;${worklet}})("${wasm}")`;
    return {
      prelude: of === "worker" ? ofWorker() : ofWorklet(),
      file: of === "worker" ? undefined : this.#parts.file(),
      setting: JSON.stringify(settingNow()),
      compiles: compiles(),
    };
  }
}

/** Whether a classic script may import modules when it runs: their addresses are relative to its own, which no Blob has. It is
 * loaded once more, as every module is. */
const importsLate = (bytes: Uint8Array<ArrayBuffer> | undefined): boolean =>
  bytes !== undefined && /\bimport\s*\(/.test(new TextDecoder().decode(bytes));

/** Whether the document's policy lets WebAssembly compile: the isolated world stands under the same. */
function compiles(): boolean {
  try {
    return new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) !== undefined;
  } catch {
    // The question was ours: the page need not hear of it.
    addEventListener("securitypolicyviolation", (event) => event.stopImmediatePropagation(), {
      once: true,
      capture: true,
    });
    return false;
  }
}
