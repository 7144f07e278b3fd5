// The copy for Firefox: installed in a real one, it stops the demo's page as it does in Chromium, and says so.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { serveFolder, stage } from "../demo/stage.ts";
import { until } from "../lib/alive.ts";
import { Firefox } from "../lib/firefox.ts";
import { Pool } from "../lib/pool.ts";

/** How long a page that was stopped is watched for a hash that comes late, in milliseconds. */
const GRACE_MS = 2_000;

describe("in Firefox", () => {
  let browser: Firefox;
  let pool: Pool;
  let site: Awaited<ReturnType<typeof serveFolder>>;
  before(async () => {
    [browser, pool, site] = await Promise.all([Firefox.open(), Pool.open(), serveFolder(stage())]);
  });
  after(async () => {
    await browser.close();
    await Promise.all([pool.close(), site.close()]);
  });

  const address = (): string => `${site.base}/index.html?pool=${encodeURIComponent(pool.address("mine.example"))}`;
  const said = (tab: string, id: string): Promise<string> =>
    browser.evaluate(tab, `document.getElementById(${JSON.stringify(id)}).textContent`);

  test("without Davy the page mines; with Davy it does no hash until a person allows it, lives on, and the popup says why", async () => {
    const before = await browser.tab(address());
    assert.ok(await until(() => pool.hashes > 0, 20_000), `no hash: ${await said(before, "workers")}`);
    await browser.evaluate(before, "location.href = 'about:blank'; true");
    await browser.install();
    const greeting = await until(
      async () => (await browser.tabs()).some(({ url }) => url.endsWith("/welcome.html")),
      20_000,
    );
    assert.ok(greeting, "no page that greets");
    pool.reset();

    const tab = await browser.tab(address().replace("127.0.0.1", "mine.example"));
    assert.ok(await until(async () => (await said(tab, "workers")) !== "–", 20_000), "the workers say nothing");
    await sleep(GRACE_MS);
    assert.match(await said(tab, "workers"), /^CompileError/);
    assert.equal(pool.hashes, 0);
    const beats = Number(await said(tab, "beats"));
    assert.ok(await until(async () => Number(await said(tab, "beats")) > beats), "the page stopped");

    const own = (await browser.tabs()).find(({ url }) => url.endsWith("/welcome.html"));
    assert.ok(own !== undefined);
    const number = await browser.evaluate<number>(
      own.context,
      "chrome.tabs.query({}).then((tabs) => tabs.find(({ url }) => url?.includes('mine.example')).id)",
    );
    const popup = await browser.tab(own.url.replace("welcome.html", `popup.html?tab=${number}`));
    const level = (): Promise<string> =>
      browser.evaluate(popup, "document.querySelector('.level')?.dataset.level ?? ''");
    assert.ok(await until(async () => (await level()) === "mining", 10_000), await said(popup, "sentence"));
    const badge = await browser.evaluate<string>(own.context, `chrome.action.getBadgeText({ tabId: ${number} })`);
    assert.notEqual(badge, "");

    await browser.evaluate(popup, "document.getElementById('always').click(); true");
    assert.ok(await until(() => pool.hashes > 0, 20_000), "it was allowed, and does no hash");
  });

  test("large modules are read in the background", async () => {
    const tab = await browser.tab(`${site.base}/index.html`);
    const told = await browser.evaluate<string>(
      tab,
      `(async () => {
        // A custom section of 64 KiB.
        const large = (bytes) => {
          const made = new Uint8Array(bytes.length + 5 + 65536);
          made.set(bytes);
          made.set([0, 0x80, 0x80, 4], bytes.length);
          return made.subarray(0, bytes.length + 4 + 65536);
        };
        const compiled = (bytes) => WebAssembly.compile(large(bytes)).then(() => 'compiled', ({ name }) => name);
        const kernel = new Uint8Array(await (await fetch('cryptonight.wasm')).arrayBuffer());
        return [await compiled(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), await compiled(kernel)].join();
      })()`,
    );
    assert.equal(told, "compiled,CompileError");
  });
});
