// SHA-512 in words of 32 bits, as a library for signatures has it.
const K = new Uint32Array([
  0x428a2f98, 0xd728ae22, 0x71374491, 0x23ef65cd, 0xb5c0fbcf, 0xec4d3b2f, 0xe9b5dba5, 0x8189dbbc,
  0x3956c25b, 0xf348b538, 0x59f111f1, 0xb605d019, 0x923f82a4, 0xaf194f9b, 0xab1c5ed5, 0xda6d8118,
  0xd807aa98, 0xa3030242, 0x12835b01, 0x45706fbe, 0x243185be, 0x4ee4b28c, 0x550c7dc3, 0xd5ffb4e2,
  0x72be5d74, 0xf27b896f, 0x80deb1fe, 0x3b1696b1, 0x9bdc06a7, 0x25c71235, 0xc19bf174, 0xcf692694,
  0xe49b69c1, 0x9ef14ad2, 0xefbe4786, 0x384f25e3, 0x0fc19dc6, 0x8b8cd5b5, 0x240ca1cc, 0x77ac9c65,
  0x2de92c6f, 0x592b0275, 0x4a7484aa, 0x6ea6e483, 0x5cb0a9dc, 0xbd41fbd4, 0x76f988da, 0x831153b5,
  0x983e5152, 0xee66dfab, 0xa831c66d, 0x2db43210, 0xb00327c8, 0x98fb213f, 0xbf597fc7, 0xbeef0ee4,
  0xc6e00bf3, 0x3da88fc2, 0xd5a79147, 0x930aa725, 0x06ca6351, 0xe003826f, 0x14292967, 0x0a0e6e70,
  0x27b70a85, 0x46d22ffc, 0x2e1b2138, 0x5c26c926, 0x4d2c6dfc, 0x5ac42aed, 0x53380d13, 0x9d95b3df,
  0x650a7354, 0x8baf63de, 0x766a0abb, 0x3c77b2a8, 0x81c2c92e, 0x47edaee6, 0x92722c85, 0x1482353b,
  0xa2bfe8a1, 0x4cf10364, 0xa81a664b, 0xbc423001, 0xc24b8b70, 0xd0f89791, 0xc76c51a3, 0x0654be30,
  0xd192e819, 0xd6ef5218, 0xd6990624, 0x5565a910, 0xf40e3585, 0x5771202a, 0x106aa070, 0x32bbd1b8,
  0x19a4c116, 0xb8d2d0c8, 0x1e376c08, 0x5141ab53, 0x2748774c, 0xdf8eeb99, 0x34b0bcb5, 0xe19b48a8,
  0x391c0cb3, 0xc5c95a63, 0x4ed8aa4a, 0xe3418acb, 0x5b9cca4f, 0x7763e373, 0x682e6ff3, 0xd6b2b8a3,
  0x748f82ee, 0x5defb2fc, 0x78a5636f, 0x43172f60, 0x84c87814, 0xa1f0ab72, 0x8cc70208, 0x1a6439ec,
  0x90befffa, 0x23631e28, 0xa4506ceb, 0xde82bde9, 0xbef9a3f7, 0xb2c67915, 0xc67178f2, 0xe372532b,
  0xca273ece, 0xea26619c, 0xd186b8c7, 0x21c0c207, 0xeada7dd6, 0xcde0eb1e, 0xf57d4f7f, 0xee6ed178,
  0x06f067aa, 0x72176fba, 0x0a637dc5, 0xa2c898a6, 0x113f9804, 0xbef90dae, 0x1b710b35, 0x131c471b,
  0x28db77f5, 0x23047d84, 0x32caab7b, 0x40c72493, 0x3c9ebe0a, 0x15c9bebc, 0x431d67c4, 0x9c100d4c,
  0x4cc5d4be, 0xcb3e42b6, 0x597f299c, 0xfc657e2a, 0x5fcb6fab, 0x3ad6faec, 0x6c44198c, 0x4a475817
]);
const IV = [0x6a09e667, 0xf3bcc908, 0xbb67ae85, 0x84caa73b, 0x3c6ef372, 0xfe94f82b, 0xa54ff53a, 0x5f1d36f1, 0x510e527f, 0xade682d1, 0x9b05688c, 0x2b3e6c1f, 0x1f83d9ab, 0xfb41bd6b, 0x5be0cd19, 0x137e2179];
const wh = new Uint32Array(80), wl = new Uint32Array(80);

