// SHA-1 of a text and a number, until it is the hash that was asked for: the work of Duino-Coin.
function rotate(x, n) {
  return (x << n) | (x >>> (32 - n));
}

function sha1(text) {
  const length = text.length, words = [];
  for (let i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
  words[length >> 2] |= 0x80 << (24 - (length & 3) * 8);
  const blocks = ((length + 8) >> 6) + 1;
  words[blocks * 16 - 1] = length * 8;
  let h0 = 1732584193, h1 = -271733879, h2 = -1732584194, h3 = 271733878, h4 = -1009589776;
  const w = [];
  for (let block = 0; block < blocks * 16; block += 16) {
    let a = h0, b = h1, c = h2, d = h3, e = h4;
    for (let i = 0; i < 80; i++) {
      w[i] = i < 16 ? words[block + i] | 0 : rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
      let f, k;
      if (i < 20) { f = (b & c) | (~b & d); k = 1518500249; }
      else if (i < 40) { f = b ^ c ^ d; k = 1859775393; }
      else if (i < 60) { f = (b & c) | (b & d) | (c & d); k = -1894007588; }
      else { f = b ^ c ^ d; k = -899497514; }
      const t = (rotate(a, 5) + f + e + k + w[i]) | 0;
      e = d; d = c; c = rotate(b, 30); b = a; a = t;
    }
    h0 = (h0 + a) | 0; h1 = (h1 + b) | 0; h2 = (h2 + c) | 0; h3 = (h3 + d) | 0; h4 = (h4 + e) | 0;
  }
  return [h0, h1, h2, h3, h4].map((h) => (h >>> 0).toString(16).padStart(8, '0')).join('');
}

self.onmessage = ({ data }) => {
  const [last, expected, difficulty] = data;
  for (let number = 0; number <= 100 * difficulty; number++) {
    if (sha1(last + number) === expected) {
      self.postMessage(number);
      break;
    }
  }
};
