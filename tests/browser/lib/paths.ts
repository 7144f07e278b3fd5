// Where things stand, from this file upwards: the tests run from any directory.
import path from "node:path";

export const here = path.resolve(import.meta.dirname, "..");
export const root = path.resolve(here, "../..");
export const extension = path.join(root, "extension/dist/chromium");
export const framePackage = path.join(root, "extension/pkg/frame");
export const corpus = path.join(root, "target/corpus");
/** Packages of npm in which nothing may be called mining; installed by xtask. */
export const lawfulPackages = path.join(root, "tests/corpus/lawful/node_modules");
export const screens = path.join(root, "target/screens");
/** Rows of the ways in, a file for each test file, and all of them joined. */
export const waysDirectory = path.join(root, "target/ways");
export const waysFile = path.join(root, "target/ways-in.json");
/** The command as xtask built it; xtask says where when cargo's target directory is elsewhere. */
export const davy = process.env["DAVY_COMMAND"] ?? path.join(root, "target/release/davy");
