// Texts that a page has parsed: what runs while they are inserted could use the realms of frames beside it before a hook sees
// them. They are written in pieces, or parsed first and inserted then.
import { makeSomeRoom, put } from "./arguments";
import { hasCustoms, hasExtended } from "./customs";
import { documentAt, inserting, isShown, type Visit } from "./insertions";
import {
  appendChild,
  DOCUMENT,
  documentOf,
  FRAGMENT,
  firstOf,
  fragmentOf,
  localName,
  nodeType,
  parentOf,
} from "./nodes";
import { apply, codeAt, getOwnPropertyDescriptor, getter, lowerCase, textIncludes, uncurried } from "./own";
import type { Native, Traps } from "./wrap";

const FRAME_TAGS = ["<iframe", "<frame", "<object", "<embed"];
const SCRIPT = "<script";
/** What declares a shadow tree, and the only method that makes one of it. */
const DECLARED = "shadowrootmode";
const UNSAFE = "setHTMLUnsafe";
/** Where a script in a written text runs. */
const SCRIPT_ENDS = "</script";
const [SPACE, DASH, SLASH, OPEN, CLOSE, FIRST, LAST] = [32, 45, 47, 60, 62, 97, 122] as const;

const indexOf = uncurried(String.prototype.indexOf as (this: string, part: string, from: number) => number);
const slice = uncurried(String.prototype.slice);
const namespaceOf = getter(Element.prototype, "namespaceURI");
const hostOf = getter(ShadowRoot.prototype, "host");
const elementOf = uncurried(
  Document.prototype.createElementNS as (this: Document, namespace: string | null, name: string) => Element,
);
/** Those that take options, and parse as these say: an element's, for a shadow tree's text is parsed in one as well. */
const { setHTML, setHTMLUnsafe } = Element.prototype as { readonly setHTML?: Native; readonly setHTMLUnsafe?: Native };
const OPTIONED = { __proto__: null, setHTML, setHTMLUnsafe } as const;
const setInner = getOwnPropertyDescriptor(Element.prototype, "innerHTML")?.set as Native;
const { trustedTypes: types, TrustedHTML: Trusted } = globalThis as {
  readonly trustedTypes?: { isHTML(value: unknown): boolean };
  readonly TrustedHTML?: { readonly prototype: { toString(this: unknown): string } };
};
const isTrusted = types?.isHTML.bind(types) ?? (() => false);
const trustedText = Trusted === undefined ? String : uncurried(Trusted.prototype.toString);

/** What puts a parsed text in its place. */
const PLACES = {
  __proto__: null,
  inside: Element.prototype.replaceChildren as Native,
  shadow: DocumentFragment.prototype.replaceChildren as Native,
  instead: Element.prototype.replaceWith as Native,
  beforebegin: Element.prototype.before as Native,
  afterbegin: Element.prototype.prepend as Native,
  beforeend: Element.prototype.append as Native,
  afterend: Element.prototype.after as Native,
} as const;
type Place = Exclude<keyof typeof PLACES, "__proto__">;
const ADJACENT = ["beforebegin", "afterbegin", "beforeend", "afterend"] as const;
/** Beside the element, so that its parent says how the text is parsed. */
const OUTSIDE = ["instead", "beforebegin", "afterend"] as const;

/** Traps for `document.write`: a text is written in pieces, each up to where code runs that could use a frame before it. */
export function writing(visit: Visit, write: Native): Traps {
  return {
    call(native: Native, self: unknown, args: unknown[]) {
      makeSomeRoom();
      const text = joined(args);
      const at = documentAt(self) ?? document;
      const left = begun(text, at, (piece) => {
        apply(write, self, [piece]);
        visit(at);
      });
      const result: unknown = apply(native, self, left === text ? args : [left]);
      visit(at);
      return result;
    },
  };
}

function joined(args: unknown[]): string {
  let text = "";
  for (let i = 0; i < args.length; i += 1) text += args[i] === null ? "null" : textAt(args, i);
  return text;
}

/** Hands over all pieces of a text but the last, which is returned. */
function begun(text: string, target: Document, write: (piece: string) => void): string {
  const lower = lowered(text);
  // After a frame every tag may be the end of an image with a `load`. A text may begin in the middle of a frame's tag.
  const inTag = indexOf(lower, ">", 0);
  const first = indexOf(lower, "<", 0);
  const every = bringsFrames(lower) || (inTag >= 0 && (first < 0 || inTag < first));
  const next = (from: number) => (every ? indexOf(lower, "<", from) : codeFrom(lower, target, from));
  let from = 0;
  for (let at = next(1); at > 0; at = next(at + 1)) {
    try {
      write(slice(text, from, at));
    } catch (error) {
      // Where only trusted texts may be written a piece is none: the whole, which may be one, is the browser's to judge.
      if (from === 0) return text;
      throw error;
    }
    from = at;
  }
  return slice(text, from);
}

/**
 * Traps for `innerHTML` and its like: a text that brings frames beside custom elements, or beside scripts that run, is parsed
 * first, so that it is inserted as nodes are: the elements are made before, the scripts run after.
 */
