// Runs the script that the page asked for, once the hooks stand.
import { domName, listen, lowerCase, own, sequenceOf, startsWith, textIncludes, violationUrl } from "../page/own";
import type { WorkerConfig } from "../page/workers/words";
import type { Port } from "./port";

/** How long the browser may take to tell that its policy, and not the server, kept a script away. */
const VIOLATION_MS = 100;

type Run = (url: string) => void;

/** Takes what it needs now; what it returns runs the script once it is judged, and says what became of it. */
export function loader(realm: typeof globalThis, port: Port): (config: WorkerConfig) => void {
  const worker = realm as typeof globalThis & { importScripts?: Run; close(): void };
  const plain = worker.importScripts?.bind(worker);
  const close = worker.close.bind(worker);
  const Request = realm.XMLHttpRequest;
  const report = realm.reportError.bind(realm);
  const leave = (state: "blocked" | "refused") => {
    port.say(state);
    port.tell({ say: "bye" });
    close();
  };
  const failed = (run: Run, load: string, error: unknown) => {
    if (!isNetworkError(error)) {
      port.say("loaded");
      // Thrown again it would come from this line.
      return report(error);
    }
    // A Blob that cannot be loaded follows in the same text next time, under the same hooks.
    if (!startsWith(load, "http")) leave("blocked");
    else if (ranAsText(run, Request, load)) port.say("loaded");
    else
      onViolation(
        realm,
        load,
        () => leave("blocked"),
        () => {
          port.say("loaded");
          throw error;
        },
      );
  };
  const runNow = (run: Run, load: string, bytes: BlobPart | undefined) => {
    try {
      if (bytes === undefined || !ranBytes(run, load, bytes)) run(load);
      port.say("loaded");
    } catch (error) {
      failed(run, load, error);
    }
  };
  return (config) => {
    const { follows, load, trash, trusts } = config;
    if (follows === "in-text") return port.say("loaded");
    if (follows === "as-import") {
      config.ready = imported(realm, port, load, leave);
      return;
    }
    const run = plain && trusts ? trusting(plain, realm) : plain;
    if (plain !== undefined && run === undefined) return leave("blocked");
    port.whenJudged(({ pass, bytes }) => {
      if (!pass) return leave("refused");
      if (run !== undefined) runNow(run, load, bytes);
      if (trash !== "") own.revokeObjectURL(trash);
    });
  };
}

/** The same with addresses that are trusted; undefined where the page's policy lets none of ours be. */
function trusting(run: Run, { trustedTypes }: typeof globalThis & Trusting): Run | undefined {
  if (trustedTypes === undefined) return run;
  try {
    const policy = trustedTypes.createPolicy("davy", { createScriptURL: (url) => url });
    const make = policy.createScriptURL.bind(policy);
    return (url) => run(make(url));
  } catch {
    return undefined;
  }
}

interface Trusting {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      how: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): string };
  };
}

/** Runs a module once it is judged. It says itself when it has: messages may come before it has settled. */
function imported(
  realm: typeof globalThis,
  port: Port,
  load: string,
  leave: (state: "blocked" | "refused") => void,
): Promise<unknown> {
  return new own.Promise((done, failed) => {
    port.whenJudged(({ pass }) => {
      if (!pass) return leave("refused");
      const raised = (error: unknown) => {
        // What it has listened to until then is still spoken to.
        port.say("loaded");
        failed(error);
      };
      own.whenDone(import(load), done, (error) => {
        const { address } = davyConfig;
        if (!startsWith(address, "http")) return raised(error);
        onViolation(
          realm,
          address,
          () => leave("blocked"),
          () => raised(error),
        );
      });
    });
  });
}

/** Runs the bytes that were judged under their address. False where the page's policy lets no Blob be loaded. */
function ranBytes(run: Run, load: string, bytes: BlobPart): boolean {
  const runParts = (parts: BlobPart[]) => {
    const url = own.createObjectURL(new own.Blob(sequenceOf(parts)));
    try {
      run(url);
    } finally {
      own.revokeObjectURL(url);
    }
  };
  try {
    runParts([]);
  } catch {
    return false;
  }
  runParts([bytes, `\n//# sourceURL=${load}`]);
  return true;
}

function isNetworkError(error: unknown): boolean {
  try {
    return domName(error as DOMException) === "NetworkError";
  } catch {
    return false;
  }
}

/** Workers accept any type of content as their script, `importScripts` does not. */
function ranAsText(run: Run, Request: typeof XMLHttpRequest, load: string): boolean {
  const request = new Request();
  request.open("GET", load, false);
  try {
    request.send();
  } catch {
    return false;
  }
  const type = lowerCase(request.getResponseHeader("content-type") ?? "");
  // A script that was accepted has run, and has thrown the error itself.
  if (request.status < 200 || request.status > 299 || textIncludes(type, "script")) return false;
  const text = new own.Blob(sequenceOf([request.responseText]));
  const url = own.createObjectURL(text);
  try {
    run(url);
    return true;
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return false;
  } finally {
    own.revokeObjectURL(url);
  }
}

/**
 * The policy's word on `load` is an event that comes soon after. Without it the error was the server's or the script's
 * own, and is raised: a script must not get rid of its hooks by throwing what a browser would throw.
 */
function onViolation(realm: EventTarget, load: string, blocked: () => void, raised: () => void): void {
  let open = true;
  listen(realm, "securitypolicyviolation", (event) => {
    const url = violationUrl(event as SecurityPolicyViolationEvent);
    // A module stands behind a Blob of ours, which a policy may forbid as well.
    if (!open || !event.isTrusted || (url !== load && url !== "blob")) return;
    open = false;
    blocked();
  });
  own.setTimeout(() => {
    if (!open) return;
    open = false;
    raised();
  }, VIOLATION_MS);
}
