// What pages that get hold of realms have in their first script.
import { triesScript } from "./many.ts";
import { kernelBase64, minerScript } from "./miner.ts";

export const head = `${minerScript}${triesScript}
const embedded = () => Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
const make = (attributes, name = 'iframe') => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return made;
};
const W = '%BASE%/nothing.html';
const place = () => document.body.appendChild(document.createElement('div'));
/** A list that shows a copy of what is in its chosen option. */
const CHOICE = '\\x3cselect>\\x3cbutton>\\x3cselectedcontent>\\x3c/selectedcontent>\\x3c/button>\\x3coption selected>a\\x3c/option>\\x3coption id=chosen>\\x3c/option>\\x3c/select>';
const last = () => window[window.length - 1];
/** A script's text that has the realm it runs in compile, and hands the result over. */
const inRealm = (name) => 'top.' + name + '(globalThis)';
const given = (name) => new Promise((done, failed) => { window[name] = done; setTimeout(() => failed(new Error('no realm')), 3000); });
const compiles = (realm) => new realm.WebAssembly.Module(embedded());
/** The same for code whose errors nobody hears. */
function inside(realm) {
  try { return { made: compiles(realm) }; } catch (error) { return { error }; }
}
/** An element whose constructor uses the frame of this name. */
function constructed(name, frame, Base = HTMLElement, options = undefined, view = window) {
  const made = {};
  view.customElements.define(name, class extends Base { constructor() { made.got = view[frame] && inside(view[frame]); super(); } }, options);
  return made;
}
/** The realm of a frame that came while the stack was full; it has room again bit by bit. */
function whileFull(insert, step = 1) {
  let level = 0, tried = 0;
  const deep = () => { try { deep(); } catch {} level += 1; if (level > 100 && level % step === 0 && tried < 400) { try { insert(tried++); } catch {} } };
  deep();
  let got = { error: new Error('no frame') };
  for (let i = 0; i < 400; i += 1) if (window['full' + i] && !got.made) got = inside(window['full' + i]);
  return got;
}
const text = (code) => Object.assign(document.createElement('script'), { textContent: code });`;
