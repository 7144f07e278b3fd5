// Realms whose next document has begun and says nothing: no script of ours has run there yet, while other documents use them.
// And windows that go on without those that opened them.
import { many, type Tries } from "../lib/many.ts";
import { minerScript, pageOf } from "../lib/miner.ts";
import { head } from "../lib/realms.ts";
import type { Files } from "../lib/site.ts";
import { tellsTheSame } from "../lib/twice.ts";

/** The frame's window shows the new document while the page still waits for its first byte. */
const BEGUN = "a frame whose next document has begun and says nothing";
const OF_ANOTHER = "a frame of another site whose next document has begun and says nothing";
const waits = `const loaded = (on) => new Promise((done) => on.addEventListener('load', done, { once: true }));
  const timer = () => new Promise((done) => setTimeout(done, 20));
  const pause = () => new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); });
  const later = () => new Promise((done) => setTimeout(done, 800));
  const other = '%BASE%/blank.html'.replace(location.hostname, location.hostname === 'localhost' ? '127.0.0.1' : 'localhost');
  /** Throws while it is of another site. */
  const address = (window) => { try { return window.document.URL; } catch { return ''; } };
  const begun = async (window, pause = timer) => { while (!address(window).endsWith('stalled.html')) await pause(); return compiles(window); };`;
const begins = { "blank.html": "<p>", "stalled.html": { body: "", stalls: true } };
/** A browser keeps six connections to a host, and each of these takes one for good. */
let stalling = 0;
const ownHost = (): string => {
  stalling += 1;
  return `stalling-${stalling}.example`;
};
const stalls = (way: string, start: string, files: Files = {}): Tries => ({
  name: "a page with",
  ways: [way],
  host: ownHost(),
  known: {
    [OF_ANOTHER]:
      "its realm is there with the head of its document, scripts of ours come when the body begins, and no page hears when one of another site ends",
  },
  files: {
    ...begins,
    "index.html": pageOf(`${waits} tries([async () => { await loaded(window); ${start} }]);`, head),
    ...files,
  },
});
const FRAME = "const f = document.body.appendChild(make({ src: 'blank.html', name: 'n1' })); await loaded(f);";
const inShadow = (src: string) =>
  `const f = make({ src: ${src} }); const here = loaded(f); place().attachShadow({ mode: 'closed' }).append(f);`;
const stalled: readonly Tries[] = [
  stalls(BEGUN, `${FRAME} f.src = 'stalled.html'; return begun(window.n1);`),
  stalls(`${BEGUN}, looked for without a pause`, `${FRAME} f.src = 'stalled.html'; return begun(window.n1, pause);`),
  stalls(
    OF_ANOTHER,
    "const f = document.body.appendChild(make({ src: other, name: 'n1' })); await loaded(f); f.src = 'stalled.html'; return begun(window.n1);",
  ),
  stalls(
    `${BEGUN}, and was of another site before the last`,
    "const f = document.body.appendChild(make({ src: other, name: 'n1' })); await loaded(f); const here = loaded(f); f.src = 'blank.html'; await here; f.src = 'stalled.html'; return begun(window.n1);",
  ),
  stalls(
    `${BEGUN}, after the last one was opened anew`,
    `${FRAME} f.contentDocument.open(); f.contentDocument.write('<p>'); f.contentDocument.close(); await timer(); f.src = 'stalled.html'; return begun(window.n1);`,
  ),
  stalls(
    `${BEGUN}, after the last one has opened itself`,
    "const f = document.body.appendChild(make({ src: 'opens.html', name: 'n1' })); await loaded(f); await later(); f.src = 'stalled.html'; return begun(window.n1);",
    {
      "opens.html":
        "<script>onload = () => setTimeout(() => { document.open(); document.write('<p>'); document.close(); })</script>",
    },
  ),
  stalls(
    `${BEGUN}, while the last one's Reflect throws`,
    `${FRAME} Object.defineProperty(f.contentWindow, 'Reflect', { get() { throw new Error(); } }); place(); f.contentWindow; f.src = 'stalled.html'; return begun(window.n1);`,
  ),
  stalls(
    `${BEGUN}, in a shadow tree`,
    `${inShadow("'blank.html'")} await here; const view = f.contentWindow; f.src = 'blank.html?'; await loaded(f); f.src = 'stalled.html'; return begun(view);`,
  ),
  stalls(
    `${BEGUN}, in a shadow tree, known by what it says`,
    `let view; window.onmessage = ({ source }) => { view = source; }; ${inShadow("'says.html'")} await here; while (!view) await timer(); f.src = 'stalled.html'; return begun(view);`,
    { "says.html": "<script>parent.postMessage('', '*')</script>" },
  ),
  stalls(
    "a window whose next document has begun and says nothing",
    "const made = open('%BASE%/blank.html', 'w'); await later(); made.location = '%BASE%/blank.html?'; await later(); made.location = '%BASE%/stalled.html'; return begun(made, pause);",
  ),
];
const child = (start: string) =>
  `<!doctype html><script>${head.replaceAll("</", "<\\/")}</script><script>${waits} ${start}</script>`;
