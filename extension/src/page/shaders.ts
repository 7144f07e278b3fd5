// Shaders, as a page hands them over. The call goes on at once and the text is judged beside it; what turns out to mine
// loses the device or the context that it was given to, and so does what mines together with the rest of the page.
import { put } from "./arguments";
import { hookContexts } from "./contexts";
import type { Fate, Judge } from "./judge";
import { apply, derefOf, getOwnPropertyDescriptor, OwnMap, own, sliceOf, sourceOf } from "./own";
import { type Native, replace } from "./wrap";

/** Texts of one realm that are read: a scene has hundreds, and the same ones again and again. */
const MOST_TEXTS = 512;
/** Characters of them together. */
const MOST_LENGTH = 16 * 1024 * 1024;
/** One more than is read of a text (`SHADER_BYTES` of the core), so that the rest is told as a gap. */
const LONGEST = 4 * 1024 * 1024 + 1;
/** Owners of one text that are remembered until its fate is known, and afterwards when it is kept in mind. */
const MOST_OWNERS = 64;

/** Ends what an owner does on the graphics card. */
type End = (owner: object) => void;

interface Owner {
  readonly held: WeakRef<object>;
  readonly end: End;
}

interface Known {
  fate: Fate | undefined;
  owners: Owner[];
}

const texts = new OwnMap<string, Known>();
let length = 0;
let halted = false;
let listening = false;

/** Hooks a realm's ways to hand a shader over. */
export function hookShaders(realm: typeof globalThis, judge: Judge): void {
  if (!listening) judge.whenHalted(halt);
  listening = true;
  hookDevice(realm, judge);
  hookContexts(realm, (prototype) => hookContext(prototype, judge));
}

function hookDevice(realm: object, judge: Judge): void {
  const Device = getOwnPropertyDescriptor(realm, "GPUDevice")?.value as { prototype: object } | undefined;
  if (Device === undefined) return;
  const destroy = getOwnPropertyDescriptor(Device.prototype, "destroy")?.value as Native;
  const end: End = (device) => void apply(destroy, device, []);
  replace(Device.prototype, "createShaderModule", {
    call: (native, self, args) => {
      const text = codeOf(args);
      const module: unknown = apply(native, self, args);
      if (text !== undefined) handed(text, self as object, end, judge);
      return module;
    },
  });
}

/** The text of a shader module's description, read once: what is judged is what is compiled. */
function codeOf(args: unknown[]): string | undefined {
  const given = args[0];
  if (typeof given !== "object" || given === null) return undefined;
  const code = (given as { code?: unknown }).code;
  if (code === undefined || typeof code === "symbol") return undefined;
  const text = `${code}`;
  put(args, 0, { __proto__: given, code: text });
  return text;
}

function hookContext(prototype: object, judge: Judge): End {
  const extension = getOwnPropertyDescriptor(prototype, "getExtension")?.value as Native;
  const end: End = (context) => {
    const lose = apply(extension, context, ["WEBGL_lose_context"]) as { loseContext: Native } | null;
    if (lose !== null && isNative(lose.loseContext)) apply(lose.loseContext, lose, []);
  };
  replace(prototype, "shaderSource", {
    call: (native, self, args) => {
      // A symbol is refused in the browser's own words.
      if (args.length < 2 || typeof args[1] === "symbol") return apply(native, self, args);
      const text = `${args[1]}`;
      put(args, 1, text);
      apply(native, self, args);
      handed(text, self as object, end, judge);
    },
  });
  return end;
}

/** Its prototype has no name, so it cannot be kept from before the page; nothing but the native has this text. */
const isNative = (lose: unknown): boolean =>
  typeof lose === "function" && sourceOf(lose as () => void) === "function loseContext() { [native code] }";

function handed(text: string, owner: object, end: End, judge: Judge): void {
  const known = texts.get(text) ?? ask(text, judge);
  if (known === undefined || known.fate === "forget") return;
  if (known.fate === "stop" || (halted && known.fate === "keep")) end(owner);
  else if (known.owners.length < MOST_OWNERS)
    put(known.owners, known.owners.length, { held: new own.WeakRef(owner), end });
}

/** Has a text judged that is seen for the first time; undefined when there were too many. */
function ask(text: string, judge: Judge): Known | undefined {
  if (texts.size >= MOST_TEXTS || length + text.length > MOST_LENGTH) return undefined;
  length += text.length;
  const known: Known = { fate: undefined, owners: [] };
  texts.set(text, known);
  judge.shader(sliceOf(text, 0, LONGEST), (fate) => {
    known.fate = fate;
    if (fate === "stop" || (halted && fate === "keep")) endAll(known);
    if (fate === "forget") known.owners = [];
  });
  return known;
}

/** The page as a whole mines: what was kept in mind ends, and what is handed the same again. */
function halt(): void {
  halted = true;
  texts.each((known) => {
    if (known.fate === "keep") endAll(known);
  });
}

function endAll(known: Known): void {
  const { owners } = known;
  known.owners = [];
  for (let i = 0; i < owners.length; i += 1) {
    const { held, end } = owners[i] as Owner;
    const owner = derefOf(held);
    if (owner !== undefined) end(owner);
  }
}
