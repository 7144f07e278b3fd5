// Modules from the network: the browser compiles them at once, from the response itself, so that its code cache keeps
// working (measured: a clone of the response does not disturb it), while a clone is read and judged. The module is held
// back until the verdict.
import { drain } from "./drain";
import type { Judge } from "./judge";
import { apply, getOwnPropertyDescriptor, own, responseBody, responseClone, responseUrl, settles } from "./own";
import { type Looked, lookFor, looking, remember } from "./started";
import { onceJudged } from "./webassembly";
import { type Native, nativeOf } from "./wrap";

/** The native functions of a realm whose modules can be held back. */
export interface Natives {
  readonly compile: Native;
  readonly instantiate: Native;
}

/** What is done with the outcome. */
export interface Ends {
  /** It is the page's. */
  readonly done: (result: unknown) => void;
  readonly failed: (reason: unknown) => void;
  /** The native function is to say in its own words what is wrong with these bytes; nothing: that they are broken. */
  readonly refuse: (bytes?: Uint8Array<ArrayBuffer>, look?: Looked) => void;
}

/**
 * The natives of a realm, undefined where its modules cannot be held back. A promise asks a module for `then`: whatever a
 * page planted for that on a prototype would have the module before the verdict. So modules have one that is nothing.
 */
export function nativesOf(namespace: object | undefined): Natives | undefined {
  const native = (name: string): Native | undefined => {
    const value = namespace && (getOwnPropertyDescriptor(namespace, name)?.value as Native | undefined);
    return value && (nativeOf(value) ?? value);
  };
  const compile = native("compileStreaming");
  const instantiate = native("instantiate");
  const module = native("Module");
  const prototype = module && (getOwnPropertyDescriptor(module, "prototype")?.value as object | undefined);
  if (compile === undefined || instantiate === undefined || prototype === undefined) return undefined;
  return settles(prototype) ? { compile, instantiate } : undefined;
}

/**
 * The body of a clone, where a response came from the network: what pages make themselves has no address, and may change
 * on the way to whoever reads it second.
 */
function twinOf(response: Response): ReadableStream | undefined {
  if (responseUrl(response) === "" || responseBody(response) === null || !settles(response)) return undefined;
  return responseBody(responseClone(response)) ?? undefined;
}

/** Whether what a page hands over as imports is what the browser takes: else it says so itself, before it compiles. */
const areImports = (imports: unknown): boolean =>
  imports === undefined || (typeof imports === "object" && imports !== null) || typeof imports === "function";

/** Compiles a response, or instantiates it with what `args` say, and judges its twin. False: it was left alone. */
export function early(
  natives: Natives,
  response: Response,
  args: readonly unknown[],
  instantiates: boolean,
  judge: Judge,
  ends: Ends,
): boolean {
  const imports = args[1];
  if (instantiates && !areImports(imports)) return false;
  const twin = twinOf(response);
  if (twin === undefined) return false;
  const compiled = apply(natives.compile, undefined, [response, args[instantiates ? 2 : 1]]) as Promise<object>;
  // Told when the verdict is there.
  own.whenDone(compiled, nothing, nothing);
  const source = responseUrl(response);
  const give = (module: object, look: Looked | undefined) => {
    if (!instantiates) return ends.done(looking(judge, look, undefined, compiled));
    if (look !== undefined) remember(module, look);
    const made = apply(natives.instantiate, undefined, [module, imports]);
    own.whenDone(
      looking(judge, look, imports, made) as Promise<unknown>,
      (instance) => ends.done({ module, instance }),
      ends.failed,
    );
  };
  drain(
    twin,
    (bytes) =>
      onceJudged(judge, bytes, source, (pass) => {
        if (pass === false) return ends.refuse();
        const look = lookFor(pass, bytes, source);
        own.whenDone(
          compiled,
          (module) => give(module as object, look),
          () => ends.refuse(bytes, look),
        );
        return undefined;
      }),
    (reason) => own.whenDone(compiled, () => ends.failed(reason), ends.failed),
  );
  return true;
}

const nothing = (): void => undefined;
