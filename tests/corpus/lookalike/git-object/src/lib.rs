//! The names of the git objects in the input, one blob for each line: SHA-1 of `blob <length>\0` and the content.

use sha1::{Digest, Sha1};

buffers::module!(names);

fn names(input: &[u8], output: &mut [u8]) -> usize {
    let mut given = 0;
    for line in input.split(|byte| *byte == b'\n').take(output.len() / 20) {
        let header = format!("blob {}\0", line.len());
        let name = Sha1::new().chain_update(header).chain_update(line).finalize();
        output[given..given + 20].copy_from_slice(&name);
        given += 20;
    }
    given
}
