// What is offered for build servers and hooks: the files parse, and what they call exists and does what they say. Nothing is
// fetched; the steps run in a shell as the servers run them, with the command on the path.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { root, withCommand, withSite } from "./site.mjs";

const offered = path.join(root, "crate/cli/integrate");
const read = (name) => readFileSync(path.join(root, name), "utf8");

/** Runs lines of a shell in a folder with `davy` on the path; gives the exit status and what was printed. */
function shell(folder, lines, env = {}) {
  const done = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", lines], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env, PATH: `${withCommand(folder)}:${process.env.PATH}` },
  });
  return { status: done.status, text: done.stdout + done.stderr };
}

test("the GitHub action scans, compares, reports, and passes the status on", async () => {
  const action = parse(readFileSync(path.join(offered, "action/action.yml"), "utf8"));
  assert.equal(action.runs.using, "composite");
  const [build, scan] = action.runs.steps;
  assert.ok(existsSync(path.join(offered, "action/../..", "Cargo.toml")), "what the first step builds");
  assert.match(build.run, /cargo install .*--path "\$GITHUB_ACTION_PATH\/\.\.\/\.\."/);
  await withSite((folder) => {
    const step = (inputs) => {
      const given = Object.entries(scan.env).map(([name, value]) => {
        const input = value.match(/inputs\.([a-z-]+)/)[1];
        assert.ok(input in action.inputs, input);
        return [name, inputs[input] ?? action.inputs[input].default];
      });
      const output = path.join(folder, "output");
      writeFileSync(output, "");
      const env = { ...Object.fromEntries(given), GITHUB_OUTPUT: output };
      return { ...shell(folder, build.run + scan.run, env), output: readFileSync(output, "utf8") };
    };
    const found = step({ paths: "site empty" });
    assert.equal(found.status, 1, found.text);
    assert.match(found.text, /mining {2}site\/index.html/);
    assert.match(found.output, /sarif=davy.sarif\nstatus=1\n/);
    assert.ok(JSON.parse(readFileSync(path.join(folder, "davy.sarif"), "utf8")).runs[0].results.length > 1);
    assert.equal(step({ paths: "site", "fail-on": "never" }).status, 3);
    assert.equal(step({ paths: "site", "fail-on": "never", "allow-gaps": "true" }).status, 0);
    assert.equal(step({ paths: "site", "compare-with": "site", "allow-gaps": "true" }).status, 0);
    assert.equal(step({ paths: "site", "compare-with": "empty" }).status, 1);
    assert.equal(step({ paths: "site", baseline: "missing.toml" }).status, 2);
  });
});

test("the GitLab template writes its two reports", async () => {
  const job = parse(readFileSync(path.join(offered, "gitlab.yml"), "utf8"))[".davy"];
  await withSite((folder) => {
    const env = { ...job.variables, DAVY_PATHS: "site" };
    assert.equal(shell(folder, job.script.join("\n"), env).status, 1);
    assert.equal(shell(folder, job.after_script.join("\n"), env).status, 0);
    assert.match(readFileSync(path.join(folder, job.artifacts.reports.junit), "utf8"), /<failure /);
    assert.match(readFileSync(path.join(folder, job.artifacts.paths[0]), "utf8"), /^<!doctype html>/);
    assert.equal(shell(folder, job.script.join("\n"), { ...env, DAVY_OPTIONS: "--allow-gaps", DAVY_FAIL_ON: "never" }).status, 0);
  });
});

test("the pre-commit hook refuses what mines and knows what it is handed", async () => {
  const [hook] = parse(read(".pre-commit-hooks.yaml"));
  const taken = new RegExp(hook.files);
  for (const name of ["a.wasm", "a.mjs", "a.js", "a.html", "a.xhtml", "p.tgz", "p.tar.gz", "c.warc.gz"]) assert.match(name, taken);
  for (const name of ["a.rs", "a.json", "js", "a.md"]) assert.doesNotMatch(name, taken);
  await withSite((folder) => {
    assert.equal(shell(folder, `${hook.entry} site/index.html site/plain.js`).status, 1);
    assert.equal(shell(folder, `${hook.entry} site/plain.js`).status, 0);
  });
});

test("the npm scripts run", async () => {
  const { scripts } = JSON.parse(readFileSync(path.join(offered, "package.json"), "utf8"));
  await withSite((folder) => {
    mkdirSync(path.join(folder, "dist"));
    writeFileSync(path.join(folder, "dist/app.js"), "f()");
    assert.equal(shell(folder, scripts["davy:dependencies"].replace("node_modules", "site")).status, 1);
    assert.equal(shell(folder, scripts["davy:accept"]).status, 0);
    assert.equal(shell(folder, scripts["davy:bundle"]).status, 0);
    for (const [, name] of JSON.stringify(scripts).matchAll(/npm run ([a-z:]+)/g)) assert.ok(name in scripts, name);
  });
});

test("the step for images scans what the tool saved", async () => {
  await withSite((folder) => {
    // A stand-in for docker: `save --output FILE IMAGE` packs the site.
    const tool = path.join(folder, "tool");
    writeFileSync(tool, '#!/bin/sh\n[ "$1 $2" = "save --output" ] && tar -cf "$3" "$4"\n');
    chmodSync(tool, 0o755);
    const step = path.join(offered, "image.sh");
    assert.equal(shell(folder, `${step} site --allow-gaps`, { CONTAINER_TOOL: tool }).status, 1);
    assert.equal(shell(folder, `${step} site --allow-gaps --fail-on never`, { CONTAINER_TOOL: tool }).status, 0);
  });
});

test("what the page about them calls exists", async () => {
  const page = readFileSync(path.join(offered, "README.md"), "utf8");
  await withSite((folder) => {
    const pages = page.match(/davy man[a-z ]*/g);
    assert.ok(pages.length >= 2);
    for (const line of pages) assert.match(shell(folder, line).text, /^\.TH|\n\.TH/);
    assert.equal(shell(folder, "davy completions bash").status, 0);
    for (const [, option] of page.matchAll(/(--[a-z-]+)/g)) {
      assert.ok(shell(folder, "davy scan --help").text.includes(option), option);
    }
  });
});
