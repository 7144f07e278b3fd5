// A pool on loopback that speaks the CoinHive dialect: it hands out jobs, checks every share and counts hashes.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { BLOB_BYTES, hash, withNonce } from "./kernel.ts";

/** Every hash is a share: what the pool accepts is what the page has done. */
const TARGET = "ffffffff";
/** Checking costs as much as mining; the first shares of a job are checked, the rest only counted. */
const CHECKED_SHARES = 4;

interface Submission {
  readonly job_id: string;
  readonly nonce: string;
  readonly result: string;
}

export class Pool {
  connections = 0;
  /** Hashes in accepted shares. */
  hashes = 0;
  /** Shares whose result is not the hash of their nonce. */
  wrong = 0;
  private readonly jobs = new Map<string, Uint8Array>();
  private checked = 0;

  private constructor(private readonly server: WebSocketServer) {
    server.on("connection", (socket) => {
      this.connections += 1;
      socket.on("message", (data) => this.receive(socket, String(data)));
      socket.on("error", () => socket.terminate());
    });
  }

  static async open(): Promise<Pool> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    return new Pool(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** `ws://host:port/path`; the default path is the one CoinHive's proxies had. */
  address(host = "127.0.0.1", path = "/proxy"): string {
    return `ws://${host}:${this.port}${path}`;
  }

  reset(): void {
    this.connections = this.hashes = this.wrong = this.checked = 0;
    this.jobs.clear();
  }

  async close(): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    await new Promise((done) => this.server.close(done));
  }

  private receive(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as { type: string; params: unknown };
    if (message.type === "auth") {
      send(socket, "authed", { token: "", hashes: 0 });
      send(socket, "job", this.job());
    } else if (message.type === "submit") {
      this.submit(socket, message.params as Submission);
    }
  }

  private job(): object {
    const job_id = randomBytes(8).toString("hex");
    const blob = randomBytes(BLOB_BYTES);
    this.jobs.set(job_id, blob);
    return { job_id, blob: blob.toString("hex"), target: TARGET };
  }

  private submit(socket: WebSocket, share: Submission): void {
    const error = this.fault(share);
    if (error !== undefined) {
      send(socket, "error", { error });
      return;
    }
    this.hashes += 1;
    send(socket, "hash_accepted", { hashes: this.hashes });
  }

  /** What is wrong with a share, as far as it is checked. */
  private fault({ job_id, nonce, result }: Submission): string | undefined {
    const blob = this.jobs.get(job_id);
    if (blob === undefined) return "unknown_job";
    if (this.checked >= CHECKED_SHARES) return undefined;
    this.checked += 1;
    if (hash(withNonce(blob, Buffer.from(nonce, "hex").readUInt32LE())) === result) return undefined;
    this.wrong += 1;
    return "invalid_share";
  }
}

function send(socket: WebSocket, type: string, params: object): void {
  socket.send(JSON.stringify({ type, params }));
}
