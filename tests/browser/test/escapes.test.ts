// Realms that a page gets hold of before any script of ours runs in them, and scripts that run in such realms.
import { many, type Tries, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";

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
const compiles = (realm) => new realm.WebAssembly.Module(embedded());`;

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
    "(() => { let got; customElements.define('x-way', class extends HTMLElement { connectedCallback() { got = window.n22 && new window.n22.WebAssembly.Module(embedded()); } }); place().innerHTML = '\\x3ciframe src=' + W + ' name=n22>\\x3c/iframe>\\x3cx-way>\\x3c/x-way>'; return { made: got }; })()",
  ],
  [
    "a script in the same fragment",
    "(() => { const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n23' })); const s = document.createElement('script'); s.textContent = 'window.g5 = new window.n23.WebAssembly.Module(embedded())'; all.append(s); document.body.append(all); return { made: window.g5 }; })()",
  ],
  [
    "a Module of such a realm, by a message",
    "(() => { const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n24' })); const s = document.createElement('script'); s.textContent = 'window.g6 = new window.n24.WebAssembly.Module(embedded())'; all.append(s); document.body.append(all); return { made: structuredClone(window.g6) }; })()",
  ],
];

const OPEN = "its code runs inside the call that inserts the frame, before the call returns to our hook";
const page: Tries = {
  name: "a page",
  ways: ESCAPES.map(([way]) => way),
  files: {
    "nothing.html": { body: "", status: 204 },
    "index.html": pageOf(
      `tries([${ESCAPES.map(([, made]) => `async () => { const got = await ${made}; return got.made ?? compiles(got); }`).join(",\n")}]);`,
      head,
    ),
  },
  known: {
    "a custom element that is connected beside it": OPEN,
    "a script in the same fragment": OPEN,
    "a Module of such a realm, by a message": OPEN,
  },
};
many("the realm of", [page]);
