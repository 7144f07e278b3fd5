// The desk: hands events to the core one after the other and carries out what it answers. Decides nothing.

import { browser } from "../shared/browser";
import type { BackgroundMessage, Found, Heard, Report, TabView } from "../shared/messages";
import {
  type Decision,
  type Desk,
  type Engine,
  engine,
  type Judgement,
  type Sender,
  type TabAction,
  type TabEvent,
} from "./engine";
import { endOnceRequests, endOnceScript, permitAlways, permitOnce } from "./permits";
import { type Analyse, isScript, type Spoken } from "./receive";
import { markStarted, readBook, readSession, SessionWriter, writeBook } from "./store";
import { trouble } from "./trouble";

interface Open {
  readonly engine: Engine;
  readonly desk: Desk;
  readonly writer: SessionWriter;
}

let opening: Promise<Open> | undefined;
let tail: Promise<unknown> = Promise.resolve();
const alarms = new Map<number, ReturnType<typeof setTimeout>>();

/** Something happened to a tab. */
export function happened(tab: number, event: TabEvent): void {
  inTurn((open) => carryOut(open, open.desk.step(tab, Date.now(), event))).catch(trouble);
}

/** A page was navigated to; whether its window is private is asked first. */
export function committed(tab: number, sender: Sender, parent: string | undefined, waiting: boolean): void {
  inTurn(async (open) => {
    const isPage = parent === undefined;
    const isPrivate = isPage && (await browser.tabs.get(tab)).incognito;
    const event: TabEvent = { kind: "committed", sender, parent, private: isPrivate, waiting };
    await carryOut(open, open.desk.step(tab, Date.now(), event));
  }).catch(trouble);
}

/** The browser refused a request of a page. */
export function refused(tab: number, sender: Sender, url: string): void {
  inTurn((open) => carryOut(open, open.desk.requestBlocked(tab, Date.now(), sender, url))).catch(trouble);
}

/** What the popup shows. */
export function view(tab: number): Promise<TabView> {
  return inTurn(({ desk }) => desk.view(tab, Date.now()));
}

/** What a person saves. */
export function report(tab: number): Promise<Report> {
  return inTurn(({ desk }) => desk.report(tab));
}

/** What a person decided, and the view after it. */
export function decide(tab: number, event: TabEvent): Promise<TabView> {
  return inTurn(async (open) => {
    await carryOut(open, open.desk.step(tab, Date.now(), event));
    return open.desk.view(tab, Date.now());
  });
}

/** Digests of scripts that showed nothing: libraries come with every page. */
const plainScripts = new Set<string>();
/** Digests kept; beyond this all are forgotten. */
const MOST_PLAIN = 4096;

/** Reads a script; nothing is said of one whose bytes have shown nothing before. */
export async function readScript(tab: number, sender: Sender, asked: Analyse): Promise<Judgement | undefined> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", asked.bytes)).toHex();
  if (plainScripts.has(digest)) return undefined;
  const judgement = await analyse(tab, sender, asked);
  if (judgement.level !== "clean") return judgement;
  if (plainScripts.size >= MOST_PLAIN) plainScripts.clear();
  plainScripts.add(digest);
  return undefined;
}

/** Judges for a frame that cannot run the analyser itself, and takes note. */
export function analyse(tab: number, sender: Sender, asked: Analyse): Promise<Judgement> {
  return inTurn(async (open) => {
    const decision = open.desk.decision(tab, sender);
    const judgement = judge(open.engine, asked, decision);
    const { verdict, action } = judgement;
    const kind: Found["kind"] = isScript(asked.artifact) ? "script" : asked.artifact;
    const found = { path: asked.path, kind, bytes: asked.bytes.length, verdict, action };
    await carryOut(open, open.desk.step(tab, Date.now(), { kind: "judged", sender, found }));
    return judgement;
  });
}

/** Judges a message of a socket for a frame that cannot run the analyser itself, and takes note. */
export function hear(tab: number, sender: Sender, { url, sent, state, bytes }: Spoken): Promise<Heard> {
  return inTurn(async (open) => {
    const decision = open.desk.decision(tab, sender);
    const { judgement, ...heard } = open.engine.judgeMessage(url, sent, state, bytes, decision, "block");
    if (!judgement) return heard;
    const { verdict, action } = judgement;
    const found: Found = { path: url, kind: "websocket", bytes: url.length, verdict, action };
    await carryOut(open, open.desk.step(tab, Date.now(), { kind: "judged", sender, found }));
    return { ...heard, found };
  });
}

