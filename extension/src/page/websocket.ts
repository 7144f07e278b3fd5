// `WebSocket` and `WebSocketStream`: the address is judged before anything is sent, then what is sent and received.
import { put } from "./arguments";
import type { Judge } from "./judge";
import {
  defineProperty,
  OwnWeakMap,
  own,
  sequenceOf,
  setPort,
  sliceOf,
  startsWith,
  textIncludes,
  urlHref,
  urlProtocol,
  urlSearch,
} from "./own";
import { hookStreams } from "./socketstream";
import { SHORTEST, sending, Tap, tapped } from "./tap";
import { create, type Native, replace } from "./wrap";

/** A port that browsers refuse to connect to (the Fetch standard's list of bad ports), without sending anything. */
const BAD_PORT = "1";
const ITERATOR = Symbol.iterator;

/** The taps of all sockets; a method of one realm may be called with a socket of another. */
const taps = new OwnWeakMap<object, Tap>();

/** Hooks a realm's sockets. `base` gives the address that relative ones are resolved against. */
export function hookSockets(global: typeof globalThis, judge: Judge, base: () => string): void {
  const prototype = global.WebSocket?.prototype as WebSocket | undefined;
  if (prototype !== undefined) {
    const close = prototype.close as Native;
    replace(
      global,
      "WebSocket",
      opening(judge, base, (socket, url) => {
        taps.set(socket, tapped(socket as WebSocket, url, judge, close));
      }),
    );
    replace(
      prototype,
      "send",
      sending((socket) => taps.get(socket)),
    );
  }
  replace(global, "WebSocketStream", opening(judge, base, hookStreams(global, judge)));
}

/** What judges an address before a socket to it is made. */
function opening(judge: Judge, base: () => string, made: (socket: object, url: string) => void) {
  return {
    create: (native: Native, args: unknown[], target: Native) => {
      if (args.length === 0) return create(native, args, target);
      // Once, so that what is judged is what is opened.
      const text = `${args[0]}`;
      put(args, 0, text);
      const url = absolute(text, base());
      if (url === undefined) return create(native, args, target);
      put(args, 0, urlHref(url));
      if (!judge.address(urlHref(url)) || !isOpened(judge, url, args)) return refused(native, args, target, url);
      const socket = create(native, args, target);
      made(socket, urlHref(url));
      return socket;
    },
  };
}

/** Whether what is said by opening a socket may be said: its address and protocols carry a share as well as a message does. */
function isOpened(judge: Judge, url: URL, args: unknown[]): boolean {
  const said = [plain(sliceOf(urlSearch(url), 1)), protocolsIn(args)];
  for (let i = 0; i < said.length; i += 1) {
    const text = said[i] as string;
    if (text.length < SHORTEST) continue;
    const tap = new Tap(judge, urlHref(url), () => undefined);
    const pass = tap.passes(true, text);
    tap.end();
    if (!pass) return false;
  }
  return true;
}

/** The protocols among the arguments as a message would list them, read once. */
function protocolsIn(args: unknown[]): string {
  const given = args[1];
  if (typeof given !== "object" || given === null || !(ITERATOR in given)) return "";
  const list = own.ArrayFrom(given as Iterable<unknown>);
  let said = "";
  for (let i = 0; i < list.length; i += 1) {
    put(list, i, `${list[i]}`);
    said += `${said === "" ? "[" : ","}"${list[i]}"`;
  }
  put(args, 1, sequenceOf(list));
  return `${said}]`;
}

/** A query as a message would say it: a form is read as it stands. */
function plain(query: string): string {
  if (textIncludes(query, "=")) return query;
  try {
    return own.decodeURIComponent(query);
  } catch {
    return query;
  }
}

/**
 * A socket that cannot connect: it is made, then tells `error` and `close`, as when the server is down. Pages expect
 * that of every socket, while hardly any catches an exception of the constructor.
 */
function refused(native: Native, args: unknown[], target: Native, url: URL): object {
  const shown = urlHref(url);
  setPort(url, BAD_PORT);
  put(args, 0, urlHref(url));
  const socket = create(native, args, target);
  defineProperty(socket, "url", { __proto__: null, value: shown, configurable: true, enumerable: true } as object);
  return socket;
}

/** The address as the constructor reads it; undefined for what it refuses by itself. */
function absolute(text: string, base: string): URL | undefined {
  try {
    const url = new own.URL(text, base);
    const href = urlHref(url);
    const protocol = urlProtocol(url);
    if (protocol === "http:" || protocol === "https:") return new own.URL(`ws${sliceOf(href, 4)}`);
    return startsWith(protocol, "ws") ? url : undefined;
  } catch {
    return undefined;
  }
}
