// Messages of _locales, and how places are told.

import { browser } from "./browser";
import type { Evidence } from "./messages";

type Location = Evidence["location"];

/** A message with its substitutions. Chromium takes at most nine. */
export function say(key: string, ...args: readonly (string | number)[]): string {
  return browser.i18n.getMessage(key, args.map(String));
}

/** The language of numbers and dates: that of the words, in the person's own variety of it. */
function language(): string {
  const [ours, theirs] = [say("language"), browser.i18n.getUILanguage()];
  return theirs.split("-")[0] === ours ? theirs : ours;
}

/** A number as the person's language writes it. */
export function number(value: number): string {
  return value.toLocaleString(language());
}

/** Singular or plural: `key` + `One` or `Other`. */
export function count(key: string, value: number): string {
  const isOne = new Intl.PluralRules(language()).select(value) === "one";
  return say(key + (isOne ? "One" : "Other"), number(value));
}

/** A kebab-case word of the core as the end of a key: `older-than-extension` is `OlderThanExtension`. */
export function keyEnd(word: string): string {
  return word.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Where something was seen. Numbers stay as tools such as wasm-objdump print them. */
export function place(location: Location): string {
  switch (location.kind) {
    case "whole":
      return say("placeWhole");
    case "bytes":
      return say("placeBytes", location.start, location.end);
    case "function":
      return say("placeFunction", location.index, location.start, location.end);
    case "line":
      return say("placeLine", location.line, location.column);
    case "url":
      return location.url;
    case "artifact":
      return location.path;
  }
}

/** A day and a time as the person's language writes them. */
export function date(at: number): string {
  const style = { dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(language(), style).format(at);
}
