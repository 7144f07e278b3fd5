// What build.mjs makes of imports that are no TypeScript.

/** Bytes of a WebAssembly module, in base64. */
declare module "*.wasm" {
  const base64: string;
  export default base64;
}

/** A bundled classic script, as text. */
declare module "bundle:*" {
  const text: string;
  export default text;
}
