// Shared workers from Blobs carry the hooks, as those of a page's own do; lawful ones see nothing of it.
import { many, type Tries, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import { tellsTheSame } from "../lib/twice.ts";

const script = `${minerScript}${triesScript}`;
const quoted = (text: string) => JSON.stringify(text).replaceAll("</", "<\\/");
/** What it is handed it compiles, whoever connects. */
const given = `${script}
onconnect = ({ ports: [port] }) => { port.onmessage = ({ data }) => tries([() => WebAssembly.compile(data)]); };`;
const head = `${script}
const GIVEN = ${quoted(given)};
const bytes = Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
const fail = (error) => tell('failure', '0 ' + error);
const blobOf = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
const hand = (worker) => { worker.onerror = () => fail('Error: the worker'); worker.port.postMessage(bytes); };`;
const DEMANDED = "require-trusted-types-for 'script'";
const NO_BLOB = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob:";

const page = (way: string, start: string, policy?: string): Tries => ({
  name: "a shared worker",
  ways: [way],
  files: {
    "index.html": {
      headers: policy === undefined ? {} : { "content-security-policy": policy },
      body: pageOf(start, head),
    },
    "inner.html": `<!doctype html><script>
      parent.postMessage(URL.createObjectURL(new Blob([${quoted(given)}], { type: 'text/javascript' })), '*');
    </script>`,
  },
});

many("a shared worker from a Blob", [
  page("handed its kernel", "hand(new SharedWorker(blobOf(GIVEN)));"),
  page("as a module", "hand(new SharedWorker(blobOf(GIVEN), { type: 'module' }));"),
  page(
    "as a module that browsers read as none",
    "hand(new SharedWorker(blobOf(GIVEN), { get type() { return (this.asked = !this.asked) ? 'module' : 'classic'; } }));",
  ),
  page("of a name", "hand(new SharedWorker(blobOf(GIVEN), 'name'));"),
  page("connected once more", "const url = blobOf(GIVEN); new SharedWorker(url); hand(new SharedWorker(url));"),
  page(
    "connected by another name",
    "const url = blobOf(GIVEN); new SharedWorker(url); hand(new SharedWorker(url, { name: 'other' }));",
  ),
  page(
    "whose address is taken back",
    "const url = blobOf(GIVEN); const worker = new SharedWorker(url); URL.revokeObjectURL(url); hand(worker);",
  ),
  page(
    "whose address another document has made",
    "onmessage = ({ data }) => { if (typeof data === 'string') hand(new SharedWorker(data)); }; document.body.append(Object.assign(document.createElement('iframe'), { src: 'inner.html' }));",
  ),
  page(
    "of a frame's realm",
    "{ const frame = document.body.appendChild(document.createElement('iframe')); hand(new frame.contentWindow.SharedWorker(blobOf(GIVEN))); }",
  ),
  page(
    "of a trusted address",
    "hand(new SharedWorker(trustedTypes.createPolicy('any', { createScriptURL: (text) => text }).createScriptURL(blobOf(GIVEN))));",
    DEMANDED,
  ),
  page("of a page whose policy loads no Blob", "hand(new SharedWorker(blobOf(GIVEN)));", NO_BLOB),
  page(
    "by Reflect.construct",
    "hand(Reflect.construct(SharedWorker, [blobOf(GIVEN)], class extends SharedWorker {}));",
  ),
  page(
    "whose script takes the names of what browsers provide",
    "hand(new SharedWorker(blobOf('function MessageChannel() {} function listen() {}\\n' + GIVEN)));",
  ),
]);

/** What pages see of such workers, and these of themselves. */
const seen = `(async () => {
  const seen = [];
  const log = (...words) => seen.push(words.join(' '));
  const blobOf = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const heard = (port) => new Promise((done) => { port.onmessage = ({ data }) => done(data); });
  const late = (ms) => new Promise((done) => setTimeout(done, ms, 'nothing'));
  const code = \`let connected = 0;
    const native = [self.close, self.fetch, WebAssembly.Module].map(({ name, length }) => name + length).join();
    self.onconnect = (event) => {
      connected += 1;
      const [port] = event.ports;
      const about = [connected, event.ports.length, event.source === port, event.isTrusted, event.data, event.origin, self.name, location.protocol, location.href === String(location), typeof importScripts, this === self];
      port.postMessage(about.join());
      port.postMessage(native);
      port.onmessage = ({ data, ports }) => {
        if (data === 'close') self.close();
        else if (data === 'throw') { ports[0].postMessage('thrown'); throw new RangeError('mine'); }
        else port.postMessage(data + ports.length);
      };
    };\`;
  const url = blobOf(code);
  for (const how of [undefined, 'named', { name: 'other' }, { type: 'module', name: 'module' }, { credentials: 'omit', extendedLifetime: false, name: 'more' }]) {
    for (let i = 0; i < 2; i += 1) {
      const worker = how === undefined ? new SharedWorker(url) : new SharedWorker(url, how);
      const told = [];
      const all = new Promise((done) => { worker.port.onmessage = ({ data }) => { told.push(data); if (told.length === 3) done(); }; });
      worker.port.postMessage('echo', [new MessageChannel().port1]);
      await all;
      log(JSON.stringify(how), ...told, worker instanceof SharedWorker, Object.keys(worker).length);
    }
  }
  const ended = new SharedWorker(url, 'named');
  ended.port.start();
  ended.port.postMessage('close');
  await late(500);
  const again = new SharedWorker(url, 'named');
  log('after its end', await Promise.race([heard(again.port), late(2000)]));
  const broken = new SharedWorker(blobOf('syntax error'));
  log('broken', await new Promise((done) => { broken.onerror = ({ type }) => done(type); }));
  const early = new SharedWorker(blobOf("onconnect = ({ ports: [port] }) => port.postMessage(typeof first); function first() {}"));
  log('early', await heard(early.port));
  const strict = new SharedWorker(blobOf("let port1, apply = 3; const say = port1; onconnect = (e) => e.ports[0].postMessage([apply, typeof say].join())"));
  log('names', await heard(strict.port));
  const tried = (what, run) => { try { log(what, run()); } catch ({ name, message }) { log(what, name, message); } };
  tried('none', () => new SharedWorker());
  tried('call', () => SharedWorker(url));
  tried('symbol', () => new SharedWorker(url, Symbol.iterator));
  tried('kind', () => new SharedWorker(url, { type: 'other' }));
  tried('about', () => [SharedWorker.name, SharedWorker.length, SharedWorker, Object.getOwnPropertyNames(SharedWorker.prototype)].join());
  class Own extends SharedWorker { get own() { return true; } }
  const own = new Own(url, 'own');
  log(own instanceof Own, own.own, await heard(own.port));
  tell('note', JSON.stringify(seen).replaceAll(/blob:[^"\\\\ ,]+/g, 'blob'));
})().catch((error) => tell('failure', String(error)))`;

tellsTheSame("shared workers from Blobs are the same with and without Davy", { "index.html": pageOf(seen, script) });
tellsTheSame("and where the page's policy loads no Blob", {
  "index.html": {
    headers: { "content-security-policy": NO_BLOB },
    body: pageOf(seen.replaceAll("{ type: 'module', name: 'module' }, ", ""), script),
  },
});
