// Cuckatoo by buckets: edges are dealt by their ends and trimmed bucket by bucket, as fast solvers do it ("mean mining").
#define NONCE_OFFSET 76
#include "kernel.h"
#include "blake2b.h"

#define BITS 19
#define EDGES (1u << BITS)
#define MASK (EDGES - 1)
#define BUCKETS 128
#define SPLIT 12
#define ROOM 8192
#define ROUNDS 240
#define MOST 4096
#define PROOF 42

static uint64_t key[4];
static uint32_t buckets[BUCKETS][ROOM];
static uint32_t filled[BUCKETS];
static uint64_t met[(1 << SPLIT) / 64];
static uint32_t left[EDGES];
static uint32_t ends[2][MOST];

static inline uint64_t leftward(uint64_t x, unsigned by) { return x << by | x >> (64 - by); }

// SipHash-2-4 over one word, with all of its state as a key.
static inline uint64_t siphash(uint64_t word) {
  uint64_t v0 = key[0], v1 = key[1], v2 = key[2], v3 = key[3] ^ word;
  for (int round = 0; round < 6; round++) {
    if (round == 2) {
      v0 ^= word;
      v2 ^= 0xff;
    }
    v0 += v1;
    v2 += v3;
    v1 = leftward(v1, 13) ^ v0;
    v3 = leftward(v3, 16) ^ v2;
    v0 = leftward(v0, 32) + v3;
    v2 += v1;
    v1 = leftward(v1, 17) ^ v2;
    v3 = leftward(v3, 21) ^ v0;
    v2 = leftward(v2, 32);
  }
  return v0 ^ v1 ^ v2 ^ v3;
}

static inline uint32_t end_of(uint32_t edge, uint32_t side) { return siphash(2 * (uint64_t)edge + side) & MASK; }

// Into the bucket of the end's upper bits: its lower bits and the edge.
static inline void deal(uint32_t edge, uint32_t side) {
  uint32_t end = end_of(edge, side), bucket = end >> SPLIT;
  if (filled[bucket] < ROOM) buckets[bucket][filled[bucket]++] = (end & ((1 << SPLIT) - 1)) << BITS | edge;
}

// Keeps the edges whose end has its other half met in the same bucket; how many there are.
static uint32_t keep(void) {
  uint32_t count = 0;
  for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
    memset(met, 0, sizeof met);
    for (uint32_t i = 0; i < filled[bucket]; i++) {
      uint32_t end = buckets[bucket][i] >> BITS;
      met[end / 64] |= 1ull << end % 64;
    }
    for (uint32_t i = 0; i < filled[bucket]; i++) {
      uint32_t end = buckets[bucket][i] >> BITS ^ 1;
      if (met[end / 64] >> end % 64 & 1) left[count++] = buckets[bucket][i] & MASK;
    }
    filled[bucket] = 0;
  }
  return count;
}

static uint32_t trim(void) {
  for (uint32_t edge = 0; edge < EDGES; edge++) deal(edge, 0);
  uint32_t count = keep();
  for (uint32_t round = 1; round < ROUNDS; round++) {
    for (uint32_t i = 0; i < count; i++) deal(left[i], round % 2);
    count = keep();
  }
  return count < MOST ? count : MOST;
}

// Walks from edge to edge until it is back at the first; whether that took as many steps as a proof has.
static int walk(uint32_t count, uint32_t first, uint32_t proof[PROOF]) {
  uint32_t at = first;
  for (uint32_t step = 0; step < PROOF; step++) {
    uint32_t side = (step + 1) % 2, node = ends[side][at] ^ 1, next = 0;
    proof[step] = left[at];
    while (next < count && (next == at || ends[side][next] != node)) next++;
    if (next == count) return 0;
    at = next;
    if (at == first) return step + 1 == PROOF;
  }
  return 0;
}

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  uint32_t proof[PROOF];
  blake2b(bytes, length, key);
  uint32_t count = trim(), first = 0;
  for (uint32_t i = 0; i < count; i++) {
    ends[0][i] = end_of(left[i], 0);
    ends[1][i] = end_of(left[i], 1);
  }
  memset(hash, 0xff, 32);
  while (first < count && !walk(count, first, proof)) first++;
  if (first == count) return;
  // The first eight edges, ascending.
  for (uint32_t n = 0, last = 0; n < 8; n++) {
    uint32_t least = EDGES;
    for (uint32_t i = 0; i < PROOF; i++)
      if (proof[i] < least && (n == 0 || proof[i] > last)) least = proof[i];
    memcpy(hash + 4 * n, &least, sizeof least);
    last = least;
  }
}
