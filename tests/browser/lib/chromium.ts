// A real Chromium with a fresh profile, without or with Davy. Every host name leads to loopback: nothing can leave.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type BrowserContext, chromium, type Page, type Worker } from "playwright-core";
import { extension } from "./paths.ts";

const NAMES = ["chromium", "chromium-browser", "ungoogled-chromium"];
const FLAGS = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * 127.0.0.1",
];
/** Graphics computed by the processor: WebGL as ever, and a WebGPU adapter where there is no graphics card. */
const GRAPHICS = ["--enable-unsafe-swiftshader", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Same search as `cargo xtask setup`. */
export function executable(): string {
  const named = process.env["DAVY_CHROMIUM"];
  if (named !== undefined) return named;
  for (const directory of (process.env["PATH"] ?? "").split(path.delimiter)) {
    for (const name of NAMES) {
      const candidate = path.join(directory, name);
      if (existsSync(candidate)) return candidate;
    }
  }
  throw new Error("no Chromium found: run `cargo xtask setup`");
}

export interface Options {
  readonly davy: boolean;
  /** A window on the display instead of headless. */
  readonly headed?: boolean;
  /** With WebGPU. */
  readonly graphics?: boolean;
  /** The page that greets after an install stays open. */
  readonly welcome?: boolean;
  /** The caller closes the browser when a signal comes; otherwise the process ends with it. */
  readonly handlesSignals?: boolean;
}

/** What the browser is started with. */
export function flagsOf(options: Options): string[] {
  const flags = [...FLAGS, ...(options.graphics === true ? GRAPHICS : ["--disable-gpu"])];
  if (options.headed !== true) flags.push("--headless=new");
  // Chromium refuses its sandbox to root, as in most containers.
  if (process.getuid?.() === 0) flags.push("--no-sandbox");
  if (options.davy) {
    if (!existsSync(path.join(extension, "manifest.json"))) throw new Error("no extension: run `cargo xtask build`");
    flags.push(`--load-extension=${extension}`, `--disable-extensions-except=${extension}`);
  }
  return flags;
}

/** One browser process with its own profile. */
export class Browser {
  /** Name and version of the one that was opened last. */
  static version = "";
  private origin: string | undefined;

  private constructor(
    readonly context: BrowserContext,
    private readonly removeProfile: () => void,
    readonly davy: boolean,
  ) {}

  static async open(options: Options): Promise<Browser> {
    const profile = mkdtempSync(path.join(os.tmpdir(), "davy-profile-"));
    const removeProfile = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    process.once("exit", removeProfile);
    const flags = flagsOf(options);
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: executable(),
      headless: false,
      handleSIGINT: options.handlesSignals !== true,
      handleSIGTERM: options.handlesSignals !== true,
      viewport: options.headed === true ? null : { width: 1000, height: 700 },
      args: flags,
    });
    const browser = new Browser(context, removeProfile, options.davy);
    Browser.version = `Chromium ${context.browser()?.version() ?? ""}`;
    if (options.davy) {
      const welcome = await browser.welcomePage();
      if (options.welcome !== true) await welcome.close();
    }
    return browser;
  }

  page(): Promise<Page> {
    return this.context.newPage();
  }

  /** The page that the extension opens when it is installed: with every fresh profile. */
  async welcomePage(): Promise<Page> {
    await this.serviceWorker();
    const isWelcome = (page: Page): boolean => page.url().endsWith("/welcome.html");
    const open = this.context.pages().find(isWelcome);
    const page = open ?? (await this.context.waitForEvent("page", { predicate: isWelcome, timeout: 20_000 }));
    // Closed while it asks for its words, it would leave its process without any: so would be every page after it.
    await page.locator("h1:not(:empty)").waitFor();
    return page;
  }

  /** The extension's background, awake or being started. */
  async serviceWorker(): Promise<Worker> {
    const [running] = this.context.serviceWorkers();
    return running ?? (await this.context.waitForEvent("serviceworker", { timeout: 20_000 }));
  }

  async extensionOrigin(): Promise<string> {
    if (this.origin === undefined) {
      // `URL.origin` is null for schemes that node does not know.
      const { protocol, host } = new URL((await this.serviceWorker()).url());
      this.origin = `${protocol}//${host}`;
    }
    return this.origin;
  }

  /** CPU seconds that all renderer processes have used so far. */
  async rendererSeconds(): Promise<number> {
    return [...(await this.rendererTimes()).values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  /** CPU seconds of each renderer process, by its number. */
  async rendererTimes(): Promise<Map<number, number>> {
    const browser = this.context.browser();
    if (browser === null) throw new Error("the context has no browser");
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    return new Map(processInfo.filter((p) => p.type === "renderer").map((p) => [p.id, p.cpuTime]));
  }

  /** Processes that render pages, by their number. */
  async renderers(): Promise<number[]> {
    return [...(await this.rendererTimes()).keys()];
  }

  async close(): Promise<void> {
    await this.context.close();
    process.off("exit", this.removeProfile);
    this.removeProfile();
  }
}
