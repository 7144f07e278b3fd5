// What RandomX's second version changes (its design_v2.md; specs.md 4.6.2 and 5.4.1), over the first one's interpreter:
// programs of 384 instructions, F and E mixed by AES in place of exclusive-or, a rounding mode that changes at one
// CFROUND in sixteen, and a dataset that is looked up two turns ahead.
#include "soft_aes.h"
#include "dataset.hpp"
#include "vm_interpreted.hpp"

static inline void round_seldom(randomx::InstructionByteCode &code) {
  uint64_t mode = rotr(*code.isrc, code.imm);
  if ((mode & 60) == 0) rx_set_rounding_mode(mode % 4);
}

// The handler of one instruction is another one here; all others stay.
#define exe_CFROUND(code, counter, scratchpad, config) round_seldom(code)
#include "bytecode_machine.cpp"
#undef exe_CFROUND

namespace randomx {

static inline rx_vec_i128 words(rx_vec_f128 x) {
  rx_vec_i128 y;
  memcpy(&y, &x, sizeof y);
  return y;
}

// Each register of F goes through four AES rounds keyed by E; every second one backwards.
static inline void mix(rx_vec_f128 *f, const rx_vec_f128 *e) {
  for (unsigned i = 0; i < RegisterCountFlt; ++i) {
    rx_vec_i128 state = words(f[i]);
    for (unsigned round = 0; round < RegisterCountFlt; ++round)
      state = i % 2 == 0 ? soft_aesenc(state, words(e[round])) : soft_aesdec(state, words(e[round]));
    memcpy(&f[i], &state, sizeof state);
  }
}

template <class Allocator, bool softAes>
void InterpretedVm<Allocator, softAes>::setDataset(randomx_dataset *dataset) {
  datasetPtr = dataset;
  mem.memory = dataset->memory;
}

template <class Allocator, bool softAes>
void InterpretedVm<Allocator, softAes>::run(void *seed) {
  VmBase<Allocator, softAes>::generateProgram(seed);
  randomx_vm::initialize();
  execute();
}

template <class Allocator, bool softAes>
void InterpretedVm<Allocator, softAes>::execute() {
  NativeRegisterFile file;
  for (unsigned i = 0; i < RegisterCountFlt; ++i) file.a[i] = rx_load_vec_f128(&reg.a[i].lo);
  compileProgram(program, bytecode, file);
  uint32_t line0 = mem.mx, line1 = mem.ma;
  for (unsigned turn = 0; turn < RANDOMX_PROGRAM_ITERATIONS; ++turn) {
    uint64_t both = file.r[config.readReg0] ^ file.r[config.readReg1];
    line0 = (line0 ^ (uint32_t)both) & ScratchpadL3Mask64;
    line1 = (line1 ^ (uint32_t)(both >> 32)) & ScratchpadL3Mask64;
    for (unsigned i = 0; i < RegistersCount; ++i) file.r[i] ^= load64(scratchpad + line0 + 8 * i);
    for (unsigned i = 0; i < RegisterCountFlt; ++i) {
      file.f[i] = rx_cvt_packed_int_vec_f128(scratchpad + line1 + 8 * i);
      rx_vec_f128 second = rx_cvt_packed_int_vec_f128(scratchpad + line1 + 8 * (RegisterCountFlt + i));
      file.e[i] = maskRegisterExponentMantissa(config, second);
    }
    executeBytecode(bytecode, scratchpad, config);
    uint64_t item = datasetOffset + (mem.ma & CacheLineAlignMask);
    mem.ma ^= file.r[config.readReg2] ^ file.r[config.readReg3];
    datasetPrefetch(datasetOffset + (mem.ma & CacheLineAlignMask));
    datasetRead(item, file.r);
    std::swap(mem.mx, mem.ma);
    for (unsigned i = 0; i < RegistersCount; ++i) store64(scratchpad + line1 + 8 * i, file.r[i]);
    mix(file.f, file.e);
    for (unsigned i = 0; i < RegisterCountFlt; ++i) rx_store_vec_f128((double *)(scratchpad + line0 + 16 * i), file.f[i]);
    line0 = line1 = 0;
  }
  for (unsigned i = 0; i < RegistersCount; ++i) store64(&reg.r[i], file.r[i]);
  for (unsigned i = 0; i < RegisterCountFlt; ++i) {
    rx_store_vec_f128(&reg.f[i].lo, file.f[i]);
    rx_store_vec_f128(&reg.e[i].lo, file.e[i]);
  }
}

template <class Allocator, bool softAes>
void InterpretedVm<Allocator, softAes>::datasetRead(uint64_t address, int_reg_t (&r)[RegistersCount]) {
  for (unsigned i = 0; i < RegistersCount; ++i) r[i] ^= load64(mem.memory + address + 8 * i);
}

template <class Allocator, bool softAes>
void InterpretedVm<Allocator, softAes>::datasetPrefetch(uint64_t address) {
  rx_prefetch_nta(mem.memory + address);
}

template class InterpretedVm<AlignedAllocator<CacheLineSize>, false>;
template class InterpretedVm<AlignedAllocator<CacheLineSize>, true>;
template class InterpretedVm<LargePageAllocator, false>;
template class InterpretedVm<LargePageAllocator, true>;

}
