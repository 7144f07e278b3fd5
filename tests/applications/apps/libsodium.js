// libsodium: digests, a password hash, a box.
import sodium from "libsodium-wrappers-sumo";

export default async () => {
  await sodium.ready;
  const key = sodium.crypto_generichash(32, "key");
  const nonce = new Uint8Array(24);
  return [
    sodium.crypto_generichash(64, "x".repeat(1e6), null, "hex"),
    sodium.crypto_pwhash(32, "p", new Uint8Array(16), 2, 8 << 20, sodium.crypto_pwhash_ALG_ARGON2ID13, "hex"),
    sodium.crypto_pwhash_scryptsalsa208sha256(32, "p", new Uint8Array(32), 32768, 16 << 20, "hex"),
    sodium.crypto_secretbox_easy("message", nonce, key, "hex"),
  ];
};
