// Realms that a page gets hold of before any script of ours runs in them, and scripts that run in such realms.
import { many, type Tries } from "../lib/many.ts";
import { pageOf } from "../lib/miner.ts";
import { head } from "../lib/realms.ts";
import type { Files } from "../lib/site.ts";
import { tellsTheSame } from "../lib/twice.ts";

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
    "(() => { const made = constructed('x-made', 'n29'); place().innerHTML = '\\x3ciframe src=' + W + ' name=n29>\\x3c/iframe>\\x3cx-made>\\x3c/x-made>'; return made.got; })()",
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
  [
    "a custom element in a template's content",
    "(() => { const made = constructed('x-content', 'n36'); const t = make({}, 'template'); t.innerHTML = '\\x3ciframe src=' + W + ' name=n36>\\x3c/iframe>\\x3cx-content>\\x3c/x-content>'; document.body.append(t.content); return made.got; })()",
  ],
  [
    "a custom element in a closed shadow tree that the parser made",
    "(() => { const host = place(); host.setHTMLUnsafe('\\x3cp>\\x3ctemplate shadowrootmode=closed>\\x3cx-deep>\\x3c/x-deep>\\x3c/template>\\x3c/p>'); const deep = host.firstChild; deep.remove(); const made = constructed('x-deep', 'n37'); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n37' }), deep); document.body.append(all); return made.got; })()",
  ],
  [
    "a custom element beside it, insertAdjacentHTML",
    "(() => { const made = constructed('x-near', 'n38'); place().insertAdjacentHTML('afterend', { toString: () => '\\x3ciframe src=' + W + ' name=n38>\\x3c/iframe>\\x3cx-near>\\x3c/x-near>' }); return made.got; })()",
  ],
  [
    "a custom element beside it, outerHTML",
    "(() => { const made = constructed('x-outer', 'n39'); place().outerHTML = '\\x3ciframe src=' + W + ' name=n39>\\x3c/iframe>\\x3cx-outer>\\x3c/x-outer>'; return made.got; })()",
  ],
  [
    "a customised element beside it",
    "(() => { const made = constructed('x-part', 'n40', HTMLParagraphElement, { extends: 'p' }); place().innerHTML = '\\x3ciframe src=' + W + ' name=n40>\\x3c/iframe>\\x3cp is=x-part>\\x3c/p>'; return made.got; })()",
  ],
  [
    "a custom element in a text that is written",
    "(() => { const f = document.body.appendChild(make({})); const made = constructed('x-written', 'n41', f.contentWindow.HTMLElement, undefined, f.contentWindow); f.contentDocument.write('\\x3ciframe src=' + W + ' name=n41>\\x3c/iframe>\\x3cx-written>\\x3c/x-written>'); return made.got; })()",
  ],
  [
    "a script in something that is written as a text",
    "(() => { const f = document.body.appendChild(make({})); f.contentDocument.write({ toString: () => '\\x3ciframe src=' + W + ' name=n42>\\x3c/iframe>\\x3cscript>top.g42 = top.inside(window.n42)\\x3c/script>' }); return window.g42; })()",
  ],
  [
    "a script in a trusted text that is written",
    "(() => { const f = document.body.appendChild(make({})); const policy = trustedTypes.createPolicy('any', { createHTML: (text) => text }); f.contentDocument.write(policy.createHTML('\\x3ciframe src=' + W + ' name=n43>\\x3c/iframe>\\x3cscript>top.g43 = top.inside(window.n43)\\x3c/script>')); return window.g43; })()",
  ],
  [
    "a script in a text that is written bit by bit",
    "(() => { const f = document.body.appendChild(make({})); f.contentDocument.write('\\x3cifr'); f.contentDocument.write('ame src=' + W + ' name=n44>\\x3c/iframe>\\x3cscript>top.g44 = top.inside(window.n44)\\x3c/script>'); return window.g44; })()",
  ],
];
/** The same where nothing else has been tried: hooks may be stricter once they know of some. */
const ALONE: readonly (readonly [string, string])[] = [
  [
    "a frame in another document, by this one's method",
    "(() => { const f = document.body.appendChild(make({})); const view = f.contentWindow; document.body.append.call(f.contentDocument.body, make({ src: W, name: 'n45' })); return inside(view.n45); })()",
  ],
  [
    "a frame in a text for another document, by this one's setter",
    "(() => { const f = document.body.appendChild(make({})); const view = f.contentWindow; Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML').set.call(f.contentDocument.body, '\\x3ciframe src=' + W + ' name=n46>\\x3c/iframe>'); return inside(view.n46); })()",
  ],
  [
    "a frame that is written into another document, by this one's method",
    "(() => { const f = document.body.appendChild(make({})); const view = f.contentWindow; document.write.call(f.contentDocument, '\\x3ciframe src=' + W + ' name=n47>\\x3c/iframe>'); return inside(view.n47); })()",
  ],
  [
    "a frame in another document, by this one's range",
    "(() => { const f = document.body.appendChild(make({})); const view = f.contentWindow; const r = f.contentDocument.createRange(); r.selectNodeContents(f.contentDocument.body); Range.prototype.insertNode.call(r, make({ src: W, name: 'n48' })); return inside(view.n48); })()",
  ],
  [
    "a custom element of another document, by this one's method",
    "(() => { const f = document.body.appendChild(make({})); const made = constructed('x-other', 'n49', f.contentWindow.HTMLElement, undefined, f.contentWindow); const t = make({}, 'template'); t.innerHTML = '\\x3ciframe src=' + W + ' name=n49>\\x3c/iframe>\\x3cx-other>\\x3c/x-other>'; document.body.append.call(f.contentDocument.body, t.content); return made.got; })()",
  ],
  [
    "a custom element whose prototype is frozen",
    "(() => { let got; customElements.define('x-ice', Object.freeze(class extends HTMLElement { static { Object.freeze(Object.assign(this.prototype, { connectedCallback() { got = window.n50 && inside(window.n50); } })); } })); place().innerHTML = '\\x3ciframe src=' + W + ' name=n50>\\x3c/iframe>\\x3cx-ice>\\x3c/x-ice>'; return got; })()",
  ],
  [
    "a script in a closed shadow tree that was cloned, made by another document's method",
    "(() => { const f = document.body.appendChild(make({})); const host = make({}, 'div'); f.contentWindow.Element.prototype.attachShadow.call(host, { mode: 'closed', clonable: true }).append(text('window.g51 = window.n51 && inside(window.n51)')); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n51' }), host.cloneNode(true)); document.body.append(all); return window.g51; })()",
  ],
  [
    "a body with a frame",
    "(() => { const old = document.body; const b = make({}, 'body'); b.append(make({ src: W, name: 'n52' })); document.body = b; const made = inside(window.n52); document.body = old; return made; })()",
  ],
  [
    "a table's caption with a frame",
    "(() => { const t = document.body.appendChild(make({}, 'table')); const c = make({}, 'caption'); c.append(make({ src: W, name: 'n53' })); t.caption = c; return inside(window.n53); })()",
  ],
  [
    "a table's head with a frame",
    "(() => { const t = document.body.appendChild(make({}, 'table')); const c = make({}, 'thead'); c.append(make({ src: W, name: 'n54' })); t.tHead = c; return inside(window.n54); })()",
  ],
  [
    "a table's foot with a frame",
    "(() => { const t = document.body.appendChild(make({}, 'table')); const c = make({}, 'tfoot'); c.append(make({ src: W, name: 'n55' })); t.tFoot = c; return inside(window.n55); })()",
  ],
  ["a window by the document's own method", "document.open(W, '_blank', '')"],
  [
    "a frame in an edited text, as the input is told",
    "(() => { let got; const e = place(); e.contentEditable = 'true'; e.textContent = 'x'; e.focus(); getSelection().selectAllChildren(e); e.addEventListener('input', () => { got ??= window.n63 && inside(window.n63); }); document.execCommand('insertHTML', false, '\\x3ciframe src=' + W + ' name=n63>\\x3c/iframe>'); return got; })()",
  ],
  [
    "a frame in an edited text that is undone, as the input is told",
    "(() => { let got; const e = place(); e.contentEditable = 'true'; e.textContent = 'x'; e.focus(); getSelection().selectAllChildren(e); document.execCommand('insertHTML', false, '\\x3ciframe src=' + W + ' name=n64>\\x3c/iframe>'); getSelection().selectAllChildren(e); document.execCommand('delete'); document.addEventListener('input', () => { got ??= window.n64 && inside(window.n64); }); document.execCommand('undo'); return got; })()",
  ],
  [
    "an image's load in a text that is written",
    "(() => { const f = document.body.appendChild(make({})); f.contentDocument.write('\\x3ciframe src=' + W + ' name=n65>\\x3c/iframe>\\x3csvg>\\x3csvg onload=\"top.g65 ??= top.inside(window.n65)\">\\x3c/svg>\\x3c/svg>'); return window.g65; })()",
  ],
  [
    "an image's load in a shadow tree that is written",
    "(() => { const f = document.body.appendChild(make({})); f.contentDocument.write('\\x3ciframe src=' + W + ' name=n66>\\x3c/iframe>\\x3cdiv>\\x3ctemplate shadowrootmode=open>\\x3csvg>\\x3csvg onload=\"top.g66 ??= top.inside(window.n66)\">\\x3c/svg>\\x3c/svg>\\x3c/template>\\x3c/div>'); return window.g66; })()",
  ],
  [
    "a script in a written text that grows in small letters",
    "(() => { const f = document.body.appendChild(make({})); f.contentDocument.write('\\u0130\\x3ciframe src=' + W + ' name=n67>\\x3c/iframe>\\x3cscript>top.g67 = top.inside(window.n67)\\x3c/script>'); return window.g67; })()",
  ],
  [
    "a blank frame in a sandbox that loads beside it",
    "(() => { let got; const blank = make({ sandbox: '' }); blank.onload = () => { got ??= inside(window.n68); }; const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n68' }), blank); document.body.append(all); return got; })()",
  ],
  [
    "a blank frame in a sandbox in a shadow tree beside it",
    "(() => { let got; const blank = make({ sandbox: '' }); blank.onload = () => { got ??= inside(window.n69); }; const host = make({}, 'div'); host.attachShadow({ mode: 'closed' }).append(blank); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n69' }), host); document.body.append(all); return got; })()",
  ],
  [
    "a blank frame in a sandbox that loads beside it, innerHTML",
    "(() => { place().innerHTML = '\\x3ciframe src=' + W + ' name=n70>\\x3c/iframe>\\x3ciframe sandbox onload=\"window.g70 ??= inside(window.n70)\">\\x3c/iframe>'; return window.g70; })()",
  ],
  [
    "a blank frame in a sandbox in a closed shadow tree that a text declares",
    "(() => { place().setHTMLUnsafe('\\x3ciframe src=' + W + ' name=n71>\\x3c/iframe>\\x3cdiv>\\x3ctemplate shadowrootmode=closed>\\x3ciframe sandbox onload=\"window.g71 ??= inside(window.n71)\">\\x3c/iframe>\\x3c/template>\\x3c/div>'); return window.g71; })()",
  ],
  [
    "a blank frame with a question that loads beside it",
    "(() => { let got; const blank = make({ src: 'about:blank?x' }); blank.onload = () => { got ??= inside(window.n72); }; const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n72' }), blank); document.body.append(all); return got; })()",
  ],
  [
    "a blank frame that loads beside it, while the page's Reflect throws",
    "(() => { let got; Object.defineProperty(window, 'Reflect', { get() { throw new Error(); } }); const blank = make({}); blank.onload = () => { got ??= inside(window.n73); }; const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n73' }), blank); document.body.append(all); return got; })()",
  ],
  [
    "an image's script with an address that is none",
    "(() => { const s = document.createElementNS('http://www.w3.org/2000/svg', 'script'); s.setAttribute('src', 'x'); s.textContent = 'window.g74 = inside(window.n74)'; const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n74' }), s); document.body.append(all); return window.g74; })()",
  ],
  [
    "a script with an address of another namespace",
    "(() => { const s = text('window.g75 = inside(window.n75)'); s.setAttributeNS('urn:x', 'src', 'x'); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n75' }), s); document.body.append(all); return window.g75; })()",
  ],
  [
    "a custom element of this document that is connected in another",
    "(() => { let got; const f = document.body.appendChild(make({})); const view = f.contentWindow; customElements.define('x-guest', class extends HTMLElement { connectedCallback() { got ??= view.n76 && inside(view.n76); } }); const all = f.contentDocument.createDocumentFragment(); all.append(make({ src: W, name: 'n76' }), document.createElement('x-guest')); f.contentDocument.body.append(all); return got; })()",
  ],
  [
    "a frame by the method of a frame that has gone",
    "(() => { const f = document.body.appendChild(make({})); const { append } = f.contentWindow.Element.prototype; f.remove(); append.call(document.body, make({ src: W, name: 'n78' })); return inside(window.n78); })()",
  ],
  [
    "an option with a frame, added",
    "(() => { const s = document.body.appendChild(make({}, 'select')); const o = make({}, 'option'); o.append(make({ src: W, name: 'n77' })); s.add(o); return inside(window.n77); })()",
  ],
  [
    "an option with a frame, by number",
    "(() => { const s = document.body.appendChild(make({}, 'select')); const o = make({}, 'option'); o.append(make({ src: W, name: 'n58' })); s[0] = o; return inside(window.n58); })()",
  ],
  [
    "a script that options have run in a text",
    "(() => { place().setHTMLUnsafe('\\x3ciframe src=' + W + ' name=n80>\\x3c/iframe>\\x3cscript>window.g80 = inside(window.n80)\\x3c/script>', { runScripts: true }); return window.g80; })()",
  ],
  [
    "a script that options have run in a text for a shadow tree",
    "(() => { const tree = place().attachShadow({ mode: 'open' }); window.g81 = () => inside(tree.firstChild.contentWindow); tree.setHTMLUnsafe('\\x3ciframe src=' + W + '>\\x3c/iframe>\\x3cscript>window.g81 = g81()\\x3c/script>', { runScripts: true }); return window.g81; })()",
  ],
  [
    "a script that options have run in a closed shadow tree that a text declares",
    "(() => { place().setHTMLUnsafe('\\x3ciframe src=' + W + ' name=n82>\\x3c/iframe>\\x3cdiv>\\x3ctemplate shadowrootmode=closed>\\x3cscript>window.g82 = inside(window.n82)\\x3c/script>\\x3c/template>\\x3c/div>', { get runScripts() { return (this.asked = !this.asked); } }); return window.g82; })()",
  ],
  [
    "the copy of a frame in an option that is chosen",
    "(() => { place().innerHTML = CHOICE; const o = document.getElementById('chosen'); o.append(make({ src: W })); o.setAttribute('selected', ''); return inside(last()); })()",
  ],
  [
    "the copy of a frame that was moved into an option that is chosen",
    "(() => { place().innerHTML = CHOICE; const o = document.getElementById('chosen'); const all = place(); all.append(make({ src: W })); o.moveBefore(all, null); o.selected = true; return inside(last()); })()",
  ],
  [
    "an object that gets its address later, as it is laid out",
    "(() => { const o = document.body.appendChild(make({ name: 'n59', type: 'text/html' }, 'object')); o.data = W; o.offsetWidth; return inside(window.n59); })()",
  ],
  [
    "an object that is shown later, as it is laid out",
    "(() => { const o = document.body.appendChild(make({ name: 'n60', type: 'text/html', data: W, style: 'display: none' }, 'object')); o.style.display = 'block'; o.offsetWidth; return inside(window.n60); })()",
  ],
  [
    "a custom element of a registry of the page's own",
    "(() => { let got; const registry = new CustomElementRegistry(); const host = make({}, 'div'); const shadow = host.attachShadow({ mode: 'open', customElementRegistry: registry }); shadow.innerHTML = '\\x3cx-own>\\x3c/x-own>'; registry.define('x-own', class extends HTMLElement { constructor() { super(); got = window.n62 && inside(window.n62); } }); const all = document.createDocumentFragment(); all.append(make({ src: W, name: 'n62' }), host); document.body.append(all); return got; })()",
  ],
  [
    "a frame that comes while the stack is full",
    "(() => { const frames = Array.from({ length: 400 }, (_, i) => make({ src: W, name: 'full' + i })); return whileFull((i) => document.body.appendChild(frames[i]), 2); })()",
  ],
  [
    "a frame in a text while the stack is full",
    "(() => { const places = Array.from({ length: 400 }, place); return whileFull((i) => { places[i].innerHTML = '\\x3ciframe src=' + W + ' name=full' + i + '>\\x3c/iframe>'; }, 4); })()",
  ],
  [
    "an embedded page that gets its address later, as it is laid out",
    "(() => { const o = document.body.appendChild(make({ name: 'n61', type: 'text/html' }, 'embed')); o.src = W; o.offsetWidth; return inside(window.n61); })()",
  ],
];

