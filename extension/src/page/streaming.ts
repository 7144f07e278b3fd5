// `compileStreaming` and `instantiateStreaming`: what comes from the network is compiled while it is judged (`early.ts`).
// Every other body is read whole and judged; the native function then gets a Response of our own with the judged bytes, so
// that every check of type, status and state stays the browser's.
import { put } from "./arguments";
import { BROKEN } from "./bytes";
import { early, nativesOf } from "./early";
import type { Judge } from "./judge";
import {
  apply,
  headerOf,
  lowerCase,
  own,
  responseBytes,
  responseHeaders,
  responseLocked,
  responseOk,
  responseStatus,
  responseUrl,
  settles,
} from "./own";
import { type Looked, lookFor, looking } from "./started";
import { onceJudged } from "./webassembly";
import { replace } from "./wrap";

const WASM_TYPE = "application/wasm";

export function hookStreaming(namespace: object | undefined, judge: Judge): void {
  const natives = nativesOf(namespace);
  for (let i = 0; i < STREAMING.length; i += 1) {
    const name = STREAMING[i] as string;
    replace(namespace, name, {
      call: (native, self, args) =>
        args.length === 0
          ? apply(native, self, args)
          : new own.Promise((done, failed) => {
              const go = (response: unknown, look?: Looked) => {
                put(args, 0, response);
                done(looking(judge, look, args[1], apply(native, self, args)));
              };
              const take: Early = (response, type) => {
                if (natives === undefined) return false;
                const refuse = (bytes = BROKEN, look?: Looked) => go(madeOf(response, bytes, type), look);
                return early(natives, response, args, name === INSTANTIATES, judge, { done, failed, refuse });
              };
              own.whenDone(own.promiseOf(args[0]), (source) => stream(source, judge, take, go, failed), failed);
            }),
    });
  }
}

const INSTANTIATES = "instantiateStreaming";
const STREAMING = ["compileStreaming", INSTANTIATES];

/** Takes a response that may be compiled at once, where it can. */
type Early = (response: Response, type: string) => boolean;

/** Hands the response that the native function may see to `go`, unless it is compiled at once. */
function stream(
  source: unknown,
  judge: Judge,
  take: Early,
  go: (response: unknown, look?: Looked) => void,
  failed: (reason: unknown) => void,
) {
  const kind = readable(source);
  // Another of its kind, which the native function refuses in the same words: this one may be something else by then.
  if (kind === "none") return go(null);
  if (kind === "failed") return go(answer(null, 404, null));
  const response = source as Response;
  const type = headerOf(responseHeaders(response), "content-type");
  // The native function rejects without reading: the page may want to read the body itself then.
  if (type === null || lowerCase(type) !== WASM_TYPE) return go(madeOf(response, BROKEN, type));
  if (kind === "used") return go(used(response));
  if (take(response, type)) return undefined;
  own.whenDone(
    responseBytes(response),
    (buffer) => {
      const copy = new own.Uint8Array(new own.Uint8Array(buffer as ArrayBuffer));
      const source = responseUrl(response);
      onceJudged(judge, copy, source, (pass) =>
        go(madeOf(response, pass === false ? BROKEN : copy, type), lookFor(pass, copy, source)),
      );
    },
    failed,
  );
}

/** Whether the body can be read by us; `none`: it is no response. */
function readable(source: unknown): "none" | "failed" | "used" | "fresh" {
  try {
    if (!responseOk(source as Response)) return "failed";
    return responseLocked(source as Response) ? "used" : "fresh";
  } catch {
    return "none";
  }
}

function madeOf(response: Response, bytes: Uint8Array<ArrayBuffer>, type: string | null): Response {
  const status = responseStatus(response);
  return answer(status === 204 || status === 205 ? null : bytes, status, type);
}

function answer(body: Uint8Array<ArrayBuffer> | null, status: number, type: string | null): Response {
  const headers = type === null ? { __proto__: null } : { __proto__: null, "content-type": type };
  const made = new own.Response(body, { __proto__: null, status, headers } as unknown as ResponseInit);
  settles(made);
  return made;
}

/** A response that has been read already, and stays so. */
function used(response: Response): Response {
  const made = madeOf(response, BROKEN, WASM_TYPE);
  responseBytes(made);
  return made;
}
