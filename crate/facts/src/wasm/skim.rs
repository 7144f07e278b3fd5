//! Where each operator of a body begins, and its first immediate: all that a skeleton needs.
//!
//! Operators of one byte are passed over by a table of their immediates, which is half the time of decoding each into a
//! value of its own; whatever the table does not know, `wasmparser` reads. A test holds both against each other. Whether
//! blocks are well nested is not asked.

use wasmparser::{BinaryReader, Operator, OperatorsReader, Result};

/// One operator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// Its first byte.
    pub(crate) code: u8,
    /// Its first immediate where that is an index, or the value of a 32-bit constant; otherwise nothing to rely on.
    pub(crate) value: u32,
    /// The second immediate of an operator that has two indices: the table of an indirect call. Otherwise nothing to rely
    /// on.
    pub(crate) second: u32,
}

/// Reads a body's operators one after the other.
#[derive(Debug)]
pub(crate) struct Skim<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Byte offset of `bytes` in the module.
    offset: u64,
    /// The operator itself where its first byte is a prefix. Kept apart: to copy one for each step took longer than to
    /// find it.
    prefixed: Option<Operator<'a>>,
}

/// First bytes of operators, named as the specification names them (WebAssembly Core, 5.4 and A.7).
pub(crate) mod code {
    pub(crate) const UNREACHABLE: u8 = 0x00;
    pub(crate) const BLOCK: u8 = 0x02;
    pub(crate) const LOOP: u8 = 0x03;
    pub(crate) const IF: u8 = 0x04;
    pub(crate) const ELSE: u8 = 0x05;
    pub(crate) const TRY: u8 = 0x06;
    pub(crate) const CATCH: u8 = 0x07;
    pub(crate) const END: u8 = 0x0b;
    pub(crate) const BR: u8 = 0x0c;
    pub(crate) const BR_IF: u8 = 0x0d;
    pub(crate) const BR_TABLE: u8 = 0x0e;
    pub(crate) const CALL: u8 = 0x10;
    pub(crate) const CALL_INDIRECT: u8 = 0x11;
    pub(crate) const RETURN_CALL: u8 = 0x12;
    pub(crate) const RETURN_CALL_INDIRECT: u8 = 0x13;
    pub(crate) const TRY_TABLE: u8 = 0x1f;
    pub(crate) const CATCH_ALL: u8 = 0x19;
    pub(crate) const LOCAL_GET: u8 = 0x20;
    pub(crate) const LOCAL_SET: u8 = 0x21;
    pub(crate) const LOCAL_TEE: u8 = 0x22;
    pub(crate) const GLOBAL_SET: u8 = 0x24;
    pub(crate) const I32_LOAD: u8 = 0x28;
    pub(crate) const I64_LOAD: u8 = 0x29;
    pub(crate) const I32_STORE: u8 = 0x36;
    pub(crate) const I64_STORE: u8 = 0x37;
    pub(crate) const I32_STORE8: u8 = 0x3a;
    pub(crate) const I32_STORE16: u8 = 0x3b;
    pub(crate) const I32_CONST: u8 = 0x41;
    pub(crate) const I64_CONST: u8 = 0x42;
    pub(crate) const I32_ADD: u8 = 0x6a;
    pub(crate) const I32_SUB: u8 = 0x6b;
    pub(crate) const I32_AND: u8 = 0x71;
    pub(crate) const I32_XOR: u8 = 0x73;
    pub(crate) const I32_SHL: u8 = 0x74;
    pub(crate) const I32_ROTL: u8 = 0x77;
    pub(crate) const I32_ROTR: u8 = 0x78;
    pub(crate) const I64_MUL: u8 = 0x7e;
    pub(crate) const I64_DIV_S: u8 = 0x7f;
    pub(crate) const I64_DIV_U: u8 = 0x80;
    pub(crate) const I64_AND: u8 = 0x83;
    pub(crate) const I64_XOR: u8 = 0x85;
    pub(crate) const I64_SUB: u8 = 0x7d;
    pub(crate) const I64_SHL: u8 = 0x86;
    pub(crate) const I64_SHR_S: u8 = 0x87;
    pub(crate) const I64_SHR_U: u8 = 0x88;
    pub(crate) const I64_ROTL: u8 = 0x89;
    pub(crate) const I64_ROTR: u8 = 0x8a;
    pub(crate) const F64_SQRT: u8 = 0x9f;
    pub(crate) const F64_ADD: u8 = 0xa0;
    pub(crate) const F64_SUB: u8 = 0xa1;
    pub(crate) const F64_MUL: u8 = 0xa2;
    pub(crate) const F64_DIV: u8 = 0xa3;
}

