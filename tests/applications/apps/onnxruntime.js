// ONNX Runtime: a model that adds two tensors, written down byte by byte.
const bytes = (...parts) => parts.flat(Infinity);
const varint = (n) => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
const number = (field, n) => bytes(varint(field * 8), varint(n));
const message = (field, ...parts) => { const body = bytes(...parts); return bytes(varint(field * 8 + 2), varint(body.length), body); };
const text = (field, s) => message(field, [...new TextEncoder().encode(s)]);
const value = (field, name) => message(field, text(1, name), message(2, message(1, number(1, 1), message(2, message(1, number(1, 4))))));
const model = bytes(
  number(1, 8),
  message(7, message(1, text(1, "a"), text(1, "b"), text(2, "c"), text(4, "Add")), text(2, "g"), value(11, "a"), value(11, "b"), value(12, "c")),
  message(8, text(1, ""), number(2, 13)),
);
export default async () => {
  const ort = await import(globalThis.at("onnxruntime-web/dist/ort.wasm.min.mjs"));
  ort.env.wasm.wasmPaths = globalThis.at("onnxruntime-web/dist/");
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(Uint8Array.from(model));
  const of = (...values) => new ort.Tensor("float32", Float32Array.from(values), [4]);
  const { c } = await session.run({ a: of(1, 2, 3, 4), b: of(10, 20, 30, 40) });
  return [...c.data];
};
