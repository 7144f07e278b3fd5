//! Lines and columns of offsets in a text, for many offsets in any order.

use davy_model::Location;
use std::cell::OnceCell;

/// Bytes between two places whose line and column are known.
const STEP: usize = 512;

/// Finds lines and columns; looks through the text once, when first asked.
#[derive(Debug)]
pub(in crate::script) struct Places<'t> {
    text: &'t [u8],
    /// Line and column, from 1, of each multiple of [`STEP`].
    known: OnceCell<Vec<(u32, u32)>>,
}

impl<'t> Places<'t> {
    pub(in crate::script) fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), known: OnceCell::new() }
    }

    /// The place of a byte.
    pub(in crate::script) fn line(&self, offset: usize) -> Location {
        let offset = offset.min(self.text.len());
        let start = offset / STEP;
        let known = self.known.get_or_init(|| {
            let steps = self.text.chunks(STEP).scan((1, 1), |place, bytes| {
                let here = *place;
                *place = walk(here, bytes);
                Some(here)
            });
            steps.collect()
        });
        let from = known.get(start).copied();
        let (line, column) = match from {
            Some(place) => walk(place, &self.text[start * STEP..offset]),
            None => known.last().map_or((1, 1), |place| walk(*place, &self.text[(known.len() - 1) * STEP..offset])),
        };
        Location::Line { line, column }
    }
}

/// The place behind the bytes. Columns are UTF-16 units: every byte that starts a character, and those of four bytes twice.
fn walk((line, column): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    let units = |bytes: &[u8]| bytes.iter().map(|c| u32::from(c & 0xc0 != 0x80) + u32::from(*c >= 0xf0)).sum::<u32>();
    match memchr::memrchr(b'\n', bytes) {
        Some(last) => (line + memchr::memchr_iter(b'\n', bytes).count() as u32, 1 + units(&bytes[last + 1..])),
        None => (line, column + units(bytes)),
    }
}
