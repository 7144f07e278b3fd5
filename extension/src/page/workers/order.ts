// What a page asks of the `Worker` constructor, read once: a getter that answers twice differently gets one answer.
import { put } from "../arguments";
import { own, urlHref } from "../own";
import { blobs } from "./blobs";
import { type Source, sourceOfUrl } from "./build";

export interface Order {
  /** Arguments for the native constructor, with nothing left in them that runs code of the page. */
  readonly args: unknown[];
  /** Whether the address is one that a policy of the page has made. */
  readonly trusted: boolean;
  /** Undefined for what is no address. */
  readonly url: URL | undefined;
  readonly source: Source;
  /** What stands behind a Blob's address now; the page may revoke it at once. */
  readonly blob: Blob | undefined;
  readonly module: boolean;
  readonly name: string;
}

/** Undefined for a call that the native constructor refuses. `members` are those of its options. */
export function orderOf(
  args: unknown[],
  base: () => string,
  members: readonly (keyof Options)[] = MEMBERS,
): Order | undefined {
  if (args.length === 0) return undefined;
  const trusted = isTrusted(args[0]);
  const text = textOf(args);
  const options = optionsOf(args[1], members);
  if (options !== undefined) put(args, 1, options);
  const url = parsed(text, base());
  const source = url === undefined ? "other" : sourceOfUrl(url);
  const blob = url === undefined ? undefined : blobs.get(urlHref(url));
  return { args, trusted, url, source, blob, module: options?.type === "module", name: nameOf(args[1], options) };
}

/** A shared worker may get its name alone. What is no text is the browser's to refuse. */
function nameOf(given: unknown, options: Options | undefined): string {
  const name = options === undefined ? given : options.name;
  return typeof name === "symbol" ? "" : `${name ?? ""}`;
}

type Options = Partial<
  Record<"type" | "credentials" | "name" | "sameSiteCookies" | "extendedLifetime", string | boolean>
>;
const MEMBERS = ["credentials", "name", "type"] as const;
/** Of shared workers, in the order in which browsers read them. */
export const SHARED_MEMBERS = ["credentials", "name", "type", "extendedLifetime", "sameSiteCookies"] as const;

function optionsOf(given: unknown, members: readonly (keyof Options)[]): Options | undefined {
  if (given === null || (typeof given !== "object" && typeof given !== "function")) return undefined;
  const options: Options = { __proto__: null } as Options;
  for (let i = 0; i < members.length; i += 1) {
    const member = members[i] as keyof Options;
    const value: unknown = (given as Record<string, unknown>)[member];
    if (value !== undefined) options[member] = typeof value === "boolean" ? value : `${value}`;
  }
  return options;
}

/** The address among the arguments, read once; a trusted one stays what it is. */
export function textOf(args: unknown[]): string {
  const text = `${args[0]}`;
  if (!isTrusted(args[0])) put(args, 0, text);
  return text;
}

export function parsed(text: string, base: string): URL | undefined {
  try {
    return base === "" ? new own.URL(text) : new own.URL(text, base);
  } catch {
    return undefined;
  }
}

const types = (globalThis as { trustedTypes?: { isScriptURL(value: unknown): boolean } }).trustedTypes;
const isTrusted: (value: unknown) => boolean = types === undefined ? () => false : types.isScriptURL.bind(types);
