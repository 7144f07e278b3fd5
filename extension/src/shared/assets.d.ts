// What build.mjs makes of imports that are no TypeScript.

/** Bytes of a WebAssembly module, in base64, in the only comment of a function that does nothing. */
declare module "*.wasm" {
  const holder: () => void;
  export default holder;
}

/** A bundled classic script, as text. */
declare module "bundle:*" {
  const text: string;
  export default text;
}
