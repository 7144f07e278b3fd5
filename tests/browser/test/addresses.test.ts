// Workers and worklets by addresses and constructors of every kind: those that a policy of the page's has made, that a default
// policy turns into others, that stand for a file of the site's own store, and targets of `new` that fail halfway.
import { many, soundScript, type Tries, triesScript } from "../lib/many.ts";
import { kernelBase64, minerScript, pageOf } from "../lib/miner.ts";
import type { Files } from "../lib/site.ts";
import { tellsTheSame } from "../lib/twice.ts";

const script = `${minerScript}${triesScript}`;
const mining = `${script}\ntries([async () => WebAssembly.compile(await kernelArray())]);`;
/** Tries again and again, for eight seconds. */
const unending = `${script}
  let rounds = 16;
  const again = () => { if (rounds-- > 0) tries([async () => WebAssembly.compile(await kernelArray())]); };
  again();
  setInterval(again, 500);`;
const sound = soundScript("() => new WebAssembly.Module(bytes)");
const quoted = (text: string) => JSON.stringify(text).replaceAll("</", "<\\/");
const head = `${script}
const MINING = ${quoted(mining)};
const bytes = Uint8Array.from(atob('${kernelBase64}'), (c) => c.charCodeAt(0));
const fail = (error) => tell('failure', '0 ' + error);
const blobOf = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
const dataOf = (text) => 'data:text/javascript,' + encodeURIComponent(text);
/** A worker that cannot start has to say so. */
const heard = (worker) => { worker.onerror = () => fail('Error: the worker'); return worker; };
const policyOf = (name, createScriptURL = (text) => text) => trustedTypes.createPolicy(name, { createScriptURL });
/** The stack is full, and has room again bit by bit. */
const whileFull = (attempt) => {
  let level = 0, tried = 0;
  const deep = () => { try { deep(); } catch {} level += 1; if (level % 3 === 0 && tried < 400) { tried += 1; try { if (attempt()) tried = 400; } catch {} } };
  deep();
};
const play = async (address) => {
  const context = new OfflineAudioContext(1, 128, 44100);
  await context.audioWorklet.addModule(address);
  const node = new AudioWorkletNode(context, 'way', { processorOptions: { bytes } });
  node.port.onmessage = ({ data: [kind, text] }) => tell(kind, text);
  context.startRendering();
};
const controlled = async () => {
  const { serviceWorker } = navigator;
  await serviceWorker.register('sw.js');
  if (serviceWorker.controller === null) await new Promise((done) => { serviceWorker.oncontrollerchange = done; });
};`;

interface More extends Partial<Tries> {
  /** The page's policy. */
  readonly policy?: string;
}
const page = (way: string, start: string, { policy, files, ...more }: More = {}): Tries => ({
  name: "a page",
  ways: [way],
  files: {
    "index.html": {
      headers: policy === undefined ? {} : { "content-security-policy": policy },
      body: pageOf(start, head),
    },
    "worker.js": mining,
    "sound.js": sound,
    ...files,
  },
  ...more,
});
const DEMANDED = "require-trusted-types-for 'script'";
const APART = "no hook reaches it: what it compiles is read beside, its script is not loaded again, a reload ends it";
const moment = (way: string): Partial<Tries> => ({ moment: { [way]: APART } });
const FILED = `webkitRequestFileSystem(0, 1e6, ({ root }) => root.getFile('filed.js', { create: true }, (entry) => entry.createWriter((writer) => {
  writer.onwriteend = () => heard(new Worker(entry.toURL()));
  writer.write(new Blob([MINING], { type: 'text/javascript' }));
})), fail);`;
const listens = (then: string) =>
  `const post = self.postMessage.bind(self);
  self.postMessage = (word) => post(word?.secret === undefined ? word : { secret: word.secret, state: 'blocked' });
  ${then}`;
const made: Files = {
  "sw.js": `onactivate = (event) => event.waitUntil(clients.claim());
    onfetch = (event) => { if (event.request.url.endsWith('made.js')) event.respondWith(new Response(${quoted(mining)}, { headers: { 'content-type': 'text/javascript' } })); };`,
};
const NAMED = "a worker of a trusted address, where policies have names";
const OBJECT = "a shared worker whose address is an object";
const ANSWERED = "a worker that can carry nothing, answered by the site's service worker";
const UNREACHED = "a worklet of a page whose policy lets it load no Blob";

