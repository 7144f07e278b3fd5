// The isolated world: holds the analyser, answers the page's hooks at once, tells the background what was found.

import prelude from "bundle:../worker/main.ts";
import worklet from "bundle:../worklet/main.ts";
import wasm from "../../pkg/frame/davy_web_bg.wasm";
import { HELLO } from "../page/question";
import { Analyser } from "./analyser";
import { Desk } from "./desk";

/** The analyser, in base64. The generated declaration beside the file speaks of its exports; the bundler makes of it a
 * function that nobody calls, with the bytes in its only comment: documents that never need them pass over it. */
function base64(): string {
  const text = String(wasm);
  return text.slice(text.indexOf("/*") + 2, text.lastIndexOf("*/"));
}

const desk = new Desk(new Analyser(() => Uint8Array.fromBase64(base64())), { prelude, worklet, base64 });
// The hooks run next, before the page: the first node is theirs.
addEventListener(
  HELLO,
  (event) => {
    const node = (event as FocusEvent).relatedTarget;
    if (node !== null) desk.attend(node);
  },
  { once: true, capture: true },
);
