// Modules of which something was found: what they export passes the brake. The page gets functions that look like the
// exported ones; where WebAssembly itself insists on those, it gets them back.
import { put } from "./arguments";
import { through } from "./brake";
import { apply, defineProperty, getOwnPropertyDescriptor, OwnMap, OwnWeakMap, own } from "./language";
import { create, type Native, nativeOf, replace, replaceAccessor, standIn } from "./wrap";

/** Modules of one thread whose shapes are remembered. */
const MOST_SHAPES = 256;
/** Names of a module that make up its shape. */
const MOST_NAMES = 512;

const instances = new OwnWeakMap<object, true>();
const given = new OwnWeakMap<object, object>();
const standIns = new OwnWeakMap<Native, Native>();
const shapes = new OwnMap<string, true>();
let spread: (shape: string, isNew: boolean) => void = () => undefined;

/** Calls `tell` before a watched module starts, with its shape, and whether that is seen for the first time. */
export function whenWatched(tell: (shape: string, isNew: boolean) => void): void {
  spread = tell;
}

/** Every shape that is known. */
export const eachShape = (visit: (shape: string) => void): void => shapes.each((_, shape) => visit(shape));

/** A module of this shape is watched somewhere in the page. Whether that is new. */
export function learnShape(shape: string): boolean {
  if (shapes.get(shape) === true || shapes.size >= MOST_SHAPES) return false;
  shapes.set(shape, true);
  return true;
}

/** A module is watched from now on, here and where the page may send it. */
export function watchModule(module: object): void {
  const shape = shapeOf(module);
  if (shape !== undefined) spread(shape, learnShape(shape));
}

/** Whether a module that was compiled elsewhere has the shape of a watched one. */
export function isWatchedElsewhere(module: unknown): boolean {
  if (shapes.size === 0) return false;
  const shape = shapeOf(module);
  if (shape === undefined || shapes.get(shape) !== true) return false;
  spread(shape, false);
  return true;
}

/** What an instance exports passes the brake. */
export const watchInstance = (instance: object): void => instances.set(instance, true);

/** Names and kinds of what a module imports and exports: it keeps them wherever it is sent. */
function shapeOf(module: unknown): string | undefined {
  try {
    const exports = own.moduleExports(module as WebAssembly.Module);
    const imports = own.moduleImports(module as WebAssembly.Module);
    let shape = `${exports.length}.${imports.length}`;
    for (let i = 0; i < exports.length && i < MOST_NAMES; i += 1) {
      const { kind, name } = exports[i] as WebAssembly.ModuleExportDescriptor;
      shape += ` ${kind}:${name}`;
    }
    for (let i = 0; i < imports.length && i < MOST_NAMES; i += 1) {
      const { kind, name } = imports[i] as WebAssembly.ModuleImportDescriptor;
      shape += ` ${kind}:${name}`;
    }
    return shape;
  } catch {
    return undefined;
  }
}

/** Hooks what hands exported functions out, and what demands them back. */
export function hookExports(namespace: object): void {
  const prototypeOf = (name: string): object | undefined => {
    const found = getOwnPropertyDescriptor(namespace, name)?.value as Native | undefined;
    return found && (getOwnPropertyDescriptor(found, "prototype")?.value as object | undefined);
  };
  replaceAccessor(prototypeOf("Instance"), "exports", "get", {
    call(native, self, args) {
      const exports = apply(native, self, args) as object;
      return instances.get(self as object) === true ? facade(exports) : exports;
    },
  });
  const table = prototypeOf("Table");
  replace(table, "get", {
    call(native, self, args) {
      const found = apply(native, self, args) as Native;
      return (typeof found === "function" && standIns.get(found)) || found;
    },
  });
  const bare = (args: unknown[], index: number) => {
    if (args.length > index) put(args, index, unwrapped(args[index]));
    return args;
  };
  for (let i = 0; i < FILLERS.length; i += 1) {
    replace(table, FILLERS[i] as string, { call: (native, self, args) => apply(native, self, bare(args, 1)) });
  }
  for (let i = 0; i < HOLDERS.length; i += 1) {
    replace(namespace, HOLDERS[i] as string, {
      create: (native, args, target) => create(native, bare(args, 1), target),
    });
  }
  replaceAccessor(prototypeOf("Global"), "value", "set", {
    call: (native, self, args) => apply(native, self, bare(args, 0)),
  });
  replace(namespace, "promising", {
    call(native, self, args) {
      const isWatched = args[0] !== unwrapped(args[0]);
      const made = apply(native, self, bare(args, 0)) as Native;
      return isWatched ? braked(made) : made;
    },
  });
}

const FILLERS = ["set", "grow"];
const HOLDERS = ["Table", "Global"];

const unwrapped = (value: unknown): unknown => {
  if (typeof value !== "function") return value;
  const native = nativeOf(value);
  return native !== undefined && standIns.get(native) === value ? native : value;
};

function braked(native: Native): Native {
  const known = standIns.get(native);
  if (known !== undefined) return known;
  const made = standIn(native, { call: through });
  standIns.set(native, made);
  return made;
}

/** The exports as the page gets them: the same names and values, frozen as they are. */
function facade(exports: object): object {
  const known = given.get(exports);
  if (known !== undefined) return known;
  const made = { __proto__: null } as unknown as object;
  const keys = own.keysOf(exports);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as PropertyKey;
    const found = getOwnPropertyDescriptor(exports, key);
    const value: unknown = found?.value;
    const shown = typeof value === "function" ? braked(value) : value;
    defineProperty(made, key, { __proto__: null, value: shown, enumerable: true } as PropertyDescriptor);
  }
  own.freeze(made);
  given.set(exports, made);
  return made;
}
