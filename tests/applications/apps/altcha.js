// ALTCHA: counters that lead to a digest with a prefix.
import { sha, solveChallenge } from "altcha/lib";

const parameters = { algorithm: "SHA-256", nonce: "11".repeat(16), salt: "22".repeat(16), cost: 1, keyLength: 32, keyPrefix: "00" };
export default async () => {
  const { counter, derivedKey } = await solveChallenge({ challenge: { parameters }, deriveKey: sha.deriveKey });
  return [counter, derivedKey];
};
