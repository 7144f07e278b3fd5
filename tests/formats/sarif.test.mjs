// SARIF, held against the schema that Microsoft's packages carry, and against what code hosts make of it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { run, withSite } from "./site.mjs";

const schemaFile = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")));

/** The only run of a valid report. */
export function valid(text) {
  const log = JSON.parse(text);
  assert.ok(validate(log), JSON.stringify(validate.errors, null, 1));
  assert.equal(log.runs.length, 1);
  return log.runs[0];
}

const uri = (result) => result.locations[0].physicalLocation.artifactLocation.uri;

test("a report is valid, names its rules and points into files by relative addresses", async () => {
  await withSite((folder) => {
    const report = valid(run(folder, ["scan", "--format", "sarif", "./site"], 1));
    const rules = new Map(report.tool.driver.rules.map((rule) => [rule.id, rule]));
    assert.ok(report.results.length >= 3);
    for (const result of report.results) {
      const rule = rules.get(result.ruleId);
      assert.ok(rule.help.text.length > 50 && rule.shortDescription.text, result.ruleId);
      assert.match(result.partialFingerprints["davyFinding/v1"], /^[0-9a-f]{32}$/);
      assert.ok(uri(result).startsWith("site/"), uri(result));
      assert.ok(!/[ <>"]/.test(uri(result)), uri(result));
    }
    const mining = report.results.find((result) => result.ruleId === "page/pool-and-hash");
    assert.deepEqual([mining.level, uri(mining)], ["error", "site/index.html"]);
    const inner = report.results.find((result) => result.properties.artifact === "./site/lib/hash.js!/shader-0.wgsl");
    assert.deepEqual([inner.level, uri(inner)], ["warning", "site/lib/hash.js"]);
    assert.equal(inner.locations[0].physicalLocation.region.startLine, 3, "where the shader stands in the script");
    assert.equal(inner.locations[0].logicalLocations[0].fullyQualifiedName, "./site/lib/hash.js!/shader-0.wgsl");
    const [told] = report.invocations[0].toolExecutionNotifications;
    assert.equal(told.locations[0].physicalLocation.artifactLocation.uri, "site/cut.wasm");
    assert.equal(report.invocations[0].executionSuccessful, true);
  });
});

test("what is in an archive is found at the archive, with its whole path beside it", async () => {
  await withSite((folder) => {
    spawnSync("tar", ["-czf", "site.tgz", "site"], { cwd: folder });
    const { results } = valid(run(folder, ["scan", "--format", "sarif", "site.tgz"], 1));
    const [mining] = results.filter((result) => result.ruleId === "page/pool-and-hash");
    assert.equal(uri(mining), "site.tgz");
    assert.equal(mining.locations[0].physicalLocation.region, undefined, "nobody sees lines in an archive");
    assert.equal(mining.locations[0].logicalLocations[0].fullyQualifiedName, "site.tgz!/site/index.html");
    assert.ok(results.every((result) => result.properties.kind !== "container"), "a container repeats its parts");
    const prints = results.map((result) => result.ruleId + result.partialFingerprints.primaryLocationLineHash);
    assert.equal(new Set(prints).size, prints.length, "each alert has a fingerprint of its own");
  });
});

test("reports about nothing and about what cannot be read are valid", async () => {
  await withSite((folder) => {
    assert.deepEqual(valid(run(folder, ["scan", "--format", "sarif", "empty"], 3)).results, []);
    const failed = valid(run(folder, ["scan", "--format", "sarif", "missing"], 2));
    assert.equal(failed.invocations[0].executionSuccessful, false);
    const rules = valid(run(folder, ["scan", "--format", "sarif", "site/plain.js"], 0)).tool.driver.rules;
    assert.equal(new Set(rules.map((rule) => rule.id)).size, rules.length);
  });
});

test("fingerprints stay when the folder is named otherwise, file names carry new hashes, or code moves in its file", async () => {
  await withSite((folder) => {
    const prints = (words) => {
      const { results } = valid(run(folder, ["scan", "--format", "sarif", "--fail-on", "never", ...words], 0));
      return results.map((result) => result.partialFingerprints["davyFinding/v1"]).sort();
    };
    const lib = path.join(folder, "site/lib");
    const text = readFileSync(path.join(lib, "hash.js"), "utf8");
    writeFileSync(path.join(lib, "app.3f2a91bc.js"), text);
    const before = prints(["site/lib"]);
    assert.ok(before.length >= 3);
    assert.deepEqual(prints(["./site/lib/"]), before);
    assert.deepEqual(prints([lib]), before);
    rmSync(path.join(lib, "app.3f2a91bc.js"));
    writeFileSync(path.join(lib, "app.0c55d1e7.js"), `first();\n${text}`);
    assert.deepEqual(prints(["site/lib"]), before);
  });
});

test("what a baseline accepts is suppressed, and what differs between releases is told", async () => {
  await withSite((folder) => {
    const scan = (status, ...words) => valid(run(folder, ["scan", "--format", "sarif", ...words, "site"], status)).results;
    const all = scan(1, "--write-baseline", "accepted.toml");
    assert.ok(all.every((result) => !result.suppressions && !result.baselineState));
    const judged = scan(1, "--baseline", "accepted.toml");
    assert.equal(judged.length, all.length, "accepted results are marked, not dropped");
    for (const result of judged) {
      const mines = result.properties.davyLevel === "mining";
      assert.equal(result.baselineState, mines ? "new" : "unchanged", result.ruleId);
      assert.equal(result.suppressions?.[0].status, mines ? undefined : "accepted", result.ruleId);
    }
    const came = valid(run(folder, ["diff", "--format", "sarif", "empty", "site"], 1)).results;
    assert.ok(came.length > 2 && came.every((result) => result.baselineState === "new"));
    const went = valid(run(folder, ["diff", "--format", "sarif", "site", "empty"], 3)).results;
    assert.ok(went.length > 2 && went.every((result) => result.baselineState === "absent"));
  });
});