export function setting(visit: Visit, name: string): Traps {
  const insert = inserting(visit, 1).call as NonNullable<Traps["call"]>;
  const insertLate = inserting(visit, 1, true).call as NonNullable<Traps["call"]>;
  const setter = name === UNSAFE || name === "setHTML" ? OPTIONED[name] : undefined;
  return {
    call(native: Native, self: unknown, args: unknown[]) {
      makeSomeRoom();
      const place = placeOf(self as Node, name, args);
      const made = place && parsed(setter, self as Node, args, among(OUTSIDE, place));
      if (place !== undefined && made !== undefined) {
        // No tree is found that the text declares as closed.
        return void (declares(name, args) ? insertLate : insert)(PLACES[place], self, [made]);
      }
      const result: unknown = apply(native, self, args);
      visit(documentAt(self));
      return result;
    },
  };
}

/** Where a text goes that has to be parsed first; undefined where the browser may see to it. */
function placeOf(self: Node, name: string, args: unknown[]): Place | undefined {
  const at = name === "insertAdjacentHTML" ? 1 : 0;
  const target = documentAt(self);
  const isUnsafe = name === UNSAFE;
  if (target === undefined || args.length <= at || !(isUnsafe || hasCustoms(target)) || !isShown(self))
    return undefined;
  const text = textAt(args, at);
  if (!bringsBoth(text, target, isUnsafe)) return undefined;
  if (name === "outerHTML") return "instead";
  if (at === 0) return nodeType(self) === FRAGMENT ? "shadow" : "inside";
  const word = lowerCase(textAt(args, 0));
  return among(ADJACENT, word) ? word : undefined;
}

function among<Word extends string>(words: readonly Word[], word: string): word is Word {
  for (let i = 0; i < words.length; i += 1) if (words[i] === word) return true;
  return false;
}

/** What a text is parsed to, in an element like the one that it is for; undefined where there can be none. */
function parsed(setter: Native | undefined, self: Node, args: readonly unknown[], outside: boolean): Node | undefined {
  const shell = likeOf(outside ? parentOf(self) : self);
  if (shell === undefined) return undefined;
  if (setter !== undefined) apply(setter, shell, args);
  else apply(setInner, shell, [args[args.length - 1]]);
  const made = fragmentOf(document);
  for (let child = firstOf(shell); child !== null; child = firstOf(shell)) appendChild(made, child);
  return made;
}

/** A loose element in which texts are parsed as in this one. A name of the page's own may have a constructor. */
function likeOf(context: Node | null): Element | undefined {
  if (context === null || nodeType(context) === DOCUMENT) return undefined;
  let element = context as Element;
  if (nodeType(context) === FRAGMENT) element = hostOf(context as ShadowRoot);
  const name = localName(element);
  // What is in a template is of no document.
  if (name === "template") return undefined;
  const owner = documentOf(context) ?? document;
  return elementOf(owner, namespaceOf(element), textIncludes(name, "-") ? "div" : name);
}

/** An argument as the text that it will be taken for, read once. */
function textAt(args: unknown[], at: number): string {
  const given = args[at];
  if (typeof given === "string") return given;
  if (given === null) return "";
  if (isTrusted(given)) return trustedText(given);
  // What is no text throws here as it would there.
  const text = `${given as string}`;
  put(args, at, text);
  return text;
}

/**
 * Whether a text has frames, and elements whose constructors may be the page's or, where it is `unsafe`, scripts that options may
 * have run and trees in which something runs. The options are not read: they may be others the second time.
 */
function bringsBoth(text: string, target: Document, unsafe: boolean): boolean {
  const lower = lowered(text);
  if (!bringsFrames(lower)) return false;
  if (unsafe && (textIncludes(lower, SCRIPT) || textIncludes(lower, DECLARED))) return true;
  return hasCustoms(target) && customFrom(lower, target, 0) >= 0;
}

/** Whether a text, read already, declares shadow trees. */
const declares = (name: string, args: unknown[]): boolean =>
  name === UNSAFE && textIncludes(lowered(textAt(args, 0)), DECLARED);

function bringsFrames(lower: string): boolean {
  for (let i = 0; i < FRAME_TAGS.length; i += 1) if (textIncludes(lower, FRAME_TAGS[i] as string)) return true;
  return false;
}

/** Where code of the page's may run next while this is parsed, -1 where none may. */
function codeFrom(lower: string, target: Document, from: number): number {
  const script = indexOf(lower, SCRIPT_ENDS, from);
  const custom = hasCustoms(target) ? customFrom(lower, target, from) : -1;
  return script < 0 || (custom >= 0 && custom < script) ? custom : script;
}

/** A text in small letters, none longer than it was. */
function lowered(text: string): string {
  const lower = lowerCase(text);
  if (lower.length === text.length) return lower;
  let made = "";
  for (let i = 0; i < text.length; i += 1) made += lowerCase(text[i] as string)[0];
  return made;
}

/** The first tag from there on whose element may have a constructor of the page's. */
function customFrom(lower: string, target: Document, from: number): number {
  for (let at = indexOf(lower, "<", from); at >= 0; at = indexOf(lower, "<", at + 1)) {
    const first = codeAt(lower, at + 1);
    if (first >= FIRST && first <= LAST && (hasExtended(target) || hasDash(lower, at + 1))) return at;
  }
  return -1;
}

/** Whether a tag's name has a dash; a name that holds another tag's start is left to that. */
function hasDash(lower: string, from: number): boolean {
  for (let i = from; ; i += 1) {
    const code = codeAt(lower, i);
    if (code === DASH) return true;
    if (!(code > SPACE) || code === SLASH || code === OPEN || code === CLOSE) return false;
  }
}
