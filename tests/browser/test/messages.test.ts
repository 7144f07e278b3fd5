// What passes sockets: a page that speaks with a pool in any form is cut off, one that does not notices nothing.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { isAlive, until } from "../lib/alive.ts";
import { minerScript, pageOf } from "../lib/miner.ts";
import { openPopup, press, read } from "../lib/popup.ts";
import { theBrowser, visit } from "../lib/twice.ts";
import { note } from "../lib/ways.ts";
import { Wire } from "../lib/wire.ts";

/** Shares that a page sends when nobody stops it. */
const SHARES = 5;
/** A share that may be on its way when a Blob is still being read. */
const LATE_SHARES = 2;

/** A hashing blob of CryptoNote's form: two versions, a time, the hash before, room for a nonce, a root. */
function job(): object {
  const blob = Buffer.concat([Buffer.from("1010db99f6d706", "hex"), randomBytes(32), Buffer.alloc(4), randomBytes(33)]);
  return { job_id: randomBytes(8).toString("hex"), blob: blob.toString("hex"), target: "ffffff00" };
}

/** The CoinHive dialect, or the same with other words. */
const pool = (heard: Buffer): string[] => {
  const text = heard.toString();
  if (text.includes("site_key"))
    return [JSON.stringify({ type: "authed", params: { token: "", hashes: 0 } }), newJob()];
  return [];
};
const newJob = () => JSON.stringify({ type: "job", params: job() });

let wire: Wire;
let packed: Wire;
let chat: Wire;
before(async () => {
  wire = await Wire.open(pool);
  packed = await Wire.open((heard) => {
    const text = Buffer.from(heard.toString(), "base64").toString();
    if (!text.startsWith('["k1"')) return [];
    const { job_id, blob, target } = job() as Record<string, string>;
    return [Buffer.from(JSON.stringify(["k2", job_id, target, blob])).toString("base64")];
  });
  chat = await Wire.open((heard, binary) => [binary ? heard : heard.toString()], ["welcome"]);
});
after(async () => {
  for (const open of [wire, packed, chat]) await open.close();
});

const shares = (of: Wire) => of.heard.filter((heard) => heard.includes("submit") || heard.includes("a3")).length;

/** Plain script of a page's half; `open` makes the socket, `give` and `take` are how messages leave and come. */
const client = (
  address: string,
  open = "new WebSocket(address)",
  give = "(t) => socket.send(t)",
  take = "async (d) => d",
) => `
const address = ${JSON.stringify(address)};
const socket = ${open};
const give = ${give}, take = ${take};
const say = (type, params) => give(JSON.stringify({ type, params }));
const hexOf = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, '0')).join('');
socket.addEventListener('open', () => { tell('note', 'open'); say('auth', { site_key: 'loopback', type: 'anonymous', user: null, goal: 0 }); });
socket.addEventListener('close', () => tell('note', 'closed'));
socket.addEventListener('message', async ({ data }) => {
  const message = JSON.parse(await take(data));
  if (message.type !== 'job') return;
  tell('note', 'job');
  let left = ${SHARES};
  const timer = setInterval(() => {
    left -= 1;
    if (left <= 0) clearInterval(timer);
    if (socket.readyState === 1) say('submit', { job_id: message.params.job_id, nonce: hexOf(4), result: hexOf(28) + '00000000' });
  }, 60);
});
`;

