//! Known tables: how they look in a data segment and as constants in code, and a search for them that reads each byte
//! of data once.

mod dual;

use super::constants;
use super::module::Data;
use crate::limits;
use std::cmp::Reverse;
use std::sync::OnceLock;

/// A table found in a data segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) table: u8,
    /// Offset of its first byte in the module; none where it stands in memory only.
    pub(crate) offset: Option<u32>,
    /// Its length in bytes.
    pub(crate) length: u32,
    /// Consecutive entries that match.
    pub(crate) entries: u32,
    /// Its address in memory, where the segment's is known.
    pub(crate) address: Option<u64>,
}

/// All known tables, ready to be searched for.
#[derive(Debug)]
pub(crate) struct Tables {
    names: Vec<&'static str>,
    forms: Vec<Form>,
    /// Eight bytes of a form, how far from its start they stand, and the form; sorted. Four bytes would not do: tables of
    /// small numbers are half zeros.
    anchors: Vec<Anchor>,
    anchor_filter: Vec<u64>,
    /// (constant, table, entry), sorted by constant.
    code: Vec<(u64, u8, u8)>,
    code_filter: Vec<u64>,
}

/// See [`Tables::anchors`].
type Anchor = (u64, Reverse<u8>, u8);

/// Bytes between the places that are looked at: a table that is found has at least twice as many, so that a whole word of
/// it stands at one of them.
const STRIDE: usize = 8;

/// One way in which a table can stand in data.
#[derive(Debug)]
struct Form {
    table: u8,
    bytes: Vec<u8>,
    entry: usize,
    /// Entries that must match in a row before it is called found.
    least: usize,
}

/// What a module's code may name: the tables, and where in memory its data holds some.
#[derive(Debug)]
pub(crate) struct Known<'t> {
    pub(super) tables: &'t Tables,
    /// Addresses that tables take, as ranges in order that do not touch.
    spans: Vec<(u64, u64)>,
    /// What memory holds from the start.
    data: Vec<Data<'t>>,
}

