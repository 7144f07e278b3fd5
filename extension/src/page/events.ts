// `EventSource`: what it brings, under any name, belongs to what the page says to the same origin by requests.
import { put } from "./arguments";
import { addressOf, type Exchange, exchangeWith, NOWHERE } from "./exchange";
import type { Judge } from "./judge";
import { apply, derefOf, getter, listen, messageData, OwnMap, OwnWeakMap, own, stopEvent } from "./own";
import { create, type Native, replace } from "./wrap";

/** An open source, and the names under which it is listened to already. */
interface Heard {
  readonly exchange: Exchange;
  readonly url: URL;
  readonly names: OwnMap<string, true>;
}

const sources = new OwnWeakMap<object, Heard>();

/** Hooks a realm's `EventSource`, and the way by which a page hears events that have a name. */
export function hookEvents(realm: typeof globalThis, judge: Judge): void {
  const { EventSource: Events } = realm;
  if (Events === undefined) return;
  const end = Events.prototype.close as Native;
  const addressIn = getter(Events.prototype, "url");
  replace(realm, "EventSource", {
    create: (native, args, target) => {
      const source = create(native, args, target) as EventSource;
      const url = addressOf(addressIn(source), "");
      const exchange = url && exchangeWith(url, judge);
      if (url === undefined || exchange === undefined) return source;
      // Its address may carry a share.
      if (!exchange.passes(url, true, undefined)) {
        // Ends as one whose server is down.
        apply(end, source, []);
        return create(native, nowhere(args), target);
      }
      const held = new own.WeakRef<object>(source);
      exchange.keeps(() => {
        const open = derefOf(held);
        if (open !== undefined) apply(end, open, []);
      });
      const heard: Heard = { exchange, url, names: new OwnMap() };
      sources.set(source, heard);
      hear(source, heard, "message");
      return source;
    },
  });
  replace(realm.EventTarget.prototype, "addEventListener", {
    call: (native, self, args) => {
      const heard = args.length === 0 ? undefined : sources.get(self as object);
      if (heard !== undefined && typeof args[0] !== "symbol") {
        const name = `${args[0]}`;
        put(args, 0, name);
        hear(self as EventSource, heard, name);
      }
      return apply(native, self, args);
    },
  });
}

function nowhere(args: unknown[]): unknown[] {
  put(args, 0, NOWHERE);
  return args;
}

/** Listens to one name, before anybody else does. */
function hear(source: EventSource, { exchange, url, names }: Heard, name: string): void {
  if (names.get(name) || name === "error" || name === "open") return;
  names.set(name, true);
  const look = (event: Event) => {
    // The page may dispatch what it likes to itself.
    if (event.isTrusted && !exchange.passes(url, false, messageData(event as MessageEvent))) stopEvent(event);
  };
  listen(source, name, look, true);
}
