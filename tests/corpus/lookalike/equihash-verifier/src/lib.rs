//! Checks a solution of Equihash (200, 9): the input is a header of 108 bytes, a nonce of 32 and a solution of 1,344.

buffers::module!(check);

fn check(input: &[u8], output: &mut [u8]) -> usize {
    let Some((header, rest)) = input.split_at_checked(108) else { return 0 };
    let Some((nonce, solution)) = rest.split_at_checked(32) else { return 0 };
    output[0] = u8::from(equihash::is_valid_solution(200, 9, header, nonce, solution).is_ok());
    1
}
