// A real Firefox with a fresh profile and Davy in it, driven by WebDriver BiDi. Every host name leads to loopback.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { extension } from "./paths.ts";

const NAMES = ["firefox-esr", "firefox"];
const START_MS = 60_000;
/** Nothing is fetched, nothing asked; every name leads to this machine. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.aboutwelcome.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.forceResolve": "127.0.0.1",
  "services.settings.server": "http://127.0.0.1:9/",
  "toolkit.telemetry.enabled": false,
};

/** Same search as `cargo xtask setup`; undefined where there is none. */
function firefox(): string | undefined {
  const named = process.env["DAVY_FIREFOX"];
  if (named !== undefined) return named;
  const directories = (process.env["PATH"] ?? "").split(path.delimiter);
  return directories.flatMap((directory) => NAMES.map((name) => path.join(directory, name))).find(existsSync);
}

type Answer = Readonly<Record<string, unknown>>;
interface Waiting {
  resolve(result: Answer): void;
  reject(error: Error): void;
}

/** What a script gave back: plain values only. */
interface Remote {
  readonly type: string;
  readonly value?: unknown;
}

/** One Firefox process. */
export class Firefox {
  private sent = 0;
  private readonly waiting = new Map<number, Waiting>();

  private constructor(
    private readonly process: ChildProcess,
    private readonly socket: WebSocket,
    private readonly profile: string,
  ) {
    socket.on("message", (data) => this.hear(String(data)));
  }

  static async open(): Promise<Firefox> {
    const executable = firefox();
    if (executable === undefined) throw new Error("no Firefox found: run `cargo xtask setup`");
    const profile = mkdtempSync(path.join(os.tmpdir(), "davy-firefox-"));
    const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    writeFileSync(path.join(profile, "user.js"), lines.join("\n"));
    const words = ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"];
    // Pages of extensions are driven like others only with this.
    const child = spawn(executable, [...words, "--remote-allow-system-access"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const socket = new WebSocket(`${await address(child)}/session`, { maxPayload: 1 << 28 });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const opened = new Firefox(child, socket, profile);
    await opened.send("session.new", { capabilities: {} });
    return opened;
  }

  /** Loads the extension until the browser closes. */
  async install(): Promise<void> {
    const folder = path.join(path.dirname(extension), "firefox");
    await this.send("webExtension.install", { extensionData: { type: "path", path: folder } });
  }

  /** Opens a tab with this address and gives its name. */
  async tab(url: string): Promise<string> {
    const { context } = await this.send("browsingContext.create", { type: "tab" });
    await this.send("browsingContext.navigate", { context, url, wait: "interactive" });
    return String(context);
  }

  /** Addresses of all tabs with their names. */
  async tabs(): Promise<readonly { context: string; url: string }[]> {
    const { contexts } = await this.send("browsingContext.getTree", {});
    return contexts as { context: string; url: string }[];
  }

  /** Evaluates a script in a tab; its result must be a text, a number or a truth value. */
  async evaluate<Value>(context: string, expression: string): Promise<Value> {
    const words = { expression, target: { context }, awaitPromise: true, userActivation: true };
    const { type, result, exceptionDetails } = await this.send("script.evaluate", words);
    if (type === "exception") throw new Error(String((exceptionDetails as { text: string }).text));
    return (result as Remote).value as Value;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    await Promise.race([this.send("browser.close", {}).catch(() => undefined), sleep(5_000)]);
    const isEnded = await Promise.race([ended.then(() => true), sleep(5_000, false)]);
    if (!isEnded) this.process.kill("SIGKILL");
    this.socket.terminate();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private send(method: string, params: object): Promise<Answer> {
    this.sent += 1;
    const id = this.sent;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  private hear(text: string): void {
    const { id, type, result, message } = JSON.parse(text) as Answer;
    const waiting = this.waiting.get(Number(id));
    this.waiting.delete(Number(id));
    if (type === "error") waiting?.reject(new Error(String(message)));
    else waiting?.resolve((result ?? {}) as Answer);
  }
}

/** Where the browser says that it listens. */
function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error(`Firefox did not start: ${text}`)), START_MS);
    child.once("exit", () => reject(new Error(`Firefox ended: ${text}`)));
    child.stderr?.on("data", (chunk) => {
      text += String(chunk);
      const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(text) ?? [];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
  });
}
