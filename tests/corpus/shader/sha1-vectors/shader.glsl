#version 300 es
// The same once more: the nonce comes from the stage before, and all words are compared at once.
precision highp float;
precision highp int;

uniform uint start;
uniform uint words[10];
uniform uvec4 goal;
flat in uint number;
out vec4 colour;

#define LEFT(x, n) (((x) << (n)) | ((x) >> (32 - (n))))
#define CHOOSE(b, c, d) (((b) & (c)) | (~(b) & (d)))
#define PARITY(b, c, d) ((b) ^ (c) ^ (d))
#define MAJORITY(b, c, d) (((b) & (c)) | ((b) & (d)) | ((c) & (d)))
#define ROUND(f, k) \
    t = LEFT(a, 5) + f(b, c, d) + e + k + w[i & 15]; \
    e = d; d = c; c = LEFT(b, 30); b = a; a = t;

void main() {
    uint nonce = start + number;
    uint w[16];
    for (int i = 0; i < 10; i++) {
        w[i] = words[i];
    }
    for (int i = 10; i < 15; i++) {
        w[i] = 0u;
    }
    w[10] = nonce;
    w[11] = 0x80000000u;
    w[15] = 352u;
    uint a = 0x67452301u, b = 0xefcdab89u, c = 0x98badcfeu, d = 0x10325476u, e = 0xc3d2e1f0u, t;
    for (int i = 0; i < 80; i++) {
        if (i > 15) {
            w[i & 15] = LEFT(w[(i + 13) & 15] ^ w[(i + 8) & 15] ^ w[(i + 2) & 15] ^ w[i & 15], 1);
        }
        if (i < 20) {
            ROUND(CHOOSE, 0x5a827999u)
        } else if (i < 40) {
            ROUND(PARITY, 0x6ed9eba1u)
        } else if (i < 60) {
            ROUND(MAJORITY, 0x8f1bbcdcu)
        } else {
            ROUND(PARITY, 0xca62c1d6u)
        }
    }
    uvec4 h = uvec4(a + 0x67452301u, b + 0xefcdab89u, c + 0x98badcfeu, d + 0x10325476u);
    colour = all(lessThanEqual(h, goal)) ? vec4(1.0) : vec4(0.0);
}
