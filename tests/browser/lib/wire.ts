// A server on loopback that speaks with sockets by a script, and keeps what it hears.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** What a server says to a message; nothing, one answer or several. */
export type Answer = (heard: Buffer, binary: boolean) => readonly (string | Buffer)[];

export class Wire {
  readonly heard: Buffer[] = [];
  connections = 0;

  private constructor(private readonly server: WebSocketServer) {}

  /** `greeting` is said to everybody who comes. */
  static async open(answer: Answer, greeting: readonly (string | Buffer)[] = []): Promise<Wire> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const wire = new Wire(server);
    server.on("connection", (socket) => wire.meet(socket, answer, greeting));
    return wire;
  }

  /** An address that no rule knows. */
  get address(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/live`;
  }

  reset(): void {
    this.heard.length = this.connections = 0;
  }

  async close(): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    await new Promise((done) => this.server.close(done));
  }

  private meet(socket: WebSocket, answer: Answer, greeting: readonly (string | Buffer)[]): void {
    this.connections += 1;
    for (const word of greeting) socket.send(word);
    socket.on("message", (data, binary) => {
      this.heard.push(data as Buffer);
      for (const word of answer(data as Buffer, binary)) socket.send(word);
    });
    socket.on("error", () => socket.terminate());
  }
}
