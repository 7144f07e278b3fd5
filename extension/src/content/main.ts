// The isolated world: holds the analyser, answers the page's hooks at once, tells the background what was found.

import prelude from "bundle:../worker/main.ts";
import worklet from "bundle:../worklet/main.ts";
import { own } from "../page/language";
import { HELLO } from "../page/question";
import { browser } from "../shared/browser";
import { Analyser } from "./analyser";
import { Desk } from "./desk";
import { isConnected } from "./relay";

/** The analyser, in base64; undefined when the extension is gone from under the page. It stands among the messages
 * (`build.mjs`): what this script carried would be copied in every document, and hardly any needs it. */
const base64 = (): string | undefined => (isConnected() ? browser.i18n.getMessage("analyser") : undefined);

const bytes = (): Uint8Array<ArrayBuffer> | undefined => {
  const text = base64();
  return text === undefined ? undefined : own.fromBase64(text);
};

const file = (): string | undefined =>
  browser.runtime.getManifest().web_accessible_resources && browser.runtime.getURL("worklet.js");

const desk = new Desk(new Analyser(bytes), { prelude, worklet, file, base64 });
// The hooks run next, before the page: the first node is theirs.
addEventListener(
  HELLO,
  (event) => {
    const node = (event as FocusEvent).relatedTarget;
    if (node !== null) desk.attend(node);
  },
  { once: true, capture: true },
);