impl<'t> Known<'t> {
    pub(crate) fn new(tables: &'t Tables, placed: &[Placed], data: &[Data<'t>]) -> Self {
        let range = |one: &Placed| one.address.map(|start| (start, start + u64::from(one.length)));
        let mut all: Vec<(u64, u64)> = placed.iter().filter_map(range).collect();
        davy_model::sort(&mut all);
        let mut spans: Vec<(u64, u64)> = Vec::new();
        for (start, end) in all {
            match spans.last_mut().filter(|last| last.1 >= start) {
                Some(last) => last.1 = last.1.max(end),
                None => spans.push((start, end)),
            }
        }
        let data = data.iter().take(limits::CONSTANT_SEGMENTS).copied().collect();
        Self { tables, spans, data }
    }

    /// A word that memory holds from the start, lowest byte first; whether anybody writes there is not asked.
    pub(super) fn word(&self, address: u64, bytes: u64) -> Option<u64> {
        let word = self.data.iter().find_map(|data| {
            let start = usize::try_from(address.checked_sub(data.address?)?).ok()?;
            data.bytes.get(start..start.checked_add(bytes as usize)?)
        })?;
        Some(word.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// Whether a known table stands at an address.
    pub(crate) fn is_placed(&self, address: u64) -> bool {
        let next = self.spans.partition_point(|(start, _)| *start <= address);
        next > 0 && address < self.spans[next - 1].1
    }
}

/// Constants below this are too common to name a table.
const SMALLEST_CODE_CONSTANT: u64 = 1 << 17;

impl Tables {
    /// The tables, made once.
    pub(crate) fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(Self::build)
    }

    pub(crate) fn name(&self, table: u8) -> &'static str {
        self.names.get(table as usize).copied().unwrap_or_default()
    }

    /// The tables and entries that a constant in code belongs to.
    pub(crate) fn constant(&self, value: u64) -> impl Iterator<Item = (u8, u8)> + '_ {
        let start = if value < SMALLEST_CODE_CONSTANT || !probe(&self.code_filter, mix(value)) {
            self.code.len()
        } else {
            self.code.partition_point(|(k, ..)| *k < value)
        };
        self.code[start..].iter().take_while(move |(k, ..)| *k == value).map(|(_, t, e)| (*t, *e))
    }

    /// Every known table in a data segment, of those that overlap the one that begins first.
    pub(crate) fn search(&self, data: &Data<'_>, found: &mut Vec<Placed>) {
        let mut from = 0;
        for (index, word) in data.bytes.as_chunks::<STRIDE>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            if probe(&self.anchor_filter, mix(word)) {
                self.at_anchor(word, data, index * STRIDE, &mut from, found);
            }
        }
    }

    /// The tables that have this word at this place; none that begins before `from`, which is then behind the last.
    fn at_anchor(&self, word: u64, data: &Data<'_>, at: usize, from: &mut usize, found: &mut Vec<Placed>) {
        let first = self.anchors.partition_point(|(w, ..)| *w < word);
        let candidates = &self.anchors[first..];
        let candidates = &candidates[..candidates.partition_point(|(w, ..)| *w == word)];
        // Those that stand furthest from their form's start begin first.
        for same in candidates.chunk_by(|a, b| a.1 == b.1) {
            let distance = usize::from(same[0].1.0);
            let Some(start) = at.checked_sub(distance).filter(|start| start >= from) else { continue };
            let matches = same.iter().filter_map(|(.., form)| self.forms[*form as usize].matched(&data.bytes[start..]));
            // Pairs of shorter words read like longer ones: the shorter are meant.
            let Some((table, length, entries)) = matches.max_by_key(|(_, length, entries)| (*length, *entries)) else {
                continue;
            };
            *from = start + length;
            found.push(Placed {
                table,
                offset: data.offset.map(|offset| offset + start as u32),
                length: length as u32,
                entries: entries as u32,
                address: data.address.map(|a| a + start as u64),
            });
        }
    }

    fn build() -> Self {
        let mut tables = Self {
            names: Vec::new(),
            forms: Vec::new(),
            anchors: Vec::new(),
            anchor_filter: vec![0; 1 << 10],
            code: Vec::new(),
            code_filter: vec![0; 1 << 10],
        };
        tables.fill();
        for (index, form) in tables.forms.iter().enumerate() {
            for (distance, word) in form.bytes.windows(STRIDE).take(STRIDE).enumerate() {
                let word = word.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
                tables.anchors.push((word, Reverse(distance as u8), index as u8));
                set(&mut tables.anchor_filter, mix(word));
            }
        }
        davy_model::sort(&mut tables.anchors);
        davy_model::sort(&mut tables.code);
        tables.code.dedup();
        for (value, ..) in &tables.code {
            set(&mut tables.code_filter, mix(*value));
        }
        tables
    }

    fn fill(&mut self) {
        self.words64("keccak-rc", &keccak_round_constants(), 4);
        self.words64("sha512-k", &constants::SHA512_K, 4);
        self.words64("sha512-iv", &constants::SHA512_IV, 4);
        self.words64("jh-rc", &constants::JH_RC, 4);
        self.words64("jh-iv", &constants::JH256_IV, 4);
        self.words64("skein", &constants::SKEIN, 3);
        self.words64("randomx-item", &constants::RANDOMX_ITEM, 4);
        self.in_pairs("randomx-aes", &constants::RANDOMX_AES);
        // How BLAKE2b is begun for Equihash: the personalisation alone, and joined with the word that it changes.
        let person = u64::from_le_bytes(*b"ZcashPoW");
        let table = self.named("equihash-person");
        self.in_code(table, [person, person ^ constants::SHA512_IV[6]].into_iter());
        let upper = |words: &[u64]| words.iter().map(|w| (w >> 32) as u32).collect::<Vec<u32>>();
        self.words32("sha256-k", &upper(&constants::SHA512_K[..64]), 8);
        self.words32("sha256-iv", &upper(&constants::SHA512_IV), 4);
        self.words32("blake256-c", &constants::BLAKE256_C, 4);
        self.bytes("blake2-sigma", &constants::BLAKE2_SIGMA, 48);
        let sbox = aes_sbox();
        self.bytes("aes-sbox", &sbox, 64);
        self.bytes("aes-inv-sbox", &inverse(&sbox), 64);
        self.columns("aes-t", &sbox, &[2, 1, 1, 3]);
        self.columns("aes-inv-t", &inverse(&sbox), &[14, 9, 13, 11]);
        self.columns("groestl-t", &sbox, &[2, 7, 5, 3, 5, 4, 3, 2]);
        self.dual();
        self.fill_chains();
    }

    /// The number of a name; tables that stand in several forms share one.
    pub(super) fn named(&mut self, name: &'static str) -> u8 {
        if let Some(known) = self.names.iter().position(|n| *n == name) {
            return known as u8;
        }
        self.names.push(name);
        (self.names.len() - 1) as u8
    }

    pub(super) fn form(&mut self, table: u8, bytes: Vec<u8>, entry: usize, least: usize) {
        self.forms.push(Form { table, bytes, entry, least });
    }

    /// 64-bit words, in either byte order, as pairs of words of which the upper comes first, and as constants in code.
    pub(super) fn words64(&mut self, name: &'static str, words: &[u64], least: usize) {
        let table = self.named(name);
        self.form(table, words.iter().flat_map(|w| w.to_le_bytes()).collect(), 8, least);
        self.form(table, words.iter().flat_map(|w| w.to_be_bytes()).collect(), 8, least);
        self.form(table, words.iter().flat_map(|w| w.rotate_left(32).to_le_bytes()).collect(), 8, least);
        self.in_code(table, words.iter().copied());
    }

    pub(super) fn words32(&mut self, name: &'static str, words: &[u32], least: usize) {
        let table = self.named(name);
        self.form(table, words.iter().flat_map(|w| w.to_le_bytes()).collect(), 4, least);
        self.form(table, words.iter().flat_map(|w| w.to_be_bytes()).collect(), 4, least);
        self.in_code(table, words.iter().map(|w| u64::from(*w)));
    }

    /// 32-bit words in code, alone or joined to 64 bits, the first one above: as vectors are made of words.
    fn in_pairs(&mut self, name: &'static str, words: &[u32]) {
        let table = self.named(name);
        let pairs = words.chunks_exact(2).map(|pair| u64::from(pair[0]) << 32 | u64::from(pair[1]));
        self.in_code(table, words.iter().map(|word| u64::from(*word)).chain(pairs));
    }

    /// Bytes, also widened to 32-bit words, as C and Rust sources declare them.
    fn bytes(&mut self, name: &'static str, bytes: &[u8], least: usize) {
        let table = self.named(name);
        self.form(table, bytes.to_vec(), 1, least);
        self.form(table, bytes.iter().flat_map(|b| u32::from(*b).to_le_bytes()).collect(), 4, least);
    }

    /// A table of s-box and column multiplication in GF(2^8), in each rotation of the column.
    fn columns(&mut self, name: &'static str, sbox: &[u8; 256], column: &[u8]) {
        let table = self.named(name);
        let size = column.len();
        // Multiplied once for each coefficient; the turns and orders only arrange these.
        let rows: Vec<Vec<u8>> = column.iter().map(|c| sbox.iter().map(|s| times(*s, *c)).collect()).collect();
        for turn in 0..size {
            let turned = |at: usize, reverse: bool| (if reverse { size - 1 - at } else { at } + turn) % size;
            for reverse in [false, true] {
                let entry = |i: usize| (0..size).map(move |at| (turned(at, reverse), i));
                let bytes = (0..256).flat_map(entry).map(|(row, i)| rows[row][i]).collect();
                self.form(table, bytes, size, 16);
            }
        }
    }

    fn in_code(&mut self, table: u8, words: impl Iterator<Item = u64>) {
        let known = words.enumerate().filter(|(_, w)| *w >= SMALLEST_CODE_CONSTANT);
        self.code.extend(known.map(|(entry, word)| (word, table, entry as u8)));
    }
}

