// The analyser: decoded, compiled and instantiated when it is first asked, dropped when it is idle. It runs in the
// isolated world and beside a worker's script, so it is spoken to in numbers and with functions kept from before.
import { bufferLength, decode, encode, instanceExports, memoryBuffer, own, setBytes } from "../page/language";
import type { Judgement, Setting, SocketAnswer } from "../shared/messages";

/** Idle time after which the instance goes: a process has room for 125 memories, and pages need them. */
const IDLE_MS = 1000;
/** A memory never shrinks: one that grew beyond this is not kept for the next module. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** Why there is no judgement: WebAssembly is not allowed here, no memory could be had, these bytes broke it, or the extension
 * that had it is gone. */
export type Failure = "forbidden" | "exhausted" | "crashed" | "gone";

/** Where its bytes come from; undefined when they are gone. */
type Bytes = () => Uint8Array<ArrayBuffer> | undefined;

type Exports = import("../../pkg/frame/davy_web").InitOutput;

export class Analyser {
  readonly #bytes: Bytes;
  #module: WebAssembly.Module | undefined;
  #exports: Exports | undefined;
  #timer: unknown;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** Whether it was compiled already. */
  get isReady(): boolean {
    return this.#module !== undefined;
  }

  /** Judges a module by its bytes. */
  module(bytes: Uint8Array, setting: Setting): Judgement | Failure {
    return this.#judge(bytes, setting, (exports) => exports.judge_module());
  }

  /** Judges a module that has started, with what its memory holds from address 0. */
  started(bytes: Uint8Array, memory: Uint8Array, setting: Setting): Judgement | Failure {
    const input = joined(bytes, memory);
    return this.#judge(input, setting, (exports) => exports.judge_started());
  }

  /** Judges the address of a WebSocket. */
  address(url: string, setting: Setting): Judgement | Failure {
    return this.#judge(encode(url), setting, (exports) => exports.judge_address());
  }

  /** Judges one message of the socket to `url`, of which `state` is known. */
  message(url: string, sent: boolean, state: string, bytes: Uint8Array, setting: Setting): SocketAnswer | Failure {
    const head = encode(`${sent ? 1 : 0}${state}\n${url}`);
    return this.#judge(joined(head, bytes), setting, (exports) => exports.judge_message());
  }

  /** Takes its memory now, so that nobody else can take the last one before. */
  secure(): void {
    this.#ready();
  }

  #judge<Answer>(bytes: Uint8Array, setting: Setting, judge: (exports: Exports) => number): Answer | Failure {
    const exports = this.#ready();
    if (typeof exports === "string") return exports;
    try {
      hand(exports, encode(own.stringify({ __proto__: null, ...setting })));
      exports.settle();
      hand(exports, bytes);
      const length = judge(exports) >>> 0;
      const judgement = decode(view(exports, exports.output(), length));
      if (bufferLength(memoryBuffer(exports.memory)) > KEPT_BYTES) this.#drop();
      return own.parse(judgement) as Answer;
    } catch {
      // A trap leaves the instance in no known state.
      this.#drop();
      return "crashed";
    }
  }

  #ready(): Exports | Failure {
    own.clearTimeout(this.#timer);
    this.#timer = own.setTimeout(() => this.#drop(), IDLE_MS);
    if (this.#exports !== undefined) return this.#exports;
    const bytes = this.#module === undefined ? this.#bytes() : undefined;
    if (this.#module === undefined && bytes === undefined) return "gone";
    try {
      this.#module ??= new own.Module(bytes as Uint8Array<ArrayBuffer>);
    } catch {
      return "forbidden";
    }
    try {
      this.#exports = started(this.#module);
      return this.#exports;
    } catch {
      return "exhausted";
    }
  }

  #drop(): void {
    this.#exports = undefined;
  }
}

/**
 * An instance. The boundary carries only numbers, so what generated glue would import (a way to throw, a table for
 * objects) is never needed: a core that calls it is about to trap.
 */
function started(module: WebAssembly.Module): Exports {
  const imports = { __proto__: null } as unknown as Record<string, Record<string, () => void>>;
  const wanted = own.moduleImports(module);
  for (let i = 0; i < wanted.length; i += 1) {
    const { module: from, name } = wanted[i] as WebAssembly.ModuleImportDescriptor;
    imports[from] ??= { __proto__: null } as unknown as Record<string, () => void>;
    imports[from][name] = () => undefined;
  }
  const instance = new own.Instance(module, imports);
  return instanceExports(instance) as unknown as Exports;
}

/** Two parts of an input: the length of the first in four bytes, and both. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const input = new own.Uint8Array(4 + first.length + second.length);
  for (let i = 0; i < 4; i += 1) input[i] = (first.length >>> (8 * i)) & 0xff;
  setBytes(input, first, 4);
  setBytes(input, second, 4 + first.length);
  return input;
}

/** Copies bytes to where the core reads its input. */
function hand(exports: Exports, bytes: Uint8Array): void {
  const at = exports.input(bytes.length);
  if (at === 0) throw new own.RangeError("no memory for the input");
  setBytes(view(exports, at, bytes.length), bytes);
}

function view(exports: Exports, at: number, length: number): Uint8Array {
  return new own.Uint8Array(memoryBuffer(exports.memory), at >>> 0, length);
}
