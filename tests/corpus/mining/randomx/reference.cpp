// The reference's C++ as one unit, as many builds have it: its headers are read once in place of fifteen times.
#include "aes_hash.cpp"
#include "allocator.cpp"
#include "blake2_generator.cpp"
#include "cpu.cpp"
#include "dataset.cpp"
#include "instruction.cpp"
#include "instructions_portable.cpp"
#include "randomx.cpp"
#include "soft_aes.cpp"
#include "superscalar.cpp"
#include "virtual_machine.cpp"
#include "vm_compiled.cpp"
#include "vm_compiled_light.cpp"
#include "vm_interpreted_light.cpp"
#ifdef CHILD_V2
#include "second.cpp"
#else
#include "bytecode_machine.cpp"
#include "vm_interpreted.cpp"
#endif
