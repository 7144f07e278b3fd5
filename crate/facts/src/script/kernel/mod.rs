//! What JavaScript and asm.js compute, told in the facts that WebAssembly has.
//!
//! A program whose words say that it mixes bits is written down in the operators of WebAssembly ([`lower`]): never to be
//! run, only to be read. Who reads modules then follows values, finds rotations, tables, masked addresses, nonces and
//! targets, and puts facts together by loops and functions, as for any module; their places are led back to the text.

mod call;
mod constant;
mod derived;
mod drawn;
mod emit;
mod expression;
mod field;
mod inline;
mod kinds;
mod lanes;
mod lower;
mod member;
mod members;
mod message;
mod names;
mod near;
mod place;
mod property;
mod repeated;
mod scan;
mod statement;
mod stepped;
#[cfg(test)]
mod tests;
mod wrapper;

use super::program::{Pass, Places, Program};
use crate::{Limits, empty, wasm};
use davy_model::{Artifact, ArtifactKind, Extraction, Location};
use emit::{IMPORTS, Module, Origins};
use scan::Scan;
use std::borrow::Cow;

/// Code that mixes has exclusive-ors, and shifts or products of words beside them. A search may leave the mixing to the
/// browser.
pub(super) const PASS: Pass = Pass {
    words: &[
        "^", "<<", ">>>", "imul", "digest", "sha1", "sha2", "sha3", "sha5", "SHA1", "SHA2", "SHA3", "SHA5", "SHA-",
        "keccak", "blake2", "blake3", "scrypt", "argon2", "cwrap(",
    ],
    wants,
    read,
};

/// Words of [`PASS`] that name what a browser or a library hashes with.
const HASHES: &[&str] = PASS.words.split_at(4).1;

/// Fewer exclusive-ors than these are masks of regular expressions and flags.
const LEAST_MIXING: u32 = 8;

fn wants(counts: &[u32]) -> bool {
    let [mixes, left, right, product, hashes @ ..] = counts else { return false };
    let shifts = left + right + product;
    let many = *mixes >= LEAST_MIXING && shifts > 0 || *mixes >= LEAST_MIXING / 2 && shifts >= LEAST_MIXING / 2;
    // A step of a walk may have a single one of them, beside sums and rotations.
    let rotates = *mixes >= LEAST_MIXING / 4 && shifts >= LEAST_MIXING;
    many || rotates || hashes.iter().any(|count| *count > 0)
}

fn read(program: &Program<'_, '_>, _: &Limits, out: &mut Extraction) {
    let Some(scan) = Scan::of(program) else { return };
    program.set_module(Lowered { module: lower::lower(program.tree, &scan), scopes: out.scopes.len() });
}

/// A program that was written down, for which its tree is no longer needed.
pub(super) struct Lowered {
    module: Module,
    /// Scopes that were told before it.
    scopes: usize,
}

impl Lowered {
    /// Tells what the program computes, where its scopes would have stood had they been told at once.
    pub(super) fn tell(self, places: &Places<'_>, out: &mut Extraction) {
        let (bytes, origins) = self.module.finish();
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        let mut module = empty(&artifact);
        wasm::extract_program(&bytes, emit::DIGEST, &mut module);
        debug_assert!(module.gaps.is_empty(), "{:?}", module.gaps);
        let place = |location: &Location| place(places, &origins, location);
        let mut scopes = Vec::new();
        for mut scope in module.scopes {
            scope.location = place(&scope.location);
            scope.own = scope.own.map(|function| function.saturating_sub(IMPORTS));
            scope.functions.iter_mut().for_each(|function| *function = function.saturating_sub(IMPORTS));
            scope.facts.iter_mut().for_each(|fact| fact.location = place(&fact.location));
            match scope.kind {
                davy_model::ScopeKind::Artifact => merge(scope.facts, out),
                _ => scopes.push(scope),
            }
        }
        let at = self.scopes.min(out.scopes.len());
        out.scopes.splice(at..at, scopes);
    }
}

/// Adds facts of the whole to those that are known.
fn merge(facts: Vec<davy_model::Fact>, out: &mut Extraction) {
    if let Some(whole) = out.scopes.first_mut() {
        whole.facts.extend(facts);
        davy_model::sort_by(&mut whole.facts, davy_model::Fact::order);
    }
}

/// A place of the module as one of the text.
fn place(places: &Places<'_>, origins: &Origins, location: &Location) -> Location {
    match location {
        Location::Function { index, start, .. } => {
            places.line(origins.source(index.saturating_sub(IMPORTS), *start) as usize)
        }
        _ => Location::Whole,
    }
}
