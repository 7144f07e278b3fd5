// `RTCDataChannel`: a pool behind a peer. Both peers stand in the page, so that nothing leaves it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { isAlive, until } from "../lib/alive.ts";
import { pageOf } from "../lib/miner.ts";
import { openPopup, read } from "../lib/popup.ts";
import type { Files, Run } from "../lib/site.ts";
import { noteRun, theBrowser, visit } from "../lib/twice.ts";

const SHARES = 5;

/** `connect(pool)`: a channel to a peer that answers each message with what `pool(text)` gives. */
const connected = `
const hexOf = (length) => Array.from(crypto.getRandomValues(new Uint8Array(length)), (b) => b.toString(16).padStart(2, '0')).join('');
const connect = async (pool) => {
  const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()];
  here.onicecandidate = ({ candidate }) => candidate && there.addIceCandidate(candidate);
  there.onicecandidate = ({ candidate }) => candidate && here.addIceCandidate(candidate);
  there.ondatachannel = ({ channel }) => {
    channel.onmessage = ({ data }) => { const answer = pool(data); if (answer) channel.send(answer); };
  };
  const channel = here.createDataChannel('live');
  await here.setLocalDescription();
  await there.setRemoteDescription(here.localDescription);
  await there.setLocalDescription();
  await here.setRemoteDescription(there.localDescription);
  if (channel.readyState !== 'open') await new Promise((done) => { channel.onopen = done; });
  return channel;
};`;

const client = `${connected}
const params = () => ({ job_id: hexOf(8), blob: '1010db99f6d706' + hexOf(32) + '00000000' + hexOf(33), target: 'ffffff00' });
const pool = (text) => {
  const { type, params: said } = JSON.parse(text);
  if (type === 'submit') tell('hash', said.result);
  return type === 'auth' ? JSON.stringify({ type: 'job', params: params() }) : undefined;
};
connect(pool).then((channel) => {
  const say = (type, params) => channel.send(JSON.stringify({ type, params }));
  channel.onclose = () => tell('note', 'closed');
  channel.onmessage = async ({ data }) => {
    const { job_id } = JSON.parse(data).params;
    for (let i = 0; i < ${SHARES}; i += 1) {
      say('submit', { job_id, nonce: hexOf(4), result: hexOf(28) + '00000000' });
      await new Promise((next) => setTimeout(next, 50));
    }
  };
  say('auth', { site_key: 'loopback', type: 'anonymous' });
}).catch((error) => tell('failure', String(error)));`;

const WAY = "a pool behind a peer";

/** Declares that the pool hears its shares where nobody stops the page. */
const hearsAll = (way: string, files: Files): void => {
  test("without Davy: it hears its shares", () =>
    visit(false, { files }, async (_page, run) => {
      assert.ok(await until(() => run.hashes.length >= SHARES, 15_000), run.failures.join(" | "));
      noteRun(way, false, run);
    }));
};

async function hearsNone(way: string, page: Page, run: Run): Promise<void> {
  assert.ok(await until(() => run.notes.includes("closed"), 15_000), run.failures.join(" | "));
  await sleep(500);
  assert.deepEqual(run.hashes, []);
  noteRun(way, true, run, "the channel is closed");
  assert.ok(await isAlive(page), "the page stopped");
}

describe("a pool behind a data channel", () => {
  const files = { "index.html": pageOf(client) };
  hearsAll(WAY, files);
  test("with Davy: it hears none, the channel is closed and the tab says why", () =>
    visit(true, { files }, async (page, run) => {
      await hearsNone(WAY, page, run);
      const popup = await openPopup(await theBrowser(true), page);
      await popup.waitForSelector(`.level[data-level="mining"]`, { timeout: 5_000 });
      const { why } = await read(popup);
      await popup.close();
      assert.match(why.join("\n"), /protocol\/pool-work-asked/);
    }));
});

const APART = "a pool behind a peer, whose jobs come by a channel of its own";

