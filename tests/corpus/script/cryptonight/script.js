// CryptoNight's main loop as compilers left it in asm.js: a heap, words of 32 bits, and a search over a blob's nonce.
function Kernel(stdlib, foreign, heap) {
  'use asm';
  var I32 = new stdlib.Int32Array(heap);
  var U8 = new stdlib.Uint8Array(heap);
  var imul = stdlib.Math.imul;
  var hash = foreign.hash;
  var high = 0;

  // The product of two words: the lower half is given back, the upper left behind.
  function product(a, b) {
    a = a | 0;
    b = b | 0;
    var al = 0, ah = 0, bl = 0, bh = 0, low = 0, mid = 0;
    al = a & 65535; ah = a >>> 16; bl = b & 65535; bh = b >>> 16;
    low = imul(al, bl) | 0;
    mid = (imul(ah, bl) | 0) + (low >>> 16) | 0;
    low = (imul(al, bh) | 0) + (mid & 65535) | 0;
    high = (imul(ah, bh) | 0) + (mid >>> 16) + (low >>> 16) | 0;
    return low << 16 | imul(al, bl) & 65535 | 0;
  }

  // One round of AES on four words, by tables.
  function round(at, k0, k1, k2, k3, to) {
    at = at | 0; k0 = k0 | 0; k1 = k1 | 0; k2 = k2 | 0; k3 = k3 | 0; to = to | 0;
    var a = 0, b = 0, c = 0, d = 0;
    a = I32[at >> 2] | 0; b = I32[at + 4 >> 2] | 0; c = I32[at + 8 >> 2] | 0; d = I32[at + 12 >> 2] | 0;
    I32[to >> 2] = k0 ^ I32[4096 + ((a & 255) << 2) >> 2] ^ I32[5120 + ((b >>> 8 & 255) << 2) >> 2] ^ I32[6144 + ((c >>> 16 & 255) << 2) >> 2] ^ I32[7168 + (d >>> 24 << 2) >> 2];
    I32[to + 4 >> 2] = k1 ^ I32[4096 + ((b & 255) << 2) >> 2] ^ I32[5120 + ((c >>> 8 & 255) << 2) >> 2] ^ I32[6144 + ((d >>> 16 & 255) << 2) >> 2] ^ I32[7168 + (a >>> 24 << 2) >> 2];
    I32[to + 8 >> 2] = k2 ^ I32[4096 + ((c & 255) << 2) >> 2] ^ I32[5120 + ((d >>> 8 & 255) << 2) >> 2] ^ I32[6144 + ((a >>> 16 & 255) << 2) >> 2] ^ I32[7168 + (b >>> 24 << 2) >> 2];
    I32[to + 12 >> 2] = k3 ^ I32[4096 + ((d & 255) << 2) >> 2] ^ I32[5120 + ((a >>> 8 & 255) << 2) >> 2] ^ I32[6144 + ((b >>> 16 & 255) << 2) >> 2] ^ I32[7168 + (c >>> 24 << 2) >> 2];
  }

  function walk(state, pad) {
    state = state | 0;
    pad = pad | 0;
    var a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0, i = 0, p = 0, low = 0, carry = 0, next = 0;
    a0 = I32[state >> 2] ^ I32[state + 32 >> 2]; a1 = I32[state + 4 >> 2] ^ I32[state + 36 >> 2];
    a2 = I32[state + 8 >> 2] ^ I32[state + 40 >> 2]; a3 = I32[state + 12 >> 2] ^ I32[state + 44 >> 2];
    b0 = I32[state + 16 >> 2] ^ I32[state + 48 >> 2]; b1 = I32[state + 20 >> 2] ^ I32[state + 52 >> 2];
    b2 = I32[state + 24 >> 2] ^ I32[state + 56 >> 2]; b3 = I32[state + 28 >> 2] ^ I32[state + 60 >> 2];
    for (i = 0; (i | 0) < 524288; i = i + 1 | 0) {
      p = pad + (a0 & 2097136) | 0;
      round(p, a0, a1, a2, a3, state + 64 | 0);
      I32[p >> 2] = b0 ^ I32[state + 64 >> 2];
      I32[p + 4 >> 2] = b1 ^ I32[state + 68 >> 2];
      I32[p + 8 >> 2] = b2 ^ I32[state + 72 >> 2];
      I32[p + 12 >> 2] = b3 ^ I32[state + 76 >> 2];
      b0 = I32[state + 64 >> 2] | 0; b1 = I32[state + 68 >> 2] | 0; b2 = I32[state + 72 >> 2] | 0; b3 = I32[state + 76 >> 2] | 0;
      p = pad + (b0 & 2097136) | 0;
      low = product(b0, I32[p >> 2] | 0) | 0;
      carry = high;
      next = (product(b0, I32[p + 4 >> 2] | 0) | 0) + carry | 0;
      carry = high + ((next >>> 0) < (carry >>> 0) ? 1 : 0) | 0;
      a2 = a2 + low | 0;
      a3 = a3 + next + ((a2 >>> 0) < (low >>> 0) ? 1 : 0) | 0;
      next = (product(b1, I32[p + 4 >> 2] | 0) | 0) + carry | 0;
      a0 = a0 + next | 0;
      a1 = a1 + high + ((a0 >>> 0) < (next >>> 0) ? 1 : 0) | 0;
      low = I32[p >> 2] | 0; I32[p >> 2] = a0; a0 = a0 ^ low;
      low = I32[p + 4 >> 2] | 0; I32[p + 4 >> 2] = a1; a1 = a1 ^ low;
      low = I32[p + 8 >> 2] | 0; I32[p + 8 >> 2] = a2; a2 = a2 ^ low;
      low = I32[p + 12 >> 2] | 0; I32[p + 12 >> 2] = a3; a3 = a3 ^ low;
    }
  }

  function search(blob, state, pad, from, count, target) {
    blob = blob | 0; state = state | 0; pad = pad | 0; from = from | 0; count = count | 0; target = target | 0;
    var nonce = 0;
    for (nonce = from; (nonce | 0) < (from + count | 0); nonce = nonce + 1 | 0) {
      I32[blob + 40 >> 2] = nonce;
      hash(blob | 0, state | 0);
      walk(state, pad);
      hash(state | 0, state | 0);
      if ((I32[state + 28 >> 2] >>> 0) < (target >>> 0)) return nonce | 0;
    }
    return -1;
  }

  return { search: search, walk: walk };
}
