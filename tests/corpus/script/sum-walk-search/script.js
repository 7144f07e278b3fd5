// A search over a walk by sums, rotations and few exclusive-ors, of a hash that nobody has named.
const SIZE = 1 << 18, MASK = SIZE - 1;
const pad = new Uint32Array(SIZE);
function seed(buf) { let a = 0x9e3779b9; for (let i = 0; i < buf.length; i++) { a = Math.imul(a ^ buf[i], 0x85ebca6b); a ^= a >>> 13; } for (let i = 0; i < SIZE; i++) { a = (a + 0x6d2b79f5) | 0; a ^= a << 13; a ^= a >>> 17; a ^= a << 5; pad[i] = a; } return a; }
function walk(buf) {
  let a = seed(buf), b = a ^ 0x5bd1e995, c = 1, d = 2;
  for (let i = 0; i < 262144; i++) {
    const j = a & MASK; let x = pad[j];
    b = (b + x) | 0; b = (b << 7) | (b >>> 25); c ^= b;
    const k = c & MASK; let y = pad[k];
    d = (d + y) | 0; d = (d << 13) | (d >>> 19); a ^= d;
    pad[j] = x ^ d; pad[k] = y + b ^ c;
    a = (a + c) | 0; a = (a << 9) | (a >>> 23);
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}
onmessage = (e) => {
  const buf = new Uint8Array(e.data.b), v = new DataView(buf.buffer), t = e.data.t;
  for (let n = e.data.s; ; n++) {
    v.setUint32(39, n, true);
    const h = walk(buf);
    if (h[3] < t) { postMessage(n); break; }
  }
};