/** Ways that nothing we know of stops, each with the reason. */
const OPEN: Readonly<Record<string, string>> = {
  "an option with a frame, by number":
    "a list of options takes elements by number, which is no method that could be hooked",
  "an option with a frame, added":
    "a list of options takes elements by number too, which is no method: to hook this one alone would gain nothing",
  "an image's load in a shadow tree that the page itself brings":
    "it may come before the browser tells of the frame that was parsed before it, and no document hears of a load in a shadow tree",
  "an object that is shown later, as it is laid out":
    "its realm comes with the page's layout, which any of a hundred getters asks for and nothing tells of",
};
const pageThat = (name: string, tried: readonly (readonly [string, string])[]): Tries => ({
  name,
  ways: tried.map(([way]) => way),
  known: OPEN,
  files: {
    "nothing.html": { body: "", status: 204 },
    "index.html": pageOf(
      `tries([${tried.map(([, made]) => `async () => { const got = await ${made}; if (got.error) throw got.error; return got.made ?? compiles(got); }`).join(",\n")}]);`,
      head,
    ),
  },
});
const page = pageThat("a page", ESCAPES);
const alone = ALONE.map((tried) => pageThat("a page alone", [tried]));
const PARSED = "an image's load in a shadow tree that the page itself brings";
/** The browser parses some tags at once, and tells of frames after them: of many pairs some are parsed together. */
const PAIRS = 24;
const pairs = Array.from(
  { length: PAIRS },
  (_, number) =>
    `<iframe src="nothing.html"></iframe><p><template shadowrootmode="open"><svg><svg onload="load(${number})"></svg></svg></template></p>`,
);
const parsed: Tries = {
  name: "a page alone",
  ways: [PARSED],
  known: OPEN,
  files: {
    "nothing.html": { body: "", status: 204 },
    "index.html": `${pageOf("const load = (number) => { const got = inside(window[number]); if (got.made) tries([() => got.made]); };", head)}${pairs.join("")}`,
  },
};
many("the realm of", [page, ...alone, parsed]);

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
    place.innerHTML = '\\x3cx-shown a=1>\\x3ciframe src=inner.html>\\x3c/iframe>\\x3c/x-shown>';
    place.insertAdjacentHTML('beforeend', '\\x3cx-child>\\x3c/x-child>\\x3cx-frozen>\\x3c/x-frozen>');
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
    // Each is told the same as without; of several beside a frame, all are made before the first is connected.
    const parts = (holder) => [...holder.childNodes].map(({ nodeName, isConnected }) => nodeName + isConnected).join();
    const table = place.appendChild(document.createElement('table'));
    table.innerHTML = '\\x3ctr>\\x3ctd>\\x3ciframe srcdoc="x">\\x3c/iframe>\\x3cx-shown>\\x3c/x-shown>';
    log(table.innerHTML);
    for (const where of ['beforebegin', 'afterbegin', 'beforeend', 'afterend']) {
      table.rows[0].insertAdjacentHTML(where, '\\x3ctr>\\x3ctd>\\x3ciframe>\\x3c/iframe>\\x3cx-frozen>' + where);
    }
    log(table.outerHTML);
    table.outerHTML = '\\x3ciframe>\\x3c/iframe>\\x3cx-frozen>\\x3cscript>log("never")\\x3c/script>\\x3c/x-frozen>';
    log(parts(place));
    const open = place.appendChild(document.createElement('p')).attachShadow({ mode: 'open' });
    open.innerHTML = '\\x3ciframe>\\x3c/iframe>\\x3cx-frozen>\\x3c/x-frozen>';
    log(parts(open), open.innerHTML);
    const template = place.appendChild(document.createElement('template'));
    template.innerHTML = '\\x3ciframe>\\x3c/iframe>\\x3cx-shown>\\x3c/x-shown>';
    log(template.content.childNodes.length);
    const filled = place.appendChild(template.content);
    log(filled === template.content, filled.childNodes.length, place.lastChild instanceof Shown);
    for (const wrong of [() => place.insertAdjacentHTML('inside', '\\x3ciframe>\\x3cx-shown>'), () => { document.documentElement.outerHTML = '\\x3ciframe>\\x3cx-shown>'; }, () => place.insertAdjacentHTML('beforeend'), () => { place.innerHTML = Symbol(); }]) {
      try { wrong(); } catch ({ name }) { log(name); }
    }
    place.innerHTML = null;
    log(place.innerHTML);
    tell('note', JSON.stringify(seen));
  })().catch((error) => tell('failure', String(error)))`),
};
tellsTheSame("frames, scripts and custom elements are the same with and without Davy", lawful);
