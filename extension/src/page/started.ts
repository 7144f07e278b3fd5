// The second look: a module that hashes and hides what it hashes with is read once more when it has started, with its
// memory. What it decrypted by then stands there; what turns out to mine never reaches the page.
import { BROKEN } from "./bytes";
import type { Care, Judge, Pass } from "./judge";
import { getOwnPropertyDescriptor, instanceExports, memoryBuffer, OwnWeakMap, own } from "./language";
import { isWatchedElsewhere, watchInstance, watchModule } from "./watched";

/** Bytes of memory that are looked at: `STARTED_BYTES` of the core. */
const LOOK_BYTES = 8 * 1024 * 1024;

/** A module that is cared for until it has an instance. */
export interface Looked {
  readonly care: Care;
  /** What it was compiled from, where it is to be looked at again. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly source: string;
}

const modules = new OwnWeakMap<object, Looked>();
const NOTHING = new own.Uint8Array(0);

/** What is kept of a module for a verdict; undefined where nothing has to be. */
export function lookFor(pass: Pass, bytes: Uint8Array<ArrayBuffer>, source: string): Looked | undefined {
  if (typeof pass === "boolean") return undefined;
  return { care: pass, bytes: pass.look ? bytes : NOTHING, source };
}

/** Cares for a module until it has an instance. */
export function remember(module: object, look: Looked): void {
  modules.set(module, look);
  if (look.care.watch) watchModule(module);
}

/** What is kept of a module that the page hands over; undefined for everything else. */
export function lookedAt(module: unknown): Looked | undefined {
  if (typeof module !== "object" || module === null) return undefined;
  const known = modules.get(module);
  if (known !== undefined || !isWatchedElsewhere(module)) return known;
  return { care: { look: false, watch: true }, bytes: NOTHING, source: "" };
}

/** The promise of an instance, broken when the second look says that it mines. */
export function looking(judge: Judge, look: Looked | undefined, imports: unknown, made: unknown): unknown {
  if (look === undefined) return made;
  return new own.Promise((done, failed) => {
    own.whenDone(
      made as Promise<unknown>,
      (result) => {
        const { module, instance } = partsOf(result);
        if (module !== undefined) remember(module, look);
        if (instance === undefined || mayGoOn(judge, look, imports, instance)) return done(result);
        try {
          refused();
        } catch (error) {
          failed(error);
        }
      },
      failed,
    );
  });
}

/** Whether an instance may reach the page. */
export function mayGoOn(judge: Judge, look: Looked | undefined, imports: unknown, instance: object): boolean {
  if (look === undefined) return true;
  if (look.care.watch) watchInstance(instance);
  if (!look.care.look) return true;
  const memory = memoryOf(look, imports, instance);
  return memory === undefined || judge.started(look.bytes, memory, look.source);
}

/** Throws the error of a broken module. */
export function refused(): never {
  new own.Module(BROKEN);
  throw new own.RangeError("a broken module was compiled");
}

/** `compile` gives a Module, `instantiate` an Instance or both; none of them passes through a page's property. */
function partsOf(result: unknown): { module?: object; instance?: object } {
  if (isInstance(result)) return { instance: result };
  const part = (name: string): unknown => getOwnPropertyDescriptor(result as object, name)?.value;
  const instance = part("instance");
  if (isInstance(instance)) return { module: part("module") as object, instance };
  return { module: result as object };
}

function isInstance(value: unknown): value is WebAssembly.Instance {
  try {
    return instanceExports(value as WebAssembly.Instance) !== undefined;
  } catch {
    return false;
  }
}

/** A copy of the first memory that the module exports or imports. */
function memoryOf(look: Looked, imports: unknown, instance: object): Uint8Array<ArrayBuffer> | undefined {
  try {
    const module = new own.Module(look.bytes);
    const exports = own.moduleExports(module);
    for (let i = 0; i < exports.length; i += 1) {
      const { kind, name } = exports[i] as WebAssembly.ModuleExportDescriptor;
      if (kind === "memory") return startOf(instanceExports(instance as WebAssembly.Instance)[name]);
    }
    const wanted = own.moduleImports(module);
    for (let i = 0; i < wanted.length; i += 1) {
      const { kind, module: from, name } = wanted[i] as WebAssembly.ModuleImportDescriptor;
      if (kind !== "memory") continue;
      const space = (imports as Record<string, Record<string, unknown>>)[from];
      return startOf(space?.[name]);
    }
  } catch {
    // Nothing to look at.
  }
  return undefined;
}

function startOf(memory: unknown): Uint8Array<ArrayBuffer> {
  const buffer = memoryBuffer(memory as WebAssembly.Memory);
  const shared = new own.Uint8Array(buffer);
  let { length } = shared;
  if (length > LOOK_BYTES) length = LOOK_BYTES;
  return new own.Uint8Array(new own.Uint8Array(buffer, 0, length));
}
