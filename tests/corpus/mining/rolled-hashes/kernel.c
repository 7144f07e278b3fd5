// Hashes written as loops over their steps: each step takes its words, and how far it turns them, from tables.
#define NONCE_OFFSET 76
#include "kernel.h"

static inline uint64_t right(uint64_t x, unsigned by) { return x >> by | x << (64 - by); }

#if defined(SKEIN)
#include "skein.h"
#elif defined(BLAKE2B)
#include "blake2b.h"
#else
#include "keccak.h"
#endif
