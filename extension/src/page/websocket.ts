// `WebSocket` and `WebSocketStream`: the address is judged before anything is sent, then what is sent and received.
import { put } from "./arguments";
import type { Judge } from "./judge";
import { defineProperty, OwnWeakMap, own, setPort, sliceOf, startsWith, urlHref, urlProtocol } from "./own";
import { hookStreams } from "./socketstream";
import { sending, type Tap, tapped } from "./tap";
import { create, type Native, replace } from "./wrap";

/** A port that browsers refuse to connect to (the Fetch standard's list of bad ports), without sending anything. */
const BAD_PORT = "1";

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
      if (!judge.address(urlHref(url))) return refused(native, args, target, url);
      const socket = create(native, args, target);
      made(socket, urlHref(url));
      return socket;
    },
  };
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