const rotateHigh = (h, l, n) => (h >>> n) | (l << (32 - n));
const rotateLow = (h, l, n) => (h << (32 - n)) | (l >>> n);

function compress(state, block) {
  for (let i = 0; i < 16; i++) {
    wh[i] = block[2 * i];
    wl[i] = block[2 * i + 1];
  }
  for (let i = 16; i < 80; i++) {
    const ah = wh[i - 15], al = wl[i - 15], bh = wh[i - 2], bl = wl[i - 2];
    const s0h = rotateHigh(ah, al, 1) ^ rotateHigh(ah, al, 8) ^ (ah >>> 7);
    const s0l = rotateLow(ah, al, 1) ^ rotateLow(ah, al, 8) ^ ((ah << 25) | (al >>> 7));
    const s1h = rotateHigh(bh, bl, 19) ^ rotateHigh(bl, bh, 29) ^ (bh >>> 6);
    const s1l = rotateLow(bh, bl, 19) ^ rotateLow(bl, bh, 29) ^ ((bh << 26) | (bl >>> 6));
    const low = (s0l >>> 0) + (s1l >>> 0) + wl[i - 7] + wl[i - 16];
    wl[i] = low;
    wh[i] = s0h + s1h + wh[i - 7] + wh[i - 16] + Math.floor(low / 4294967296);
  }
  const v = Uint32Array.from(state);
  for (let i = 0; i < 80; i++) {
    const eh = v[8], el = v[9], ah = v[0], al = v[1];
    const s1h = rotateHigh(eh, el, 14) ^ rotateHigh(eh, el, 18) ^ rotateHigh(el, eh, 9);
    const s1l = rotateLow(eh, el, 14) ^ rotateLow(eh, el, 18) ^ rotateLow(el, eh, 9);
    const ch = (eh & v[10]) ^ (~eh & v[12]), cl = (el & v[11]) ^ (~el & v[13]);
    const t1 = (s1l >>> 0) + (cl >>> 0) + v[15] + K[2 * i + 1] + wl[i];
    const t1h = (s1h + ch + v[14] + K[2 * i] + wh[i] + Math.floor(t1 / 4294967296)) >>> 0, t1l = t1 >>> 0;
    const s0h = rotateHigh(ah, al, 28) ^ rotateHigh(al, ah, 2) ^ rotateHigh(al, ah, 7);
    const s0l = rotateLow(ah, al, 28) ^ rotateLow(al, ah, 2) ^ rotateLow(al, ah, 7);
    const mh = (ah & v[2]) ^ (ah & v[4]) ^ (v[2] & v[4]), ml = (al & v[3]) ^ (al & v[5]) ^ (v[3] & v[5]);
    const t2 = (s0l >>> 0) + (ml >>> 0);
    const t2h = (s0h + mh + Math.floor(t2 / 4294967296)) >>> 0, t2l = t2 >>> 0;
    for (let j = 15; j > 1; j--) v[j] = v[j - 2];
    const e = v[9] + t1l;
    v[9] = e;
    v[8] = v[8] + t1h + Math.floor(e / 4294967296);
    const a = t1l + t2l;
    v[1] = a;
    v[0] = t1h + t2h + Math.floor(a / 4294967296);
  }
  for (let i = 0; i < 16; i += 2) {
    const low = state[i + 1] + v[i + 1];
    state[i + 1] = low;
    state[i] = state[i] + v[i] + Math.floor(low / 4294967296);
  }
}

function sha512(bytes) {
  const blocks = ((bytes.length + 16) >> 7) + 1, words = new Uint32Array(32 * blocks);
  for (let i = 0; i < bytes.length; i++) words[i >> 2] |= bytes[i] << (24 - 8 * (i & 3));
  words[bytes.length >> 2] |= 0x80 << (24 - 8 * (bytes.length & 3));
  words[words.length - 1] = 8 * bytes.length;
  const state = Uint32Array.from(IV);
  for (let i = 0; i < blocks; i++) compress(state, words.subarray(32 * i, 32 * i + 32));
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

self.sha512 = sha512;
