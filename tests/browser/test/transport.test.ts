// `WebTransport`. It speaks HTTP/3 with a certificate, which no server at hand does: a stand-in with the members of the
// browser's own is put in its place before the hooks come, and plays the pool as well.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlive, until } from "../lib/alive.ts";
import { pageOf } from "../lib/miner.ts";
import { openPopup, read } from "../lib/popup.ts";
import { theBrowser, theSite } from "../lib/twice.ts";
import { note } from "../lib/ways.ts";

/** Shares that a page sends when nobody stops it. */
const SHARES = 5;

/** The stand-in: a pool in the CoinHive dialect on whatever is written to. `window.heard` is what it heard. */
function standIn(): void {
  const heard: string[] = [];
  Object.assign(globalThis, { heard });
  const hexOf = (length: number) =>
    Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, "0")).join("");
  const params = () => ({
    job_id: hexOf(8),
    blob: `1010db99f6d706${hexOf(32)}00000000${hexOf(33)}`,
    target: "ffffff00",
  });
  const pair = () => {
    const answers = new TransformStream<Uint8Array, Uint8Array>();
    const out = answers.writable.getWriter();
    const writable = new WritableStream<Uint8Array>({
      write(chunk) {
        const text = new TextDecoder().decode(chunk);
        heard.push(text);
        if (text.includes("site_key")) {
          void out.write(new TextEncoder().encode(JSON.stringify({ type: "job", params: params() })));
        } else if (text.startsWith("echo")) void out.write(chunk);
      },
    });
    return { readable: answers.readable, writable };
  };
  class Ends {
    readonly #ends = pair();
    get readable() {
      return this.#ends.readable;
    }
    get writable() {
      return this.#ends.writable;
    }
  }
  class WebTransportDatagramDuplexStream extends Ends {}
  Object.defineProperties(WebTransportDatagramDuplexStream.prototype, Object.getOwnPropertyDescriptors(Ends.prototype));
  class WebTransportBidirectionalStream extends Ends {}
  Object.defineProperties(WebTransportBidirectionalStream.prototype, Object.getOwnPropertyDescriptors(Ends.prototype));
  class WebTransport {
    readonly #datagrams = new WebTransportDatagramDuplexStream();
    closed = false;
    readonly ready = Promise.resolve();
    readonly url: string;
    constructor(url: string) {
      this.url = url;
    }
    get datagrams() {
      return this.#datagrams;
    }
    get incomingBidirectionalStreams() {
      return new ReadableStream();
    }
    get incomingUnidirectionalStreams() {
      return new ReadableStream();
    }
    async createBidirectionalStream() {
      return new WebTransportBidirectionalStream();
    }
    async createUnidirectionalStream() {
      return pair().writable;
    }
    close() {
      this.closed = true;
    }
  }
  const made = { WebTransport, WebTransportDatagramDuplexStream, WebTransportBidirectionalStream };
  for (const [name, value] of Object.entries(made)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

const client = (ends: string) => `(async () => {
  const transport = new WebTransport('https://relay.example/live');
  window.transport = transport;
  const { readable, writable } = ${ends};
  const reader = readable.getReader(), writer = writable.getWriter();
  const say = (type, params) => writer.write(new TextEncoder().encode(JSON.stringify({ type, params })));
  const hexOf = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, '0')).join('');
  await say('auth', { site_key: 'loopback', type: 'anonymous' });
  const message = JSON.parse(new TextDecoder().decode((await reader.read()).value));
  for (let i = 0; i < ${SHARES}; i += 1) await say('submit', { job_id: message.params.job_id, nonce: hexOf(4), result: hexOf(28) + '00000000' });
  tell('note', 'done');
})().catch((error) => tell('note', error.name))`;

/** Opens the page in place of whose `WebTransport` the stand-in is. */
async function open(davy: boolean, script: string) {
  const run = (await theSite()).run({ "index.html": pageOf(script) });
  const page = await (await theBrowser(davy)).page();
  // What runs these tests marks functions with a helper of its own.
  await page.addInitScript({ content: "globalThis.__name = (made) => made;" });
  await page.addInitScript(standIn);
  await page.goto(run.url);
  assert.ok(await until(() => run.notes.length > 0), run.failures.join(" | "));
  const state = await page.evaluate(() => {
    const { heard, transport } = globalThis as unknown as { heard: string[]; transport: { closed: boolean } };
    return { shares: heard.filter((text) => text.includes("submit")).length, closed: transport.closed };
  });
  return { run, page, state };
}

for (const [way, ends] of [
  ["datagrams", "transport.datagrams"],
  ["a stream", "await transport.createBidirectionalStream()"],
] as const) {
  test(`without Davy: a pool behind ${way} hears its shares`, async () => {
    const { run, page, state } = await open(false, client(ends));
    assert.deepEqual([run.notes, state], [["done"], { shares: SHARES, closed: false }]);
    note(way, false, { hashes: state.shares });
    await page.close();
  });
  test(`with Davy: a pool behind ${way} hears none, the transport is closed and the tab says why`, async () => {
    const { run, page, state } = await open(true, client(ends));
    assert.deepEqual([run.notes, state], [["TypeError"], { shares: 0, closed: true }]);
    note(way, true, { hashes: state.shares, why: "the transport is closed; a stand-in of it" });
    assert.ok(await isAlive(page), "the page stopped");
    const popup = await openPopup(await theBrowser(true), page);
    await popup.waitForSelector(`.level[data-level="mining"]`, { timeout: 5_000 });
    const { why } = await read(popup);
    assert.match(why.join("\n"), /protocol\/pool-work-asked/);
    await popup.close();
    await page.close();
  });
}

test("with Davy: what is no pool's passes in order, and the browser's own is what it was", async () => {
  const echo = `(async () => {
    const transport = new WebTransport('https://relay.example/live');
    window.transport = transport;
    const { readable, writable } = transport.datagrams;
    const reader = readable.getReader(), writer = writable.getWriter();
    const got = [];
    for (const word of ['one', 'two', 'three']) { await writer.write(new TextEncoder().encode('echo ' + word)); got.push(new TextDecoder().decode((await reader.read()).value)); }
    tell('note', got.join());
  })().catch((error) => tell('note', error.name))`;
  const { run, page, state } = await open(true, echo);
  assert.deepEqual([run.notes, state.closed], [["echo one,echo two,echo three"], false]);
  await page.close();
  // The real one, to nobody: it fails as a server that is down.
  const script = `(async () => {
    const seen = [WebTransport.name + WebTransport.length + WebTransport];
    try { new WebTransport(); } catch (error) { seen.push(error.name + error.message); }
    try { new WebTransport('http://127.0.0.1:9/'); } catch (error) { seen.push(error.name + error.message); }
    const transport = new WebTransport('https://127.0.0.1:9/');
    transport.closed.catch(() => {});
    await transport.ready.catch((error) => seen.push(error.name));
    tell('note', seen.join());
  })()`;
  const told: string[] = [];
  for (const davy of [false, true]) {
    const real = (await theSite()).run({ "index.html": pageOf(script) });
    const shown = await (await theBrowser(davy)).page();
    await shown.goto(real.url);
    assert.ok(await until(() => real.notes.length > 0), real.failures.join(" | "));
    told.push(real.notes[0] ?? "");
    await shown.close();
  }
  assert.equal(told[1], told[0]);
});
