// SHA-256 twice by a library of general use, and the whole hash compared with a whole target, as a node checks it.
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "sha256.h"

#define HEADER 80
#define NONCE_OFFSET 76
#define EXPORT(name) __attribute__((export_name(name)))

static uint8_t header[HEADER];
static uint8_t output[32];
static uint8_t target[32];

EXPORT("input") uint8_t *kernel_input(void) { return header; }

EXPORT("output") uint8_t *kernel_output(void) { return output; }

EXPORT("target") uint8_t *kernel_target(void) { return target; }

static void digest(uint8_t *hash) {
  struct sha256 state;
  sha256_init(&state);
  sha256_update(&state, header, HEADER);
  sha256_final(&state, hash);
  sha256_init(&state);
  sha256_update(&state, hash, 32);
  sha256_final(&state, hash);
}

#if defined(BY_BYTES)
static int is_share(const uint8_t *hash) {
  for (int at = 31; at >= 0; at--) {
    if (hash[at] < target[at]) return 1;
    if (hash[at] > target[at]) return 0;
  }
  return 1;
}
#elif defined(BY_WORDS)
static int is_share(const uint8_t *bytes) {
  const uint32_t *hash = (const uint32_t *)bytes, *most = (const uint32_t *)target;
  for (int at = 7; at >= 0; at--) {
    if (hash[at] > most[at]) return 0;
    if (hash[at] < most[at]) return 1;
  }
  return 1;
}
#elif defined(BY_LIBRARY)
static int is_share(const uint8_t *hash) {
  uint8_t turned[32];
  for (int at = 0; at < 32; at++) turned[at] = hash[31 - at];
  return memcmp(turned, target, 32) <= 0;
}
#else
static int is_share(const uint8_t *hash) {
  unsigned __int128 upper, lower, most, least;
  memcpy(&upper, hash + 16, 16);
  memcpy(&lower, hash, 16);
  memcpy(&most, target + 16, 16);
  memcpy(&least, target, 16);
  return upper < most || (upper == most && lower <= least);
}
#endif

EXPORT("hash") void kernel_hash(size_t length) {
  (void)length;
  digest(output);
}

// Tries `count` nonces from `first` on; how many were tried before a share, or -1.
EXPORT("scan") int32_t kernel_scan(uint32_t first, uint32_t count) {
  _Alignas(16) uint8_t hash[32];
  for (uint32_t index = 0; index < count; index++) {
    uint32_t nonce = first + index;
    memcpy(header + NONCE_OFFSET, &nonce, sizeof nonce);
    digest(hash);
    if (is_share(hash)) {
      memcpy(output, hash, sizeof output);
      return (int32_t)index;
    }
  }
  return -1;
}
