// Every setting, in one place: what it may be, what it is by itself, and who has set it. The schema that administrators
// get is made of the same table. What follows from a setting is the core's business.

import type { Preferences } from "../../pkg/background/davy_web.js";

/** The settings in force, as the core takes them. */
export type Settings = Required<Preferences>;
export type Key = keyof Settings;

/** Who has set it: nobody, the person, or an administrator. */
export type Provenance = "default" | "user" | "policy";

/** A setting with who has set it. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly from: Provenance;
}
export type SourcedSettings = { readonly [K in Key]: Sourced<Settings[K]> };

/** What a setting may be. `says` is for administrators, who read schemas in English. */
type Kind =
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "switch" }
  | { readonly kind: "amount"; readonly least: number; readonly most: number }
  | { readonly kind: "sites"; readonly most: number };
type Entry<Value> = Kind & { readonly value: Value; readonly title: string; readonly says: string };

/** Sites that a policy may list; as many as the book of decisions holds. */
const MOST_SITES = 1000;

export const SETTINGS: { readonly [K in Key]: Entry<Settings[K]> } = {
  mode: {
    kind: "choice",
    values: ["block", "warn", "audit"],
    value: "block",
    title: "What is done about mining",
    says: "block: code that mines does not run. warn: it runs and the person is told. audit: it runs, and is only shown.",
  },
  busy_percent: {
    kind: "amount",
    least: 10,
    most: 1600,
    value: 50,
    title: "Load that the badge shows",
    says: "Percent of one processor core, averaged over ten seconds, from which the badge shows the load of a page.",
  },
  notice_seconds: {
    kind: "amount",
    least: 1,
    most: 86_400,
    value: 60,
    title: "Budget of code that hashes",
    says: "CPU-seconds that code which hashes may spend on a site in a day before the person is asked.",
  },
  suspicious_seconds: {
    kind: "amount",
    least: 1,
    most: 86_400,
    value: 5,
    title: "Budget of code that looks like mining",
    says: "CPU-seconds that code which looks like mining may spend on a site in a day before it is paused.",
  },
  hosts: {
    kind: "switch",
    value: true,
    title: "List of pool hosts",
    says: "Whether the browser refuses connections to listed pool hosts by itself. Only in the mode block.",
  },
  notify: {
    kind: "switch",
    value: true,
    title: "Notifications",
    says: "Whether a notification may tell of code that runs and mines, was paused, or has spent its budget. What was stopped is told by the badge alone.",
  },
  log: {
    kind: "switch",
    value: true,
    title: "Log",
    says: "Whether what was found is written to a log on this computer: origins only, nothing of private windows.",
  },
  allowed: {
    kind: "sites",
    most: MOST_SITES,
    value: [],
    title: "Sites that may run anything",
    says: "Hosts or origins, each for exactly one host and without wildcards. Only a policy can set this.",
  },
  blocked: {
    kind: "sites",
    most: MOST_SITES,
    value: [],
    title: "Sites on which nobody may allow mining",
    says: "Hosts or origins; what merely looks like mining is stopped there as well. Wins over the sites that may run anything. Only a policy can set this.",
  },
};

export const KEYS = Object.keys(SETTINGS) as Key[];

/** Settings that no person has: for sites they have the book of decisions. */
export const ONLY_POLICY: readonly Key[] = ["allowed", "blocked"];

/** Some settings, each of a form that it may have. */
export type Some = { readonly [K in Key]?: Settings[K] };

function isSound(entry: Kind, value: unknown): boolean {
  switch (entry.kind) {
    case "choice":
      return typeof value === "string" && entry.values.includes(value);
    case "switch":
      return typeof value === "boolean";
    case "amount":
      return typeof value === "number" && Number.isInteger(value) && value >= entry.least && value <= entry.most;
    case "sites":
      return Array.isArray(value) && value.length <= entry.most && value.every((site) => typeof site === "string");
  }
}

/** Takes what may be set by one of these two, and tells what was there but could not be taken. */
export function readSome(stored: unknown, by: "user" | "policy"): { readonly some: Some; readonly refused: string[] } {
  const fields = typeof stored === "object" && stored !== null ? Object.entries(stored) : [];
  const some: Record<string, unknown> = {};
  const refused: string[] = [];
  for (const [name, value] of fields) {
    const key = KEYS.find((known) => known === name);
    const isTheirs = key !== undefined && (by === "policy" || !ONLY_POLICY.includes(key));
    if (isTheirs && isSound(SETTINGS[key], value)) some[key] = value;
    else refused.push(name);
  }
  return { some: some as Some, refused };
}

/** What is in force: a policy before the person, the person before the default. */
export function resolve(user: Some, policy: Some): SourcedSettings {
  const one = (key: Key): Sourced<unknown> => {
    if (policy[key] !== undefined) return { value: policy[key], from: "policy" };
    if (user[key] !== undefined) return { value: user[key], from: "user" };
    return { value: SETTINGS[key].value, from: "default" };
  };
  return Object.fromEntries(KEYS.map((key) => [key, one(key)])) as unknown as SourcedSettings;
}

/** The values alone, as the core takes them. */
export function values(settings: SourcedSettings): Settings {
  return Object.fromEntries(KEYS.map((key) => [key, settings[key].value])) as unknown as Settings;
}

/** The schema by which a browser reads policies for the extension. */
export function managedSchema(): object {
  const property = ({ title, says, ...entry }: Entry<unknown>): object => {
    const about = { title, description: says };
    switch (entry.kind) {
      case "choice":
        return { ...about, type: "string", enum: entry.values };
      case "switch":
        return { ...about, type: "boolean" };
      case "amount":
        return { ...about, type: "integer", minimum: entry.least, maximum: entry.most };
      case "sites":
        return { ...about, type: "array", items: { type: "string" } };
    }
  };
  return {
    type: "object",
    properties: Object.fromEntries(KEYS.map((key) => [key, property(SETTINGS[key])])),
  };
}