impl Form {
    /// Table, length in bytes and entries, when enough entries match from the start.
    fn matched(&self, bytes: &[u8]) -> Option<(u8, usize, usize)> {
        let same = self.bytes.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        let entries = same / self.entry;
        (entries >= self.least).then_some((self.table, entries * self.entry, entries))
    }
}

fn mix(value: u64) -> usize {
    (value.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize
}

fn probe(filter: &[u64], bit: usize) -> bool {
    filter[bit >> 6] >> (bit & 63) & 1 == 1
}

fn set(filter: &mut [u64], bit: usize) {
    filter[bit >> 6] |= 1 << (bit & 63);
}

/// FIPS 202, 3.2.5: an LFSR over x^8 + x^6 + x^5 + x^4 + 1 sets bit 2^j - 1 of each round constant.
pub(crate) fn keccak_round_constants() -> [u64; 24] {
    let mut state = 1u16;
    let mut constants = [0u64; 24];
    for constant in &mut constants {
        for j in 0..7 {
            if state & 1 == 1 {
                *constant |= 1 << ((1u32 << j) - 1);
            }
            state <<= 1;
            if state & 0x100 != 0 {
                state ^= 0x171;
            }
        }
    }
    constants
}

/// Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, 4.2).
fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut b, mut product) = (a, b, 0);
    while b != 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = a << 1 ^ (if a & 0x80 != 0 { 0x1b } else { 0 });
        b >>= 1;
    }
    product
}

