// Settings where they are kept: the person's in the profile, an administrator's in what the browser manages.

import { browser } from "../shared/browser";
import { type Key, readSome, resolve, type Some, type SourcedSettings } from "../shared/settings";
import { trouble } from "./trouble";

const USER = "settings";
/** What the policy said when it was last read. */
const POLICY = "policy";
/** A browser may take many seconds after its start to know its policies (over 5 were seen); until then the last ones hold. */
const PATIENCE_MS = 100;

/** What is in force, and what a policy says that could not be taken. */
export interface InForce {
  readonly settings: SourcedSettings;
  readonly refused: readonly string[];
}

/** What the person has set. */
export async function readUser(): Promise<Some> {
  const stored = await browser.storage.local.get(USER);
  return readSome(stored[USER], "user").some;
}

/** Reads what is in force. Where the browser does not know its policy yet, the last one is: the change is told of later. */
export async function readSettings(): Promise<InForce> {
  const managed = askManaged();
  const { [USER]: user, [POLICY]: last = {} } = await browser.storage.local.get<Record<string, Stored>>([USER, POLICY]);
  managed.then((policy) => remember(policy, last)).catch(trouble);
  const policy = await Promise.race([managed, new Promise((done) => setTimeout(done, PATIENCE_MS, last))]);
  const { some, refused } = readSome(policy, "policy");
  return { settings: resolve(readSome(user, "user").some, some), refused };
}

/** A browser that nobody manages may have no such storage at all. */
async function askManaged(): Promise<Stored> {
  try {
    return await browser.storage.managed.get();
  } catch {
    return {};
  }
}

type Stored = Readonly<Record<string, unknown>>;

async function remember(policy: Stored, last: Stored): Promise<void> {
  if (textOf(policy) !== textOf(last)) await browser.storage.local.set({ [POLICY]: policy });
}

/** The same for the same policy: storage keeps names in an order of its own. */
const textOf = (policy: Stored): string => JSON.stringify(Object.entries(policy).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The person sets one setting, or gives it back its default. */
export async function writeUser(key: Key, value: unknown): Promise<void> {
  const { [key]: _, ...others } = (await readUser()) as Record<Key, unknown>;
  const wanted = value === undefined ? others : { ...others, [key]: value };
  await browser.storage.local.set({ [USER]: readSome(wanted, "user").some });
}

/** The person brings settings from elsewhere, in place of all they had. */
export async function replaceUser(some: Some): Promise<void> {
  await browser.storage.local.set({ [USER]: some });
}

/** Calls back when an administrator or another window has changed a setting. */
export function whenChanged(then: () => void): void {
  // By its area: what is noted until the browser closes changes with every page, and would be heard of too.
  browser.storage.managed.onChanged.addListener(() => then());
  browser.storage.local.onChanged.addListener((changes) => {
    if (USER in changes || POLICY in changes) then();
  });
}
