// Verthash (Vertcoin): hashes of the header choose where a file of 1.2 GB is read, and FNV-1a joins what stands there. The file
// stands in for the real one, which takes half an hour to make: as many words as the constant says, by a generator.
#define NONCE_OFFSET 76
#include "kernel.h"
#include "keccak.h"

#define HASH_BYTES 32
#define PARTS 8
#define PART_BYTES 64
#define WORDS (PARTS * PART_BYTES / 4)
#define TURNED 32
#define SEEKS (WORDS * TURNED)
#define ALIGNMENT 16
#define FILE_BYTES (1 << 20)

static uint32_t file[FILE_BYTES / 4];
static uint32_t seeks[SEEKS];

// Written by who brings the file along: its address.
EXPORT("file") uint32_t *kernel_file(void) { return file; }

static void make_file(void) {
  uint32_t word = 1;
  for (size_t i = 0; i < FILE_BYTES / 4; i++) {
    word = word * 1664525 + 1013904223;
    file[i] = word;
  }
}

static inline uint32_t join(uint32_t a, uint32_t b) { return (a ^ b) * 0x1000193; }

// All places in their order: the hashes of eight headers, then each of their words turned by one bit, 32 times.
static void make_seeks(const uint8_t *bytes, size_t length) {
  uint8_t header[INPUT_BYTES];
  uint32_t words[WORDS];
  memcpy(header, bytes, length);
  for (size_t part = 0; part < PARTS; part++) {
    header[0]++;
    sha3(header, length, (uint8_t *)words + part * PART_BYTES, PART_BYTES);
  }
  for (size_t turned = 0; turned < TURNED; turned++) {
    memcpy(seeks + turned * WORDS, words, sizeof words);
    for (size_t i = 0; i < WORDS; i++) words[i] = words[i] << 1 | words[i] >> 31;
  }
}

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  if (file[0] == 0) make_file();
  uint32_t result[HASH_BYTES / 4];
  sha3(bytes, length, (uint8_t *)result, HASH_BYTES);
  make_seeks(bytes, length);
  uint32_t sum = 0x811c9dc5;
  const uint32_t places = (FILE_BYTES - HASH_BYTES) / ALIGNMENT + 1;
  for (size_t seek = 0; seek < SEEKS; seek++) {
    const uint32_t *read = file + join(seeks[seek], sum) % places * (ALIGNMENT / 4);
    for (size_t i = 0; i < HASH_BYTES / 4; i++) {
      result[i] = join(result[i], read[i]);
      sum = join(sum, read[i]);
    }
  }
  memcpy(hash, result, HASH_BYTES);
}
