// Realms that a page gets hold of before any script of ours runs in them, and scripts that run in such realms.
import { many, type Tries, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import type { Files } from "../lib/site.ts";
import { tellsTheSame } from "../lib/twice.ts";

const head = `${minerScript}${triesScript}
const embedded = () => Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
const make = (attributes, name = 'iframe') => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return made;
};
const W = '%BASE%/nothing.html';
const place = () => document.body.appendChild(document.createElement('div'));
const last = () => window[window.length - 1];
/** A script's text that has the realm it runs in compile, and hands the result over. */
const inRealm = (name) => 'top.' + name + '(globalThis)';
const given = (name) => new Promise((done, failed) => { window[name] = done; setTimeout(() => failed(new Error('no realm')), 3000); });
const compiles = (realm) => new realm.WebAssembly.Module(embedded());
/** The same for code whose errors nobody hears. */
function inside(realm) {
  try { return { made: compiles(realm) }; } catch (error) { return { error }; }
}
const text = (code) => Object.assign(document.createElement('script'), { textContent: code });`;

/** `[way, expression of a window or a promise of it]`; `<` of tags in texts is written \\x3c. */
const ESCAPES: readonly (readonly [string, string])[] = [
  ["appendChild, contentWindow", "document.body.appendChild(make({ src: W })).contentWindow"],
  ["appendChild, by number", "(document.body.appendChild(make({ src: W })), last())"],
  ["append, by name", "(document.body.append(make({ src: W, name: 'n1' })), window.n1)"],
  ["insertBefore", "(document.body.insertBefore(make({ src: W, name: 'n2' }), document.body.firstChild), window.n2)"],
  ["replaceChildren", "(place().replaceChildren(make({ src: W, name: 'n3' })), window.n3)"],
  ["replaceWith", "(place().replaceWith(make({ src: W, name: 'n4' })), window.n4)"],
  ["insertAdjacentElement", "(place().insertAdjacentElement('afterend', make({ src: W, name: 'n5' })), window.n5)"],
  ["an unknown scheme", "(document.body.append(make({ src: 'foo:bar', name: 'n6' })), window.n6)"],
  ["an empty address", "(document.body.append(make({ src: '', name: 'n7' })), window.n7)"],
  ["about:blank with a mark", "(document.body.append(make({ src: 'about:blank#x', name: 'n8' })), window.n8)"],
  ["about: something else", "(document.body.append(make({ src: 'about:foo', name: 'n9' })), window.n9)"],
  ["innerHTML", "(place().innerHTML = '\\x3ciframe src=' + W + ' name=n10>\\x3c/iframe>', window.n10)"],
  ["outerHTML", "(place().outerHTML = '\\x3ciframe src=' + W + ' name=n11>\\x3c/iframe>', window.n11)"],
  [
    "insertAdjacentHTML",
    "(document.body.insertAdjacentHTML('beforeend', '\\x3ciframe src=' + W + ' name=n12>\\x3c/iframe>'), window.n12)",
  ],
  ["setHTMLUnsafe", "(place().setHTMLUnsafe('\\x3ciframe src=' + W + ' name=n13>\\x3c/iframe>'), window.n13)"],
  [
    "a range",
    "(() => { const r = document.createRange(); r.selectNodeContents(place()); r.insertNode(make({ src: W, name: 'n14' })); return window.n14; })()",
  ],
  [
    "a contextual fragment",
    "(place().append(document.createRange().createContextualFragment('\\x3ciframe src=' + W + ' name=n15>\\x3c/iframe>')), window.n15)",
  ],
  [
    "a template's clone",
    "(() => { const t = make({}, 'template'); t.innerHTML = '\\x3ciframe src=' + W + ' name=n16>\\x3c/iframe>'; document.body.append(t.content.cloneNode(true)); return window.n16; })()",
  ],
  [
    "a shadow root, with the getter of another realm",
    "(() => { const clean = document.body.appendChild(make({})); const get = Object.getOwnPropertyDescriptor(clean.contentWindow.HTMLIFrameElement.prototype, 'contentWindow').get; const f = make({ src: W }); place().attachShadow({ mode: 'closed' }).append(f); return get.call(f); })()",
  ],
  [
    "a frame of another document, adopted",
    "(() => { const f = document.body.appendChild(make({})); const g = f.contentDocument.createElement('iframe'); g.src = W; f.contentDocument.body.append(g); return f.contentWindow[0]; })()",
  ],
  [
    "an SVG's foreign object",
    "(place().innerHTML = '\\x3csvg>\\x3cforeignObject>\\x3ciframe xmlns=http://www.w3.org/1999/xhtml src=' + W + ' name=n17>\\x3c/iframe>\\x3c/foreignObject>\\x3c/svg>', window.n17)",
  ],
  [
    "an object element",
    "(() => { const o = make({ data: W, type: 'text/html', name: 'n18' }, 'object'); document.body.append(o); return o.contentWindow ?? window.n18 ?? last(); })()",
  ],
  ["a frame element", "document.body.appendChild(make({ src: W }, 'frame')).contentWindow ?? last()"],
  ["a window", "open(W, '_blank')"],
  ["a window in a named frame", "(document.body.append(make({ src: W, name: 'n19' })), open('', 'n19'))"],
  ["contentDocument's view", "document.body.appendChild(make({ src: W })).contentDocument.defaultView"],
  [
    "a blob that is to come",
    "document.body.appendChild(make({ src: URL.createObjectURL(new Blob(['x'], { type: 'text/html' })) })).contentWindow",
  ],
  [
    "a frame in a frame that waits",
    "(() => { const f = document.body.appendChild(make({ src: W })); const g = f.contentDocument.createElement('iframe'); g.src = W; f.contentDocument.documentElement.append(g); return g.contentWindow; })()",
  ],
  [
    "a script as the address of a frame",
    "(() => { const got = given('g1'); document.body.append(make({ src: 'javascript:' + inRealm('g1') })); return got; })()",
  ],
  [
    "a script as the address of a frame that is there",
    "(() => { const got = given('g2'); const f = document.body.appendChild(make({})); f.src = 'javascript:' + inRealm('g2'); return got; })()",
  ],
  [
    "a link with a script into a frame that waits",
    "(() => { const got = given('g3'); document.body.append(make({ src: W, name: 'n20' })); const a = make({ target: 'n20', href: 'javascript:' + inRealm('g3') }, 'a'); document.body.append(a); a.click(); return got; })()",
  ],
  [
    "an error's handler while a frame waits",
    "(() => { const got = given('g4'); document.body.append(make({ src: W, name: 'n21' })); place().innerHTML = '\\x3cimg src=x: onerror=\"top.g4(window.n21)\">'; return got; })()",
  ],
  [
    "a custom element that is connected beside it",
    "(() => { let got; customElements.define('x-way', class extends HTMLElement { connectedCallback() { got = inside(window.n22); } }); place().innerHTML = '\\x3ciframe src=' + W + ' name=n22>\\x3c/iframe>\\x3cx-way>\\x3c/x-way>'; return got; })()",
  ],
  [
    "a custom element that was made before, connected beside it by a getter's method",
    "(() => { let got; customElements.define('x-got', class extends HTMLElement { get connectedCallback() { return () => { got = inside(window.n27); }; } }); const all = place(); all.remove(); all.append(make({ src: W, name: 'n27' }), document.createElement('x-got')); document.body.append(all); return got; })()",
  ],
  [
    "a custom element whose attribute changes beside it",
    "(() => { let got; customElements.define('x-set', class extends HTMLElement { static observedAttributes = ['a']; attributeChangedCallback() { got = inside(window.n28); } }); place().innerHTML = '\\x3ciframe src=' + W + ' name=n28>\\x3c/iframe>\\x3cx-set a=1>\\x3c/x-set>'; return got; })()",
  ],
  [
    "a custom element that is made beside it",
    "(() => { let got; customElements.define('x-made', class extends HTMLElement { constructor() { got = window.n29 && inside(window.n29); super(); } }); place().innerHTML = '\\x3ciframe src=' + W + ' name=n29>\\x3c/iframe>\\x3cx-made>\\x3c/x-made>'; return got; })()",
  ],
  [
    "a script in the same fragment",
    "(() => { const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n23' })); all.append(text('window.g5 = inside(window.n23)')); document.body.append(all); return window.g5; })()",
  ],
  [
    "a script beside it, deep in what is inserted",
    "(() => { const all = make({}, 'div'); const deep = all.appendChild(make({}, 'p')); deep.append(make({ src: W, name: 'n30' })); deep.append(text('window.g8 = inside(window.n30)')); document.body.insertBefore(all, null); return window.g8; })()",
  ],
  [
    "a script as another argument",
    "(() => { document.body.append(make({ src: W, name: 'n31' }), text('window.g9 = inside(window.n31)')); return window.g9; })()",
  ],
  [
    "a Module of such a realm, by a message",
    "(() => { const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n24' })); all.append(text('window.g6 = inside(window.n24)')); document.body.append(all); if (window.g6.made) window.g6.made = structuredClone(window.g6.made); return window.g6; })()",
  ],
  [
    "a blank frame that loads beside it",
    "(() => { let got; const blank = make({}); blank.onload = () => { got ??= inside(window.n32); }; const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n32' }), blank); document.body.append(all); return got; })()",
  ],
  [
    "a script beside it, in a closed shadow tree",
    "(() => { const host = make({}, 'div'); host.attachShadow({ mode: 'closed' }).append(text('window.g11 = inside(window.n34)')); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n34' }), host); document.body.append(all); return window.g11; })()",
  ],
  [
    "a script beside it, in a closed shadow tree that was cloned",
    "(() => { const host = make({}, 'div'); host.attachShadow({ mode: 'closed', clonable: true }).append(text('window.g12 = inside(window.n35)')); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n35' }), host.cloneNode(true)); document.body.append(all); return window.g12; })()",
  ],
  [
    "a script in a text that is written",
    "(() => { const f = document.body.appendChild(make({})); f.contentDocument.write('\\x3ciframe src=' + W + ' name=n33>\\x3c/iframe>\\x3cscript>top.g10 = top.inside(window.n33)\\x3c/script>'); return window.g10; })()",
  ],
];

const SHADOW = "its script is in a closed shadow tree that nobody was handed, and goes in with the host";
const OPEN = "its constructor runs inside the call that inserts the frame, before anything that a hook can reach";
const page: Tries = {
  name: "a page",
  ways: ESCAPES.map(([way]) => way),
  files: {
    "nothing.html": { body: "", status: 204 },
    "index.html": pageOf(
      `tries([${ESCAPES.map(([, made]) => `async () => { const got = await ${made}; if (got.error) throw got.error; return got.made ?? compiles(got); }`).join(",\n")}]);`,
      head,
    ),
  },
  known: {
    "a script beside it, in a closed shadow tree that was cloned": SHADOW,
    "a custom element that is made beside it": OPEN,
  },
};
const STALLS = "a frame whose next document has begun and says nothing";
/** The frame's window shows the new document while the page still waits for its first byte. */
const stalling: Tries = {
  name: "a page with",
  ways: [STALLS],
  files: {
    "blank.html": "<p>",
    "stalled.html": { body: "", stalls: true },
    "index.html": pageOf(
      `const loaded = (on) => new Promise((done) => on.addEventListener('load', done));
      const f = make({ src: 'blank.html', name: 'n1' });
      document.body.append(f);
      tries([async () => {
        await loaded(window);
        f.src = 'stalled.html';
        while (!window.n1.document.URL.endsWith('stalled.html')) await new Promise((done) => setTimeout(done, 20));
        return compiles(window.n1);
      }]);`,
      head,
    ),
  },
  chance: { [STALLS]: "its realm is there with the head of its document, scripts of ours come when the body begins" },
};
many("the realm of", [page, stalling]);

/** What lawful pages do around frames, and what they see of it. */
const lawful: Files = {
  "inner.html": "<p>inner</p>",
  "index.html": pageOf(`(async () => {
    const seen = [];
    const log = (...words) => seen.push(words.join(' '));
    window.log = log;
    const frame = () => Object.assign(document.createElement('iframe'), { src: 'inner.html' });
    const script = (code) => Object.assign(document.createElement('script'), { textContent: code });
    class Shown extends HTMLElement {
      static observedAttributes = ['a'];
      constructor() { super(); log('made', new.target === Shown, this.constructor === Shown); }
      connectedCallback() { log('connected', this.querySelector('iframe') !== null); }
      disconnectedCallback() { log('gone'); }
      attributeChangedCallback(name, before, after) { log(name, before, after); }
    }
    const names = () => Object.getOwnPropertyNames(Shown.prototype).join();
    const before = [names(), Shown.prototype.connectedCallback];
    customElements.define('x-shown', Shown);
    log(names() === before[0], Shown.prototype.connectedCallback === before[1], customElements.get('x-shown') === Shown);
    log(Object.getOwnPropertyDescriptor(Shown.prototype, 'connectedCallback').enumerable);
    customElements.define('x-child', class extends Shown { connectedCallback() { super.connectedCallback(); log('child'); } });
    customElements.define('x-frozen', Object.freeze(class extends HTMLElement {}));
    const place = document.body.appendChild(document.createElement('div'));
    place.innerHTML = '\\x3cx-shown a=1>\\x3ciframe src=inner.html>\\x3c/iframe>\\x3c/x-shown>\\x3cx-child>\\x3c/x-child>\\x3cx-frozen>\\x3c/x-frozen>';
    place.firstChild.remove();
    place.querySelector('x-child').remove();
    const all = document.createDocumentFragment();
    const ran = script('log("runs", document.currentScript.previousSibling.nodeName, document.currentScript.nextSibling?.nodeName, document.currentScript.isConnected)');
    all.append(frame(), ran, document.createElement('b'));
    const result = place.appendChild(all);
    log(result === all, all.childNodes.length, place.lastChild.previousSibling === ran, ran.parentNode === place);
    place.append(frame(), script('log("and", document.currentScript.parentNode.lastChild === document.currentScript)'));
    try { document.append(frame(), script('log("never")')); } catch ({ name }) { log(name); }
    const loose = document.createElement('p');
    loose.append(frame(), script('log("once")'), script('log("twice")'));
    place.replaceChildren(loose);
    place.append(loose);
    log(loose.innerHTML.replaceAll(location.href, ''));
    const written = place.appendChild(document.createElement('iframe')).contentDocument;
    written.write('\\x3ciframe src=about:blank>\\x3c/iframe>\\x3cscript>top.log("written", document.scripts.length)\\x3c/scr', 'ipt>\\x3ci>end\\x3c/i>');
    written.close();
    log(written.body.innerHTML);
    tell('note', JSON.stringify(seen));
  })().catch((error) => tell('failure', String(error)))`),
};
tellsTheSame("frames, scripts and custom elements are the same with and without Davy", lawful);
