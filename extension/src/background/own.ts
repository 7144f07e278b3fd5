// What the page of settings asks for. It is a page of the extension itself; files that a person brings along are not.

import type { Imported, LogEntry, SavedSettings, SettingsView } from "../shared/messages";
import { KEYS, readSome } from "../shared/settings";
import { hasAccess } from "./access";
import { carryOut, inTurn, type Open, settingsChanged } from "./desk";
import type { BookEdit } from "./engine";
import { clearLog, readLog } from "./log";
import { isFields } from "./receive";
import { readUser, replaceUser, writeUser } from "./settings";

const SCHEMA = "davy.settings/1";

/** The answer to come, or `undefined` when there is none to wait for. */
export function fromSettingsPage(message: unknown): Promise<unknown> | undefined {
  if (!isFields(message)) return undefined;
  switch (message["kind"]) {
    case "settings":
      return inTurn(view);
    case "set":
      return inTurn((open) => set(open, message["key"], message["value"]));
    case "edit":
      return inTurn((open) => edit(open, message["edit"] as BookEdit));
    case "import":
      return inTurn((open) => take(open, message["file"]));
    case "export":
      return inTurn(save);
    case "log":
      return readLog();
    case "clear-log":
      return clearLog().then((): LogEntry[] => []);
    default:
      return undefined;
  }
}

async function view({ inForce, desk }: Open): Promise<SettingsView> {
  return { ...inForce, sites: desk.sites(Date.now()), access: await hasAccess() };
}

async function set(open: Open, name: unknown, value: unknown): Promise<SettingsView> {
  const key = KEYS.find((known) => known === name);
  if (key !== undefined) await writeUser(key, value);
  await settingsChanged(open);
  return view(open);
}

/** The core refuses what is no change of a book. */
async function edit(open: Open, asked: BookEdit): Promise<SettingsView> {
  await carryOut(open, open.desk.edit(Date.now(), asked));
  return view(open);
}

async function save({ desk }: Open): Promise<SavedSettings> {
  return { schema: SCHEMA, settings: await readUser(), sites: desk.lastingDecisions().sites };
}

async function take(open: Open, file: unknown): Promise<Imported> {
  const isKnown = isFields(file) && file["schema"] === SCHEMA && Array.isArray(file["sites"]);
  if (!isKnown) return { view: await view(open), read: false };
  try {
    const sites = file["sites"] as SavedSettings["sites"];
    await carryOut(open, open.desk.edit(Date.now(), { kind: "import", sites }));
  } catch {
    // Sites that are none: the settings beside them are not taken either.
    return { view: await view(open), read: false };
  }
  await replaceUser(readSome(file["settings"], "user").some);
  await settingsChanged(open);
  return { view: await view(open), read: true };
}
