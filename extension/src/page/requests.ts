// `fetch`, `XMLHttpRequest` and `sendBeacon`: bodies are read where the page itself reads or gives them, so that nothing is
// copied that is long, and no stream is kept whole.
import { put } from "./arguments";
import { isBuffer } from "./bytes";
import { addressOf, type Exchange, exchangeWith, NOWHERE } from "./exchange";
import type { Judge } from "./judge";
import {
  apply,
  formText,
  getPrototypeOf,
  getter,
  isBlob,
  isStream,
  listen,
  OwnWeakMap,
  own,
  progressLoaded,
  responseLocked,
  responseText,
  responseUrl,
  sequenceOf,
  tells,
} from "./own";
import { hookReaders, type Look, looked, watching, watchStream } from "./readers";
import { create, replace, type Traps } from "./wrap";

/** An exchange, and which of its addresses is meant. */
export interface Line {
  readonly exchange: Exchange;
  readonly url: URL;
}

/** Hooks a realm's requests. `base` gives the address that relative ones are resolved against. */
export function hookRequests(realm: typeof globalThis, judge: Judge, base: () => string): void {
  const lineTo = (given: unknown): Line | undefined => {
    const url = addressOf(given, base());
    const exchange = url && exchangeWith(url, judge);
    return url && exchange && { exchange, url };
  };
  hookFetch(realm, lineTo);
  hookBodies(realm, lineTo);
  hookReaders(realm, (response) => lookOf(response, lineTo));
  hookXhr(realm, lineTo);
  replace(realm.Navigator?.prototype, "sendBeacon", {
    call: (native, self, args) => {
      const line = lineTo(addressIn(args, 0));
      if (args.length > 1) put(args, 1, sentBody(args[1]));
      return line?.exchange.passes(line.url, true, args[1]) === false ? true : apply(native, self, args);
    },
  });
}

/** Takes in what comes by a line. */
const hearing =
  ({ exchange, url }: Line): Look =>
  (body) =>
    exchange.passes(url, false, body);

type LineTo = (given: unknown) => Line | undefined;

/** What requests were made with: their body is a stream by now. */
const bodies = new OwnWeakMap<object, unknown>();

function hookFetch(realm: typeof globalThis, lineTo: LineTo): void {
  const { Request } = realm;
  const isRequest = (given: unknown): given is Request => isObject(given) && urlIn(given) !== undefined;
  const urlOf = getter(Request.prototype, "url");
  const urlIn = (given: unknown): string | undefined => tells(urlOf, given);
  const bodyOf = (args: unknown[]) => bodyIn(args) ?? (isRequest(args[0]) ? bodies.get(args[0]) : undefined);
  replace(realm, "Request", {
    create: (native, args, target) => {
      const body = bodyOf(args);
      const request = create(native, args, target);
      if (body !== undefined) bodies.set(request, body);
      return request;
    },
  });
  replace(Request.prototype, "clone", {
    call: (native, self, args) => {
      const clone = apply(native, self, args) as object;
      bodies.set(clone, bodies.get(self as object));
      return clone;
    },
  });
  /** Whether a request with these arguments may be made; what of them is no text is read here, and only once. */
  const passes = (args: unknown[]): boolean => {
    const line = args.length === 0 ? undefined : lineTo(urlIn(args[0]) ?? addressIn(args, 0));
    if (line === undefined) return true;
    const { exchange, url } = line;
    const body = bodyOf(args);
    return !exchange.isRefused(url) && exchange.passes(url, true, body);
  };
  const fetching: Traps = {
    call: (native, self, args) => rejecting(() => apply(native, self, passes(args) ? args : [NOWHERE])),
  };
  for (let at: object | null = realm; at !== null; at = getPrototypeOf(at)) replace(at, "fetch", fetching);
  // A worker asks by what it imports as well; the hooks around this one have made texts of what is none.
  const importing: Traps = {
    call: (native, self, args) => {
      for (let i = 0; i < args.length; i += 1) {
        if (typeof args[i] === "string" && !passes([args[i]])) put(args, i, NOWHERE);
      }
      return apply(native, self, args);
    },
  };
  for (let at: object | null = realm; at !== null; at = getPrototypeOf(at)) replace(at, "importScripts", importing);
  replace(realm, "fetchLater", {
    call: (native, self, args) => apply(native, self, passes(args) ? args : [NOWHERE]),
  });
  // A cache asks for what it is to hold.
  replace(realm.Cache?.prototype, "add", fetching);
  replace(realm.Cache?.prototype, "addAll", {
    call: (native, self, args) =>
      rejecting(() => {
        const all = isObject(args[0]) ? own.ArrayFrom(args[0] as Iterable<unknown>) : [];
        for (let i = 0; i < all.length; i += 1) {
          const one = [all[i]];
          put(all, i, passes(one) ? one[0] : NOWHERE);
        }
        return apply(native, self, all.length > 0 ? [sequenceOf(all)] : args);
      }),
  });
}

/** What the page's own code throws meanwhile is told by a promise, as such methods do. */
function rejecting(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return new own.Promise((_done, failed) => failed(error));
  }
}

