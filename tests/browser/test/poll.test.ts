// A page that speaks with a pool by requests and events, without any socket.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, until } from "../lib/alive.ts";
import { minerScript, pageOf } from "../lib/miner.ts";
import { Poll } from "../lib/poll.ts";
import { openPopup, read } from "../lib/popup.ts";
import { theBrowser, visit } from "../lib/twice.ts";
import { note } from "../lib/ways.ts";

/** From the first share to the last one that may leave. */
const STOP_MS = 3_000;

let pool: Poll;
before(async () => {
  pool = await Poll.open();
});
after(() => pool.close());

/** `take` hands each job to `work`, `give` sends a share; both are plain script. */
const client = (take: string, give: string) => `
const pool = ${JSON.stringify(pool.address)};
const hexOf = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, '0')).join('');
const pause = () => new Promise((done) => setTimeout(done, 100));
const give = ${give};
const work = async ({ job_id }) => {
  tell('note', 'job');
  await give(JSON.stringify({ job_id, nonce: hexOf(4), result: hexOf(28) + '00000000' }));
};
const failed = (error) => tell('failure', error.name + ': ' + error.message);
${take}`;

const polling = (ask: string) =>
  `(async () => { for (;;) { await work(await (${ask})); await pause(); } })().catch(failed);`;
const byFetch = "(body) => fetch(pool + '/share', { method: 'POST', body })";
const byXhr = `(body) => new Promise((done, fail) => {
  const xhr = new XMLHttpRequest(); xhr.open('POST', pool + '/share'); xhr.onload = done; xhr.onerror = () => fail(new TypeError('xhr')); xhr.send(body); })`;
const askXhr = (type: string, make: string) =>
  polling(`new Promise((done, fail) => {
  const xhr = new XMLHttpRequest(); xhr.open('GET', pool + '/work'); xhr.responseType = '${type}';
  xhr.onload = () => done(${make}); xhr.onerror = () => fail(new TypeError('xhr')); xhr.send(); })`);

const lines = (read: string) => `(async () => {
  const { body } = await fetch(pool + '/lines');
  const take = async (value) => { for (const line of new TextDecoder().decode(value).trim().split('\\n')) if (line) await work(JSON.parse(line)); };
  ${read}
})().catch(failed);`;

