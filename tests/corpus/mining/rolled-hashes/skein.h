// Skein-512-256 (version 1.3): three blocks of Threefish for a configuration, a message and an output.
#define WORDS 8
#define ROUNDS 72
#define FIRST (UINT64_C(1) << 62)
#define FINAL (UINT64_C(1) << 63)
#define TYPE(type) (UINT64_C(type) << 56)

static const uint8_t turns[8][4] = {{46, 36, 19, 37}, {33, 27, 14, 42}, {17, 49, 36, 39}, {44, 9, 54, 56},
                                    {39, 30, 34, 24}, {13, 50, 10, 17}, {25, 29, 39, 43}, {8, 35, 56, 22}};
static const uint8_t moves[WORDS] = {2, 1, 4, 7, 6, 5, 0, 3};

static void add_key(uint64_t *state, const uint64_t *key, const uint64_t *tweak, unsigned step) {
  for (unsigned i = 0; i < WORDS; i++) state[i] += key[(step + i) % (WORDS + 1)];
  state[5] += tweak[step % 3];
  state[6] += tweak[(step + 1) % 3];
  state[7] += step;
}

static void threefish(uint64_t *key, const uint64_t *tweak, uint64_t *state) {
  key[WORDS] = UINT64_C(0x1bd11bdaa9fc1a22);
  for (unsigned i = 0; i < WORDS; i++) key[WORDS] ^= key[i];
  for (unsigned round = 0; round < ROUNDS; round++) {
    uint64_t moved[WORDS];
    if (round % 4 == 0) add_key(state, key, tweak, round / 4);
    for (unsigned pair = 0; pair < WORDS; pair += 2) {
      state[pair] += state[pair + 1];
      state[pair + 1] = right(state[pair + 1], 64 - turns[round % 8][pair / 2]) ^ state[pair];
    }
    for (unsigned i = 0; i < WORDS; i++) moved[i] = state[moves[i]];
    memcpy(state, moved, sizeof moved);
  }
  add_key(state, key, tweak, ROUNDS / 4);
}

static void chain(uint64_t *key, const uint8_t *block, uint64_t bytes, uint64_t flags) {
  uint64_t words[WORDS], state[WORDS];
  uint64_t tweak[3] = {bytes, flags, bytes ^ flags};
  memcpy(words, block, sizeof words);
  memcpy(state, block, sizeof state);
  threefish(key, tweak, state);
  for (unsigned i = 0; i < WORDS; i++) key[i] = state[i] ^ words[i];
}

static void digest(const uint8_t *bytes, size_t length, uint8_t *hash) {
  uint64_t key[WORDS + 1] = {0};
  uint8_t block[64] = {'S', 'H', 'A', '3', 1, 0, 0, 0, 0, 1};
  uint64_t first = FIRST;
  size_t taken = 0;
  chain(key, block, 32, TYPE(4) | FIRST | FINAL);
  do {
    size_t more = length - taken < sizeof block ? length - taken : sizeof block;
    memset(block, 0, sizeof block);
    memcpy(block, bytes + taken, more);
    taken += more;
    chain(key, block, taken, TYPE(48) | first | (taken < length ? 0 : FINAL));
    first = 0;
  } while (taken < length);
  memset(block, 0, sizeof block);
  chain(key, block, 8, TYPE(63) | FIRST | FINAL);
  memcpy(hash, key, 32);
}
