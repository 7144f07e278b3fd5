// Scripts that speak for themselves: read beside the page, in the background, wherever they stand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { until } from "../lib/alive.ts";
import { root } from "../lib/paths.ts";
import { openPopup, read, screenshot } from "../lib/popup.ts";
import type { Files } from "../lib/site.ts";
import { theBrowser, visit } from "../lib/twice.ts";

const script = (name: string) => readFileSync(path.join(root, "tests/corpus/script", name, "script.js"), "utf8");
const client = script("pool-client");
const worker = script("pool-worker");

/** As servers send scripts: what must not be kept, nobody can read without asking again. */
const cached = (body: string) => ({ body, headers: { "cache-control": "max-age=600" } });

const page = (body: string) => `<!doctype html><meta charset="utf-8"><title>a page</title>${body}`;

/** What the popup says of a page once its scripts have been read. */
const saidOf = (files: Files, level: string, name?: string): Promise<readonly string[]> =>
  visit(true, { files }, (shown) => said(shown, level, name));

async function said(shown: Page, level: string, name?: string): Promise<readonly string[]> {
  const browser = await theBrowser(true);
  let why: readonly string[] = [];
  const found = await until(async () => {
    const popup = await openPopup(browser, shown);
    const stands = await popup.waitForSelector(`.level[data-level="${level}"]`, { timeout: 1_000 }).then(
      () => true,
      () => false,
    );
    why = (await read(popup)).why;
    if (stands && name !== undefined) await screenshot(popup, name);
    await popup.close();
    return stands;
  });
  assert.ok(found, `not ${level}: ${why.join("\n")}`);
  return why;
}

describe("the client of a pool, without any module or socket yet", () => {
  const places: Readonly<Record<string, Files>> = {
    inline: { "index.html": page(`<script>${client}</script>`) },
    "in a file": { "index.html": page(`<script src="client.js"></script>`), "client.js": cached(client) },
    "added later": {
      "index.html": page(`<script>addEventListener("load", () => setTimeout(() => {
        const late = document.createElement("script"); late.src = "client.js"; document.head.append(late);
      }, 500))</script>`),
      "client.js": cached(client),
    },
    "imported by a module": {
      "index.html": page(`<script type="module" src="main.js"></script>`),
      "main.js": cached(`import "./client.js";`),
      "client.js": cached(client),
    },
    "in a file whose element is gone, and the browser's list of what was loaded with it": {
      "index.html": page(`<script>
        const gone = document.createElement("script"); gone.src = "client.js";
        gone.onload = () => { gone.remove(); performance.clearResourceTimings(); }; document.head.append(gone);
      </script>`),
      "client.js": cached(client),
    },
    "long after the page has loaded": {
      "index.html": page(`<script>setTimeout(() => import("./client.js"), 10_000)</script>`),
      "client.js": cached(client),
    },
  };
  for (const [place, files] of Object.entries(places)) {
    test(place, async () => {
      const why = await saidOf(files, "suspicious", place === "inline" ? "script-suspicious" : undefined);
      assert.ok(
        why.some((line) => line.includes("script/pool-client")),
        why.join("\n"),
      );
    });
  }
});

test("a worker's script, from a blob whose address is taken back at once", async () => {
  const files = {
    "index.html": page(`<script>
      const url = URL.createObjectURL(new Blob([${JSON.stringify(worker)}], { type: "text/javascript" }));
      new Worker(url);
      URL.revokeObjectURL(url);
    </script>`),
  };
  const why = await saidOf(files, "suspicious");
  assert.ok(
    why.some((line) => line.includes("script/mining-worker")),
    why.join("\n"),
  );
});

test("a worker's script, from a file", async () => {
  const why = await saidOf(
    { "index.html": page(`<script>new Worker("w.js")</script>`), "w.js": cached(worker) },
    "suspicious",
  );
  assert.ok(
    why.some((line) => line.includes("script/mining-worker")),
    why.join("\n"),
  );
});

test("what the browser had kept is read with every visit, but for what shows nothing", async () => {
  const files = {
    "index.html": page(`<script src="plain.js"></script><script src="client.js"></script>`),
    "plain.js": cached("globalThis.plain = 1;"),
    "client.js": cached(client),
  };
  await visit(true, { files }, async (shown, run) => {
    await said(shown, "suspicious");
    const read: string[] = [];
    shown.on("request", (request) => {
      // The page asks for scripts, who reads them for bytes.
      if (request.resourceType() === "fetch") read.push(path.basename(request.url()));
    });
    await shown.goto(run.url);
    assert.ok(await until(() => read.includes("client.js")));
    await said(shown, "suspicious");
    assert.deepEqual(read, ["client.js"]);
  });
});

test("look-alikes stay clean", async () => {
  const lawful = ["job-queue", "pool-dashboard", "captcha-widget", "wallet-client"].map(script);
  const body = lawful.map((text) => `<script>try {${text}} catch {}</script>`).join("");
  await visit(true, { files: { "index.html": page(body) } }, async (shown) => {
    await new Promise((done) => setTimeout(done, 5_000));
    const popup = await openPopup(await theBrowser(true), shown);
    const { why } = await read(popup);
    await popup.close();
    assert.ok(!why.some((line) => line.includes("script/")), why.join("\n"));
  });
});

test("scripts that the browser does not keep leave no line in the console, and others are read", async () => {
  const plain = (control: string, more: object = {}) => ({
    body: "globalThis.x = 1;",
    headers: { "cache-control": control, ...more },
  });
  const files: Files = {
    "no-store.js": plain("no-store"),
    "private.js": plain("private, no-store, max-age=0"),
    "varies.js": plain("max-age=600", { vary: "*" }),
    "kept.js": cached(client),
    "late.js": plain("no-store"),
    "index.html": page(`
      <script src="no-store.js"></script><script src="private.js"></script><script src="varies.js"></script>
      <script src="missing.js"></script><script src="kept.js" defer></script>
      <script>addEventListener("load", () => setTimeout(() => {
        const late = document.createElement("script"); late.src = "late.js"; document.head.append(late);
      }, 500))</script>`),
  };
  await visit(true, { files }, async (shown) => {
    const lines: string[] = [];
    shown.on("console", (line) => lines.push(`${line.text()} ${line.location().url.split("/").pop() ?? ""}`));
    await shown.reload();
    await sleep(3_500);
    const isNotOurs = (line: string) => line.includes("missing.js") || line.includes("favicon.ico");
    assert.deepEqual(
      lines.filter((line) => !isNotOurs(line)),
      [],
    );
    assert.equal(lines.filter((line) => line.includes("missing.js")).length, 1, lines.join("\n"));
    const popup = await openPopup(await theBrowser(true), shown);
    await popup.waitForSelector(`.level[data-level="suspicious"]`, { timeout: 5_000 });
    await popup.close();
  });
});
