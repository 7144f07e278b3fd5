// Bundles the extension into dist/chromium, a complete folder that Chromium loads unpacked, and stages the same files for
// Firefox in dist/firefox. Reads pkg/ and dist/rules/, which `cargo xtask build` makes first.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const at = (/** @type {string[]} */ ...parts) => join(here, ...parts);
const out = at("dist", "chromium");
const firefox = at("dist", "firefox");
/** The oldest Firefox in which the copy is tested: the extended support release of 2026. */
const FIREFOX = "153.0";

/** Rules that mark scripts which the browser does not keep. */
const UNKEPT = "unkept";

/** Settings that every bundle shares. Not minified, but for what every document has to parse: who installs an extension may
 * want to read it.
 * @type {import("esbuild").BuildOptions} */
const shared = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  target: "chrome148",
  legalComments: "none",
  logLevel: "warning",
  // The glue of wasm-bindgen can find its own file by import.meta; classic scripts hand it the bytes instead.
  logOverride: { "empty-import-meta": "silent" },
};

/** `import text from "bundle:../worker/prelude.ts"` is that file with all it imports, as one classic script.
 * @type {import("esbuild").Plugin} */
const bundleAsText = {
  name: "bundle-as-text",
  setup(builder) {
    builder.onResolve({ filter: /^bundle:/ }, (args) => ({
      path: resolve(args.resolveDir, args.path.slice("bundle:".length)),
      namespace: "bundle",
    }));
    builder.onLoad({ filter: /.*/, namespace: "bundle" }, async (args) => {
      const made = await build({ ...shared, entryPoints: [args.path], format: "iife", minify: true, write: false });
      return { contents: made.outputFiles[0]?.text ?? "", loader: "text" };
    });
  },
};

/** Puts `src/page/again.ts` before the page's hooks, which need not even be set up where it says so. */
async function putAgain() {
  const made = await build({
    ...shared,
    entryPoints: ["src/page/again.ts"],
    format: "esm",
    minify: true,
    write: false,
  });
  const [first, isAgain] = (made.outputFiles[0]?.text ?? "").trim().split(/export\{(\w+) as isAgain\};/);
  if (isAgain === undefined) throw new Error("nothing says whether there are hooks already");
  const name = join(out, "page.js");
  const hooks = await readFile(name, "utf8");
  await writeFile(name, `"use strict";(()=>{${first}if(${isAgain})return;${hooks.replace('"use strict";', "")}})();\n`);
}

/** Classic scripts: one for each place that the browser injects into. */
async function bundleInjected() {
  await build({
    ...shared,
    entryPoints: {
      content: "src/content/main.ts",
      page: "src/page/main.ts",
      "decision-allowed": "src/content/decision-allowed.ts",
      "decision-blocked": "src/content/decision-blocked.ts",
      "mode-audit": "src/content/mode-audit.ts",
      "mode-warn": "src/content/mode-warn.ts",
    },
    format: "iife",
    minify: true,
    plugins: [bundleAsText],
    outdir: out,
  });
  await putAgain();
}

/** Modules: the service worker and the pages of the extension itself. */
async function bundleOwnPages() {
  await build({
    ...shared,
    entryPoints: {
      background: "src/background/main.ts",
      popup: "src/popup/popup.ts",
      options: "src/options/options.ts",
      welcome: "src/welcome/welcome.ts",
    },
    format: "esm",
    outdir: out,
  });
}

/** Puts the analyser among the messages, in base64: the only thing of a package that a document can have at once without
 * carrying it. The default language is there whatever a person speaks. */
async function putAnalyser() {
  const name = join(out, "_locales", "en", "messages.json");
  const messages = JSON.parse(await readFile(name, "utf8"));
  const message = (await readFile(at("pkg", "frame", "davy_web_bg.wasm"))).toString("base64");
  await writeFile(name, `${JSON.stringify({ ...messages, analyser: { message } }, null, 2)}\n`);
}

/** The prelude of worklets as a file, for pages whose policy lets them load no Blob. What a Blob would be called with stands in
 * its address. */
async function putWorklet() {
  const shape = { ...shared, format: /** @type {const} */ ("iife"), minify: true, write: false };
  const made = await build({ ...shape, entryPoints: ["src/worklet/main.ts"] });
  const wasm = (await readFile(at("pkg", "frame", "davy_web_bg.wasm"))).toString("base64");
  const config = `{...JSON.parse(decodeURIComponent(import.meta.url.split("#")[1]??"")),wasm:"${wasm}"}`;
  await writeFile(join(out, "worklet.js"), `((davyWorklet)=>{${made.outputFiles?.[0]?.text ?? ""}})(${config});\n`);
}

/** Everything that is taken as it is. */
async function copyFiles() {
  await cp(at("_locales"), join(out, "_locales"), { recursive: true });
  await putAnalyser();
  await cp(at("icons"), join(out, "icons"), { recursive: true });
  await cp(at("dist", "rules"), join(out, "rules"), { recursive: true });
  await cp(at("rules"), join(out, "rules"), { recursive: true });
  await cp(at("pkg", "background", "davy_web_bg.wasm"), join(out, "engine.wasm"));
  await cp(at("src", "shared", "look.css"), join(out, "look.css"));
  for (const page of ["popup", "options", "welcome"]) {
    for (const name of [`${page}.html`, `${page}.css`]) await cp(at("src", page, name), join(out, name));
  }
  const manifest = JSON.parse(await readFile(at("..", "manifest.json"), "utf8"));
  await writeFile(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The schema of policies, made of the table of settings. */
async function writeSchema() {
  const made = await build({ ...shared, entryPoints: ["src/shared/settings.ts"], format: "esm", write: false });
  const source = Buffer.from(made.outputFiles[0]?.text ?? "").toString("base64");
  const { managedSchema } = await import(`data:text/javascript;base64,${source}`);
  await writeFile(join(out, "managed_schema.json"), `${JSON.stringify(managedSchema(), null, 2)}\n`);
}

/** What Firefox has to be told otherwise: it runs the background as a page, and takes neither Chromium's keys nor a schema
 * of policies, nor does it tell of the processor. What pages may load would tell them who the person is: it has the same
 * address there until Davy is installed anew. */
async function stageFirefox() {
  await cp(out, firefox, { recursive: true });
  for (const name of ["managed_schema.json", "worklet.js"]) await rm(join(firefox, name));
  const manifest = JSON.parse(await readFile(join(out, "manifest.json"), "utf8"));
  for (const key of ["minimum_chrome_version", "key", "message_serialization", "storage", "web_accessible_resources"])
    delete manifest[key];
  manifest.permissions = manifest.permissions.filter((/** @type {string} */ name) => name !== "system.cpu");
  // Firefox would take no notice of what these rules ask of responses, and mark every script; it has its own words for them.
  const { rule_resources: rules } = manifest.declarative_net_request;
  manifest.declarative_net_request.rule_resources = rules.filter(
    (/** @type {{ id: string }} */ { id }) => id !== UNKEPT,
  );
  await rm(join(firefox, "rules", `${UNKEPT}.json`));
  manifest.background = { scripts: ["background.js"], type: "module" };
  manifest.browser_specific_settings = {
    gecko: {
      id: "davy@davy.invalid",
      strict_min_version: FIREFOX,
      data_collection_permissions: { required: ["none"] },
    },
  };
  await writeFile(join(firefox, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

await rm(out, { recursive: true, force: true });
await rm(firefox, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([bundleInjected(), bundleOwnPages(), copyFiles(), putWorklet(), writeSchema()]);
await stageFirefox();
