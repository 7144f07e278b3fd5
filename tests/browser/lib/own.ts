// Pages of the extension itself: opened in a language and a theme, looked at by axe.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { Browser } from "./chromium.ts";
import { extension } from "./paths.ts";

export interface Message {
  readonly message: string;
  readonly placeholders?: object;
}
export type Messages = Readonly<Record<string, Message>>;

/** Languages that the extension speaks. */
export const languages = readdirSync(path.join(extension, "_locales"));

export function messagesOf(language: string): Messages {
  const file = readFileSync(path.join(extension, "_locales", language, "messages.json"), "utf8");
  // The analyser stands among the words of one language, and is none.
  const { analyser, ...messages } = JSON.parse(file) as Messages;
  return messages;
}

/** How a page is looked at. */
export interface Look {
  readonly dark?: boolean;
  /** In place of the browser's own language. */
  readonly language?: string;
}

/** Opens a page of the extension. */
export async function openOwn(browser: Browser, address: string, look: Look = {}): Promise<Page> {
  const page = await browser.page();
  await page.emulateMedia({ colorScheme: look.dark === true ? "dark" : "light" });
  if (look.language !== undefined) await page.addInitScript(speak, messagesOf(look.language));
  await page.goto(`${await browser.extensionOrigin()}/${address}`);
  await page.waitForFunction(() => document.documentElement.dir !== "" && !document.querySelector("main[inert]"));
  return page;
}

declare const chrome: { readonly i18n: { getMessage(key: string, args?: string | readonly string[]): string } };

/** A browser takes its language from the system that it runs on; a page in another one takes its words from here. */
function speak(messages: Messages): void {
  chrome.i18n.getMessage = (key, args = []) =>
    (messages[key]?.message ?? "").replaceAll(/\$([1-9])/g, (_, index) => [args].flat()[Number(index) - 1] ?? "");
}

/** What axe holds against a page, one line each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}