function judge(core: Engine, { artifact, path, bytes }: Analyse, decision: Decision): Judgement {
  switch (artifact) {
    case "websocket":
      return core.judgeAddress(path, decision, "block");
    case "script":
      return core.judgeScript(path, bytes, decision, "block");
    case "waiting-script":
      return core.judgeWaitingScript(path, bytes, decision, "block");
    case "shader":
      return core.judgeShader(path, bytes, decision, "block");
    case "wasm":
      return core.judgeModule(bytes, decision, "block");
  }
}

/** Makes sure that the session is set up, even when nothing has happened yet. */
export function start(): void {
  inTurn(() => undefined).catch(trouble);
}

/** One task after the other, in the order in which they came: events of a tab must not overtake each other. */
function inTurn<T>(task: (open: Open) => T | Promise<T>): Promise<T> {
  const turn = tail.then(open).then(task);
  tail = turn.catch(() => undefined);
  return turn;
}

function open(): Promise<Open> {
  opening ??= openDesk().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function openDesk(): Promise<Open> {
  const [core, book, session] = await Promise.all([engine(), readBook(), readSession()]);
  const desk = newDesk(core, book);
  for (const [tab, saved] of session.tabs) attempt(() => desk.restore(tab, saved));
  const opened = { engine: core, desk, writer: new SessionWriter((tab) => desk.saved(tab), trouble) };
  if (!session.started) await startSession(opened);
  return opened;
}

/** A book that cannot be read is no reason to run without a desk. */
function newDesk(core: Engine, book: ConstructorParameters<Engine["Desk"]>[0] | undefined): Desk {
  try {
    return new core.Desk(book ?? { sites: [] });
  } catch (error) {
    trouble(error);
    return new core.Desk({ sites: [] });
  }
}

/** The first start after the browser, an install or an update: permits are renewed, open tabs looked at. */
async function startSession(opened: Open): Promise<void> {
  await carryOut(opened, [opened.desk.permits()]);
  for (const { id, url, incognito } of await browser.tabs.query({})) {
    if (id === undefined || id < 0) continue;
    const event: TabEvent = { kind: "present", url: url ?? "", private: incognito };
    await carryOut(opened, opened.desk.step(id, Date.now(), event));
  }
  await markStarted();
}

async function carryOut(opened: Open, actions: readonly TabAction[]): Promise<void> {
  for (const action of actions) {
    try {
      await carry(opened, action);
    } catch (error) {
      trouble(error);
    }
  }
}

async function carry({ desk, writer }: Open, action: TabAction): Promise<void> {
  switch (action.kind) {
    case "show-badge":
      return showBadge(action.tab, action.badge);
    case "permit-once":
      return permitOnce(action.tab, action.matches);
    case "end-once-script":
      return endOnceScript(action.tab);
    case "end-once-requests":
      return endOnceRequests(action.tab);
    case "permit-always":
      return permitAlways(action.matches, action.hosts);
    case "halt":
      return halt(action.tab, action.documents);
    case "reload":
      return browser.tabs.reload(action.tab);
    case "save":
      return writer.save(action.tab);
    case "forget":
      clearTimeout(alarms.get(action.tab));
      alarms.delete(action.tab);
      return writer.forget(action.tab);
    case "save-book":
      return writeBook(desk.book());
    case "wake":
      return wake(action.tab, action.after);
  }
}

async function showBadge(tabId: number, badge: Extract<TabAction, { kind: "show-badge" }>["badge"]): Promise<void> {
  const title = browser.i18n.getMessage(badge.title.key, badge.title.args);
  await Promise.all([
    browser.action.setBadgeText({ tabId, text: badge.text }),
    browser.action.setBadgeBackgroundColor({ tabId, color: badge.colour }),
    browser.action.setBadgeTextColor({ tabId, color: "#ffffff" }),
    browser.action.setTitle({ tabId, title: `${browser.i18n.getMessage("extensionName")} – ${title}` }),
  ]);
}

/** A document that is gone has nothing left to halt. */
async function halt(tab: number, documents: readonly string[]): Promise<void> {
  const message: BackgroundMessage = { kind: "halt" };
  const told = documents.map((documentId) => browser.tabs.sendMessage(tab, message, { documentId }));
  await Promise.allSettled(told);
}

function wake(tab: number, after: number): void {
  clearTimeout(alarms.get(tab));
  alarms.set(
    tab,
    setTimeout(() => {
      alarms.delete(tab);
      happened(tab, { kind: "tick" });
    }, after),
  );
}

function attempt(task: () => void): void {
  try {
    task();
  } catch (error) {
    trouble(error);
  }
}
