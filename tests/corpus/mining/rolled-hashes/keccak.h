// Keccak-256, its lanes turned and moved in a loop, its round constants computed (FIPS 202, 3.2.5).
#define RATE 136

static const uint8_t turns[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
static const uint8_t moves[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
static uint64_t constants[24];

__attribute__((constructor)) static void make_constants(void) {
  unsigned bits = 1;
  for (unsigned round = 0; round < 24; round++) {
    for (unsigned j = 0; j < 7; j++) {
      if (bits & 1) constants[round] |= UINT64_C(1) << ((1u << j) - 1);
      bits <<= 1;
      if (bits & 0x100) bits ^= 0x171;
    }
  }
}

static void permute(uint64_t *a) {
  for (unsigned round = 0; round < 24; round++) {
    uint64_t sums[5], moved = a[1];
    for (unsigned x = 0; x < 5; x++) sums[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (unsigned i = 0; i < 25; i++) a[i] ^= sums[(i + 4) % 5] ^ right(sums[(i + 1) % 5], 63);
    moved = a[1];
    for (unsigned i = 0; i < 24; i++) {
      uint64_t turned = right(moved, 64 - turns[i]);
      moved = a[moves[i]];
      a[moves[i]] = turned;
    }
    for (unsigned y = 0; y < 25; y += 5) {
      uint64_t row[5];
      memcpy(row, a + y, sizeof row);
      for (unsigned x = 0; x < 5; x++) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    a[0] ^= constants[round];
  }
}

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  uint64_t a[25] = {0}, words[RATE / 8];
  uint8_t block[RATE] = {0};
  for (; length >= RATE; bytes += RATE, length -= RATE) {
    memcpy(words, bytes, RATE);
    for (unsigned i = 0; i < RATE / 8; i++) a[i] ^= words[i];
    permute(a);
  }
  memcpy(block, bytes, length);
  block[length] ^= 1;
  block[RATE - 1] ^= 0x80;
  memcpy(words, block, RATE);
  for (unsigned i = 0; i < RATE / 8; i++) a[i] ^= words[i];
  permute(a);
  memcpy(hash, a, 32);
}
