// RandomX in light mode (a cache of 256 MiB, no dataset) by the interpreter, around a nonce loop.
#define NONCE_OFFSET 39
#include "kernel.h"
#include "randomx.h"
#include "rounding.hpp"

// The key of the reference's own tests.
#ifndef KEY
#define KEY "test key 000"
#endif

extern "C" {
int rounding_mode = FE_TONEAREST;
int rounding_set(int mode) {
  rounding_mode = mode;
  return 0;
}
// Nothing is caught, so that throwing ends the module.
void *__cxa_allocate_exception(size_t) { __builtin_trap(); }
void __cxa_throw(void *, void *, void *) { __builtin_trap(); }
// Large pages are asked for nowhere.
void *allocMemoryPages(size_t) { return nullptr; }
void *allocLargePagesMemory(size_t) { return nullptr; }
void freePagedMemory(void *, size_t) {}
}

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  static randomx_vm *machine = nullptr;
  if (machine == nullptr) {
    static const char key[] = KEY;
    randomx_cache *cache = randomx_alloc_cache(RANDOMX_FLAG_DEFAULT);
    randomx_init_cache(cache, key, sizeof key - 1);
    machine = randomx_create_vm(RANDOMX_FLAG_DEFAULT, cache, nullptr);
  }
  randomx_calculate_hash(machine, bytes, length, hash);
}
