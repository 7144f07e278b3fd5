// yespower 1.0 (N 2048, r 32) or, with -DTIDE, the same with r 8, around a nonce loop.
#define NONCE_OFFSET 76
#include "kernel.h"
#include "yespower.h"

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
#ifdef TIDE
  yespower_params_t parameters = {YESPOWER_1_0, 2048, 8, NULL, 0};
#else
  yespower_params_t parameters = {YESPOWER_1_0, 2048, 32, NULL, 0};
#endif
  yespower_tls(bytes, length, &parameters, (yespower_binary_t *)hash);
}