many("addresses", [
  page("a worker of a trusted Blob", "heard(new Worker(policyOf('any').createScriptURL(blobOf(MINING))));"),
  page("a worker of a trusted address", "heard(new Worker(policyOf('any').createScriptURL('worker.js')));"),
  page(
    "a worker of a trusted Blob, where that is demanded",
    "heard(new Worker(policyOf('any').createScriptURL(blobOf(MINING))));",
    { policy: DEMANDED },
  ),
  page(
    "a worker of a trusted Blob, where policies have names",
    "heard(new Worker(policyOf('any').createScriptURL(blobOf(MINING))));",
    { policy: `${DEMANDED}; trusted-types any` },
  ),
  page(NAMED, "heard(new Worker(policyOf('any').createScriptURL('worker.js')));", {
    policy: `${DEMANDED}; trusted-types any`,
    files: { "worker.js": unending },
    host: "named.example",
    ...moment(NAMED),
  }),
  page(
    "a module worker of a trusted Blob",
    "heard(new Worker(policyOf('any').createScriptURL(blobOf(MINING)), { type: 'module' }));",
    { policy: DEMANDED },
  ),
  page("a worker of trusted data", "heard(new Worker(policyOf('any').createScriptURL(dataOf(MINING))));", {
    policy: DEMANDED,
  }),
  page(
    "a worker of an address that a frame's policy has made",
    `const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { src: 'plain.html' }));
    frame.onload = () => {
      const policy = frame.contentWindow.trustedTypes.createPolicy('any', { createScriptURL: (text) => text });
      try { heard(new Worker(policy.createScriptURL(blobOf(MINING)))); } catch (error) { fail(error); }
    };`,
    { policy: DEMANDED, files: { "plain.html": "<p>" } },
  ),
  page(
    "a worker whose address a default policy turns into another",
    "const other = blobOf(MINING); policyOf('default', () => other); try { heard(new Worker(blobOf('1'))); } catch (error) { fail(error); }",
    { policy: DEMANDED },
  ),
  page(
    "a worker whose address the only policy turns into another",
    "const other = blobOf(MINING); policyOf('default', () => other); try { heard(new Worker(blobOf('1'))); } catch (error) { fail(error); }",
    { policy: `${DEMANDED}; trusted-types default` },
  ),
  page("a worker of a trusted Blob in a worker", "heard(new Worker('outer.js'));", {
    files: {
      "outer.js": `const policy = trustedTypes.createPolicy('any', { createScriptURL: (text) => text });
        new Worker(policy.createScriptURL(URL.createObjectURL(new Blob([${quoted(mining)}]))));`,
    },
  }),
  ...["function origin() {}", "var origin;"].map((line, number) =>
    page(
      `a worker of a worker that ${number === 0 ? "calls a function" : "has a variable"} by the name of its origin`,
      `heard(new Worker(blobOf(${quoted(`${line}\n`)} + "new Worker(URL.createObjectURL(new Blob([" + JSON.stringify(MINING) + "])))")));`,
      { policy: "worker-src blob:; script-src 'unsafe-inline' 'wasm-unsafe-eval'", silent: true },
    ),
  ),
  page(
    ANSWERED,
    `controlled().then(async () => {
      const made = new Response(MINING, { headers: { 'content-type': 'text/javascript' } });
      await (await caches.open('any')).put('%BASE%/kept.js', made);
      heard(new Worker('kept.js'));
    }, fail);`,
    {
      policy: "worker-src 'self'",
      files: {
        "sw.js": `onactivate = (event) => event.waitUntil(clients.claim());
          onfetch = (event) => event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));`,
      },
      host: "localhost",
      known: {
        [ANSWERED]:
          "the page's policy lets it carry nothing, what a service worker answers carries no policy that reports, and it may answer everybody else with another script",
      },
    },
  ),
  page(
    "a worker of a trusted address that a service worker answers",
    "controlled().then(() => heard(new Worker(policyOf('any').createScriptURL('made.js'))), fail);",
    { files: made, host: "localhost" },
  ),
  page("a worker of a file in the site's own store", FILED, { host: "localhost" }),
  page("a worker of a Blob's address with a mark", "heard(new Worker(blobOf(MINING) + '#mark'));"),
  page(
    "a worker of a part of a File",
    "const file = new File([MINING], 'x'); heard(new Worker(URL.createObjectURL(file.slice(0, file.size, 'text/javascript'))));",
  ),
  page(
    "a worker while the base lies",
    "Object.defineProperty(Node.prototype, 'baseURI', { get: () => 'http://other.example/' }); window.URL = class { get href() { return 'about:blank'; } }; heard(new Worker('worker.js'));",
  ),
  page(
    "a worker for a target that fails the first time",
    `let asked = 0;
    const Target = new Proxy(function () {}, { get: (of, key) => { if (key === 'prototype' && asked++ === 0) throw new Error('once'); return key === 'prototype' ? Worker.prototype : of[key]; } });
    const start = () => Reflect.construct(Worker, [blobOf(MINING)], Target);
    let worker;
    try { worker = start(); } catch { worker = start(); }
    heard(worker);`,
  ),
  page(
    "a worker by a frame's constructor, for a class of the page's",
    "const frame = document.body.appendChild(document.createElement('iframe')); heard(Reflect.construct(frame.contentWindow.Worker, [blobOf(MINING)], class extends Worker {}));",
  ),
  page(
    "a worker while the stack is full",
    "const address = blobOf(MINING); const all = []; whileFull(() => all.push(heard(new Worker(address))) > 12); setTimeout(() => fail('Error: none'), 5000);",
  ),
  page("a module worker that hears what is said of it", "heard(new Worker('outer.js', { type: 'module' }));", {
    files: {
      "outer.js": listens(
        `${script}\nsetTimeout(() => tries([async () => WebAssembly.compile(await kernelArray())]), 300);`,
      ),
    },
    host: "heard.example",
  }),
  page(
    "a worker after one that hears what is said of it",
    "new Worker('outer.js', { type: 'module' }); setTimeout(() => heard(new Worker('worker.js')), 1000);",
    { files: { "outer.js": listens("") }, host: "after.example" },
  ),
  page("a worker of a page that is of no origin", "heard(new Worker(blobOf(MINING)));", {
    policy: "sandbox allow-scripts",
  }),
  page(OBJECT, "new SharedWorker({ toString: () => 'worker.js' });", {
    files: { "worker.js": unending },
    host: "object.example",
    ...moment(OBJECT),
  }),
  page(
    "a service worker whose address is an object",
    "navigator.serviceWorker.register({ toString: () => 'inside.js' }).catch(fail);",
    { files: { "inside.js": `${head}\ntries([() => new WebAssembly.Module(bytes)]);` }, host: "localhost" },
  ),
  page("a worklet of a trusted address", "play(policyOf('any').createScriptURL('sound.js')).catch(fail);"),
  page(
    "a worklet of a trusted address, where that is demanded",
    "play(policyOf('any').createScriptURL('sound.js')).catch(fail);",
    {
      policy: DEMANDED,
    },
  ),
  page(UNREACHED, "play('sound.js').catch(fail);", {
    policy: "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  }),
]);

/** What a page sees of its policies, and of workers by them. */
const seen = `(async () => {
  const seen = [];
  const log = (...words) => seen.push(words.join(' '));
  const tried = (what, run) => { try { log(what, run()); } catch ({ name, message }) { log(what, name, message); } };
  const { createPolicy } = TrustedTypePolicyFactory.prototype;
  log(createPolicy.name, createPolicy.length, createPolicy);
  tried('none', () => trustedTypes.createPolicy());
  tried('foreign', () => createPolicy.call({}, 'x'));
  tried('empty', () => trustedTypes.createPolicy('empty').name);
  tried('lacking', () => trustedTypes.createPolicy('lacking', {}).createScriptURL('x'));
  tried('no options', () => trustedTypes.createPolicy('options', 1));
  tried('no function', () => trustedTypes.createPolicy('function', { createScriptURL: 1 }));
  const asked = [];
  const options = new Proxy({
    createHTML: (text) => text + '!',
    createScriptURL(text, ...more) { asked.push([text, more, this === undefined]); return text === 'null' ? null : new URL(text, location.href).href; },
  }, { get(of, key) { asked.push(key); return of[key]; } });
  const policy = trustedTypes.createPolicy({ toString() { asked.push('name'); return 'any'; } }, options);
  log(policy.name, policy.createHTML('a'), policy.createScriptURL('worker.js', 1, 2), policy.createScriptURL('null'));
  log(JSON.stringify(asked));
  asked.length = 0;
  const start = (address, how) => new Promise((done) => {
    const worker = new Worker(address, how);
    worker.onmessage = ({ data }) => { worker.terminate(); done(data); };
    worker.onerror = () => done('an error');
  });
  const code = "postMessage([location.protocol, typeof importScripts, trustedTypes.createPolicy('any', { createScriptURL: (text) => text }).name].join())";
  const blob = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  log(await start(policy.createScriptURL('worker.js')));
  log(await start(policy.createScriptURL(blob)));
  log(await start(policy.createScriptURL('missing.js')));
  log(JSON.stringify(asked));
  tried('a text', () => new Worker('worker.js') instanceof Worker);
  class Own extends Worker { get own() { return true; } }
  const own = new Own(policy.createScriptURL('worker.js'));
  log(own instanceof Own, own.own, own.constructor === Own);
  tried('a bad target', () => Reflect.construct(Worker, [policy.createScriptURL('worker.js')], new Proxy(class {}, { get() { throw new RangeError('mine'); } })));
  tell('note', JSON.stringify(seen).replaceAll(/blob:[^"\\\\ ]+/g, 'blob'));
})().catch((error) => tell('failure', String(error)))`;
const lawful = (policy: string): Files => ({
  "worker.js": "postMessage(self.location.href)",
  "index.html": { headers: { "content-security-policy": policy }, body: pageOf(seen, script) },
});

tellsTheSame("policies and workers by them are the same with and without Davy", lawful("worker-src 'self' blob:"));
tellsTheSame("and where addresses have to be trusted", lawful(DEMANDED));
