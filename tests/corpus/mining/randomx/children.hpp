// The sizes in which RandomX's children differ, by name: over the reference's own configuration, before anything reads it.
#pragma once
#include "configuration.h"

#if defined(CHILD_V2)
#undef RANDOMX_PROGRAM_SIZE
#define RANDOMX_PROGRAM_SIZE 384
#elif defined(CHILD_GRAFT)
#undef RANDOMX_ARGON_LANES
#undef RANDOMX_ARGON_SALT
#undef RANDOMX_PROGRAM_SIZE
#undef RANDOMX_FREQ_IROR_R
#undef RANDOMX_FREQ_IROL_R
#define RANDOMX_ARGON_LANES 2
#define RANDOMX_ARGON_SALT "RandomX-Graft\x01"
#define RANDOMX_PROGRAM_SIZE 280
#define RANDOMX_FREQ_IROR_R 7
#define RANDOMX_FREQ_IROL_R 3
#endif
