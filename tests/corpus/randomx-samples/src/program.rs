//! One program of the virtual machine with the loop around it.

use crate::draw::{Draw, UPPER_HALF};
use std::fmt::Write;

#[derive(Clone, Copy)]
enum Kind {
    AddShifted,
    Integer(&'static str, bool),
    UpperHalf(&'static str, bool),
    Reciprocal,
    Negate,
    Rotate(&'static str),
    Swap,
    SwapLanes,
    Float(&'static str, bool),
    Scale,
    MultiplyE,
    DivideE,
    RootE,
    Branch,
    Store,
}

/// Specification, 5: instructions by frequency out of 256. Changes of the rounding mode are left out.
const SHARES: [(Kind, u64); 23] = [
    (Kind::AddShifted, 16),
    (Kind::Integer("add", true), 7),
    (Kind::Integer("sub", false), 16),
    (Kind::Integer("sub", true), 7),
    (Kind::Integer("mul", false), 16),
    (Kind::Integer("mul", true), 4),
    (Kind::UpperHalf("$mulh", false), 4),
    (Kind::UpperHalf("$mulh", true), 1),
    (Kind::UpperHalf("$smulh", false), 4),
    (Kind::UpperHalf("$smulh", true), 1),
    (Kind::Reciprocal, 8),
    (Kind::Negate, 2),
    (Kind::Integer("xor", false), 15),
    (Kind::Integer("xor", true), 5),
    (Kind::Rotate("rotr"), 10),
    (Kind::Swap, 4),
    (Kind::SwapLanes, 4),
    (Kind::Float("add", false), 16),
    (Kind::Float("add", true), 5),
    (Kind::Float("sub", false), 16),
    (Kind::Float("sub", true), 5),
    (Kind::Scale, 6),
    (Kind::MultiplyE, 32),
];
const MORE: [(Kind, u64); 4] = [(Kind::DivideE, 4), (Kind::RootE, 6), (Kind::Branch, 25), (Kind::Store, 16)];

/// Where the sample's registers and scratchpad begin.
const REGISTERS: u64 = 1024;
const SCRATCHPAD: u64 = 65536;

struct Program {
    text: String,
    draw: Draw,
    levels: [u64; 3],
    /// Branches so far, and the instructions since the last.
    branches: u32,
    block: String,
}

pub fn text(seed: u64, levels: [u64; 3]) -> String {
    let mut program = Program { text: String::new(), draw: Draw(seed), levels, branches: 0, block: String::new() };
    program.head();
    program.line();
    let shares: Vec<(Kind, u64)> = SHARES.into_iter().chain(MORE).collect();
    for _ in 0..256 {
        let kind = program.draw.by_frequency(&shares);
        program.instruction(kind);
    }
    let rest = std::mem::take(&mut program.block);
    program.text.push_str(&rest);
    program.tail();
    program.text
}

impl Program {
    fn head(&mut self) {
        let item = "(param i64) (result i64 i64 i64 i64 i64 i64 i64 i64)";
        _ = write!(self.text, "(module\n  (import \"e\" \"m\" (memory 0))\n  (import \"e\" \"d\" (func $item {item}))");
        self.text.push_str(UPPER_HALF);
        self.text.push_str("  (func (export \"d\") (local $ic i32) (local $ma i32) (local $mx i32) (local $sp0 i32) (local $sp1 i32)\n   ");
        (0..8).for_each(|r| _ = write!(self.text, " (local $r{r} i64)"));
        self.text.push_str(" (local $t i64) (local $v v128)");
        for file in ["f", "e", "a"] {
            (0..4).for_each(|r| _ = write!(self.text, " (local ${file}{r} v128)"));
        }
        self.text.push('\n');
        for r in 0..8 {
            let at = REGISTERS + 8 * r;
            _ = writeln!(self.text, "    (local.set $r{r} (i64.load (i32.const {at})))");
        }
        for r in 0..4 {
            let at = REGISTERS + 192 + 16 * r;
            _ = writeln!(self.text, "    (local.set $a{r} (v128.load (i32.const {at})))");
        }
        self.text.push_str("    (local.set $ic (i32.const 2048))\n    (loop $turn\n");
    }

    /// Specification, 4.6.2, steps 1 to 3.
    fn line(&mut self) {
        let mask = self.levels[2] - 64;
        for (pointer, shift) in [("sp0", 0), ("sp1", 32)] {
            _ = writeln!(
                self.text,
                "    (local.set ${pointer} (i32.and (i32.xor (local.get ${pointer}) (i32.wrap_i64 (i64.shr_u \
                 (i64.xor (local.get $r0) (local.get $r3)) (i64.const {shift})))) (i32.const {mask})))"
            );
        }
        for r in 0..8 {
            let at = SCRATCHPAD + 8 * r;
            _ = writeln!(
                self.text,
                "    (local.set $r{r} (i64.xor (local.get $r{r}) (i64.load offset={at} (local.get $sp0))))"
            );
        }
        for r in 0..4 {
            let (f, e) = (SCRATCHPAD + 8 * r, SCRATCHPAD + 32 + 8 * r);
            let number = |at| format!("(f64x2.convert_low_i32x4_s (v128.load64_zero offset={at} (local.get $sp1)))");
            _ = writeln!(self.text, "    (local.set $f{r} {})", number(f));
            _ = writeln!(self.text, "    (local.set $e{r} {})", exponent(&number(e)));
        }
    }

    /// A random address of a random level, as an instruction with a memory operand makes it.
    fn address(&mut self, from: u64, constant: i32) -> String {
        let level = if self.draw.below(4) == 0 { 1 } else { 0 };
        let mask = self.levels[level] - 8;
        format!(
            "(i32.and (i32.add (i32.wrap_i64 (local.get $r{from})) (i32.const {constant})) (i32.const {mask}))"
        )
    }

    fn operand(&mut self, from: u64, memory: bool) -> String {
        if !memory {
            return format!("(local.get $r{from})");
        }
        let constant = self.draw.word() as i32;
        format!("(i64.load offset={SCRATCHPAD} {})", self.address(from, constant))
    }

    fn numbers(&mut self, from: u64) -> String {
        let constant = self.draw.word() as i32;
        let address = self.address(from, constant);
        format!("(f64x2.convert_low_i32x4_s (v128.load64_zero offset={SCRATCHPAD} {address}))")
    }

    fn instruction(&mut self, kind: Kind) {
        let (to, from) = (self.draw.below(8), self.draw.below(8));
        let (f, a) = (self.draw.below(4), self.draw.below(4));
        let set = |register: &str, value: String| format!("    (local.set ${register} ({value}))\n");
        let r = format!("r{to}");
        let d = format!("(local.get ${r})");
        let line = match kind {
            Kind::AddShifted => {
                set(&r, format!("i64.add {d} (i64.shl (local.get $r{from}) (i64.const {}))", self.draw.below(4)))
            }
            Kind::Integer(name, memory) => set(&r, format!("i64.{name} {d} {}", self.operand(from, memory))),
            Kind::UpperHalf(name, memory) => set(&r, format!("call {name} {d} {}", self.operand(from, memory))),
            Kind::Reciprocal => set(&r, format!("i64.mul {d} (i64.const {})", (self.draw.word() | 1 << 63) as i64)),
            Kind::Negate => set(&r, format!("i64.sub (i64.const 0) {d}")),
            Kind::Rotate(name) => set(&r, format!("i64.{name} {d} (local.get $r{from})")),
            Kind::Swap => format!(
                "    (local.set $t {d}) (local.set ${r} (local.get $r{from})) (local.set $r{from} (local.get $t))\n"
            ),
            Kind::SwapLanes => {
                let v = format!("(local.get $f{f})");
                set(&format!("f{f}"), format!("i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 {v} {v}"))
            }
            Kind::Float(name, memory) => {
                let other = if memory { self.numbers(from) } else { format!("(local.get $a{a})") };
                set(&format!("f{f}"), format!("f64x2.{name} (local.get $f{f}) {other}"))
            }
            Kind::Scale => {
                set(&format!("f{f}"), format!("v128.xor (local.get $f{f}) (v128.const i64x2 0x80f0000000000000 0x80f0000000000000)"))
            }
            Kind::MultiplyE => set(&format!("e{f}"), format!("f64x2.mul (local.get $e{f}) (local.get $a{a})")),
            Kind::DivideE => {
                let divisor = exponent(&self.numbers(from));
                set(&format!("e{f}"), format!("f64x2.div (local.get $e{f}) {divisor}"))
            }
            Kind::RootE => set(&format!("e{f}"), format!("f64x2.sqrt (local.get $e{f})")),
            Kind::Branch => return self.branch(to),
            Kind::Store => {
                let constant = self.draw.word() as i32;
                format!("    (i64.store offset={SCRATCHPAD} {} (local.get $r{from}))\n", self.address(to, constant))
            }
        };
        self.block.push_str(&line);
    }

    /// Goes back, rarely, to behind the branch before it.
    fn branch(&mut self, register: u64) {
        let block = std::mem::take(&mut self.block);
        let (label, shift) = (self.branches, 8 + self.draw.below(16));
        self.branches += 1;
        let (step, mask) = (self.draw.word() as i32 | 1 << shift, 0xffu64 << shift);
        _ = write!(
            self.text,
            "    (loop $b{label}\n{block}    (local.set $r{register} (i64.add (local.get $r{register}) (i64.const {step})))\n    \
             (br_if $b{label} (i64.eqz (i64.and (local.get $r{register}) (i64.const {mask})))))\n"
        );
    }

    /// Specification, 4.6.2, steps 5 to 12.
    fn tail(&mut self) {
        self.text.push_str(
            "    (local.set $mx (i32.and (i32.xor (local.get $mx) (i32.wrap_i64 (i64.xor (local.get $r2) (local.get $r5)))) \
             (i32.const 2147483584)))\n    (call $item (i64.extend_i32_u (i32.shr_u (local.get $ma) (i32.const 6))))\n",
        );
        for r in (0..8).rev() {
            _ = writeln!(self.text, "    (local.set $r{r} (i64.xor (local.get $r{r})))");
        }
        self.text.push_str("    (local.set $ic (i32.sub (local.get $ic) (i32.const 1)))\n");
        self.text.push_str("    (local.set $sp1 (local.get $sp1)) (local.get $mx) (local.set $mx (local.get $ma)) (local.set $ma)\n");
        for r in 0..8 {
            let at = SCRATCHPAD + 8 * r;
            _ = writeln!(self.text, "    (i64.store offset={at} (local.get $sp1) (local.get $r{r}))");
        }
        for r in 0..4 {
            let at = SCRATCHPAD + 16 * r;
            _ = writeln!(self.text, "    (local.set $f{r} (v128.xor (local.get $f{r}) (local.get $e{r})))");
            _ = writeln!(self.text, "    (v128.store offset={at} (local.get $sp0) (local.get $f{r}))");
        }
        self.text.push_str("    (local.set $sp0 (i32.const 0)) (local.set $sp1 (i32.const 0))\n    (br_if $turn (local.get $ic)))\n");
        for r in 0..8 {
            let at = REGISTERS + 8 * r;
            _ = writeln!(self.text, "    (i64.store (i32.const {at}) (local.get $r{r}))");
        }
        self.text.push_str("))\n");
    }
}

/// Exponent and lowest bits of group E are set by masks.
fn exponent(number: &str) -> String {
    format!(
        "(v128.or (v128.and {number} (v128.const i64x2 0x00ffffffffffffff 0x00ffffffffffffff)) \
         (v128.const i64x2 0x3d00000000355555 0x3c000000002aaaaa))"
    )
}
