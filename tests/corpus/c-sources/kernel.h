// The exports of a miner's module, for kernels in C and C++. A kernel defines `digest` and includes this once.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INPUT_BYTES 256
#define EXPORT(name) __attribute__((export_name(name)))

#ifdef __cplusplus
extern "C" {
#endif

// The hash of `length` bytes, 32 bytes long.
static void digest(const uint8_t *bytes, size_t length, uint8_t *hash);

static uint8_t input_buffer[INPUT_BYTES];
static uint8_t output_buffer[32];

EXPORT("input") uint8_t *kernel_input(void) { return input_buffer; }

EXPORT("output") uint8_t *kernel_output(void) { return output_buffer; }

EXPORT("hash") void kernel_hash(size_t length) {
  digest(input_buffer, length < INPUT_BYTES ? length : INPUT_BYTES, output_buffer);
}

// Tries `count` nonces from `first` on; how many were tried before one whose hash is below `target`, or -1.
EXPORT("scan") int32_t kernel_scan(size_t length, uint32_t first, uint32_t count, uint64_t target) {
  for (uint32_t index = 0; index < count; index++) {
    uint32_t nonce = first + index;
    uint64_t last;
    memcpy(input_buffer + NONCE_OFFSET, &nonce, sizeof nonce);
    kernel_hash(length);
    memcpy(&last, output_buffer + 24, sizeof last);
    if (last < target) return (int32_t)index;
  }
  return -1;
}

#ifdef __cplusplus
}
#endif
