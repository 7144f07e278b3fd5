// Documents that come by other ways than a page's address: texts, scripts, pages made beforehand, other kinds of content.
import { many, type Tries, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import type { Files } from "../lib/site.ts";

const script = `${minerScript}${triesScript}`;
const mining = `${script}\ntries([async () => WebAssembly.compile(await kernelArray())]);`;
const inner = `<!doctype html><script>${mining}</script>`;
const quoted = (text: string) => JSON.stringify(text).replaceAll("</", "<\\/");
const head = `${script}
const INNER = ${quoted(inner)};
const bytes = Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
const element = (name, attributes) => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return document.body.appendChild(made);
};
const asScript = (text) => 'javascript:' + encodeURIComponent(JSON.stringify(text));`;
const text = (type: string, body: string) => ({ headers: { "content-type": type }, body });
const page = (way: string, start: string, files: Files = {}): Tries => ({
  name: "a page",
  ways: [way],
  files: { "index.html": pageOf(start, head), ...files },
});

many("documents", [
  page("a frame's document that a script's result is", "element('iframe').src = asScript(INNER);"),
  page(
    "a window whose address is a script",
    "window.take = (realm) => tries([() => new realm.WebAssembly.Module(bytes)]); open('javascript:opener.take(globalThis)');",
  ),
  page(
    "a window's document that its opener has written",
    "const made = open('about:blank', 'written'); made.document.write(INNER); made.document.close();",
  ),
  page(
    "a window from a Blob without an opener",
    "open(URL.createObjectURL(new Blob([INNER], { type: 'text/html' })), '_blank', 'noopener');",
  ),
  page("a window in XML", "open('x.xml');", {
    "x.xml": text(
      "application/xml",
      `<r><script xmlns="http://www.w3.org/1999/xhtml"><![CDATA[${mining}]]></script></r>`,
    ),
  }),
  page("an embedded image with a script", "element('embed', { src: 'x.svg', type: 'image/svg+xml' });", {
    "x.svg": text(
      "image/svg+xml",
      `<svg xmlns="http://www.w3.org/2000/svg"><script><![CDATA[${mining}]]></script></svg>`,
    ),
  }),
  page(
    "a text in a frame of a text in a sandbox",
    `element('iframe', { sandbox: 'allow-scripts', srcdoc: '<iframe srcdoc="' + INNER.replaceAll('&', '&amp;').replaceAll('"', '&quot;') + '"></iframe>' });`,
  ),
  page(
    "the realm of a plain text's document",
    "element('iframe', { src: 'plain.txt' }).onload = ({ target }) => tries([() => new target.contentWindow.WebAssembly.Module(bytes)]);",
    { "plain.txt": text("text/plain", "plain") },
  ),
  page(
    "a page that was made before it is shown",
    `const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = JSON.stringify({ prerender: [{ source: 'list', urls: ['%BASE%/next.html'] }] });
    document.head.append(rules);
    setTimeout(() => { location = '%BASE%/next.html'; }, 2000);`,
    { "next.html": pageOf("tries([() => WebAssembly.compile(bytes)]);", head) },
  ),
  page(
    "a module that an import map names",
    `const map = document.createElement('script');
    map.type = 'importmap';
    map.textContent = JSON.stringify({ imports: { miner: 'data:text/javascript,' + encodeURIComponent(${quoted(mining)}) } });
    document.head.append(map);
    setTimeout(() => import('miner'), 100);`,
  ),
  page("a text that a timer runs", `setTimeout('setTimeout("tries([() => WebAssembly.compile(bytes)])")');`),
  page(
    "a Module that a worker sends home",
    "new Worker('home.js').onmessage = ({ data }) => tries([() => { if (data.error) throw new Error(data.error); return data; }]);",
    {
      "home.js": `${script} kernelArray().then((made) => WebAssembly.compile(made)).then((made) => postMessage(made), (error) => postMessage({ error: String(error) }));`,
    },
  ),
]);