/// First bytes of operators that may be prefixes of others.
const FIRST_PREFIX: u8 = 0xfb;

/// Immediates of an operator of one byte. Operators that only an open block allows must be known here: `wasmparser`,
/// asked for one operator at a time, knows no blocks.
#[derive(Debug, Clone, Copy)]
enum Immediates {
    None,
    Index,
    TwoIndices,
    Memory,
    Block,
    Signed32,
    Signed64,
    Bytes(usize),
    /// For `wasmparser`.
    Other,
}

const fn immediates(code: u8) -> Immediates {
    match code {
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x19 | 0x1a | 0x1b | 0x45..=0xc4 => Immediates::None,
        0x07 | 0x09 | 0x0c | 0x0d | 0x10 | 0x12 | 0x18 | 0x20..=0x26 => Immediates::Index,
        0x11 | 0x13 => Immediates::TwoIndices,
        0x28..=0x3e => Immediates::Memory,
        0x02..=0x04 | 0x06 => Immediates::Block,
        0x41 => Immediates::Signed32,
        0x42 => Immediates::Signed64,
        0x43 => Immediates::Bytes(4),
        0x44 => Immediates::Bytes(8),
        _ => Immediates::Other,
    }
}

/// How most operators of a first byte look: their immediates are one byte each.
#[derive(Debug, Clone, Copy)]
struct Short {
    /// Bits of the two bytes behind the first, the nearer one low, that must be 0: then this is how it looks.
    mask: u16,
    /// Bytes of the whole operator; 0 where it never looks like this.
    length: u8,
    /// Bits of the first immediate that the other 25 are copies of the top one of; 0 where it has no sign.
    unused: u8,
}

/// By first byte. Kept apart from [`immediates`]: a comparison and an addition pass over nine operators in ten, where a
/// branch for each kind is foretold wrongly every third time.
static SHORT: [Short; 256] = {
    let mut all = [Short { mask: 0, length: 0, unused: 0 }; 256];
    let mut code = 0;
    while code < 256 {
        let (mask, length, unused) = match immediates(code as u8) {
            Immediates::None => (0, 1, 0),
            Immediates::Index => (0x0080, 2, 0),
            Immediates::TwoIndices => (0x8080, 3, 0),
            // The alignment's exponent below 16, see `pass`.
            Immediates::Memory => (0x80f0, 3, 0),
            Immediates::Signed32 | Immediates::Signed64 => (0x0080, 2, 25),
            Immediates::Block | Immediates::Bytes(_) | Immediates::Other => (0, 0, 0),
        };
        all[code] = Short { mask, length, unused };
        code += 1;
    }
    all
};

impl<'a> Skim<'a> {
    /// A reader of operators from the start of `bytes`.
    pub(crate) fn new(bytes: &'a [u8], offset: u64) -> Self {
        Self { bytes, position: 0, offset, prefixed: None }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// Byte offset in the module of what comes next.
    pub(crate) fn position(&self) -> u32 {
        (self.offset + self.position as u64) as u32
    }

    /// The operator that came last, where its first byte is a prefix.
    pub(crate) fn prefixed(&self, step: Step) -> Option<&Operator<'a>> {
        self.prefixed.as_ref().filter(|_| step.code >= FIRST_PREFIX)
    }

