// scrypt with N = 1024, r = 1, p = 1 over a header of 80 bytes, as Litecoin has it.
'use strict';
const K = new Uint32Array(64), H = new Uint32Array(8);
for (let candidate = 2, found = 0; found < 64; candidate++) {
  let prime = true;
  for (let i = 2; i * i <= candidate; i++) if (candidate % i === 0) prime = false;
  if (!prime) continue;
  const part = (x) => (x - Math.floor(x)) * 4294967296;
  if (found < 8) H[found] = part(Math.pow(candidate, 1 / 2));
  K[found++] = part(Math.pow(candidate, 1 / 3));
}

function compress(state, block) {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i++) w[i] = block[i];
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i] | 0;
    const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function sha256(words) {
  const state = new Uint32Array(H), blocks = (words.length + 2 >> 4) + 1, padded = new Uint32Array(16 * blocks);
  padded.set(words);
  padded[words.length] = 0x80000000;
  padded[padded.length - 1] = 32 * words.length;
  for (let i = 0; i < blocks; i++) compress(state, padded.subarray(16 * i));
  return state;
}

function hmac(key, words) {
  const inner = new Uint32Array(16 + words.length), outer = new Uint32Array(24);
  for (let i = 0; i < 16; i++) {
    inner[i] = (key[i] | 0) ^ 0x36363636;
    outer[i] = (key[i] | 0) ^ 0x5c5c5c5c;
  }
  inner.set(words, 16);
  outer.set(sha256(inner), 16);
  return sha256(outer);
}

function derive(key, salt, length) {
  const out = new Uint32Array(length), text = new Uint32Array(salt.length + 1);
  text.set(salt);
  for (let i = 0; 8 * i < length; i++) {
    text[salt.length] = i + 1;
    out.set(hmac(key, text), 8 * i);
  }
  return out;
}

function salsa(x, at, from) {
  const y = new Uint32Array(16);
  for (let i = 0; i < 16; i++) y[i] = x[at + i] ^= x[from + i];
  const step = (a, b, c, n) => {
    const sum = y[b] + y[c] | 0;
    y[a] ^= sum << n | sum >>> 32 - n;
  };
  const quarter = (a, b, c, d) => {
    step(b, a, d, 7); step(c, b, a, 9); step(d, c, b, 13); step(a, d, c, 18);
  };
  for (let i = 0; i < 4; i++) {
    quarter(0, 4, 8, 12); quarter(5, 9, 13, 1); quarter(10, 14, 2, 6); quarter(15, 3, 7, 11);
    quarter(0, 1, 2, 3); quarter(5, 6, 7, 4); quarter(10, 11, 8, 9); quarter(15, 12, 13, 14);
  }
  for (let i = 0; i < 16; i++) x[at + i] += y[i];
}

const pad = new Uint32Array(1024 * 32);
const swap = (x) => x >>> 24 | x >>> 8 & 0xff00 | x << 8 & 0xff0000 | x << 24;

function scrypt(header) {
  const key = header.length > 16 ? sha256(header) : header, x = derive(key, header, 32).map(swap);
  for (let i = 0; i < 1024; i++) {
    pad.set(x, 32 * i);
    salsa(x, 0, 16);
    salsa(x, 16, 0);
  }
  for (let i = 0; i < 1024; i++) {
    const row = (x[16] & 1023) * 32;
    for (let j = 0; j < 32; j++) x[j] ^= pad[row + j];
    salsa(x, 0, 16);
    salsa(x, 16, 0);
  }
  return derive(key, x.map(swap), 8);
}

self.onmessage = function (event) {
  const { work, target } = event.data, header = new Uint32Array(work);
  for (let nonce = 0; nonce < 0xffffffff; nonce++) {
    header[19] = nonce;
    if (swap(scrypt(header)[7]) <= target) {
      self.postMessage(nonce);
      return;
    }
  }
};
