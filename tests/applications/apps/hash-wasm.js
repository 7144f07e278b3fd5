// hash-wasm: password hashes and digests from modules in base64.
import { argon2id, bcrypt, blake3, scrypt, sha3, xxhash128 } from "hash-wasm";

const salt = new Uint8Array(16).fill(7);
export default async () => [
  await argon2id({ password: "p", salt, parallelism: 1, iterations: 4, memorySize: 4096, hashLength: 32 }),
  await bcrypt({ password: "p", salt, costFactor: 6 }),
  await scrypt({ password: "p", salt, costFactor: 1024, blockSize: 8, parallelism: 1, hashLength: 32 }),
  await blake3("x".repeat(1e6)),
  await sha3("x".repeat(1e6)),
  await xxhash128("x".repeat(1e6)),
];