const ways: Readonly<Record<string, () => string>> = {
  "fetch and json()": () => client(polling("fetch(pool + '/work').then((r) => r.json())"), byFetch),
  "fetch and text()": () => client(polling("fetch(pool + '/work').then((r) => r.text()).then(JSON.parse)"), byFetch),
  "fetch and arrayBuffer()": () =>
    client(
      polling(
        "fetch(pool + '/work').then((r) => r.arrayBuffer()).then((b) => JSON.parse(new TextDecoder().decode(b)))",
      ),
      "(text) => fetch(pool + '/share', { method: 'POST', body: new TextEncoder().encode(text) })",
    ),
  "fetch with a Request": () =>
    client(
      polling("fetch(new Request(pool + '/work')).then((r) => r.clone().json())"),
      "(body) => fetch(new Request(pool + '/share', { method: 'POST', body }))",
    ),
  "a body that never ends": () =>
    client(
      `(async () => {
        const reader = (await fetch(pool + '/lines')).body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) { const { value, done } = await reader.read(); if (done) return; for (const line of value.trim().split('\\n')) await work(JSON.parse(line)); }
      })().catch(failed);`,
      byFetch,
    ),
  "XMLHttpRequest and text": () => client(askXhr("", "JSON.parse(xhr.responseText)"), byXhr),
  "XMLHttpRequest and json": () =>
    client(askXhr("json", "xhr.response"), byXhr.replace("send(body)", "send(new URLSearchParams(JSON.parse(body)))")),
  "events that have a name": () =>
    client(
      `new EventSource(pool + '/events').addEventListener('work', ({ data }) => work(JSON.parse(data)).catch(failed));`,
      byFetch,
    ),
  "events, and beacons": () =>
    client(
      `new EventSource(pool + '/events').addEventListener('work', ({ data }) => work(JSON.parse(data)).catch(failed), true);`,
      "async (body) => void navigator.sendBeacon(pool + '/share', body)",
    ),
  "answers taken as a Blob, and shares in forms": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.blob()).then((b) => b.text()).then(JSON.parse)"),
      `(text) => { const body = new FormData(); for (const [key, value] of Object.entries(JSON.parse(text))) body.append(key, value); return fetch(pool + '/share', { method: 'POST', body }); }`,
    ),
  "a body read by for await, and shares in addresses": () =>
    client(
      `(async () => {
        const body = (await fetch(pool + '/lines')).body.pipeThrough(new TextDecoderStream());
        for await (const value of body) for (const line of value.trim().split('\\n')) await work(JSON.parse(line));
      })().catch(failed);`,
      "(text) => fetch(pool + '/share?' + new URLSearchParams(JSON.parse(text)))",
    ),
  "addresses that are objects": () =>
    client(
      `const object = (name) => ({ toString: () => pool + name });
      ${polling(`new Promise((done, fail) => {
        const xhr = new XMLHttpRequest(); xhr.open('GET', object('/work'));
        xhr.onload = () => done(JSON.parse(xhr.responseText)); xhr.onerror = () => fail(new TypeError('xhr')); xhr.send(); })`)}`,
      "(body) => fetch(object('/share'), { method: 'POST', body })",
    ),
  "addresses of a frame's making": () =>
    client(
      `const frame = document.body.appendChild(document.createElement('iframe')).contentWindow;
      ${polling("fetch(new frame.URL(pool + '/work')).then((r) => r.json())")}`,
      "async (body) => void navigator.sendBeacon(new frame.URL(pool + '/share'), body)",
    ),
  "shares that only a getter gives": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.json())"),
      "(text) => fetch(pool + '/share', Object.create({ get body() { return text; } }, { method: { value: 'POST' } }))",
    ),
  "shares that are objects": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.json())"),
      "(text) => fetch(pool + '/share', { method: 'POST', body: { toString: () => text } })",
    ),
  "shares of a Request's clone": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.json())"),
      "(body) => fetch(new Request(pool + '/share', { method: 'POST', body }).clone())",
    ),
  "answers and shares by way of a cache": () =>
    client(
      `const cache = caches.open('work');
      ${polling("(async (url) => { await (await cache).add(url); return (await (await cache).match(url)).json(); })(pool + '/work')")}`,
      "async (text) => (await cache).add(pool + '/share?' + new URLSearchParams(JSON.parse(text)))",
    ),
  "shares in the addresses of events": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.json())"),
      "async (text) => void new EventSource(pool + '/share?' + new URLSearchParams(JSON.parse(text)))",
    ),
  "shares in addresses that a worker imports": () =>
    `const code = ${JSON.stringify(
      minerScript +
        client(
          polling("fetch(pool + '/work').then((r) => r.json())"),
          "async (text) => { try { importScripts(pool + '/share?' + new URLSearchParams(JSON.parse(text))); } catch {} }",
        ),
    ).replaceAll("</", "<\\/")};
    new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));`,
  "shares that are sent later": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.json())"),
      "async (body) => void fetchLater(pool + '/share', { method: 'POST', body, activateAfter: 0 })",
    ),
  "shares by way of a cache, in a list": () =>
    client(
      polling("fetch(pool + '/work').then((r) => r.json())"),
      "async (text) => (await caches.open('work')).addAll(new Set([pool + '/share?' + new URLSearchParams(JSON.parse(text))]))",
    ),
  "a body read into bytes of the page's": () =>
    client(
      lines(
        "const reader = body.getReader({ mode: 'byob' }); for (;;) { const { value, done } = await reader.read(new Uint8Array(4096)); if (done) return; await take(value); }",
      ),
      byFetch,
    ),
  "a reader that the page has made": () =>
    client(
      lines(
        "const reader = new ReadableStreamDefaultReader(body); for (;;) { const { value, done } = await reader.read(); if (done) return; await take(value); }",
      ),
      byFetch,
    ),
  "a body led into the page's stream": () =>
    client(lines("await body.pipeTo(new WritableStream({ write: take }));"), byFetch),
  "one of two bodies": () => client(lines("for await (const value of body.tee()[1]) await take(value);"), byFetch),
  "a body given to another Response": () =>
    client(polling("fetch(pool + '/work').then((r) => new Response(r.body).json())"), byFetch),
  "fetch in a worker": () =>
    `const code = ${JSON.stringify(minerScript + client(polling("fetch(pool + '/work').then((r) => r.json())"), byFetch)).replaceAll("</", "<\\/")};
    new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));`,
};

const files = (script: string) => ({ files: { "index.html": pageOf(script) } });

