// A module that mines, in realms other than the page's own: frames of every kind.
import { embeddedScript, minerScript, pageOf } from "../lib/miner.ts";
import { twice } from "../lib/twice.ts";

const START = "attempt(async () => WebAssembly.instantiate(await kernelArray(), {}))";
const EMBEDDED_START = "attempt(() => new WebAssembly.Module(embedded()))";
const inner = `<!doctype html><script>${minerScript}</script><script>${START}</script>`;
const embeddedInner = `<!doctype html><script>${embeddedScript}</script><script>${EMBEDDED_START}</script>`;
/** A page's script as a string literal inside another script. */
const quoted = (text: string) => JSON.stringify(text).replaceAll("</", "<\\/");
const frame = (set: string) => `
  const frame = document.createElement('iframe');
  ${set}
  document.body.append(frame);`;

twice("a same-origin iframe", {
  files: { "index.html": pageOf(frame(`frame.src = '%BASE%/inner.html';`)), "inner.html": inner },
});
twice("a cross-origin iframe", {
  host: "shop.example",
  files: {
    "index.html": pageOf(frame(`frame.src = '%BASE%/inner.html'.replace('shop.example', 'ads.example');`)),
    "inner.html": inner,
  },
});
twice("a srcdoc iframe", { files: { "index.html": pageOf(frame(`frame.srcdoc = ${quoted(inner)};`)) } });
twice("a blob: iframe", {
  files: {
    "index.html": pageOf(
      frame(`frame.src = URL.createObjectURL(new Blob([${quoted(inner)}], { type: 'text/html' }));`),
    ),
  },
});
twice("a data: iframe", {
  files: { "index.html": pageOf(frame(`frame.src = 'data:text/html,' + encodeURIComponent(${quoted(inner)});`)) },
});
twice("a sandboxed iframe", {
  files: {
    "index.html": pageOf(frame(`frame.sandbox = 'allow-scripts'; frame.src = '%BASE%/inner.html';`)),
    "inner.html": inner,
  },
});
twice("a sandboxed srcdoc iframe", {
  files: { "index.html": pageOf(frame(`frame.sandbox = 'allow-scripts'; frame.srcdoc = ${quoted(embeddedInner)};`)) },
});
twice("the realm of an about:blank iframe, at once", {
  files: {
    "index.html": pageOf(
      `${frame("")} attempt(() => new frame.contentWindow.WebAssembly.Module(embedded()))`,
      embeddedScript,
    ),
  },
});
twice("the realm of an iframe whose navigation is pending", {
  files: {
    "nothing.html": { body: "", status: 204 },
    "index.html": pageOf(
      `${frame(`frame.src = '%BASE%/nothing.html';`)}
       attempt(() => new frame.contentWindow.WebAssembly.Module(embedded()))`,
      embeddedScript,
    ),
  },
});
twice("the realm of a pending iframe, by window[0] after innerHTML", {
  files: {
    "index.html": pageOf(
      `const place = document.createElement('div');
       document.body.append(place);
       place.innerHTML = '<iframe src="%BASE%/nothing.html"></iframe>';
       attempt(() => new window[0].WebAssembly.Module(embedded()))`,
      embeddedScript,
    ),
    "nothing.html": { body: "", status: 204 },
  },
});
twice("the realm of a frame nested in a pending frame", {
  files: {
    "nothing.html": { body: "", status: 204 },
    "index.html": pageOf(
      `${frame(`frame.src = '%BASE%/nothing.html';`)}
       const inner = frame.contentDocument.createElement('iframe');
       inner.src = '%BASE%/nothing.html';
       frame.contentDocument.documentElement.append(inner);
       attempt(() => new inner.contentWindow.WebAssembly.Module(embedded()))`,
      embeddedScript,
    ),
  },
});
