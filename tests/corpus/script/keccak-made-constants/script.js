// Keccak by lanes in halves. What other programs hold as tables is made here, by the register that defines it.
const places = [], amounts = [], high = new Uint32Array(24), low = new Uint32Array(24);
for (let round = 0, register = 1n, x = 1, y = 0; round < 24; round++) {
  [x, y] = [y, (2 * x + 3 * y) % 5];
  places.push(2 * (5 * y + x));
  amounts.push(((round + 1) * (round + 2)) / 2 % 64);
  let constant = 0n;
  for (let bit = 0n; bit < 7n; bit++) {
    register = ((register << 1n) ^ ((register >> 7n) * 0x71n)) % 256n;
    if (register & 2n) constant ^= 1n << ((1n << bit) - 1n);
  }
  low[round] = Number(constant & 0xffffffffn);
  high[round] = Number(constant >> 32n);
}
const turnHigh = (h, l, n) => (n > 32 ? (l << (n - 32)) | (h >>> (64 - n)) : (h << n) | (l >>> (32 - n)));
const turnLow = (h, l, n) => (n > 32 ? (h << (n - 32)) | (l >>> (64 - n)) : (l << n) | (h >>> (32 - n)));

function permute(s) {
  const parity = new Uint32Array(10);
  for (let round = 0; round < 24; round++) {
    for (let x = 0; x < 10; x++) parity[x] = s[x] ^ s[x + 10] ^ s[x + 20] ^ s[x + 30] ^ s[x + 40];
    for (let x = 0; x < 10; x += 2) {
      const before = (x + 8) % 10, after = (x + 2) % 10;
      const l = turnLow(parity[after + 1], parity[after], 1) ^ parity[before];
      const h = turnHigh(parity[after + 1], parity[after], 1) ^ parity[before + 1];
      for (let y = 0; y < 50; y += 10) {
        s[x + y] ^= l;
        s[x + y + 1] ^= h;
      }
    }
    let l = s[2], h = s[3];
    for (let t = 0; t < 24; t++) {
      const at = places[t], nextLow = turnLow(h, l, amounts[t]), nextHigh = turnHigh(h, l, amounts[t]);
      l = s[at];
      h = s[at + 1];
      s[at] = nextLow;
      s[at + 1] = nextHigh;
    }
    for (let y = 0; y < 50; y += 10) {
      const row = s.slice(y, y + 10);
      for (let x = 0; x < 10; x++) s[y + x] ^= ~row[(x + 2) % 10] & row[(x + 4) % 10];
    }
    s[0] ^= low[round];
    s[1] ^= high[round];
  }
}

class Sponge {
  constructor(end) {
    this.end = end;
    this.bytes = new Uint8Array(200);
    this.words = new Uint32Array(this.bytes.buffer);
    this.at = 0;
  }
  update(message) {
    for (const byte of message) {
      this.bytes[this.at++] ^= byte;
      if (this.at === 136) {
        permute(this.words);
        this.at = 0;
      }
    }
    return this;
  }
  digest() {
    this.bytes[this.at] ^= this.end;
    this.bytes[135] ^= 128;
    permute(this.words);
    return this.bytes.slice(0, 32);
  }
}
function makeHash(start) {
  const hash = (message) => start().update(message).digest();
  hash.length32 = true;
  return Object.freeze(hash);
}
const sponge = (end) => makeHash(() => new Sponge(end));
const keccak256 = sponge(1);

if (typeof onmessage !== 'undefined')
  onmessage = (event) => {
    const { header, target, id } = event.data;
    const view = new DataView(header.buffer);
    for (let nonce = 0; nonce < 4294967296; nonce++) {
      view.setUint32(header.length - 4, nonce);
      const result = keccak256(header);
      if (new DataView(result.buffer).getUint32(0) < target) {
        postMessage({ id, nonce });
        return;
      }
    }
  };
if (typeof module !== 'undefined') module.exports = { keccak256 };
