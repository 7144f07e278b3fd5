//! SipHash-2-4 (Aumasson and Bernstein, 2012) over one word, with all four words of its state as a key.

/// The state; at first the key.
#[derive(Clone, Copy)]
pub struct State(pub [u64; 4]);

impl State {
    #[inline(always)]
    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v2 = v2.wrapping_add(*v3);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.rotate_left(32).wrapping_add(*v3);
        *v2 = v2.wrapping_add(*v1);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.rotate_left(32);
    }

    /// Takes in a word and gives the hash.
    #[inline(always)]
    pub fn hash(&mut self, word: u64) -> u64 {
        self.0[3] ^= word;
        self.round();
        self.round();
        self.0[0] ^= word;
        self.0[2] ^= 0xff;
        self.round();
        self.round();
        self.round();
        self.round();
        self.0[0] ^ self.0[1] ^ self.0[2] ^ self.0[3]
    }
}
