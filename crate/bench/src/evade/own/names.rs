//! Names and custom sections: what no verdict may hang on.

use crate::evade::kernel::Mutant;
use crate::evade::random::Random;
use anyhow::Result;
use std::collections::BTreeMap;

/// Bytes in the largest section that is stuffed in.
const STUFFING: usize = 20_000;

/// Exports under other names, and functions under names of a lawful program.
pub(crate) fn shuffle(bytes: &[u8], random: &mut Random) -> Result<Mutant> {
    let mut config = super::config();
    config.generate_name_section(true);
    let mut module = config.parse(bytes)?;
    for function in module.funcs.iter_mut() {
        function.name = Some(word(random));
    }
    let mut names = BTreeMap::new();
    for export in module.exports.iter_mut() {
        let name = word(random);
        names.insert(std::mem::replace(&mut export.name, name.clone()), name);
    }
    Ok(Mutant { bytes: module.emit_wasm(), names })
}

/// Functions under names that no longer follow their order.
pub(crate) fn name_functions(bytes: &[u8], random: &mut Random) -> Result<Vec<u8>> {
    let mut config = super::config();
    config.generate_name_section(true);
    let mut module = config.parse(bytes)?;
    for function in module.funcs.iter_mut() {
        function.name = Some(word(random));
    }
    Ok(module.emit_wasm())
}

fn word(random: &mut Random) -> String {
    format!("encode_{:012x}", random.next() >> 16)
}

/// Custom sections of any bytes, at the start and at the end.
pub(crate) fn stuff(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let (header, rest) = bytes.split_at(8.min(bytes.len()));
    let mut stuffed = header.to_vec();
    for _ in 0..4 {
        section(&mut stuffed, random);
    }
    stuffed.extend(rest);
    for _ in 0..4 {
        section(&mut stuffed, random);
    }
    stuffed
}

fn section(into: &mut Vec<u8>, random: &mut Random) {
    let name = word(random);
    let mut content = vec![name.len() as u8];
    content.extend(name.bytes());
    let length = random.below(STUFFING);
    content.extend((0..length).map(|_| random.next() as u8));
    into.push(0);
    let mut length = content.len();
    while length >= 0x80 {
        into.push(length as u8 | 0x80);
        length >>= 7;
    }
    into.push(length as u8);
    into.extend(content);
}
