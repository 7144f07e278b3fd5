// BLAKE3 by its team's C, around a nonce loop.
#define NONCE_OFFSET 140
#include "kernel.h"
#include "blake3.h"

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  blake3_hasher hasher;
  blake3_hasher_init(&hasher);
  blake3_hasher_update(&hasher, bytes, length);
  blake3_hasher_finalize(&hasher, hash, BLAKE3_OUT_LEN);
}
