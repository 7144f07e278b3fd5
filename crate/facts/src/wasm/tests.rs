//! Code as unoptimised builds and obfuscators write it shows the same facts as plain code.

use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, FactName, ScopeKind};
use std::borrow::Cow;

const MASK: u64 = 0x1f_fff0;

/// A module whose exported function turns in a loop with this body; `$a` holds data, `$p` is the index that is made.
/// The tail walks by `$p` and mixes, as much as makes a body worth reading.
fn module(functions: &str, before: &str, body: &str) -> String {
    let access = "local.get $p i32.load offset=4096 local.get $a i32.xor local.set $a ";
    format!(
        "(module (memory 33) (global $sp (mut i32) (i32.const 66560))
           (data (i32.const 1024) \"\\00\\00\\1a\\00\\f0\\ff\\05\\00\")
           {functions}
           (func (export \"f\") (param $from i32) (result i32) (local $a i32) (local $p i32) (local $s i32) (local $n i32)
             {before}
             local.get $from i32.load local.set $a
             loop {body} {} local.get $n i32.const 1 i32.add local.tee $n i32.const 100 i32.lt_u br_if 0 end
             local.get $a))",
        access.repeat(6)
    )
}

/// Sites of masked addresses with the scratchpad's mask in the module's loops.
fn walks(text: &str) -> u32 {
    let bytes = wat::parse_str(text).expect("the test's own text is valid");
    let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
    let extraction = extract(&artifact, &Limits::default());
    let loops = extraction.scopes.iter().filter(|s| s.kind == ScopeKind::Loop);
    let facts = loops.flat_map(|s| &s.facts).filter(|f| f.name == FactName::MaskedAddress && f.value == MASK);
    facts.map(|f| f.count).max().unwrap_or(0)
}

#[test]
fn a_plain_mask_is_seen() {
    assert_eq!(walks(&module("", "", "local.get $a i32.const 0x1ffff0 i32.and local.set $p")), 6);
    assert_eq!(walks(&module("", "", "local.get $a i32.const 0x1ffff1 i32.and local.set $p")), 0);
}

#[test]
fn a_helper_keeps_its_variables_in_memory_and_returns() {
    let helper = "(func $index (param $x i32) (result i32) (local $f i32)
        global.get $sp i32.const 16 i32.sub local.set $f
        local.get $f local.get $x i32.store offset=12
        local.get $f i32.load offset=12 i32.const 0x1ffff0 i32.and return)";
    assert_eq!(walks(&module(helper, "", "local.get $a call $index local.set $p")), 6);
}

#[test]
fn a_callee_writes_through_a_pointer_to_its_callers_variable() {
    let helper = "(func $index (param $x i32) (param $out i32)
        local.get $out local.get $x i32.const 0x1ffff0 i32.and i32.store)";
    let before = "global.get $sp i32.const 32 i32.sub local.set $s";
    let body = "local.get $a local.get $s i32.const 8 i32.add call $index local.get $s i32.load offset=8 local.set $p";
    assert_eq!(walks(&module(helper, before, body)), 6);
}

#[test]
fn a_mask_kept_in_a_variable_survives_the_loop() {
    let before = "global.get $sp i32.const 32 i32.sub local.tee $s i32.const 0x1ffff0 i32.store offset=4";
    let body = "local.get $a local.get $s i32.load offset=4 i32.and local.set $p local.get $s local.get $n i32.store";
    assert_eq!(walks(&module("", before, body)), 6);
}

#[test]
fn a_mask_that_is_one_of_several_is_seen() {
    let before = "local.get $from if (result i32) i32.const 0x1ffff0 else i32.const 0 i32.load end local.set $s";
    assert_eq!(walks(&module("", before, "local.get $a local.get $s i32.and local.set $p")), 6);
}

#[test]
fn an_index_made_in_one_state_is_used_in_another() {
    let body = "block $use block $make local.get $s br_table $make $use end
        local.get $a i32.const 0x1ffff0 i32.and local.set $p i32.const 1 local.set $s br 1 end";
    assert_eq!(walks(&module("", "", body)), 6);
}

#[test]
fn a_mask_put_together_from_memory_is_seen_unless_it_is_stored_to() {
    let body = "local.get $a i32.const 1024 i32.load i32.const 1028 i32.load i32.add i32.and local.set $p";
    assert_eq!(walks(&module("", "", body)), 6);
    let stored = "i32.const 0 local.get $n i32.store offset=1028";
    assert_eq!(walks(&module("", stored, body)), 0);
}

#[test]
fn a_masked_address_is_used_by_the_callee_it_is_handed_to() {
    let copy = "(func $copy (param $at i32) (local $n i32)
        loop local.get $at local.get $n i32.store8 local.get $n i32.const 1 i32.add local.tee $n i32.const 16 i32.lt_u br_if 0 end)";
    let body = "local.get $a i32.const 0x1ffff0 i32.and local.set $p local.get $p i32.const 4096 i32.add call $copy";
    assert_eq!(walks(&module(copy, "", body)), 7);
}