describe("a pool behind a channel that the peer has opened", () => {
  // The pool's end stands in a frame of another site: what it says is not heard there by the hooks of this page.
  const toPool = (host: string) => `
    const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { src: '%BASE%/pool.html'.replace('127.0.0.1', '${host}') }));
    const here = new RTCPeerConnection();
    const say = (message) => frame.contentWindow.postMessage(message, '*');
    const shares = here.createDataChannel('shares');
    shares.onclose = () => tell('note', 'closed');
    here.onicecandidate = ({ candidate }) => candidate && say({ candidate: candidate.toJSON() });
    here.ondatachannel = ({ channel }) => {
      channel.onmessage = async ({ data }) => {
        const { job_id } = JSON.parse(data).params;
        for (let i = 0; i < ${SHARES}; i += 1) {
          if (shares.readyState === 'open') shares.send(JSON.stringify({ type: 'submit', params: { job_id, nonce: hexOf(4), result: hexOf(28) + '00000000' } }));
          await new Promise((next) => setTimeout(next, 50));
        }
      };
    };
    onmessage = async ({ data: { sdp, candidate } }) => {
      if (sdp) await here.setRemoteDescription(sdp);
      if (candidate) await here.addIceCandidate(candidate).catch(() => {});
    };
    frame.onload = async () => { await here.setLocalDescription(); say({ sdp: here.localDescription.toJSON() }); };`;
  const pool = `
    let there;
    const say = (message) => parent.postMessage(message, '*');
    onmessage = async ({ data: { sdp, candidate } }) => {
      if (candidate) return there?.addIceCandidate(candidate).catch(() => {});
      there = new RTCPeerConnection();
      there.onicecandidate = ({ candidate }) => candidate && say({ candidate: candidate.toJSON() });
      there.ondatachannel = ({ channel }) => { channel.onmessage = ({ data }) => tell('hash', JSON.parse(data).params.result); };
      const jobs = there.createDataChannel('jobs');
      jobs.onopen = () => setTimeout(() => jobs.send(JSON.stringify({ type: 'job', params: params() })), 500);
      await there.setRemoteDescription(sdp);
      await there.setLocalDescription();
      say({ sdp: there.localDescription.toJSON() });
    };`;
  const peer = `${connected} const params = () => ({ job_id: hexOf(8), blob: '1010db99f6d706' + hexOf(32) + '00000000' + hexOf(33), target: 'ffffff00' });`;
  const files = {
    "index.html": pageOf(`${connected}${toPool("pool.example")}`),
    "pool.html": pageOf(`${peer}${pool}`),
  };
  hearsAll(APART, files);
  test("with Davy: it hears none", () =>
    visit(true, { files }, async (page, run) => {
      await hearsNone(APART, page, run);
    }));
});

test("what is no pool's passes in order, in any form, and methods are what they were", async () => {
  const script = `${connected}
  const seen = [RTCDataChannel.prototype.send + RTCDataChannel.prototype.send.length, RTCPeerConnection.prototype.createDataChannel + '', RTCPeerConnection + RTCPeerConnection.name, self.webkitRTCPeerConnection === RTCPeerConnection];
  const caught = (run) => { try { run(); seen.push('passed'); } catch (error) { seen.push(error.name + ': ' + error.message); } };
  connect((data) => data).then(async (channel) => {
    channel.binaryType = 'arraybuffer';
    caught(() => RTCDataChannel.prototype.send.call({}, 'x'));
    caught(() => channel.send());
    caught(() => channel.send(Symbol('x')));
    const heard = (said) => new Promise((done) => {
      channel.onmessage = ({ data }) => done(typeof data === 'string' ? data : [...new Uint8Array(data)].join());
      channel.send(said);
    });
    for (const said of ['text', 7, { toString: () => 'made' }, Uint8Array.of(1, 2), Uint8Array.of(3).buffer, new Blob(['4'])]) seen.push(await heard(said));
    tell('note', JSON.stringify(seen));
  }).catch((error) => tell('note', String(error)));`;
  const told: (string | undefined)[] = [];
  for (const davy of [false, true]) {
    await visit(davy, { files: { "index.html": pageOf(script) } }, async (_page, run) => {
      assert.ok(await until(() => run.notes.length > 0, 15_000), run.failures.join(" | "));
      told.push(run.notes[0]);
    });
  }
  assert.match(told[0] ?? "", /text.*7.*made.*1,2.*3.*52/);
  assert.equal(told[1], told[0]);
});
