// A server on loopback that a page speaks with by requests: it gives work by polls, streams and events, and takes shares.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** A job with a hashing blob of CryptoNote's form: two versions, a time, the hash before, room for a nonce, a root. */
function job(): string {
  const blob = Buffer.concat([Buffer.from("1010db99f6d706", "hex"), randomBytes(32), Buffer.alloc(4), randomBytes(33)]);
  return JSON.stringify({ job_id: randomBytes(8).toString("hex"), blob: blob.toString("hex"), target: "ffffff00" });
}

export class Poll {
  /** Bodies that were posted, and addresses that carried a share. */
  readonly heard: string[] = [];
  asked = 0;
  /** Milliseconds at which they came. */
  private readonly times: number[] = [];

  private constructor(private readonly server: http.Server) {
    server.on("request", (request, response) => void this.answer(request, response));
  }

  static async open(): Promise<Poll> {
    const server = http.createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Poll(server);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Milliseconds from the first body to the last. */
  get hearing(): number {
    return (this.times.at(-1) ?? 0) - (this.times[0] ?? 0);
  }

  reset(): void {
    this.heard.length = this.times.length = this.asked = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const plain = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "*",
      "cache-control": "no-store",
    };
    this.asked += 1;
    if (request.method === "POST") {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      this.heard.push(text);
      this.times.push(performance.now());
      response.writeHead(200, plain).end('{"status":"OK"}');
    } else if (request.url?.startsWith("/share?") === true) {
      this.heard.push(request.url);
      response.writeHead(200, plain).end('{"status":"OK"}');
    } else if (request.url === "/events") {
      response.writeHead(200, { ...plain, "content-type": "text/event-stream" });
      this.repeat(response, () => `event: work\ndata: ${job()}\n\n`);
    } else if (request.url === "/lines") {
      response.writeHead(200, { ...plain, "content-type": "application/x-ndjson" });
      this.repeat(response, () => `${job()}\n`);
    } else {
      response.writeHead(200, { ...plain, "content-type": "application/json" }).end(job());
    }
  }

  /** Something new twice a second, for as long as somebody listens. */
  private repeat(response: http.ServerResponse, say: () => string): void {
    response.write(say());
    const timer = setInterval(() => response.write(say()), 500);
    response.on("close", () => clearInterval(timer));
  }
}
