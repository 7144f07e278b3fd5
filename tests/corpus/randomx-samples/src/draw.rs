//! Random numbers that are the same everywhere, and what both kinds of samples share.

/// SplitMix64.
pub struct Draw(pub u64);

impl Draw {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.word() % bound
    }

    /// One of a list of things with frequencies.
    pub fn by_frequency<T: Copy>(&mut self, of: &[(T, u64)]) -> T {
        let mut left = self.below(of.iter().map(|(_, share)| share).sum());
        for (thing, share) in of {
            if left < *share {
                return *thing;
            }
            left -= share;
        }
        of[0].0
    }
}

/// The upper half of a product, unsigned and signed, of halves: WebAssembly has no such operator.
pub const UPPER_HALF: &str = "
  (func $mulh (param $a i64) (param $b i64) (result i64) (local $t i64) (local $u i64)
    (local.set $t (i64.add
      (i64.mul (i64.shr_u (local.get $a) (i64.const 32)) (i64.and (local.get $b) (i64.const 0xffffffff)))
      (i64.shr_u (i64.mul (i64.and (local.get $a) (i64.const 0xffffffff)) (i64.and (local.get $b) (i64.const 0xffffffff)))
        (i64.const 32))))
    (local.set $u (i64.add
      (i64.mul (i64.and (local.get $a) (i64.const 0xffffffff)) (i64.shr_u (local.get $b) (i64.const 32)))
      (i64.and (local.get $t) (i64.const 0xffffffff))))
    (i64.add
      (i64.add (i64.mul (i64.shr_u (local.get $a) (i64.const 32)) (i64.shr_u (local.get $b) (i64.const 32)))
        (i64.shr_u (local.get $t) (i64.const 32)))
      (i64.shr_u (local.get $u) (i64.const 32))))
  (func $smulh (param $a i64) (param $b i64) (result i64)
    (i64.sub (i64.sub (call $mulh (local.get $a) (local.get $b))
        (i64.and (i64.shr_s (local.get $a) (i64.const 63)) (local.get $b)))
      (i64.and (i64.shr_s (local.get $b) (i64.const 63)) (local.get $a))))
";
