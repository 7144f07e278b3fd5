// The isolated world: holds the analyser, answers the page's hooks at once, tells the background what was found.

import prelude from "bundle:../worker/main.ts";
import worklet from "bundle:../worklet/main.ts";
import wasm from "../../pkg/frame/davy_web_bg.wasm";
import { HELLO } from "../page/question";
import { Analyser } from "./analyser";
import { Desk } from "./desk";

// The generated declaration beside the file speaks of its exports; the bundler puts its bytes here.
const base64 = wasm as unknown as string;
const desk = new Desk(new Analyser(() => Uint8Array.fromBase64(base64)), { prelude, worklet, base64 });
// The hooks run next, before the page: the first node is theirs.
addEventListener(
  HELLO,
  (event) => {
    const node = (event as FocusEvent).relatedTarget;
    if (node !== null) desk.attend(node);
  },
  { once: true, capture: true },
);
