// Throws dice for a game: xoshiro128**, drawn again where the last faces would come up more often.
class Dice {
  constructor(seed) {
    this.words = new Uint32Array(4);
    for (let i = 0; i < 4; i++) { seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d); this.words[i] = seed ^ i; }
    this.thrown = 0;
  }
  draw() {
    const s = this.words, m = Math.imul(s[1], 5), out = Math.imul((m << 7) | (m >>> 25), 9) >>> 0, t = s[1] << 9;
    s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    this.thrown++;
    return out;
  }
  below(bound) {
    const most = Math.floor(4294967296 / bound) * bound;
    let x;
    do { x = this.draw(); } while (x >= most);
    return x % bound;
  }
}
const dice = new Dice(Date.now());
self.onmessage = ({ data }) => postMessage(Array.from({ length: data.dice }, () => 1 + dice.below(6)));