const isObject = (given: unknown): given is object => typeof given === "object" && given !== null;

/** The address among the arguments, read once: what is none becomes a text. */
function addressIn(args: unknown[], at: number): unknown {
  const given = args[at];
  if (args.length > at && typeof given === "object" && given !== null) put(args, at, `${given}`);
  return args[at];
}

/** The body among a request's options, read once. */
function bodyIn(args: unknown[]): unknown {
  const options = args[1] as Record<PropertyKey, unknown> | null | undefined;
  if (typeof options !== "object" || options === null) return undefined;
  const body = sentBody(options["body"]);
  const get = (target: typeof options, key: PropertyKey) => (key === "body" ? body : target[key]);
  put(args, 1, new own.Proxy(options, { __proto__: null, get } as ProxyHandler<typeof options>));
  return body;
}

/** A body as it is sent: what is of no kind that requests know becomes a text. */
function sentBody(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const isKnown = isBlob(body) || isBuffer(body) || isStream(body) || formText(body) !== undefined || isNode(body);
  return isKnown ? body : `${body}`;
}

/** An `XMLHttpRequest` sends documents. Workers have none. */
const isNode = (body: object): boolean => nodeType !== undefined && tells(nodeType, body) !== undefined;
const nodeType = globalThis.Node && getter(Node.prototype, "nodeType");

/** Responses that a script has made of others' bodies. */
const made = new OwnWeakMap<object, Look>();

/** What looks at the body of a response: the channel that it came through, as long as no script has made it of something else. */
function lookOf(response: unknown, lineTo: LineTo): Look | undefined {
  try {
    const url = responseUrl(response as Response);
    const line = url === "" ? undefined : lineTo(url);
    return line === undefined ? made.get(response as object) : hearing(line);
  } catch {
    return undefined;
  }
}

function hookBodies(realm: typeof globalThis, lineTo: LineTo): void {
  const prototype = realm.Response?.prototype;
  replace(realm, "Response", {
    create: (native, args, target) => {
      const look = watching(args[0]);
      const response = create(native, args, target);
      if (look !== undefined) made.set(response, look);
      return response;
    },
  });
  replace(prototype, "textStream", {
    call: (native, self, args) => {
      const look = lookOf(self, lineTo);
      const stream = apply(native, self, args) as object;
      if (look !== undefined) watchStream(stream, look);
      return stream;
    },
  });
  const reads = ["text", "arrayBuffer", "bytes", "blob"];
  for (let i = 0; i < reads.length; i += 1) {
    replace(prototype, reads[i] as string, {
      call: (native, self, args) => {
        const look = lookOf(self, lineTo);
        const body: unknown = apply(native, self, args);
        return look === undefined ? body : looked(look, body as Promise<unknown>);
      },
    });
  }
  replace(prototype, "json", {
    call: (native, self, args) => {
      const look = lookOf(self, lineTo);
      // What is read already is refused in the words of this method.
      if (look === undefined || responseLocked(self as Response)) return apply(native, self, args);
      return looked(look, responseText(self as Response), own.parse);
    },
  });
}

function hookXhr(realm: typeof globalThis, lineTo: LineTo): void {
  const prototype = realm.XMLHttpRequest?.prototype as XMLHttpRequest | undefined;
  if (prototype === undefined) return;
  const lines = new OwnWeakMap<object, Line>();
  const typeOf = getter(prototype, "responseType");
  const textOf = getter(prototype, "responseText");
  const answerOf = getter(prototype, "response");
  const bodyOf = (xhr: XMLHttpRequest): unknown => {
    const type = typeOf(xhr);
    if (type === "" || type === "text") return textOf(xhr);
    const answer: unknown = answerOf(xhr);
    return type === "json" ? own.stringify(answer) : answer;
  };
  replace(prototype, "open", {
    call: (native, self, args) => {
      const line = args.length < 2 ? undefined : lineTo(addressIn(args, 1));
      if (line?.exchange.isRefused(line.url) === true) put(args, 1, NOWHERE);
      const result: unknown = apply(native, self, args);
      if (line !== undefined) lines.set(self as object, line);
      return result;
    },
  });
  replace(prototype, "send", {
    call: (native, self, args) => {
      const line = lines.get(self as object);
      if (args.length > 0) put(args, 0, sentBody(args[0]));
      line?.exchange.passes(line.url, true, args[0]);
      return apply(native, self, args);
    },
  });
  replace(realm, "XMLHttpRequest", {
    create: (native, args, target) => {
      const xhr = create(native, args, target) as XMLHttpRequest;
      // Before anybody else can: listeners are called in their order.
      listen(xhr, "load", (event) => told(xhr, event));
      return xhr;
    },
  });
  const told = (xhr: XMLHttpRequest, event: Event): void => {
    const line = lines.get(xhr);
    if (line === undefined || !event.isTrusted || progressLoaded(event as ProgressEvent) > XHR_BYTES) return;
    line.exchange.passes(line.url, false, bodyOf(xhr));
  };
}

/** Longest answer of an `XMLHttpRequest` that is asked for: asking makes the browser build the text. */
const XHR_BYTES = 64 * 1024;
