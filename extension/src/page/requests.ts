// `fetch`, `XMLHttpRequest` and `sendBeacon`: bodies are read where the page itself reads or gives them, so that nothing is
// copied that is long, and no stream is kept whole.
import { put } from "./arguments";
import { addressOf, type Exchange, exchangeWith, NOWHERE } from "./exchange";
import type { Judge } from "./judge";
import {
  apply,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  getter,
  listen,
  OwnWeakMap,
  own,
  progressLoaded,
  responseLocked,
  responseText,
  responseUrl,
} from "./own";
import { hookReaders, type Look, looked } from "./readers";
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
  hookBodies(realm.Response?.prototype, lineTo);
  hookReaders(realm, (response) => {
    const line = lineOf(response, lineTo);
    return line && hearing(line);
  });
  hookXhr(realm, lineTo);
  replace(realm.Navigator?.prototype, "sendBeacon", {
    call: (native, self, args) => {
      const line = lineTo(args[0]);
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
  const isRequest = (given: unknown): given is Request =>
    typeof given === "object" && given !== null && urlIn(given) !== undefined;
  const urlOf = getter(Request.prototype, "url");
  const urlIn = (given: unknown): string | undefined => {
    try {
      return urlOf(given as Request);
    } catch {
      return undefined;
    }
  };
  replace(realm, "Request", {
    create: (native, args, target) => {
      const body = bodyIn(args[1]) ?? (isRequest(args[0]) ? bodies.get(args[0]) : undefined);
      const request = create(native, args, target);
      if (body !== undefined) bodies.set(request, body);
      return request;
    },
  });
  const traps: Traps = {
    call: (native, self, args) => {
      const first = args[0];
      const line = lineTo(isRequest(first) ? urlIn(first) : first);
      if (line === undefined) return apply(native, self, args);
      const body = bodyIn(args[1]) ?? (isRequest(first) ? bodies.get(first) : undefined);
      const { exchange, url } = line;
      const passes = !exchange.isRefused(url) && exchange.passes(url, true, body);
      return apply(native, self, passes ? args : [NOWHERE]);
    },
  };
  for (let at: object | null = realm; at !== null; at = getPrototypeOf(at)) replace(at, "fetch", traps);
}

/** The body among a request's options, where it can be looked at without running the page's code. */
function bodyIn(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return undefined;
  return getOwnPropertyDescriptor(options, "body")?.value;
}

/** The channel that a response came through; undefined for one that a script has made. */
function lineOf(response: unknown, lineTo: LineTo): Line | undefined {
  try {
    return lineTo(responseUrl(response as Response));
  } catch {
    return undefined;
  }
}

function hookBodies(prototype: object | undefined, lineTo: LineTo): void {
  const reads = ["text", "arrayBuffer", "bytes", "blob"];
  for (let i = 0; i < reads.length; i += 1) {
    replace(prototype, reads[i] as string, {
      call: (native, self, args) => {
        const line = lineOf(self, lineTo);
        const body: unknown = apply(native, self, args);
        return line === undefined ? body : looked(hearing(line), body as Promise<unknown>);
      },
    });
  }
  replace(prototype, "json", {
    call: (native, self, args) => {
      const line = lineOf(self, lineTo);
      // What is read already is refused in the words of this method.
      if (line === undefined || responseLocked(self as Response)) return apply(native, self, args);
      return looked(hearing(line), responseText(self as Response), own.parse);
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
      const line = args.length < 2 ? undefined : lineTo(args[1]);
      if (line?.exchange.isRefused(line.url) === true) put(args, 1, NOWHERE);
      const result: unknown = apply(native, self, args);
      if (line !== undefined) lines.set(self as object, line);
      return result;
    },
  });
  replace(prototype, "send", {
    call: (native, self, args) => {
      const line = lines.get(self as object);
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
