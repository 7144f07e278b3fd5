// Cap: SHA-256 until a prefix is met.
import init, { solve_pow } from "@cap.js/wasm/browser/cap_wasm.js";

export default async () => {
  await init({ module_or_path: globalThis.at("@cap.js/wasm/browser/cap_wasm_bg.wasm") });
  return ["a", "b", "c"].map((salt) => String(solve_pow(salt, "0007")));
};
