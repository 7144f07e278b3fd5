// `RTCDataChannel`: what two peers say to each other is judged like the messages of a socket. A peer has no address that
// could be.
import type { Judge } from "./judge";
import { apply, getOwnPropertyDescriptor, getter, OwnWeakMap } from "./own";
import { sending, type Tap, tapped } from "./tap";
import { type Native, replace } from "./wrap";

const taps = new OwnWeakMap<object, Tap>();

/** Hooks a realm's data channels. */
export function hookChannels(realm: typeof globalThis, judge: Judge): void {
  const prototype = realm.RTCDataChannel?.prototype as RTCDataChannel | undefined;
  const close = prototype && (getOwnPropertyDescriptor(prototype, "close")?.value as Native | undefined);
  if (prototype === undefined || close === undefined) return;
  const labelOf = getter(prototype, "label");
  const tapOf = (channel: object): Tap => {
    const known = taps.get(channel);
    if (known !== undefined) return known;
    const tap = tapped(channel as RTCDataChannel, `rtc:${labelOf(channel as RTCDataChannel)}`, judge, close);
    taps.set(channel, tap);
    return tap;
  };
  // The one that a peer has opened is heard from when it is first answered: a client of a pool speaks first.
  replace(realm.RTCPeerConnection?.prototype, "createDataChannel", {
    call: (native, self, args) => {
      const channel = apply(native, self, args) as object;
      tapOf(channel);
      return channel;
    },
  });
  // For what is none, the getter throws what the method would.
  replace(prototype, "send", sending(tapOf));
}
