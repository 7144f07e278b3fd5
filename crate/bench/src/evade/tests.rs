//! The attacks on a small kernel: what they make must still be accepted by an engine and compute the same.

use super::attack::{self, Tools};
use super::engine::{Engine, Said};
use super::kernel::{Kernel, Mutant, Vector};
use crate::without::Rules;
use davy_model::Level;

/// Every shape that a transform looks for: masks, rotations of both widths, a table in data, calls, a loop, an if.
const KERNEL: &str = r#"(module
  (memory (export "memory") 2)
  (data (i32.const 1024) "\01\23\45\67\89\ab\cd\ef\fe\dc\ba\98\76\54\32\10")
  (func (export "input") (result i32) i32.const 0)
  (func (export "output") (result i32) i32.const 512)
  (func $mix (param $a i64) (param $b i64) (result i64)
    (i64.mul (i64.rotl (i64.xor (local.get $a) (local.get $b)) (i64.const 13)) (i64.const 0x9e3779b97f4a7c15)))
  (func (export "hash") (param $length i32)
    (local $at i32) (local $a i64) (local $b i32)
    (local.set $a (i64.const 0x0123456789abcdef))
    (loop $next
      (local.set $b (i32.load8_u (local.get $at)))
      (local.set $a (call $mix (local.get $a) (i64.extend_i32_u (local.get $b))))
      (local.set $b (i32.rotr (i32.add (local.get $b) (i32.wrap_i64 (local.get $a))) (i32.const 7)))
      (local.set $a (i64.add (local.get $a) (i64.load (i32.add (i32.const 1024) (i32.and (local.get $b) (i32.const 8))))))
      (if (i32.and (local.get $b) (i32.const 1)) (then (local.set $a (i64.rotr (local.get $a) (i64.extend_i32_u (local.get $b))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $length))))
    (i64.store (i32.const 512) (local.get $a))
    (i64.store (i32.const 520) (i64.xor (local.get $a) (i64.const -1)))
    (i64.store (i32.const 528) (i64.and (local.get $a) (i64.const 0xff00)))
    (i64.store (i32.const 536) (i64.const 7))))"#;

/// The same in Rust.
fn hash(input: &[u8]) -> String {
    let table = [0xefcd_ab89_6745_2301_u64, 0x1032_5476_98ba_dcfe];
    let mut a = 0x0123_4567_89ab_cdef_u64;
    for byte in input {
        a = (a ^ u64::from(*byte)).rotate_left(13).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let b = u32::from(*byte).wrapping_add(a as u32).rotate_right(7);
        a = a.wrapping_add(table[(b & 8) as usize / 8]);
        if b & 1 == 1 {
            a = a.rotate_right(b & 63);
        }
    }
    let words = [a, !a, a & 0xff00, 7];
    words.iter().flat_map(|word| word.to_le_bytes()).map(|byte| format!("{byte:02x}")).collect()
}

fn kernel() -> Kernel {
    let input = b"a kernel of no algorithm at all";
    let hex = input.iter().map(|byte| format!("{byte:02x}")).collect();
    Kernel {
        name: "small".to_owned(),
        bytes: wat::parse_str(KERNEL).unwrap(),
        vectors: vec![Vector { input: hex, output: hash(input) }],
        socket: None,
        level: Level::Clean,
    }
}

#[test]
fn what_the_attacks_make_still_computes_the_same() {
    let (kernel, rules, folder) = (kernel(), Rules::whole(), tempfile::tempdir().unwrap());
    let engine = Engine::new(folder.path());
    let tools = Tools { folder: folder.path(), rules: &rules, queries: 3, until: None };
    assert_eq!(engine.ask(&kernel, &Mutant::of(kernel.bytes.clone())).unwrap(), Said::Valid);
    let attacks: Vec<_> = attack::all().into_iter().filter(|attack| !attack.needs_npm()).collect();
    assert!(attacks.len() > 20);
    for attack in attacks {
        for seed in 0..2 {
            let mutant = attack.apply(&kernel, seed, &tools).unwrap();
            assert_eq!(engine.ask(&kernel, &mutant).unwrap(), Said::Valid, "{} with seed {seed}", attack.name);
            assert_eq!(attack.apply(&kernel, seed, &tools).unwrap().bytes, mutant.bytes, "{} differs", attack.name);
        }
    }
}

#[test]
fn a_broken_mutant_does_not_count() {
    let (kernel, folder) = (kernel(), tempfile::tempdir().unwrap());
    let engine = Engine::new(folder.path());
    let other = KERNEL.replace("(i64.const 13)", "(i64.const 14)");
    let other = Mutant::of(wat::parse_str(other).unwrap());
    assert_eq!(engine.ask(&kernel, &other).unwrap(), Said::Wrong);
    assert_eq!(engine.ask(&kernel, &Mutant::of(b"\0asm".to_vec())).unwrap(), Said::Refused);
}
