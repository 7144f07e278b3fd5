// SHA-3 of a short message (FIPS 202).
#pragma once
#include <stdint.h>
#include <stddef.h>
#include <string.h>

static const uint64_t ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// By how much each lane turns, and where it goes, along the cycle of pi.
static const uint8_t TURNS[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
static const uint8_t PLACES[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};

static inline uint64_t turn(uint64_t lane, unsigned by) { return lane << by | lane >> (64 - by); }

static void permute(uint64_t a[25]) {
  for (int round = 0; round < 24; round++) {
    uint64_t column[5];
    for (int x = 0; x < 5; x++) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int i = 0; i < 25; i++) a[i] ^= column[(i + 4) % 5] ^ turn(column[(i + 1) % 5], 1);
    uint64_t moved = a[1];
    for (int i = 0; i < 24; i++) {
      uint64_t next = a[PLACES[i]];
      a[PLACES[i]] = turn(moved, TURNS[i]);
      moved = next;
    }
    for (int row = 0; row < 25; row += 5) {
      uint64_t old[5];
      memcpy(old, a + row, sizeof old);
      for (int x = 0; x < 5; x++) a[row + x] = old[x] ^ (~old[(x + 1) % 5] & old[(x + 2) % 5]);
    }
    a[0] ^= ROUND_CONSTANTS[round];
  }
}

// `size` bytes of SHA-3 with as many bits; a message of several blocks where the rate asks for it.
static void sha3(const uint8_t *message, size_t length, uint8_t *hash, size_t size) {
  uint64_t state[25] = {0};
  uint8_t *bytes = (uint8_t *)state;
  size_t rate = 200 - 2 * size, at = 0;
  for (size_t i = 0; i < length; i++) {
    bytes[at++] ^= message[i];
    if (at == rate) {
      permute(state);
      at = 0;
    }
  }
  bytes[at] ^= 6;
  bytes[rate - 1] ^= 0x80;
  permute(state);
  memcpy(hash, bytes, size);
}
