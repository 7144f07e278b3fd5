//! The exports of a miner's module around a crate that others wrote.

const INPUT_BYTES: usize = 128;
const NONCE_OFFSET: usize = 32;
/// Bytes of the small cache and dataset of the tests.
const SMALL: (usize, usize) = (1024, 32 * 1024);

static mut INPUT: [u8; INPUT_BYTES] = [0; INPUT_BYTES];
static mut OUTPUT: [u8; 32] = [0; 32];
static mut DATASET: Vec<u8> = Vec::new();

fn buffers() -> (&'static mut [u8; INPUT_BYTES], &'static mut [u8; 32], &'static mut Vec<u8>) {
    unsafe { (&mut *(&raw mut INPUT), &mut *(&raw mut OUTPUT), &mut *(&raw mut DATASET)) }
}

/// Makes the dataset of the epoch whose seed stands in the input, of as many bytes as the caller says.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(cache_bytes: usize, data_bytes: usize) {
    let (input, _, data) = buffers();
    let mut cache = vec![0; cache_bytes];
    other::make_cache(&mut cache, Into::into(core::array::from_fn::<u8, 32, _>(|n| input[n])));
    *data = vec![0; data_bytes];
    other::make_dataset(data, &cache);
}

/// Where the input is written.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u8 {
    buffers().0.as_mut_ptr()
}

/// Where the 32 bytes of the last hash stand.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    buffers().1.as_ptr()
}

/// Hashes 32 bytes of header hash and 8 bytes of nonce (big endian) of the input into the output.
#[unsafe(no_mangle)]
pub extern "C" fn hash(_length: usize) {
    let (input, output, data) = buffers();
    if data.is_empty() {
        let held = *input;
        input[..32].fill(0);
        prepare(SMALL.0, SMALL.1);
        *input = held;
    }
    let header: [u8; 32] = core::array::from_fn(|n| input[n]);
    let nonce: [u8; 8] = core::array::from_fn(|n| input[NONCE_OFFSET + n]);
    let (_, result) = other::hashimoto_full(header.into(), nonce.into(), data.len(), data);
    output.copy_from_slice(result.as_ref());
}

/// Tries `count` nonces from `start` on and returns how many were tried before one whose hash is below `target` (its
/// first eight bytes, big endian), or -1.
#[unsafe(no_mangle)]
pub extern "C" fn scan(length: usize, start: u64, count: u32, target: u64) -> i32 {
    for index in 0..count {
        let nonce = start.wrapping_add(u64::from(index));
        buffers().0[NONCE_OFFSET..NONCE_OFFSET + 8].copy_from_slice(&nonce.to_be_bytes());
        hash(length);
        let first: [u8; 8] = buffers().1[..8].try_into().unwrap_or([0xff; 8]);
        if u64::from_be_bytes(first) < target {
            return index as i32;
        }
    }
    -1
}
