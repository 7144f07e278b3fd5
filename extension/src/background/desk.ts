// The desk: hands events to the core one after the other and carries out what it answers. Decides nothing.

import { browser } from "../shared/browser";
import { digestOf } from "../shared/digest";
import type { BackgroundMessage, Found, Heard, Mode, Report, TabView } from "../shared/messages";
import { values } from "../shared/settings";
import { hasAccessTo } from "./access";
import {
  type Book,
  type Decision,
  type Desk,
  type Engine,
  engine,
  type Fetched,
  type Judgement,
  type Sender,
  type TabAction,
  type TabEvent,
  type Trip,
} from "./engine";
import { Known } from "./known";
import { log } from "./log";
import { notify } from "./notices";
import { enact, endOnceRequests, endOnceScript, permitOnce } from "./permits";
import { Plain } from "./plain";
import { hasWorked, lookAtProcessor } from "./processor";
import { type Analyse, type From, isScript, type Large, type Recall, type Spoken } from "./receive";
import { readmit, refuseScript } from "./refusals";
import { type InForce, readSettings } from "./settings";
import { markStarted, readBook, readLedger, readSession, SessionWriter, writeBook, writeLedgers } from "./store";
import { trouble } from "./trouble";

/** Everything that a task may need. */
export interface Open {
  readonly engine: Engine;
  readonly desk: Desk;
  readonly writer: SessionWriter;
  readonly known: Known;
  inForce: InForce;
}

/** The alarm that ends decisions whose time is over. */
export const BOOK_ALARM = "book";

let opening: Promise<Open> | undefined;
let tail: Promise<unknown> = Promise.resolve();
const alarms = new Map<number, ReturnType<typeof setTimeout>>();

/** Something happened to a tab. The promise ends when that was taken note of. */
export function happened(tab: number, event: TabEvent): Promise<void> {
  return inTurn((open) => carryOut(open, open.desk.step(tab, Date.now(), event))).catch(trouble);
}

/** The tripwire tells. */
export function tripped(trip: Trip): void {
  inTurn((open) => carryOut(open, open.desk.tripped(Date.now(), trip))).catch(trouble);
}

/** A worker that belongs to no tab was given a response. */
export function fetched(response: Fetched): void {
  inTurn((open) => carryOut(open, open.desk.fetched(response))).catch(trouble);
}

/** A frame tells how busy it is. */
export function busy(tab: number, event: TabEvent): void {
  inTurn(async (open) => {
    const ticks = await lookAtProcessor(Date.now());
    if (ticks !== undefined) open.desk.processor(Date.now(), ticks);
    await carryOut(open, open.desk.step(tab, Date.now(), event));
  }).catch(trouble);
}

