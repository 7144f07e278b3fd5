// argon2-browser: Argon2 as wallets and password managers have it.
export default async () => {
  await globalThis.load("argon2-browser/dist/argon2-bundled.min.js");
  const { argon2 } = globalThis;
  const how = { pass: "password", salt: "somesalt", time: 2, mem: 8192, hashLen: 24, parallelism: 1 };
  return [(await argon2.hash({ ...how, type: argon2.ArgonType.Argon2id })).hashHex, (await argon2.hash({ ...how, type: argon2.ArgonType.Argon2d })).encoded];
};
