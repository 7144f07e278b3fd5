// BLAKE2b with 32 bytes of output of a message of at most one block (RFC 7693).
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const uint64_t FIRST[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

static const uint8_t ORDER[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static inline uint64_t right(uint64_t x, unsigned by) { return x >> by | x << (64 - by); }

static inline void mix(uint64_t *v, int a, int b, int c, int d, uint64_t x, uint64_t y) {
  v[a] += v[b] + x;
  v[d] = right(v[d] ^ v[a], 32);
  v[c] += v[d];
  v[b] = right(v[b] ^ v[c], 24);
  v[a] += v[b] + y;
  v[d] = right(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = right(v[b] ^ v[c], 63);
}

static void blake2b(const uint8_t *message, size_t length, uint64_t hash[4]) {
  uint64_t m[16] = {0}, h[8], v[16];
  memcpy(m, message, length < sizeof m ? length : sizeof m);
  memcpy(h, FIRST, sizeof h);
  h[0] ^= 0x01010020;
  memcpy(v, h, sizeof h);
  memcpy(v + 8, FIRST, sizeof FIRST);
  v[12] ^= length;
  v[14] = ~v[14];
  for (int round = 0; round < 12; round++) {
    const uint8_t *s = ORDER[round % 10];
    mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
    mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
    mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
    mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
    mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
    mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
    mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
    mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
  }
  for (int i = 0; i < 4; i++) hash[i] = h[i] ^ v[i] ^ v[i + 8];
}
