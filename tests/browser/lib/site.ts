// A static server on loopback. Each run of a page has its own path, its own files, and tells back what it did.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
};
/** What a page may tell: more would be a fault of the test. All interfaces of WebGL take 24 kB. */
const TOLD_BYTES = 64 * 1024;

export interface File {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** The body begins and never ends. */
  readonly stalls?: boolean;
  /** Milliseconds until it is answered. */
  readonly after?: number;
}
export type Files = Readonly<Record<string, File | string | Uint8Array>>;

/** One visit to one page: its address and what came back from it. */
export class Run {
  readonly hashes: string[] = [];
  readonly failures: string[] = [];
  readonly notes: string[] = [];
  /** Milliseconds at which hashes were told. */
  private readonly hashed: number[] = [];

  constructor(
    /** Absolute, without a slash at its end; `%BASE%` in the files' text. */
    readonly base: string,
    private readonly files: Files,
  ) {}

  get url(): string {
    return `${this.base}/index.html`;
  }

  file(name: string): File | undefined {
    const found = this.files[name];
    if (found === undefined) return undefined;
    const file = typeof found === "string" || found instanceof Uint8Array ? { body: found } : found;
    return typeof file.body === "string" ? { ...file, body: file.body.replaceAll("%BASE%", this.base) } : file;
  }

  /** Milliseconds from the first hash to the last. */
  get hashing(): number {
    return (this.hashed.at(-1) ?? 0) - (this.hashed[0] ?? 0);
  }

  tell(kind: string, text: string): void {
    if (kind === "hash") this.hashed.push(performance.now());
    ({ hash: this.hashes, failure: this.failures, note: this.notes })[kind]?.push(text);
  }
}

export class Site {
  private readonly runs = new Map<string, Run>();

  private constructor(private readonly server: http.Server) {
    server.on("request", (request, response) => void this.answer(request, response));
  }

  static async open(): Promise<Site> {
    const server = http.createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Site(server);
  }

  /** A new path that serves `files`. `host` may be any name: the test browser leads all of them here. */
  run(files: Files, host = "127.0.0.1"): Run {
    const id = randomBytes(6).toString("hex");
    const run = new Run(`http://${host}:${(this.server.address() as AddressInfo).port}/${id}`, files);
    this.runs.set(id, run);
    return run;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const [, id = "", ...rest] = new URL(request.url ?? "/", "http://loopback").pathname.split("/");
    const run = this.runs.get(id);
    const name = rest.join("/");
    if (request.method === "POST" && run !== undefined) {
      run.tell(name, await body(request));
      response.writeHead(204, { "access-control-allow-origin": "*" }).end();
      return;
    }
    const file = run?.file(name);
    if (file?.after !== undefined) await sleep(file.after);
    const type = TYPES[name.split(".").pop() ?? ""] ?? "application/octet-stream";
    const headers = { "content-type": type, "access-control-allow-origin": "*", "cache-control": "no-store" };
    response.writeHead(file?.status ?? (file === undefined ? 404 : 200), { ...headers, ...file?.headers });
    if (file?.stalls === true) response.flushHeaders();
    else response.end(file?.body);
  }
}

async function body(request: http.IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > TOLD_BYTES) break;
  }
  return text;
}