/** A page's script with what it does to its realm first. */
const ways: Readonly<Record<string, (address: string) => string>> = {
  "with text": (address) => client(address),
  "by a subclass with methods of its own": (address) =>
    client(
      address,
      `new (class Mine extends WebSocket {
        constructor(a) { super(a); super.addEventListener('message', () => {}); }
        send(text) { return super.send(text); }
      })(address)`,
    ),
  "with its own primordials": (address) => `
    for (const name of ['call', 'apply', 'bind']) Function.prototype[name] = function () { return undefined; };
    EventTarget.prototype.dispatchEvent = () => true;
    Array.prototype[Symbol.iterator] = function () { throw new Error('no'); };
    Object.defineProperty(Object.prototype, 'pass', { get: () => true, configurable: true });
    Map.prototype.get = WeakMap.prototype.get = () => undefined;
    JSON.parse = ((parse) => (text) => parse(text))(JSON.parse);
    ${client(address)}`,
  "by the method of a descriptor": (address) =>
    client(
      address,
      "new WebSocket(address)",
      "(t) => Reflect.apply(Object.getOwnPropertyDescriptor(WebSocket.prototype, 'send').value, socket, [t])",
    ),
  "by the constructor of another socket": (address) =>
    client(address, "new (WebSocket.prototype.constructor)(address)"),
  "with the WebSocket of a frame": (address) => `
    const frame = document.createElement('iframe');
    document.body.append(frame);
    ${client(address, "new frame.contentWindow.WebSocket(address)", "(t) => frame.contentWindow.WebSocket.prototype.send.call(socket, t)")}`,
  "with bytes": (address) =>
    client(
      address,
      "Object.assign(new WebSocket(address), { binaryType: 'arraybuffer' })",
      "(t) => socket.send(new TextEncoder().encode(t))",
      "async (d) => (typeof d === 'string' ? d : new TextDecoder().decode(d))",
    ),
  "with Blobs": (address) =>
    client(
      address,
      "new WebSocket(address)",
      "(t) => socket.send(new Blob([t]))",
      "async (d) => (typeof d === 'string' ? d : d.text())",
    ),
  "in a worker": (address) =>
    `const code = ${JSON.stringify(minerScript + client(address)).replaceAll("</", "<\\/")};
    new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));`,
  "in a module worker": (address) =>
    `const code = ${JSON.stringify(minerScript + client(address)).replaceAll("</", "<\\/")};
    new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), { type: 'module' });`,
};

const files = (script: string) => ({ files: { "index.html": pageOf(script) } });

/** What the popup says of the page once it says `level`. */
async function said(page: Page, level: string): Promise<string> {
  const popup = await openPopup(await theBrowser(true), page);
  await popup.waitForSelector(`.level[data-level="${level}"]`, { timeout: 5_000 });
  const { why } = await read(popup);
  await popup.close();
  return why.join("\n");
}

for (const [way, script] of Object.entries(ways)) {
  describe(`a page that speaks with a pool ${way}`, () => {
    test("without Davy: the pool hears its shares", () => {
      wire.reset();
      return visit(false, files(script(wire.address)), async (_page, run) => {
        assert.ok(
          await until(() => shares(wire) >= SHARES, 10_000),
          `${shares(wire)} shares; ${run.failures.join(" | ")}`,
        );
        note(way, false, { hashes: shares(wire) });
      });
    });
    test("with Davy: the socket is closed, the page lives and the tab says why", () => {
      wire.reset();
      return visit(true, files(script(wire.address)), async (page, run) => {
        assert.ok(
          await until(() => run.notes.includes("closed"), 10_000),
          `notes: ${run.notes.join(" ")} ${run.failures.join(" | ")}`,
        );
        await sleep(500);
        const late = way === "with Blobs" ? LATE_SHARES : 0;
        assert.ok(shares(wire) <= late, `${shares(wire)} shares`);
        assert.ok(late > 0 || !run.notes.includes("job"), "the job reached the page");
        note(way, true, {
          hashes: shares(wire),
          why: late > 0 ? "closed when the Blob was read" : "the socket is closed",
        });
        assert.ok(await isAlive(page), "the page stopped");
        assert.match(await said(page, "mining"), /protocol\/pool-work-asked/);
      });
    });
  });
}

describe("a page that speaks with a pool in base64, lists and other words", () => {
  const script = () => `
    const socket = new WebSocket(${JSON.stringify(packed.address)});
    const give = (list) => socket.send(btoa(JSON.stringify(list)));
    const hexOf = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, '0')).join('');
    socket.onopen = () => give(['k1', 7]);
    socket.onclose = () => tell('note', 'closed');
    socket.onmessage = ({ data }) => {
      const id = JSON.parse(atob(data))[1];
      let left = ${SHARES};
      const timer = setInterval(() => {
        left -= 1;
        if (left <= 0) clearInterval(timer);
        if (socket.readyState === 1) give(['k3', id, hexOf(4), hexOf(28) + '00000000']);
      }, 60);
    };`;
  const heard = () => packed.heard.filter((text) => Buffer.from(text.toString(), "base64").includes("k3")).length;
  test("without Davy: the pool hears its shares", () => {
    packed.reset();
    return visit(false, files(script()), async () => {
      assert.ok(await until(() => heard() >= SHARES, 10_000));
      note("in base64, lists and other words", false, { hashes: heard() });
    });
  });
  test("with Davy: the first share does not leave", () => {
    packed.reset();
    return visit(true, files(script()), async (page, run) => {
      assert.ok(await until(() => run.notes.includes("closed"), 10_000), "the socket stayed open");
      assert.equal(heard(), 0);
      note("in base64, lists and other words", true, { hashes: heard(), why: "the socket is closed" });
      assert.match(await said(page, "mining"), /protocol\/pool-share/);
    });
  });
});

