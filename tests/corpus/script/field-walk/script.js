// A walk of no name: each step reads where the last one led to, and writes back. Its state is kept in fields.
class Field {
  constructor() {
    this.cells = new Uint32Array(131072);
    this.a = 0;
    this.b = 0;
    this.c = 0;
  }
  fill(header) {
    let x = 0x1234567;
    for (const byte of header) x = Math.imul(x ^ byte, 0x1000193);
    for (let i = 0; i < this.cells.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      this.cells[i] = x;
    }
    this.a = x;
    this.b = ~x;
    this.c = x + 1;
  }
  step() {
    const i = this.a & 131071;
    this.b = (this.b + this.cells[i]) >>> 0;
    this.b = ((this.b << 11) | (this.b >>> 21)) >>> 0;
    this.c ^= this.b;
    this.cells[i] ^= this.c;
    const j = this.c & 131071;
    this.a = (this.a + this.cells[j]) >>> 0;
    this.a = ((this.a << 6) | (this.a >>> 26)) >>> 0;
    this.cells[j] = (this.cells[j] ^ this.a) + this.b;
    this.a ^= this.b;
  }
  sum(header) {
    this.fill(header);
    for (let turn = 0; turn < 1 << 20; turn++) this.step();
    return (this.a ^ this.b ^ this.c) >>> 0;
  }
}

const field = new Field();
onmessage = (event) => {
  const header = new Uint8Array(event.data.header), view = new DataView(header.buffer);
  for (let nonce = event.data.from; ; nonce++) {
    view.setUint32(39, nonce, true);
    if (field.sum(header) < event.data.target) {
      postMessage(nonce);
      break;
    }
  }
};
