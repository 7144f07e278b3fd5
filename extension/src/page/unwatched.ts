// What carries no hooks is told, so that nobody takes silence for safety. The scripts of service workers are judged before
// they are registered, those of shared workers beside.
import { addressOf } from "./exchange";
import type { Judge } from "./judge";
import { apply, own, urlHref } from "./own";
import { textOf } from "./workers/order";
import { startShared } from "./workers/shared";
import type { Yard } from "./workers/yard";
import { create, replace } from "./wrap";

export function hookUnwatched(realm: typeof globalThis, judge: Judge, yard: Yard, base: () => string): void {
  replace(realm, "SharedWorker", {
    create: (native, args, target) => {
      const watched = startShared(native, args, target, yard, base);
      if (watched !== undefined) return watched;
      const text = args.length === 0 ? "" : textOf(args);
      judge.unwatched("shared-worker", text);
      const worker = create(native, args, target);
      const url = addressOf(text, base());
      if (url !== undefined) yard.starts(urlHref(url), true);
      return worker;
    },
  });
  replace(realm.ServiceWorkerContainer?.prototype, "register", {
    call: (native, self, args) => {
      const text = args.length === 0 ? "" : textOf(args);
      judge.unwatched("service-worker", text);
      const url = addressOf(text, base());
      const register = (): unknown => apply(native, self, args);
      return url === undefined ? register() : registered(urlHref(url), yard, register);
    },
  });
}

/** What the page gets of a registration: a script that mines is one that could not be fetched. */
function registered(url: string, yard: Yard, register: () => unknown): unknown {
  return new own.Promise((done, failed) => {
    yard.admit({ url, blob: undefined }, ({ pass }) => {
      const because = `Failed to register a ServiceWorker with script ('${url}'): An unknown error occurred when fetching the script.`;
      if (pass) done(register());
      else failed(new own.TypeError(because));
    });
  });
}
