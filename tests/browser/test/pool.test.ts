// Sockets to pools: by the pool's host (network rule) and by the shape of the address (at the call).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, until } from "../lib/alive.ts";
import { clientScript } from "../lib/client.ts";
import { kernelBytes } from "../lib/kernel.ts";
import { pageOf } from "../lib/miner.ts";
import { Pool } from "../lib/pool.ts";
import { openPopup, read } from "../lib/popup.ts";
import { theBrowser, visit } from "../lib/twice.ts";
import { note } from "../lib/ways.ts";

/** A host of the shipped list; the test browser leads it to loopback. */
const POOL_HOST = "ws001.coinhive.com";

let pool: Pool;
before(async () => {
  pool = await Pool.open();
});
after(() => pool.close());

const miner = (address: string) => ({
  files: {
    "index.html": pageOf(`${clientScript}\nstartClient(${JSON.stringify(address)});`),
    "kernel.wasm": kernelBytes,
  },
});
/** A page that only opens a socket, as one whose hashing stands elsewhere. */
const caller = (address: string) => ({
  files: {
    "index.html": pageOf(`${clientScript}\nopenSocket(${JSON.stringify(address)});`),
  },
});

/** Both runs of a page that mines for the pool at `address`. */
function stopsMiner(name: string, address: () => string): void {
  test("without Davy: the pool counts hashes", () => {
    pool.reset();
    return visit(false, miner(address()), async (_page, run) => {
      assert.ok(await until(() => pool.hashes > 0), `no share; failures: ${run.failures.join(" | ")}`);
      assert.equal(pool.wrong, 0);
      note(name, false, { hashes: pool.hashes });
    });
  });
  test("with Davy: no hash, the page lives", () => {
    pool.reset();
    return visit(true, miner(address()), async (page) => {
      await sleep(3_000);
      assert.equal(pool.hashes, 0);
      assert.ok(await isAlive(page), "the page stopped");
      note(name, true, { hashes: pool.hashes, why: "no module and no socket" });
    });
  });
}

/** The socket alone, in a page without any module: what the popup says of its address. */
async function saidOf(address: string, rule: string, level: string): Promise<void> {
  await visit(true, caller(address), async (page, run) => {
    assert.ok(await until(() => run.notes.length + run.failures.length > 0, 10_000), "the page was told nothing");
    const popup = await openPopup(await theBrowser(true), page);
    await popup.waitForSelector(`.level[data-level="${level}"]`, { timeout: 5_000 });
    const { why } = await read(popup);
    await popup.close();
    assert.ok(
      why.some((line) => line.includes(rule)),
      why.join("\n"),
    );
    assert.ok(await isAlive(page), "the page stopped");
  });
}

describe("a WebSocket to a host of the list", () => {
  const address = () => pool.address(POOL_HOST, "/harmless");
  stopsMiner("a host of the list", address);
  test("with Davy: a page without any module gets no connection either", async () => {
    pool.reset();
    await saidOf(address(), "protocol/pool-host", "mining");
    assert.equal(pool.connections, 0);
  });
});

describe("a host of the list, however it is written", () => {
  const spellings = (port: number) => [
    `http://${POOL_HOST}:${port}/`,
    `http://${POOL_HOST}.:${port}/`,
    `http://${POOL_HOST.toUpperCase()}:${port}/`,
    `http://ws001.coinhiv%65.com:${port}/`,
    `http://ｗs001.coinhive。com:${port}/`,
    `http://any.thing.coinhive.com:${port}/`,
  ];
  const asking = (port: number) => ({
    files: {
      "index.html": pageOf(`(async () => {
        const got = [];
        for (const address of ${JSON.stringify(spellings(port))}) {
          const answer = await fetch(address, { mode: 'no-cors' }).then(() => 'answer', () => 'none');
          got.push(answer);
          const socket = new WebSocket(address.replace('http', 'ws') + 'harmless');
          got.push(await new Promise((done) => {
            socket.onopen = () => done('open');
            socket.onerror = () => done('none');
          }));
        }
        tell('note', got.join(' '));
      })()`),
    },
  });
  for (const davy of [false, true]) {
    test(`${davy ? "with" : "without"} Davy: ${davy ? "no" : "every"} request and socket gets through`, () =>
      visit(davy, asking(pool.port), async (_page, run) => {
        assert.ok(await until(() => run.notes.length > 0, 20_000), run.failures.join(" | "));
        const one = davy ? "none none" : "answer open";
        assert.equal(
          run.notes[0],
          spellings(0)
            .map(() => one)
            .join(" "),
        );
      }));
  }
});

describe("a WebSocket with the address of a pool", () => {
  stopsMiner("the address of a pool", () => pool.address());
  test("with Davy: the path alone is a notice, as a lawful proxy may have it", () =>
    saidOf(pool.address(), "protocol/pool-shaped-address", "notice"));
  test("with Davy: a pool login in it is suspicious", () =>
    saidOf(
      pool.address("127.0.0.1", "/proxy?pool=stratum%2Btcp%3A%2F%2Fpool.example%3A3333"),
      "protocol/pool-login",
      "suspicious",
    ));
});

describe("a WebSocket that is no pool", () => {
  for (const davy of [false, true]) {
    test(`${davy ? "with" : "without"} Davy: it opens`, () => {
      pool.reset();
      return visit(davy, caller(pool.address("127.0.0.1", "/chat")), async (_page, run) => {
        assert.ok(await until(() => run.notes.includes("open"), 10_000), `failures: ${run.failures.join(" | ")}`);
        assert.equal(pool.connections, 1);
      });
    });
  }
});
