// TensorFlow.js on its WebAssembly backend: products of matrices.
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

export default async () => {
  setWasmPaths(globalThis.at("@tensorflow/tfjs-backend-wasm/dist/"));
  await tf.setBackend("wasm");
  const a = tf.tensor2d(Array.from({ length: 128 * 128 }, (_, i) => (i % 13) - 6), [128, 128]);
  let b = tf.matMul(a, a);
  for (let i = 0; i < 5; i += 1) b = tf.matMul(tf.mul(b, 0.01), a);
  return [...(await b.data()).slice(0, 8)].map((x) => x.toPrecision(4));
};