/** A page was navigated to; whether its window is private is asked first. */
export function committed(tab: number, sender: Sender, parent: string | undefined, waiting: boolean): void {
  inTurn(async (open) => {
    const isPage = parent === undefined;
    const isPrivate = isPage && (await browser.tabs.get(tab)).incognito;
    const event: TabEvent = { kind: "committed", sender, parent, private: isPrivate, waiting };
    await carryOut(open, open.desk.step(tab, Date.now(), event));
    if (await hasAccessTo(sender.url)) return;
    const withheld: TabEvent = { kind: "unwatched", sender, reason: "no-access", detail: "" };
    await carryOut(open, open.desk.step(tab, Date.now(), withheld));
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

/** A frame has judged something; a module's verdict is kept for the site's next page. */
export async function judged({ tab, sender, site }: From, found: Found, digest: string | undefined): Promise<void> {
  await happened(tab, { kind: "judged", sender, found });
  if (site === undefined || digest === undefined) return;
  await inTurn(({ known }) => known.keep(site, digest, found.verdict)).catch(trouble);
}

/** What is known of a module. Nothing of the tab decides it, so that it need not wait for its turn. */
export async function recalled({ tab, sender, site }: From, asked: Recall): Promise<Judgement | undefined> {
  const opened = await open();
  const { engine: core, desk, known } = opened;
  const verdict = site && known.of(site, asked.digest);
  if (!verdict) return undefined;
  const decision = desk.decision(tab, Date.now(), sender);
  const judgement = core.judgeKnown(verdict, decision, modeOf(opened));
  if (!judgement) return undefined;
  const { action } = judgement;
  const found: Found = { path: asked.path, kind: "wasm", bytes: asked.length, verdict, action };
  void happened(tab, { kind: "judged", sender, found });
  return judgement;
}

/** Judges a large module for a frame that waits, and takes note. Like what is known, it waits for no turn: scripts that are
 * read beside may be many. */
export async function large(from: From, { path, bytes, digest }: Large): Promise<Judgement> {
  const opened = await open();
  const decision = opened.desk.decision(from.tab, Date.now(), from.sender);
  const judgement = opened.engine.judgeModule(bytes, decision, modeOf(opened));
  hasWorked();
  const { verdict, action } = judgement;
  void judged(from, { path, kind: "wasm", bytes: bytes.length, verdict, action }, digest);
  return judgement;
}

/** By digest. */
const plain = new Plain();

/** Reads a script, or a module of a worker apart. Nothing is said of one whose bytes have shown nothing and load nothing. */
export async function readScript(tab: number, sender: Sender, asked: Analyse): Promise<Judgement | undefined> {
  const digest = await digestOf(asked.bytes);
  if (plain.has(digest)) return undefined;
  const turn = asked.artifact === "waiting-script" ? inTurn : lastOfAll;
  const judgement = await turn(reading(tab, sender, asked));
  if (judgement.level !== "clean" || judgement.imports.length > 0) return judgement;
  plain.add(digest);
  return undefined;
}

/** Judges for a frame that cannot run the analyser itself, and takes note. */
export const analyse = (tab: number, sender: Sender, asked: Analyse): Promise<Judgement> =>
  inTurn(reading(tab, sender, asked));

const reading = (tab: number, sender: Sender, asked: Analyse) => async (open: Open) => {
  const decision = open.desk.decision(tab, Date.now(), sender);
  const judgement = judge(open.engine, asked, decision, modeOf(open));
  hasWorked();
  const { verdict, action } = judgement;
  const kind = kindOf(asked.artifact);
  const found = { path: asked.path, kind, bytes: asked.bytes.length, verdict, action };
  const event = isApart(asked.artifact) ? "judged-apart" : "judged";
  await carryOut(open, open.desk.step(tab, Date.now(), { kind: event, sender, found }));
  return judgement;
};

const isApart = (artifact: Analyse["artifact"]) => artifact === "apart-script" || artifact === "apart-wasm";

function kindOf(artifact: Analyse["artifact"]): Found["kind"] {
  if (isScript(artifact)) return "script";
  return artifact === "apart-wasm" ? "wasm" : artifact;
}

/** Judges a message of a socket for a frame that cannot run the analyser itself, and takes note. */
export function hear(tab: number, sender: Sender, { url, sent, state, bytes }: Spoken): Promise<Heard> {
  return inTurn(async (open) => {
    const decision = open.desk.decision(tab, Date.now(), sender);
    const { judgement, ...heard } = open.engine.judgeMessage(url, sent, state, bytes, decision, modeOf(open));
    hasWorked();
    if (!judgement) return heard;
    const { verdict, action } = judgement;
    const found: Found = { path: url, kind: "websocket", bytes: url.length, verdict, action };
    await carryOut(open, open.desk.step(tab, Date.now(), { kind: "judged", sender, found }));
    return { ...heard, found };
  });
}

const modeOf = ({ inForce }: Open): Mode => inForce.settings.mode.value;

function judge(core: Engine, { artifact, path, bytes }: Analyse, decision: Decision, mode: Mode): Judgement {
  switch (artifact) {
    case "websocket":
      return core.judgeAddress(path, decision, mode);
    case "script":
      return core.judgeScript(path, bytes, decision, mode);
    // What it is judged by decides whether it may be loaded again.
    case "apart-script":
    case "waiting-script":
      return core.judgeWaitingScript(path, bytes, decision, mode);
    case "shader":
      return core.judgeShader(path, bytes, decision, mode);
    case "wasm":
    case "apart-wasm":
      return core.judgeModule(bytes, decision, mode);
  }
}

/** Decisions whose time is over end. */
export function expire(): void {
  inTurn((open) => carryOut(open, open.desk.expire(Date.now()))).catch(trouble);
}

/** Settings have changed, whoever changed them. */
export async function settingsChanged(open: Open): Promise<void> {
  open.inForce = await readSettings();
  await carryOut(open, open.desk.prefer(Date.now(), values(open.inForce.settings)));
}

/** Makes sure that the session is set up, even when nothing has happened yet. */
export function start(): void {
  inTurn(() => undefined).catch(trouble);
}

/** One task after the other, in the order in which they came: events of a tab must not overtake each other. */
export function inTurn<T>(task: (open: Open) => T | Promise<T>): Promise<T> {
  const turn = tail.then(open).then(task);
  tail = turn.catch(() => undefined);
  return turn;
}

let beside: Promise<unknown> = Promise.resolve();

/**
 * What nobody waits for, as scripts that run already. One of them at a time takes a turn, after all that came while the last
 * one was read: a page may bring megabytes of them, and whoever waits does so for one at most.
 */
function lastOfAll<T>(task: (open: Open) => Promise<T>): Promise<T> {
  const turn = beside.then(pause).then(() => inTurn(task));
  beside = turn.catch(() => undefined);
  return turn;
}

/** Lets messages in that have come meanwhile. */
const pause = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(undefined);
  });

function open(): Promise<Open> {
  opening ??= openDesk().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function openDesk(): Promise<Open> {
  const [core, book, ledger, session, inForce] = await Promise.all([
    engine(),
    readBook(),
    readLedger(),
    readSession(),
    readSettings(),
  ]);
  const desk = newDesk(core, book, inForce);
  attempt(() => desk.entrust(ledger ?? { accounts: [] }, session.ledger ?? { accounts: [] }));
  for (const [tab, saved] of session.tabs) attempt(() => desk.restore(tab, saved));
  const known = new Known();
  known.restore(session.all);
  const writer = new SessionWriter((tab) => desk.saved(tab), trouble);
  const opened = { engine: core, desk, writer, known, inForce };
  if (!session.started) await startSession(opened);
  return opened;
}

/** A book that cannot be read is no reason to run without a desk. */
function newDesk(core: Engine, book: Book | undefined, { settings }: InForce): Desk {
  try {
    return new core.Desk(book ?? { sites: [] }, values(settings));
  } catch (error) {
    trouble(error);
    return new core.Desk({ sites: [] }, values(settings));
  }
}

/** The first start after the browser, an install or an update: what holds is enacted anew, open tabs looked at. */
async function startSession(opened: Open): Promise<void> {
  await carryOut(opened, opened.desk.expire(Date.now()));
  await carryOut(opened, opened.desk.enact(Date.now()));
  for (const { id, url, incognito } of await browser.tabs.query({})) {
    if (id === undefined || id < 0) continue;
    const event: TabEvent = { kind: "present", url: url ?? "", private: incognito };
    await carryOut(opened, opened.desk.step(id, Date.now(), event));
  }
  await markStarted();
}

/** Carries out what the core answered, in its order. */
export async function carryOut(opened: Open, actions: readonly TabAction[]): Promise<void> {
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
    case "enact":
      await enact(action);
      return readmit(action.hosts);
    case "halt":
    case "hold":
    case "release":
      return say(action.tab, action.documents, { kind: action.kind });
    case "terminate":
      return say(action.tab, [action.document], { kind: "end", worker: action.worker });
    case "inspect":
      return say(action.tab, action.documents, { kind: "inspect", url: action.url, imported: action.imported });
    case "inspect-modules":
      return say(action.tab, action.documents, { kind: "inspect-modules", by: action.by, urls: action.urls });
    case "refuse-script":
      await refuseScript(action.url, action.reach);
      return say(action.tab, action.documents, { kind: "unregister", url: action.url });
    case "readmit":
      return readmit(action.hosts);
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
    case "wake-book":
      return browser.alarms.create(BOOK_ALARM, { when: action.at });
    case "log":
      return log(action.entry, trouble);
    case "notify":
      return notify(action.tab, action.host, action.message);
    case "save-ledger":
      return writeLedgers(desk.ledger(false), desk.ledger(true));
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

/** A document that is gone has nothing left to stop. */
async function say(tab: number, documents: readonly string[], message: BackgroundMessage): Promise<void> {
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
