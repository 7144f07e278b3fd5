// A gate that asks for numbers whose key, by scrypt of the cost that it names, begins with zeros.
'use strict';
const K = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const H = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

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

const swap = (x) => x >>> 24 | x >>> 8 & 0xff00 | x << 8 & 0xff0000 | x << 24;

function mix(x, y, r) {
  y.set(x.subarray(32 * r - 16), 0);
  for (let i = 0; i < 2 * r; i++) {
    for (let j = 0; j < 16; j++) y[16 * i + 16 + j] = x[16 * i + j];
    salsa(y, 16 * i + 16, 16 * i);
  }
  for (let i = 0; i < 2 * r; i++) x.set(y.subarray(16 * i + 16, 16 * i + 32), 16 * ((i & 1) * r + (i >> 1)));
}

function scrypt(text, salt, n, r) {
  const x = derive(text, salt, 32 * r).map(swap), y = new Uint32Array(32 * r + 16), pad = new Uint32Array(32 * r * n);
  for (let i = 0; i < n; i++) {
    pad.set(x, 32 * r * i);
    mix(x, y, r);
  }
  for (let i = 0; i < n; i++) {
    const row = x[32 * r - 16] % n * 32 * r;
    for (let j = 0; j < 32 * r; j++) x[j] ^= pad[row + j];
    mix(x, y, r);
  }
  return derive(text, x.map(swap), 8);
}

if (typeof self !== 'undefined')
  self.onmessage = function (event) {
    const { salt, wanted, n, r } = event.data, text = new Uint32Array(16);
    for (let number = 0; ; number++) {
      text[15] = number;
      if (scrypt(text, salt, n, r)[0] < wanted) {
        self.postMessage(number);
        return;
      }
    }
  };
if (typeof module !== 'undefined') module.exports = { scrypt };
