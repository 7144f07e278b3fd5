// CycloneDX 1.6, held against the schema by the validator of CycloneDX's own library.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { run, withSite } from "./site.mjs";

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** A valid bill of materials. */
async function bill(folder, words, status) {
  const text = run(folder, [...words, "--format", "cyclonedx"], status);
  const wrong = await validator.validate(text);
  assert.equal(wrong, null, JSON.stringify(wrong)?.slice(0, 2000));
  return JSON.parse(text);
}

test("algorithms are cryptographic assets with the places where they were found", async () => {
  await withSite(async (folder) => {
    const { components, dependencies, compositions } = await bill(folder, ["scan", "site"], 1);
    const [sha256] = components.filter((component) => component.type === "cryptographic-asset");
    assert.equal(sha256.name, "SHA-256");
    assert.equal(sha256.cryptoProperties.algorithmProperties.primitive, "hash");
    const places = sha256.evidence.occurrences.map((occurrence) => occurrence.location);
    assert.ok(places.includes("site/lib/hash.js!/shader-0.wgsl"), places.join(", "));
    const holder = dependencies.find((dependency) => dependency.ref === "artifact/site/lib/hash.js!/shader-0.wgsl");
    assert.deepEqual(holder.provides, [sha256["bom-ref"]]);
    const refs = new Set(components.map((component) => component["bom-ref"]));
    assert.equal(refs.size, components.length);
    assert.ok(dependencies.every(({ ref, provides }) => refs.has(ref) && provides.every((name) => refs.has(name))));
    assert.equal(compositions[0].aggregate, "incomplete");
  });
});

test("bills of nothing and between releases are valid", async () => {
  await withSite(async (folder) => {
    assert.deepEqual((await bill(folder, ["scan", "empty"], 3)).components, []);
    assert.equal((await bill(folder, ["scan", "site/plain.js"], 0)).compositions[0].aggregate, "complete");
    assert.ok((await bill(folder, ["diff", "empty", "site"], 1)).components.length > 1);
  });
});
