// Numbers, drawn by a generator whose state is private.
export class Numbers {
  #a; #b; #c; #d;
  constructor(a, b, c, d) {
    this.#a = a | 0; this.#b = b | 0; this.#c = c | 0; this.#d = d | 0;
    for (let i = 0; i < 15; i++) this.next();
  }
  next() {
    const sum = (this.#a + this.#b | 0) + this.#d | 0;
    this.#d = this.#d + 1 | 0;
    this.#a = this.#b ^ this.#b >>> 9;
    this.#b = this.#c + (this.#c << 3) | 0;
    this.#c = this.#c << 21 | this.#c >>> 11;
    this.#c = this.#c + sum | 0;
    return sum >>> 0;
  }
  below(bound) {
    for (;;) {
      const number = this.next(), left = number % bound;
      if (number - left + bound - 1 < 4294967296) return left;
    }
  }
  fill(list) {
    for (let i = 0; i < list.length; i++) list[i] = this.below(100);
  }
}

// A coder that finds what stood there before by a hash that rolls.
export class Coder {
  constructor() {
    this.heads = new Int32Array(65536).fill(-1);
    this.links = new Int32Array(32768);
    this.key = 0;
  }
  roll(bytes, at) {
    this.key = (this.key << 5 ^ bytes[at + 2]) & 65535;
    return this.key;
  }
  code(bytes) {
    const out = [];
    this.key = bytes[0] << 5 ^ bytes[1];
    for (let at = 0; at + 2 < bytes.length; at++) {
      let from = this.heads[this.roll(bytes, at)], best = 0, place = 0;
      for (let tries = 0; from >= 0 && tries < 64; tries++) {
        let length = 0;
        while (bytes[from + length] === bytes[at + length] && length < 258) length++;
        if (length > best) { best = length; place = from; }
        from = this.links[from & 32767];
      }
      this.links[at & 32767] = this.heads[this.key];
      this.heads[this.key] = at;
      out.push(best > 2 ? [at - place, best] : bytes[at]);
    }
    return out;
  }
}

// A table of positions, each with a key of two words that a move changes.
export class Positions {
  constructor() {
    this.keys = new Uint32Array(1536);
    this.low = 0;
    this.high = 0;
    new Numbers(1, 2, 3, 4).fill(this.keys);
    this.table = new Uint32Array(1 << 20);
  }
  move(piece, square) {
    const at = (piece * 64 + square) * 2;
    this.low ^= this.keys[at];
    this.high ^= this.keys[at + 1];
  }
  look(depth, value) {
    const at = (this.low & 0x3ffff) * 4;
    if (this.table[at] === this.high && this.table[at + 1] >= depth) return this.table[at + 2];
    this.table[at] = this.high;
    this.table[at + 1] = depth;
    this.table[at + 2] = value;
    return value;
  }
}
