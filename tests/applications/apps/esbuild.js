// esbuild-wasm: a compiler written in Go, in a worker from a Blob.
import * as esbuild from "esbuild-wasm/esm/browser.js";

export default async () => {
  await esbuild.initialize({ wasmURL: globalThis.at("esbuild-wasm/esbuild.wasm") });
  const { code } = await esbuild.transform("export const f = <T,>(a: T[], n?: number): T | undefined => a?.[n ?? 0];", {
    loader: "ts",
    target: "es2018",
    minify: true,
  });
  return code;
};