for (const [way, script] of Object.entries(ways)) {
  describe(`a page that speaks with a pool by ${way}`, () => {
    test("without Davy: the pool hears share after share", () => {
      pool.reset();
      return visit(false, files(script()), async (_page, run) => {
        assert.ok(
          await until(() => pool.heard.length >= 8, 15_000),
          `${pool.heard.length}; ${run.failures.join(" | ")}`,
        );
        note(way, false, { hashes: pool.heard.length });
      });
    });
    test("with Davy: it is cut off, the page lives and the tab says why", (t) => {
      pool.reset();
      return visit(true, files(script()), async (page, run) => {
        assert.ok(await until(() => run.notes.length > 0, 10_000), run.failures.join(" | "));
        await sleep(STOP_MS);
        const { length } = pool.heard;
        t.diagnostic(`${length} shares left`);
        await sleep(1_500);
        assert.equal(pool.heard.length, length, "it went on");
        assert.ok(length <= 5, `${length} shares`);
        note(way, true, { hashes: length, stoppedMs: pool.hearing, why: "requests are judged beside the page" });
        assert.ok(await isAlive(page), "the page stopped");
        const popup = await openPopup(await theBrowser(true), page);
        await popup.waitForSelector(`.level[data-level="mining"]`, { timeout: 5_000 });
        const { why } = await read(popup);
        await popup.close();
        assert.match(why.join("\n"), /protocol\/pool-/);
      });
    });
  });
}

/** Everything that a page can see of its requests, in one text. */
const lawful = `(async () => {
  const seen = [];
  const error = (e) => e.name + ': ' + e.message;
  const note = async (what, run) => { try { seen.push(what + ' ' + (await run())); } catch (e) { seen.push(what + ' ' + error(e)); } };
  for (const f of [fetch, Request, Response, Request.prototype.clone, ReadableStream.prototype.tee, ReadableStream.prototype.pipeTo, Response.prototype.json, Response.prototype.text, ReadableStream.prototype.getReader, XMLHttpRequest.prototype.open, XMLHttpRequest.prototype.send, EventTarget.prototype.addEventListener, navigator.sendBeacon, EventSource])
    seen.push(f.name + f.length + f);
  const get = () => fetch('data.json');
  await note('json', async () => JSON.stringify(await (await get()).json()));
  await note('text', async () => (await get()).text());
  await note('bytes', async () => (await (await get()).arrayBuffer()).byteLength);
  await note('broken', async () => (await fetch('broken.json')).json());
  await note('twice json', async () => { const r = await get(); await r.json(); return r.json(); });
  await note('twice text', async () => { const r = await get(); await r.text(); return r.text(); });
  await note('body then json', async () => { const r = await get(); return (r.body === r.body) + JSON.stringify(await r.json()) + r.bodyUsed; });
  await note('reader', async () => { const r = (await get()).body.getReader(); const one = await r.read(); const two = await r.read(); return one.value.length + ' ' + two.done; });
  await note('iterated', async () => { let n = 0; for await (const chunk of (await get()).body) n += chunk.length; return n; });
  await note('foreign', () => Response.prototype.json.call({}));
  await note('no argument', () => fetch());
  await note('unknown scheme', () => fetch('none:x'));
  await note('missing', async () => (await fetch('missing.json')).status);
  await note('options', async () => { const init = { get method() { return this.kind; }, kind: 'POST', get body() { return this.kind + 'ed'; } }; return (await fetch('%BASE%/noted', init)).status; });
  await note('a request as options', async () => (await fetch('data.json', new Request('none.json'))).status);
  await note('thrown', () => fetch({ toString() { throw new RangeError('mine'); } }));
  await note('thrown options', () => fetch('data.json', { get body() { throw new RangeError('mine'); } }));
  await note('a get with a body', () => fetch('data.json', { body: 'x' }));
  await note('a symbol', () => fetch(Symbol('x')));
  await note('clone', async () => new Request('x', { method: 'POST', body: 'cloned' }).clone().text());
  await note('teed', async () => { const [a, b] = (await get()).body.tee(); return (await new Response(a).text()) + (await new Response(b).text()); });
  await note('piped', async () => { let n = 0; await (await get()).body.pipeTo(new WritableStream({ write(piece) { n += piece.length; } })); return n; });
  await note('piped twice', async () => { const { body } = await get(); const first = body.pipeTo(new WritableStream()); return body.pipeTo(new WritableStream()).catch((e) => first.then(() => error(e))); });
  await note('piped nowhere', async () => { const { body } = await get(); return body.pipeTo({}).catch((e) => error(e) + body.locked); });
  await note('into bytes', async () => { const r = (await get()).body.getReader({ mode: 'byob' }); const { value } = await r.read(new Uint8Array(64)); return value.length; });
  await note('made of a body', async () => { const r = new Response((await get()).body, { status: 201 }); return r.status + r.url + (await r.json()).name; });
  await note('xhr object', () => new Promise((done) => { const x = new XMLHttpRequest(); x.onload = () => done(x.status); x.open('POST', '%BASE%/noted'); x.send({ toString: () => 'text' }); }));
  await note('xhr document', () => new Promise((done) => { const x = new XMLHttpRequest(); x.onload = () => done(x.status); x.open('POST', '%BASE%/noted'); x.send(document); }));
  await note('aborted', () => fetch('data.json', { signal: AbortSignal.abort() }));
  await note('posted', async () => (await fetch('%BASE%/noted', { method: 'POST', body: JSON.stringify({ a: 1 }) })).status);
  await note('request', async () => (await fetch(new Request('%BASE%/noted', { method: 'POST', body: 'text' }))).status);
  await note('made', async () => (await new Response('made').text()));
  await note('xhr', () => new Promise((done) => { const x = new XMLHttpRequest(); const steps = [];
    x.onreadystatechange = () => steps.push(x.readyState); x.onload = () => done(steps.join() + x.responseText + x.status); x.open('GET', 'data.json'); x.send(); }));
  await note('xhr json', () => new Promise((done) => { const x = new XMLHttpRequest(); x.responseType = 'json'; x.onload = () => done(x.response.name + (x.response === x.response)); x.open('GET', 'data.json'); x.send(); }));
  await note('xhr wrong', () => new XMLHttpRequest().open('GET'));
  await note('xhr early', () => new XMLHttpRequest().send());
  await note('events', () => new Promise((done) => { const s = new EventSource('feed'); const got = [];
    s.addEventListener('open', () => got.push('open')); s.addEventListener('named', (e) => { got.push(e.data, e.isTrusted); s.close(); done(got.join() + s.readyState); }); s.onmessage = (e) => got.push(e.data); }));
  tell('note', JSON.stringify(seen));
})().catch((error) => tell('failure', String(error)));`;