    /// The next operator; an error where the parser gives one.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Step> {
        if let Some([code, first, second]) = self.bytes.get(self.position..).and_then(<[u8]>::first_chunk) {
            let short = SHORT[usize::from(*code)];
            if short.length > 0 && u16::from_le_bytes([*first, *second]) & short.mask == 0 {
                self.position += usize::from(short.length);
                let value = (i32::from(*first) << short.unused >> short.unused) as u32;
                return Ok(Step { code: *code, value, second: u32::from(*second) });
            }
        }
        self.long()
    }

    /// The next operator where its immediates are longer, or it stands at the end.
    fn long(&mut self) -> Result<Step> {
        let start = self.position;
        if let Some(code) = self.bytes.get(start).copied()
            && let Some((value, second, end)) = self.pass(code, start + 1)
        {
            self.position = end;
            return Ok(Step { code, value, second });
        }
        self.parse(start)
    }

    fn parse(&mut self, start: usize) -> Result<Step> {
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let mut reader = OperatorsReader::new(BinaryReader::new(rest, self.offset + start as u64));
        let operator = reader.read()?;
        self.position = (reader.original_position() - self.offset) as usize;
        let code = rest.first().copied().unwrap_or(0);
        let (value, second) = match operator {
            Operator::I32Const { value } => (value as u32, 0),
            Operator::CallIndirect { type_index, table_index } => (type_index, table_index),
            _ => (self.unsigned(start + 1).map_or(0, |(value, _)| value), 0),
        };
        self.prefixed = (code >= FIRST_PREFIX).then_some(operator);
        Ok(Step { code, value, second })
    }

    /// The immediates of an operator of one byte and where they end; none where the parser must decide.
    fn pass(&self, code: u8, at: usize) -> Option<(u32, u32, usize)> {
        let single = |(value, end): (u32, usize)| (value, 0, end);
        match immediates(code) {
            Immediates::None => Some((0, 0, at)),
            Immediates::Index => self.unsigned(at).map(single),
            Immediates::TwoIndices => {
                let (first, at) = self.unsigned(at)?;
                self.unsigned(at).map(|(second, end)| (first, second, end))
            }
            Immediates::Memory => {
                // The alignment's exponent; higher bits announce a memory's index or an order of atomics.
                let (align, at) = self.unsigned(at).filter(|(align, _)| *align < 16)?;
                self.unsigned(at).map(|(_, end)| (align, 0, end))
            }
            Immediates::Block => {
                // A value type, nothing (0x40), or a type's index below 64.
                let ty = *self.bytes.get(at)?;
                matches!(ty, 0x00..=0x40 | 0x7b..=0x7f).then_some((0, 0, at + 1))
            }
            Immediates::Signed32 => self.signed(at, 5).map(|(value, end)| (value as u32, 0, end)),
            Immediates::Signed64 => self.signed(at, 10).map(|(value, end)| (value as u32, 0, end)),
            Immediates::Bytes(count) => (at + count <= self.bytes.len()).then_some((0, 0, at + count)),
            Immediates::Other => None,
        }
    }

    /// The value of the 64-bit constant that was read last, which began at this offset in the module.
    pub(crate) fn wide(&self, start: u32) -> u64 {
        let mut value = 0u64;
        for (count, byte) in self.behind(start).iter().enumerate() {
            let shift = 7 * count as u32;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0xc0 == 0x40 && shift < 57 {
                value |= u64::MAX << (shift + 7);
            }
        }
        value
    }

    /// How far behind its address the load reaches that was read last and began at this offset in the module.
    pub(crate) fn reach(&self, start: u32) -> u64 {
        match self.behind(start) {
            // See `pass`.
            [align, offset @ ..] if *align < 16 => {
                let digits = offset.iter().take(10).enumerate();
                digits.fold(0, |sum, (count, byte)| sum | u64::from(byte & 0x7f).unbounded_shl(7 * count as u32))
            }
            _ => self.parsed_reach(start).unwrap_or(0),
        }
    }

    fn parsed_reach(&self, start: u32) -> Option<u64> {
        let rest = self.bytes.get(u64::from(start).saturating_sub(self.offset) as usize..)?;
        match OperatorsReader::new(BinaryReader::new(rest, u64::from(start))).read().ok()? {
            Operator::I32Load { memarg } | Operator::I64Load { memarg } => Some(memarg.offset),
            _ => None,
        }
    }

    /// The immediates of the operator of one byte that was read last and began at this offset in the module.
    fn behind(&self, start: u32) -> &'a [u8] {
        let start = (u64::from(start).saturating_sub(self.offset)) as usize;
        self.bytes.get(start + 1..self.position).unwrap_or(&[])
    }

    /// An unsigned number of 32 bits; none when it breaks off or is too long.
    fn unsigned(&self, at: usize) -> Option<(u32, usize)> {
        let mut value = 0u32;
        for (count, byte) in self.bytes.get(at..)?.iter().take(5).enumerate() {
            value |= u32::from(byte & 0x7f) << (7 * count);
            if byte & 0x80 == 0 {
                return (count < 4 || *byte < 0x10).then_some((value, at + count + 1));
            }
        }
        None
    }

    /// A signed number of at most `most` bytes, of which the last is left to the parser.
    fn signed(&self, at: usize, most: usize) -> Option<(i64, usize)> {
        let mut value = 0i64;
        for (count, byte) in self.bytes.get(at..)?.iter().take(most - 1).enumerate() {
            value |= i64::from(byte & 0x7f) << (7 * count);
            if byte & 0x80 == 0 {
                let unused = 64 - 7 * (count as u32 + 1);
                return Some((value << unused >> unused, at + count + 1));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Skim, Step};
    use wasmparser::{BinaryReader, Operator, OperatorsReader};

    /// Reads the same bytes with the parser; both must stand at the same places and break off at the same one.
    fn agrees(bytes: &[u8]) {
        let mut skim = Skim::new(bytes, 7);
        while !skim.is_at_end() {
            let at = skim.position() - 7;
            let rest = &bytes[at as usize..];
            // What follows `else`, `catch`, `delegate` and `catch_all`: alone, the parser refuses them.
            if matches!(rest[0], 0x05 | 0x07 | 0x18 | 0x19) {
                if skim.next().is_err() {
                    break;
                }
                continue;
            }
            let mut reader = OperatorsReader::new(BinaryReader::new(rest, u64::from(at)));
            match (reader.read(), skim.next()) {
                (Ok(operator), Ok(step)) => {
                    assert_eq!(u64::from(skim.position() - 7), reader.original_position(), "{operator:?}");
                    same_immediate(&operator, &step);
                    same_number(&operator, &skim, at + 7);
                }
                (Err(_), Err(_)) => break,
                (parsed, skimmed) => panic!("{parsed:?} but {skimmed:?} in {bytes:02x?}"),
            }
        }
    }

    fn same_number(operator: &Operator<'_>, skim: &Skim<'_>, start: u32) {
        match operator {
            Operator::I64Const { value } => assert_eq!(skim.wide(start), *value as u64),
            Operator::I32Load { memarg } | Operator::I64Load { memarg } => assert_eq!(skim.reach(start), memarg.offset),
            _ => {}
        }
    }

    fn same_immediate(operator: &Operator<'_>, step: &Step) {
        match operator {
            Operator::I32Const { value } => assert_eq!(step.value as i32, *value),
            Operator::Call { function_index: index }
            | Operator::ReturnCall { function_index: index }
            | Operator::LocalSet { local_index: index }
            | Operator::GlobalSet { global_index: index } => assert_eq!(step.value, *index),
            Operator::CallIndirect { type_index, table_index } => {
                assert_eq!((step.value, step.second), (*type_index, *table_index));
            }
            _ => {}
        }
    }

    #[test]
    fn every_first_byte_before_any_immediates() {
        let tails: [&[u8]; 12] = [
            &[],
            &[0x00, 0x00, 0x0b],
            &[0x40, 0x0b],
            &[0x7f, 0x0b],
            &[0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x0b],
            &[0xff, 0xff, 0xff, 0xff, 0x7f, 0x0b],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x0b],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 0x0b],
            &[0x42, 0x80, 0x01, 0x00],
            &[0x40, 0x80, 0x00, 0xff, 0x80, 0x80, 0x80, 0x10, 0x0b],
            &[0xd5, 0xaa, 0xd5, 0xaa, 0xd5, 0xaa, 0xd5, 0x2a, 0x0b],
            &[0x42, 0x01, 0xe5, 0x8e, 0x26, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b],
        ];
        for code in 0..=255u8 {
            for tail in tails {
                agrees(&[&[code], tail].concat());
            }
        }
    }

    #[test]
    fn bytes_at_random() {
        // A linear congruence (Knuth's MMIX) is random enough to meet every first byte with many that follow.
        let mut state = 1u64;
        for _ in 0..20_000 {
            let mut bytes = [0u8; 24];
            for byte in &mut bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 56) as u8;
            }
            agrees(&bytes);
        }
    }
}