/** Streams of a socket: a client that answers, or a page that has three words echoed. */
const streams = (address: string, mines: boolean) => `(async () => {
  const hexOf = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, '0')).join('');
  const socket = new WebSocketStream(${JSON.stringify(address)});
  socket.closed.then(() => tell('note', 'closed'), (error) => tell('note', 'closed ' + error.name));
  const { readable, writable } = await socket.opened;
  tell('note', String(socket.opened === socket.opened));
  const reader = readable.getReader(), writer = writable.getWriter();
  const say = (type, params) => writer.write(JSON.stringify({ type, params }));
  if (!${mines}) {
    for (const word of ['one', new Uint8Array([1, 2]), 'three']) await writer.write(word);
    const got = [];
    while (got.length < 4) { const { value } = await reader.read(); got.push(typeof value === 'string' ? value : 'bytes ' + new Uint8Array(value).join()); }
    return tell('note', got.join(' '));
  }
  await say('auth', { site_key: 'loopback', type: 'anonymous' });
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const message = JSON.parse(value);
    if (message.type === 'job') for (let i = 0; i < ${SHARES}; i++)
      await say('submit', { job_id: message.params.job_id, nonce: hexOf(4), result: hexOf(28) + '00000000' });
  }
})().catch((error) => tell('note', 'failed ' + error.name))`;

describe("a page that speaks with a pool by WebSocketStream", () => {
  test("without Davy: the pool hears its shares", () => {
    wire.reset();
    return visit(false, files(streams(wire.address, true)), async (_page, run) => {
      assert.ok(await until(() => shares(wire) >= SHARES, 10_000), run.notes.join(" "));
      note("by WebSocketStream", false, { hashes: shares(wire) });
    });
  });
  test("with Davy: the socket is closed and no share leaves", () => {
    wire.reset();
    return visit(true, files(streams(wire.address, true)), async (page, run) => {
      assert.ok(await until(() => run.notes.some((note) => note.startsWith("closed")), 10_000), run.notes.join(" "));
      assert.equal(shares(wire), 0);
      note("by WebSocketStream", true, { hashes: shares(wire), why: "the socket is closed" });
      assert.ok(await isAlive(page), "the page stopped");
      assert.match(await said(page, "mining"), /protocol\/pool-work-asked/);
    });
  });
  for (const davy of [false, true]) {
    test(`${davy ? "with" : "without"} Davy: one that is no pool's passes everything in order`, () =>
      visit(davy, files(streams(chat.address, false)), async (_page, run) => {
        assert.ok(await until(() => run.notes.length >= 2, 10_000), run.notes.join(" "));
        assert.deepEqual(run.notes, ["true", "welcome one bytes 1,2 three"]);
      }));
  }
});

describe("a page whose policy forbids WebAssembly, and so the analyser in it", () => {
  const policy = { "content-security-policy": "script-src 'unsafe-inline' blob:" };
  const inWorker = (address: string) =>
    `const code = ${JSON.stringify(minerScript + client(address)).replaceAll("</", "<\\/")};
    new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));`;
  for (const [place, script] of [
    ["itself", client],
    ["in a worker", inWorker],
  ] as const) {
    test(`with Davy: its socket ${place} is closed by the background's word`, () => {
      wire.reset();
      const page = { body: pageOf(script(wire.address)), headers: policy };
      return visit(true, { files: { "index.html": page } }, async (page, run) => {
        assert.ok(await until(() => run.notes.includes("closed"), 20_000), run.notes.concat(run.failures).join(" "));
        assert.match(await said(page, "mining"), /protocol\/pool-work-asked/);
        assert.ok(await isAlive(page), "the page stopped");
      });
    });
  }
  test("with Davy: a chat there goes on", () =>
    visit(
      true,
      { files: { "index.html": { body: pageOf(talker(chat.address)), headers: policy } } },
      async (_page, run) => {
        assert.ok(await until(() => run.notes.length > 0, 10_000), run.failures.join(" | "));
      },
    ));
});

describe("an EventSource that brings work", () => {
  test("with Davy: the tab says so", () => {
    const feed = { body: `data: ${newJob()}\n\n`, headers: { "content-type": "text/event-stream" } };
    const script = pageOf(`new EventSource('feed').onmessage = () => tell('note', 'job');`);
    return visit(true, { files: { "index.html": script, feed } }, async (page, run) => {
      assert.ok(await until(() => run.notes.includes("job"), 10_000), "the page heard nothing");
      assert.match(await said(page, "suspicious"), /protocol\/pool-work/);
    });
  });
});

