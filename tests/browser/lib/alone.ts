// A browser that nobody is attached to. Whoever listens to a service worker, as the tests do to every target, keeps it
// alive when the browser would end it: what becomes of one shows only here.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "./alive.ts";
import { executable, flagsOf } from "./chromium.ts";

/** What this file uses of the browser's list of targets. */
interface Target {
  readonly url: string;
}

export class Alone {
  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
  ) {}

  /** Opens a browser with Davy and has it show this page. */
  static async open(url: string): Promise<Alone> {
    const profile = mkdtempSync(path.join(os.tmpdir(), "davy-profile-"));
    const flags = [...flagsOf({ davy: true }), `--user-data-dir=${profile}`, "--remote-debugging-port=0"];
    const alone = new Alone(spawn(executable(), flags, { stdio: "ignore" }), profile);
    // The page that greets after the install: the extension and its rules are there.
    const isReady = async () => (await alone.targets()).some((target) => target.url.endsWith("/welcome.html"));
    if (!(await until(isReady))) throw new Error("the browser does not start");
    await alone.ask(`new?${encodeURIComponent(url)}`, "PUT");
    return alone;
  }

  async close(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill();
    await ended;
    // Its other processes end a moment later, and still write.
    await until(() => this.isRemoved());
  }

  private isRemoved(): boolean {
    try {
      rmSync(this.profile, { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  }

  private async targets(): Promise<readonly Target[]> {
    try {
      return (await (await this.ask("list", "GET")).json()) as Target[];
    } catch {
      // It has not opened its port yet.
      return [];
    }
  }

  /** Asks by the browser's port for tools, which attaches to nothing. */
  private ask(what: string, method: string): Promise<Response> {
    const [port = ""] = readFileSync(path.join(this.profile, "DevToolsActivePort"), "utf8").split("\n");
    return fetch(`http://127.0.0.1:${port}/json/${what}`, { method });
  }
}
