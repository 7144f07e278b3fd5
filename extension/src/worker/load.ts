// Runs the script that the page asked for, once the hooks stand.
import { domName, listen, lowerCase, own, sequenceOf, startsWith, textIncludes, violationUrl } from "../page/own";
import type { WorkerConfig } from "../page/workers/words";
import type { Port } from "./port";

/** How long the browser may take to tell that its policy, and not the server, kept a script away. */
const VIOLATION_MS = 100;

type Run = (url: string) => void;

/** Takes what it needs now; what it returns runs the script and says what became of it. */
export function loader(realm: typeof globalThis, port: Port): (config: WorkerConfig) => void {
  const worker = realm as typeof globalThis & { importScripts?: Run; close(): void };
  const run = worker.importScripts?.bind(worker);
  const close = worker.close.bind(worker);
  const Request = realm.XMLHttpRequest;
  const block = () => {
    port.say("blocked");
    port.tell({ say: "bye" });
    close();
  };
  const failed = (load: string, error: unknown) => {
    if (!isNetworkError(error)) {
      port.say("loaded");
      throw error;
    }
    // A Blob that cannot be loaded follows in the same text next time, under the same hooks.
    if (!startsWith(load, "http")) block();
    else if (run !== undefined && ranAsText(run, Request, load)) port.say("loaded");
    else onViolation(realm, load, error, block, () => port.say("loaded"));
  };
  return ({ follows, load, trash }) => {
    // It is on its way already; messages wait in the worker's own queue until it has run.
    if (follows !== "by-load" || run === undefined) return port.say("loaded");
    try {
      run(load);
      port.say("loaded");
    } catch (error) {
      failed(load, error);
    } finally {
      if (trash !== "") own.revokeObjectURL(trash);
    }
  };
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
function onViolation(realm: EventTarget, load: string, error: unknown, blocked: () => void, raised: () => void): void {
  let open = true;
  listen(realm, "securitypolicyviolation", (event) => {
    if (!open || !event.isTrusted || violationUrl(event as SecurityPolicyViolationEvent) !== load) return;
    open = false;
    blocked();
  });
  own.setTimeout(() => {
    if (!open) return;
    open = false;
    raised();
    throw error;
  }, VIOLATION_MS);
}
