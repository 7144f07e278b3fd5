// What carries no hooks yet is told, so that nobody takes silence for safety.
import type { UnwatchedReason } from "../shared/messages";
import type { Judge } from "./judge";
import { apply } from "./own";
import { create, replace } from "./wrap";

export function hookUnwatched(realm: typeof globalThis, judge: Judge): void {
  const told = (reason: UnwatchedReason) => ({
    call: (native: CallableFunction, self: unknown, args: unknown[]): unknown => {
      judge.unwatched(reason, nameOf(args[0]));
      return apply(native, self, args);
    },
  });
  replace(realm, "SharedWorker", {
    create: (native, args, target) => {
      judge.unwatched("shared-worker", nameOf(args[0]));
      return create(native, args, target);
    },
  });
  replace(realm.ServiceWorkerContainer?.prototype, "register", told("service-worker"));
  replace(realm.Worklet?.prototype, "addModule", told("worklet"));
}

const nameOf = (address: unknown): string => (typeof address === "string" ? address : "");
