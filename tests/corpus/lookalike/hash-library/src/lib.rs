//! Each function has an export of its own; none takes another's output.

use finalists::Hash;

buffers::module!(digest);

fn digest(input: &[u8], output: &mut [u8]) -> usize {
    output[..64].copy_from_slice(&finalists::keccak512(input));
    64
}

macro_rules! functions {
    ($($name:ident)*) => {
        $(
            /// Hashes the first `len` bytes of the input into the output.
            #[unsafe(no_mangle)]
            pub extern "C" fn $name(len: usize) {
                run_with(len, finalists::$name);
            }
        )*
    };
}

functions! {
    blake512 bmw512 groestl512 jh512 skein512 luffa512 cubehash512 shavite512 simd512 echo512 hamsi512 fugue512 shabal512
    whirlpool sha512
}

fn run_with(len: usize, function: impl Fn(&[u8]) -> Hash) {
    let (input, output) = unsafe { (&*(&raw const INPUT), &mut *(&raw mut OUTPUT)) };
    output[..64].copy_from_slice(&function(&input[..len.min(buffers::BYTES)]));
}
