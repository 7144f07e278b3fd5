//! Names in headers with a CRC-32 (ISO 3309, by four tables), written as compressors do: into a small buffer that is emptied
//! when it is full.

/// How much is held before it is handed on.
const HELD: usize = 256;
const TABLES: [[u32; 256]; 4] = tables();

buffers::module!(headers);

/// What a stream keeps between its bytes.
struct Stream<'a> {
    held: [u8; HELD],
    /// How much of it is taken, and since when it has not been summed.
    pending: u32,
    index: u32,
    sum: u32,
    written: usize,
    to: &'a mut [u8],
}

fn headers(input: &[u8], output: &mut [u8]) -> usize {
    let mut stream = Stream { held: [0; HELD], pending: 0, index: 0, sum: 0, written: 0, to: output };
    for name in input.split(|byte| *byte == 0) {
        header(&mut stream, name);
    }
    flush(&mut stream);
    stream.written
}

#[inline(never)]
fn header(stream: &mut Stream<'_>, name: &[u8]) {
    let mut begin = stream.pending;
    stream.index = 0;
    loop {
        if stream.pending as usize == HELD {
            stream.sum = crc(stream.sum, &stream.held[(begin as usize).min(HELD)..]);
            flush(stream);
            begin = 0;
        }
        let byte = name.get(stream.index as usize).copied().unwrap_or(0);
        stream.index += 1;
        stream.held[stream.pending as usize % HELD] = byte;
        stream.pending += 1;
        if byte == 0 {
            break;
        }
    }
    if stream.pending > begin {
        stream.sum = crc(stream.sum, &stream.held[begin as usize % HELD..stream.pending as usize % HELD]);
    }
}

#[inline(never)]
fn flush(stream: &mut Stream<'_>) {
    let count = (stream.pending as usize).min(HELD).min(stream.to.len() - stream.written);
    stream.to[stream.written..][..count].copy_from_slice(&stream.held[..count]);
    stream.written += count;
    stream.pending = 0;
}

#[inline(never)]
fn crc(before: u32, bytes: &[u8]) -> u32 {
    let mut sum = !before;
    // Eight words a turn, as zlib has it.
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        sum = step(step(step(step(sum, block, 0), block, 4), block, 8), block, 12);
        sum = step(step(step(step(sum, block, 16), block, 20), block, 24), block, 28);
    }
    let mut words = blocks.remainder().chunks_exact(4);
    for word in &mut words {
        sum = step(sum, word, 0);
    }
    for &byte in words.remainder() {
        sum = TABLES[0][((sum ^ u32::from(byte)) & 255) as usize] ^ sum >> 8;
    }
    !sum
}

#[inline(always)]
fn step(sum: u32, bytes: &[u8], at: usize) -> u32 {
    let sum = sum ^ u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    TABLES[3][(sum & 255) as usize]
        ^ TABLES[2][(sum >> 8 & 255) as usize]
        ^ TABLES[1][(sum >> 16 & 255) as usize]
        ^ TABLES[0][(sum >> 24) as usize]
}

const fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut n = 0;
    while n < 256 {
        let mut sum = n as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 { 0xedb8_8320 ^ sum >> 1 } else { sum >> 1 };
            bit += 1;
        }
        tables[0][n] = sum;
        n += 1;
    }
    let mut table = 1;
    while table < 4 {
        let mut n = 0;
        while n < 256 {
            let before = tables[table - 1][n];
            tables[table][n] = tables[0][(before & 255) as usize] ^ before >> 8;
            n += 1;
        }
        table += 1;
    }
    tables
}
