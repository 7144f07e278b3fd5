// X11 by the C of sphlib's descendants, around a nonce loop.
#define NONCE_OFFSET 76
#include "kernel.h"

void x11_hash(const char *input, char *output);

// A header of 80 bytes, whatever its length is said to be.
static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  (void)length;
  x11_hash((const char *)bytes, (char *)hash);
}