/// FIPS 197, 5.1.1: the inverse in GF(2^8), then an affine map.
fn aes_sbox() -> [u8; 256] {
    let mut sbox = [0x63; 256];
    let (mut p, mut q) = (1u8, 1u8);
    loop {
        p = times(p, 3);
        q = times(q, 0xf6);
        let turned = q ^ q.rotate_left(1) ^ q.rotate_left(2) ^ q.rotate_left(3) ^ q.rotate_left(4);
        sbox[p as usize] = turned ^ 0x63;
        if p == 1 {
            return sbox;
        }
    }
}

fn inverse(sbox: &[u8; 256]) -> [u8; 256] {
    let mut inverse = [0; 256];
    for (i, s) in sbox.iter().enumerate() {
        inverse[*s as usize] = i as u8;
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, value: u64) -> bool {
        let tables = Tables::get();
        tables.constant(value).any(|(t, _)| tables.name(t) == name)
    }

    #[test]
    fn computed_tables_have_their_published_first_entries() {
        assert_eq!(keccak_round_constants()[..3], [1, 0x8082, 0x8000_0000_0000_808a]);
        assert_eq!(keccak_round_constants()[23], 0x8000_0000_8000_8008);
        assert_eq!(aes_sbox()[..4], [0x63, 0x7c, 0x77, 0x7b]);
        assert_eq!(inverse(&aes_sbox())[..4], [0x52, 0x09, 0x6a, 0xd5]);
    }

    #[test]
    fn constants_in_code_name_their_table() {
        assert!(entry("sha256-k", 0x428a_2f98) && entry("sha256-iv", 0x6a09_e667));
        assert!(entry("sha512-iv", 0x6a09_e667_f3bc_c908) && entry("skein", 0x1bd1_1bda_a9fc_1a22));
        assert!(!entry("keccak-rc", 1));
    }

    #[test]
    fn no_table_is_too_short_for_the_stride() {
        let tables = Tables::get();
        assert!(tables.forms.iter().all(|form| form.least * form.entry >= 2 * STRIDE));
        // A word that every segment is full of would make the search slow.
        assert!(tables.anchors.iter().all(|(word, ..)| *word != 0));
    }

    #[test]
    fn tables_are_found_at_any_offset_and_in_either_order() {
        let tables = Tables::get();
        let mut bytes = vec![7; 13];
        bytes.extend([0xa5, 0x63, 0x63, 0xc6, 0x84, 0x7c, 0x7c, 0xf8]);
        bytes.extend((2..256usize).flat_map(|i| {
            let s = aes_sbox()[i];
            [times(s, 3), s, s, times(s, 2)]
        }));
        let mut found = Vec::new();
        tables.search(&Data { bytes: &bytes, offset: Some(100), address: Some(1024) }, &mut found);
        assert_eq!(found.len(), 1);
        assert_eq!((tables.name(found[0].table), found[0].entries), ("aes-t", 256));
        assert_eq!((found[0].offset, found[0].address), (Some(113), Some(1037)));
    }
}