const GONE = "what was kept of a window before its document came, after its opener has gone";
/** Nobody but its child has hold of the opener. */
const withOpener = (opener: string, start: string): Files => ({
  "gone.html": "<p>",
  "index.html": pageOf("open('%BASE%/opener.html', '_blank', 'noopener');", head),
  "opener.html": `<!doctype html><script>${opener}</script>`,
  "child.html": child(start),
});
const LEAVES = "setTimeout(() => { location = 'gone.html'; }, 500);";
const windows: readonly Tries[] = [
  {
    name: "a window with",
    ways: ["an opener whose next document has begun and says nothing"],
    host: ownHost(),
    files: {
      ...begins,
      ...withOpener(
        "open('%BASE%/child.html')",
        "setTimeout(() => { opener.location = '%BASE%/stalled.html'; tries([() => begun(opener, pause)]); }, 500);",
      ),
    },
  },
  {
    name: "a window with",
    ways: [GONE],
    known: {
      [GONE]:
        "a window keeps its realm when its document comes, and with it what its opener has hooked: that has nobody to ask any more, and steps aside for the window's own hooks",
    },
    files: withOpener(
      `const made = open('%BASE%/child.html'); made.kept = made.WebAssembly.Module; ${LEAVES}`,
      "setTimeout(() => tries([() => new kept(embedded())]), 1500);",
    ),
  },
  ...["new WebAssembly.Module(embedded())", "WebAssembly.compileStreaming(kernelFile())"].map(
    (made, number): Tries => ({
      name: "a window with",
      ways: [`an opener that has gone, ${number === 0 ? "at once" : "streaming"}`],
      files: withOpener(`open('%BASE%/child.html'); ${LEAVES}`, `setTimeout(() => tries([() => ${made}]), 1500);`),
    }),
  ),
];
many("the next realm of", [...stalled, ...windows]);

/** A window that a script has opened goes on when its opener has gone. */
const outliving: Files = {
  "empty.wasm": new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
  "echo.js": "onmessage = ({ data }) => postMessage(data)",
  "blank.html": "<p>",
  "gone.html": "<p>",
  "index.html": pageOf("open('%BASE%/child.html').given = 'kept'; setTimeout(() => { location = 'gone.html'; }, 700);"),
  "child.html": `<!doctype html><p></p><script>${minerScript}
    const seen = [];
    document.querySelector('p').addEventListener('click', () => seen.push('clicked'));
    customElements.define('x-late', class extends HTMLElement { connectedCallback() { seen.push('connected'); } });
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    const say = async (what) => { try { seen.push(String(await what())); } catch (error) { seen.push(String(error)); } };
    setTimeout(async () => {
      document.querySelector('p').click();
      document.body.append(document.createElement('x-late'));
      await say(() => window.given);
      await say(() => new WebAssembly.Module(empty));
      await say(() => WebAssembly.compile(empty));
      await say(() => WebAssembly.instantiateStreaming(fetch('empty.wasm')));
      await say(() => new Promise((done) => { const worker = new Worker('echo.js'); worker.onmessage = ({ data }) => done(data); worker.postMessage('echo'); }));
      await say(() => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = 'blank.html'; frame.onload = () => done(new frame.contentWindow.WebAssembly.Module(empty)); document.body.append(frame); }));
      await say(() => [WebAssembly.Module, Worker, Function.prototype.toString, document.write].join());
      tell('note', JSON.stringify(seen));
    }, 1500);
  </script>`,
};
tellsTheSame("a window that outlives its opener is the same with and without Davy", outliving);
