// `WebSocket` and `WebSocketStream`: the address is judged before anything is sent.
import { put } from "./arguments";
import type { Judge } from "./judge";
import { defineProperty, own, setPort, sliceOf, startsWith, urlHref, urlProtocol } from "./own";
import { create, type Native, replace } from "./wrap";

/** A port that browsers refuse to connect to (the Fetch standard's list of bad ports), without sending anything. */
const BAD_PORT = "1";

/** Hooks a realm's sockets. `base` gives the address that relative ones are resolved against. */
export function hookSockets(global: object, judge: Judge, base: () => string): void {
  const traps = {
    create: (native: Native, args: unknown[], target: Native) => {
      if (args.length === 0) return create(native, args, target);
      // Once, so that what is judged is what is opened.
      const text = `${args[0]}`;
      put(args, 0, text);
      const url = absolute(text, base());
      if (url === undefined) return create(native, args, target);
      put(args, 0, urlHref(url));
      return judge.address(urlHref(url)) ? create(native, args, target) : refused(native, args, target, url);
    },
  };
  replace(global, "WebSocket", traps);
  replace(global, "WebSocketStream", traps);
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
