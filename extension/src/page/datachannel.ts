// `RTCDataChannel`: what two peers say to each other is judged like the messages of a socket. A peer has no address that
// could be.
import type { Judge } from "./judge";
import { apply, defineProperty, getOwnPropertyDescriptor, getter, listen, OwnWeakMap } from "./own";
import { sending, type Tap, tapped } from "./tap";
import { create, type Native, nativeOf, replace } from "./wrap";

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
  replace(realm.RTCPeerConnection?.prototype, "createDataChannel", {
    call: (native, self, args) => {
      const channel = apply(native, self, args) as object;
      tapOf(channel);
      return channel;
    },
  });
  // For what is none, the getter throws what the method would.
  replace(prototype, "send", sending(tapOf));
  hookConnections(realm, tapOf);
}

/** What a peer has opened is heard before the page hears of it: it may bring jobs whose shares go by another. Workers have none. */
function hookConnections(realm: typeof globalThis, tapOf: (channel: object) => Tap): void {
  const Opened = realm.RTCDataChannelEvent;
  if (Opened === undefined) return;
  const channelOf = getter(Opened.prototype, "channel");
  replace(realm, "RTCPeerConnection", {
    create: (native, args, target) => {
      const connection = create(native, args, target);
      listen(connection as RTCPeerConnection, "datachannel", (event) => {
        if (event.isTrusted) tapOf(channelOf(event as RTCDataChannelEvent));
      });
      return connection;
    },
  });
  // Its old name.
  const old = getOwnPropertyDescriptor(realm, OLD);
  if (old !== undefined && old.value === nativeOf(realm.RTCPeerConnection)) {
    defineProperty(realm, OLD, { __proto__: null, ...old, value: realm.RTCPeerConnection } as PropertyDescriptor);
  }
}

const OLD = "webkitRTCPeerConnection";
