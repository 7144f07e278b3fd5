//! The function that makes an item of the dataset: eight programs, each followed by a line of the cache.

use crate::draw::{Draw, UPPER_HALF};
use std::fmt::Write;

#[derive(Clone, Copy)]
enum Kind {
    Sub,
    Xor,
    AddShifted,
    Multiply,
    Rotate,
    AddConstant,
    XorConstant,
    UpperHalf,
    SignedUpperHalf,
    Reciprocal,
}

/// About what the generator of the specification makes of its decoder groups.
const SHARES: [(Kind, u64); 10] = [
    (Kind::Sub, 18),
    (Kind::Xor, 18),
    (Kind::AddShifted, 18),
    (Kind::Multiply, 28),
    (Kind::Rotate, 14),
    (Kind::AddConstant, 14),
    (Kind::XorConstant, 14),
    (Kind::UpperHalf, 5),
    (Kind::SignedUpperHalf, 5),
    (Kind::Reciprocal, 8),
];

/// Specification, 7.3: what is added by exclusive-or to the first register to make the other seven.
const ADDITIONS: [u64; 7] = [
    9298411001130361340,
    12065312585734608966,
    9306329213124626780,
    5281919268842080866,
    10536153434571861004,
    3398623926847679864,
    9549104520008361294,
];
/// Where the sample's cache begins, and how many instructions a program has.
const CACHE: u64 = 131072;
const LENGTH: u64 = 440;

pub fn text(seed: u64) -> String {
    let mut draw = Draw(seed);
    let mut text = format!("(module\n  (import \"e\" \"m\" (memory 4098 4098)){UPPER_HALF}");
    text.push_str("  (func (export \"d\") (param $item i64) (result i64 i64 i64 i64 i64 i64 i64 i64)\n    (local $line i32)");
    (0..8).for_each(|r| _ = write!(text, " (local $r{r} i64)"));
    text.push_str(
        "\n    (local.set $r0 (i64.mul (i64.add (local.get $item) (i64.const 1)) (i64.const 6364136223846793005)))\n",
    );
    for (index, addition) in ADDITIONS.iter().enumerate() {
        let r = index + 1;
        _ = writeln!(text, "    (local.set $r{r} (i64.xor (local.get $r0) (i64.const {})))", *addition as i64);
    }
    let mut address = String::from("$item");
    for _ in 0..8 {
        _ = writeln!(
            text,
            "    (local.set $line (i32.and (i32.shl (i32.wrap_i64 (local.get {address})) (i32.const 6)) (i32.const 268435392)))"
        );
        (0..LENGTH).for_each(|_| instruction(&mut text, &mut draw));
        for r in 0..8 {
            let offset = CACHE + 8 * r;
            _ = writeln!(
                text,
                "    (local.set $r{r} (i64.xor (local.get $r{r}) (i64.load offset={offset} (local.get $line))))"
            );
        }
        address = format!("$r{}", draw.below(8));
    }
    (0..8).for_each(|r| _ = write!(text, " (local.get $r{r})"));
    text.push_str("))\n");
    text
}

fn instruction(text: &mut String, draw: &mut Draw) {
    let to = draw.below(8);
    let from = (to + 1 + draw.below(7)) % 8;
    let (d, s) = (format!("(local.get $r{to})"), format!("(local.get $r{from})"));
    let value = match draw.by_frequency(&SHARES) {
        Kind::Sub => format!("i64.sub {d} {s}"),
        Kind::Xor => format!("i64.xor {d} {s}"),
        Kind::AddShifted => format!("i64.add {d} (i64.shl {s} (i64.const {}))", draw.below(4)),
        Kind::Multiply => format!("i64.mul {d} {s}"),
        Kind::Rotate => format!("i64.rotr {d} (i64.const {})", 1 + draw.below(63)),
        Kind::AddConstant => format!("i64.add {d} (i64.const {})", draw.word() as i32),
        Kind::XorConstant => format!("i64.xor {d} (i64.const {})", draw.word() as i32),
        Kind::UpperHalf => format!("call $mulh {d} {s}"),
        Kind::SignedUpperHalf => format!("call $smulh {d} {s}"),
        Kind::Reciprocal => format!("i64.mul {d} (i64.const {})", (draw.word() | 1 << 63) as i64),
    };
    _ = writeln!(text, "    (local.set $r{to} ({value}))");
}