test("requests and events that are no pool's are the same with and without Davy", async () => {
  const told: string[] = [];
  const all = {
    "index.html": pageOf(lawful),
    "data.json": { body: '{"name":"ada","list":[1,2,3]}', headers: { "content-type": "application/json" } },
    "broken.json": "<!doctype html>",
    feed: {
      body: "data: plain\n\nevent: named\ndata: with a name\n\n",
      headers: { "content-type": "text/event-stream" },
    },
  };
  for (const davy of [false, true]) {
    await visit(davy, { files: all }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0, 20_000), run.failures.join(" | "));
      told.push((run.notes[0] ?? "").replaceAll(/127\.0\.0\.1:\d+\/\w+/g, "host"));
    });
  }
  assert.equal(told[1], told[0]);
});

test("costs little: four hundred requests, one after the other", async (t) => {
  const script = `(async () => {
    const start = performance.now();
    for (let i = 0; i < 400; i += 1) await (await fetch('data.json?' + i)).json();
    tell('note', String(performance.now() - start));
  })()`;
  const data = { body: JSON.stringify({ list: "x".repeat(5_000) }), headers: { "content-type": "application/json" } };
  const took = { without: Number.POSITIVE_INFINITY, davy: Number.POSITIVE_INFINITY };
  const isCheap = () => took.davy < 1.5 * took.without + 500;
  // The least of two visits; of more, where another program has had the processor.
  for (let i = 0; i < 8 && (i < 4 || !isCheap()); i += 1) {
    const davy = i % 2 === 1;
    await visit(davy, { files: { "index.html": pageOf(script), "data.json": data } }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
      const key = davy ? "davy" : "without";
      took[key] = Math.min(took[key], Number(run.notes[0]));
    });
  }
  t.diagnostic(`400 requests: ${took.without.toFixed(0)} ms without, ${took.davy.toFixed(0)} ms with Davy`);
  assert.ok(isCheap(), `${took.davy} ms against ${took.without} ms`);
});
