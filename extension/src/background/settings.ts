// Settings where they are kept: the person's in the profile, an administrator's in what the browser manages.

import { browser } from "../shared/browser";
import { type Key, readSome, resolve, type Some, type SourcedSettings } from "../shared/settings";

const USER = "settings";

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

/** Reads what is in force. */
export async function readSettings(): Promise<InForce> {
  const [user, managed] = await Promise.all([readUser(), readManaged()]);
  const { some, refused } = readSome(managed, "policy");
  return { settings: resolve(user, some), refused };
}

/** A browser that nobody manages may have no such storage at all. */
async function readManaged(): Promise<unknown> {
  try {
    return await browser.storage.managed.get();
  } catch {
    return {};
  }
}

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
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === "managed" || (area === "local" && USER in changes)) then();
  });
}
