// Ways to hide a module without changing what it does: padding, and a switch that makes it lawful for an instant.

const HEADER_BYTES = 8;
const CUSTOM = 0;
const FUNCTION_SECTION = 3;
const CODE_SECTION = 10;

interface Section {
  readonly id: number;
  readonly body: Buffer;
}

/** Unsigned LEB128; with `width`, padded to that many bytes, which decoders must accept up to five. */
function leb(value: number, width = 1): Buffer {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length < width; rest = Math.floor(rest / 128)) bytes.push(rest % 128);
  return Buffer.from(bytes.map((byte, i) => (i + 1 < bytes.length ? byte + 128 : byte)));
}

function readLeb(bytes: Uint8Array, start: number): [value: number, next: number] {
  let value = 0;
  for (let at = start, unit = 1; ; at += 1, unit *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * unit;
    if (byte < 128) return [value, at + 1];
  }
}

function sections(module: Uint8Array): Section[] {
  const all: Section[] = [];
  for (let at = HEADER_BYTES; at < module.length; ) {
    const id = module[at] ?? 0;
    const [length, start] = readLeb(module, at + 1);
    all.push({ id, body: Buffer.from(module.subarray(start, start + length)) });
    at = start + length;
  }
  return all;
}

function assemble(module: Uint8Array, all: readonly Section[]): Buffer {
  const parts = all.flatMap(({ id, body }) => [Buffer.from([id]), leb(body.length), body]);
  return Buffer.concat([module.subarray(0, HEADER_BYTES), ...parts]);
}

/** A custom section of `size` bytes before everything else. */
export function padWithCustomSection(module: Uint8Array, size: number): Buffer {
  const body = Buffer.concat([leb(1), Buffer.from("p"), Buffer.alloc(size)]);
  return assemble(module, [{ id: CUSTOM, body }, ...sections(module)]);
}

/** `count` more functions behind the module's own, each with a loop that nothing calls. */
export function padWithFunctions(module: Uint8Array, count: number): Buffer {
  // (loop (br_if 0 (i32.eqz (i32.const 1)))) unreachable: valid for any signature.
  const code = Buffer.from([0x00, 0x03, 0x40, 0x41, 0x01, 0x45, 0x0d, 0x00, 0x0b, 0x00, 0x0b]);
  const one = Buffer.concat([leb(code.length), code]);
  const grown = sections(module).map(({ id, body }) => {
    if (id === FUNCTION_SECTION) return { id, body: grow(body, Buffer.alloc(count), count) };
    if (id === CODE_SECTION) return { id, body: grow(body, Buffer.alloc(count * one.length, one), count) };
    return { id, body };
  });
  return assemble(module, grown);
}

/** A vector with `count` more entries at its end. */
function grow(vector: Buffer, entries: Buffer, count: number): Buffer {
  const [length, start] = readLeb(vector, 0);
  return Buffer.concat([leb(length + count), vector.subarray(start), entries]);
}

/**
 * The module behind a custom section whose length can be switched: `mining` lets it end before the module,
 * `lawful` lets it swallow all of it. The bytes to write stand at `at`.
 */
export function withSwitch(module: Uint8Array): { bytes: Buffer; at: number; mining: number[]; lawful: number[] } {
  const name = Buffer.concat([leb(1), Buffer.from("s")]);
  const rest = module.subarray(HEADER_BYTES);
  const mining = leb(name.length, 5);
  const lawful = leb(name.length + rest.length, 5);
  const bytes = Buffer.concat([module.subarray(0, HEADER_BYTES), Buffer.from([CUSTOM]), lawful, name, rest]);
  return { bytes, at: HEADER_BYTES + 1, mining: [...mining], lawful: [...lawful] };
}
