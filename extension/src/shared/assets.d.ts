// What build.mjs makes of imports that are no TypeScript.

/** A bundled classic script, as text. */
declare module "bundle:*" {
  const text: string;
  export default text;
}
