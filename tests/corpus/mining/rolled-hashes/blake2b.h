// BLAKE2b (RFC 7693), its eight mixings a loop, and the four steps of each.
static const uint64_t initial[8] = {UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b),
                                    UINT64_C(0xa54ff53a5f1d36f1), UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
                                    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179)};
static const uint8_t order[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};
static const uint8_t lanes[8][4] = {{0, 4, 8, 12}, {1, 5, 9, 13}, {2, 6, 10, 14}, {3, 7, 11, 15},
                                    {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13}, {3, 4, 9, 14}};
static const uint8_t turns[4] = {32, 24, 16, 63};

static void compress(uint64_t *state, const uint8_t *block, uint64_t taken, uint64_t last) {
  uint64_t v[16], words[16];
  memcpy(v, state, 64);
  memcpy(v + 8, initial, 64);
  memcpy(words, block, sizeof words);
  v[12] ^= taken;
  v[14] ^= last;
  for (unsigned round = 0; round < 12; round++) {
    for (unsigned mix = 0; mix < 8; mix++) {
      const uint8_t *lane = lanes[mix];
      for (unsigned step = 0; step < 4; step++) {
        unsigned to = step & 1 ? 2 : 0, with = step & 1 ? 3 : 1, turned = step & 1 ? 1 : 3;
        v[lane[to]] += v[lane[with]];
        if (!(step & 1)) v[lane[to]] += words[order[round % 10][2 * mix + step / 2]];
        v[lane[turned]] = right(v[lane[turned]] ^ v[lane[to]], turns[step]);
      }
    }
  }
  for (unsigned i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
}

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  uint64_t state[8];
  uint8_t block[128];
  size_t taken = 0;
  memcpy(state, initial, sizeof state);
  state[0] ^= 0x01010020;
  for (; length - taken > sizeof block; taken += sizeof block) compress(state, bytes + taken, taken + sizeof block, 0);
  memset(block, 0, sizeof block);
  memcpy(block, bytes + taken, length - taken);
  compress(state, block, length, ~UINT64_C(0));
  memcpy(hash, state, 32);
}
