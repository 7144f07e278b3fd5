// Keccak-256 with BigInts, as a wallet names its addresses.
const ROUNDS = [
  0x0000000000000001n, 0x0000000000008082n, 0x800000000000808an, 0x8000000080008000n,
  0x000000000000808bn, 0x0000000080000001n, 0x8000000080008081n, 0x8000000000008009n,
  0x000000000000008an, 0x0000000000000088n, 0x0000000080008009n, 0x000000008000000an,
  0x000000008000808bn, 0x800000000000008bn, 0x8000000000008089n, 0x8000000000008003n,
  0x8000000000008002n, 0x8000000000000080n, 0x000000000000800an, 0x800000008000000an,
  0x8000000080008081n, 0x8000000000008080n, 0x0000000080000001n, 0x8000000080008008n
];
const TURNS = [0n, 1n, 62n, 28n, 27n, 36n, 44n, 6n, 55n, 20n, 3n, 10n, 43n, 25n, 39n, 41n, 45n, 15n, 21n, 8n, 18n, 2n, 61n, 56n, 14n];
const WORD = (1n << 64n) - 1n;

function rotate(x, n) {
  return ((x << n) | (x >> (64n - n))) & WORD;
}

function permute(state) {
  const columns = new BigUint64Array(5), next = new BigUint64Array(25);
  for (const constant of ROUNDS) {
    for (let x = 0; x < 5; x++) columns[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
    for (let x = 0; x < 5; x++) {
      const mixed = columns[(x + 4) % 5] ^ rotate(columns[(x + 1) % 5], 1n);
      for (let y = 0; y < 25; y += 5) state[x + y] ^= mixed;
    }
    for (let x = 0; x < 5; x++) {
      for (let y = 0; y < 5; y++) next[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(state[x + 5 * y], TURNS[x + 5 * y]);
    }
    for (let y = 0; y < 25; y += 5) {
      for (let x = 0; x < 5; x++) state[x + y] = next[x + y] ^ (~next[((x + 1) % 5) + y] & next[((x + 2) % 5) + y]);
    }
    state[0] ^= constant;
  }
}

function keccak256(bytes) {
  const state = new BigUint64Array(25), view = new Uint8Array(state.buffer);
  let at = 0;
  for (const byte of bytes) {
    view[at++] ^= byte;
    if (at === 136) {
      permute(state);
      at = 0;
    }
  }
  view[at] ^= 1;
  view[135] ^= 0x80;
  permute(state);
  return Array.from(view.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

self.address = (key) => '0x' + keccak256(key.subarray(1)).slice(24);
