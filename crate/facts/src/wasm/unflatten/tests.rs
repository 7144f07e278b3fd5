//! Flattened functions, and loops that only look like it.

use super::{all, replace};
use crate::wasm::module::{Module, operators};
use wasmparser::Operator;

/// The operators of the last function of a text, after what was flattened is put back.
fn put_back(text: &str) -> (bool, Vec<String>) {
    let bytes = wat::parse_str(text).unwrap();
    let mut module = Module::read(&bytes);
    let straight = all(&module);
    replace(&mut module, &straight);
    let (_, mut reader) = operators(&module.bodies.last().unwrap().body).unwrap();
    let mut seen = Vec::new();
    while !reader.eof() {
        seen.push(match reader.read().unwrap() {
            Operator::LocalGet { local_index } => format!("get {local_index}"),
            Operator::LocalSet { local_index } => format!("set {local_index}"),
            Operator::I32Const { value } => format!("{value}"),
            Operator::Br { relative_depth } => format!("br {relative_depth}"),
            Operator::BrIf { relative_depth } => format!("br_if {relative_depth}"),
            other => format!("{other:?}").split([' ', '{']).next().unwrap_or_default().to_owned(),
        });
    }
    (!straight.is_empty(), seen)
}

/// A function of three pieces behind doors.
fn dispatcher(pieces: [&str; 3], first: u32) -> String {
    let [a, b, c] = pieces;
    format!(
        r#"(module (memory 1) (func (param $x i32) (result i32) (local $s i32)
             (local.set $s (i32.const {first}))
             (block $out
               (loop $turn
                 (block $two (block $one (block $zero (br_table $zero $one $two (local.get $s)))
                   {a})
                  {b})
                {c}))
             (local.get $x)))"#
    )
}

const GO: &str = "(local.set $s (i32.const 0)) (br $turn)";

#[test]
fn pieces_stand_in_the_order_in_which_they_run() {
    let second = format!("(local.set $x (i32.xor (local.get $x) (i32.const 77))) {GO}");
    let first = "(local.set $x (i32.mul (local.get $x) (i32.const 55))) (br $out)";
    let (changed, seen) = put_back(&dispatcher([first, &second, "(br $out)"], 1));
    assert!(changed);
    let place = |name: &str| seen.iter().position(|s| s == name);
    assert!(place("77") < place("55") && place("77").is_some(), "{seen:?}");
    assert!(!seen.iter().any(|s| s == "Loop" || s == "BrTable"), "{seen:?}");
}

#[test]
fn a_switch_on_data_stays() {
    let data = "(local.set $s (i32.load (local.get $x))) (br $turn)";
    assert!(!put_back(&dispatcher([data, "(br $out)", "(br $out)"], 0)).0, "the next piece is read from memory");
    let param = dispatcher(["(br $out)", "(br $out)", "(br $out)"], 0).replace("(local.set $s (i32.const 0))", "");
    assert!(!put_back(&param.replace("(local.get $s)", "(local.get $x)")).0, "the first piece is the caller's");
}

#[test]
fn a_loop_that_counts_stays() {
    let count = "(local.set $x (i32.add (local.get $x) (i32.const 1))) (local.set $s (i32.const 0)) (br $turn)";
    assert!(!put_back(&dispatcher([count, "(br $out)", "(br $out)"], 0)).0);
}

#[test]
fn a_branch_out_of_a_piece_leaves_as_far_as_it_did() {
    let text = format!(
        r#"(module (func (param $x i32) (local $s i32)
             (loop $around
               (local.set $s (i32.const 1))
               (block $out
                 (loop $turn
                   (block $one (block $zero (br_table $zero $one (local.get $s)))
                     (if (local.get $x) (then (br $around)))
                     (br_if $around (i32.mul (local.get $x) (i32.const 5)))
                     (br $out))
                   {GO})))))"#
    );
    let (changed, seen) = put_back(&text);
    assert!(changed, "{seen:?}");
    // Inside `if`, `block` and the outer loop; then inside `block` and the loop.
    assert!(seen.contains(&"br 2".to_owned()) && seen.contains(&"br_if 1".to_owned()), "{seen:?}");
}

#[test]
fn offsets_lead_back_to_the_file() {
    let second = format!("(local.set $x (i32.xor (local.get $x) (i32.const 77))) {GO}");
    let text = dispatcher(["(local.set $x (i32.const 55)) (br $out)", &second, "(br $out)"], 1);
    let bytes = wat::parse_str(text).unwrap();
    let mut module = Module::read(&bytes);
    let straight = all(&module);
    replace(&mut module, &straight);
    let body = module.bodies.last().unwrap();
    let (_, mut reader) = operators(&body.body).unwrap();
    let mut told = 0;
    while !reader.eof() {
        let at = reader.original_position() as u32;
        if let Operator::I32Const { value } = reader.read().unwrap() {
            let old = body.origin(at) as usize;
            // `i32.const` and its value, as signed LEB128 has it.
            let value = [0x41, (value as u8) & 0x7f | if value > 63 { 0x80 } else { 0 }];
            assert_eq!(bytes[old..old + 2], value);
            told += 1;
        }
    }
    assert!(told > 2);
}

#[test]
fn many_tables_and_loops_take_no_longer_than_few() {
    let tables = "(block (br_table 0 0 (local.get 0)))".repeat(8_000);
    let loops = format!("{}{}", "(loop (block (br_table 0 0 (local.get 0))) ".repeat(400), ")".repeat(400));
    for inside in [tables, loops] {
        let text = format!("(module (func (param i32) (local i32) (loop (local.set 1 (i32.const 1)) {inside})))");
        let start = std::time::Instant::now();
        let _ = put_back(&text);
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