describe("what a person decided", () => {
  test("holds for sockets: allowed once, the pool hears the shares, and the tab still says what they are", () => {
    wire.reset();
    const a = { ...files(client(wire.address)), host: "decided.example" };
    return visit(true, a, async (page, run) => {
      assert.ok(await until(() => run.notes.includes("closed"), 10_000));
      await press(await theBrowser(true), page, "#once");
      assert.ok(await until(() => shares(wire) >= SHARES, 10_000), `${shares(wire)} shares`);
      assert.match(await said(page, "mining"), /protocol\/pool-work-asked/);
    });
  });
});

/** A chat of texts, bytes and Blobs, which tells everything that it sees of its socket. */
const talker = (address: string) => `
const seen = [];
const note = (word) => seen.push(word);
const caught = (what, run) => { try { run(); note(what + ' passed'); } catch (error) { note(what + ' ' + error.name + ': ' + error.message); } };
const socket = new WebSocket(${JSON.stringify(address)});
socket.binaryType = 'arraybuffer';
note(WebSocket.prototype.send.name + WebSocket.prototype.send.length + WebSocket.prototype.send);
note(Object.getOwnPropertyNames(WebSocket.prototype).join());
note(Object.getOwnPropertyNames(socket).join() + '|' + Object.keys(socket).join());
note(JSON.stringify(Object.getOwnPropertyDescriptor(WebSocket.prototype, 'send')));
caught('early', () => socket.send('x'));
caught('nothing', () => socket.send());
caught('symbol', () => socket.send(Symbol('s')));
caught('foreign', () => WebSocket.prototype.send.call({}, 'x'));
caught('made up', () => socket.dispatchEvent(new MessageEvent('message', { data: 'made up' })));
let order = 0;
socket.addEventListener('message', (event) => {
  const { data } = event;
  note(typeof data === 'string' ? data : 'bytes ' + new Uint8Array(data).join());
  order += 1;
  if (order === 8) { note(String(socket.bufferedAmount)); tell('note', JSON.stringify(seen)); }
});
socket.onopen = () => {
  socket.send('one');
  socket.send(new Uint8Array([1, 2, 3]).subarray(1));
  socket.send(new Blob(['two']));
  socket.send(new Uint8Array([7, 8]).buffer);
  socket.send({ toString: () => 'three' });
  socket.send(new DataView(new ArrayBuffer(2)));
  socket.send('four');
};`;

describe("a chat", () => {
  test("sees the same of its socket with and without Davy", async () => {
    const told: string[] = [];
    for (const davy of [false, true]) {
      chat.reset();
      await visit(davy, files(talker(chat.address)), async (page, run) => {
        assert.ok(await until(() => run.notes.length > 0, 10_000), run.failures.join(" | "));
        told.push((run.notes[0] ?? "").replaceAll(/127\.0\.0\.1:\d+/g, "host"));
        assert.ok(await isAlive(page));
      });
    }
    assert.equal(told[1], told[0]);
  });

  test("costs little: three thousand messages there and back", async (t) => {
    const script = (address: string) => `
      const socket = new WebSocket(${JSON.stringify(address)});
      let left = 3000;
      const text = JSON.stringify({ t: 'state', room: 'lobby', from: 'ada', body: 'x'.repeat(200), at: 1795000000000 });
      let start;
      socket.onmessage = () => {
        if (start === undefined) start = performance.now();
        left -= 1;
        if (left === 0) tell('note', String(performance.now() - start));
        else socket.send(text);
      };`;
    // In turn and twice: a loaded machine is slow and uneven.
    const took = { without: Number.POSITIVE_INFINITY, davy: Number.POSITIVE_INFINITY };
    for (const davy of [false, true, false, true]) {
      await visit(davy, files(script(chat.address)), async (_page, run) => {
        assert.ok(await until(() => run.notes.length > 0, 60_000));
        const key = davy ? "davy" : "without";
        took[key] = Math.min(took[key], Number(run.notes[0]));
      });
    }
    t.diagnostic(
      `3,000 messages there and back: ${took.without.toFixed(0)} ms without, ${took.davy.toFixed(0)} ms with Davy`,
    );
    assert.ok(took.davy < 2 * took.without + 500, `${took.davy} ms against ${took.without} ms`);
  });
});
