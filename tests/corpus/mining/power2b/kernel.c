// power2b: yespower with BLAKE2b in place of SHA-256, with the personalisation of MicroBitcoin's header hash.
#define NONCE_OFFSET 76
#include "kernel.h"
#include "yespower.h"

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  static const char words[] = "Now I am become Death, the destroyer of worlds";
  yespower_params_t parameters = {YESPOWER_1_0, 2048, 32, (const uint8_t *)words, sizeof words - 1};
  yespower_b2b_tls(bytes, length, &parameters, (yespower_binary_t *)hash);
}
