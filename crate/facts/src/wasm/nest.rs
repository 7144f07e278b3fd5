//! Which loops stand inside which: every part of a function has one around it, but the part outside all loops.

/// Whether a part is another or lies inside it; `around` gives the part around one.
pub(super) fn is_inside(around: impl Fn(u32) -> Option<u32>, part: u32, outer: u32) -> bool {
    let mut part = Some(part);
    while let Some(index) = part {
        if index == outer {
            return true;
        }
        part = around(index);
    }
    false
}

/// The part around each part of a function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nest<'p>(pub(super) &'p [Option<u32>]);

impl Nest<'_> {
    fn around(self, part: u32) -> Option<u32> {
        self.0.get(part as usize).copied().flatten()
    }

    /// Whether a part is another or lies inside it.
    pub(super) fn is_inside(self, part: u32, outer: u32) -> bool {
        is_inside(|part| self.around(part), part, outer)
    }

    /// Whether a part is one around another, not that itself.
    pub(super) fn is_around(self, outer: u32, part: u32) -> bool {
        outer != part && self.is_inside(part, outer)
    }

    /// Whether two parts lie in one loop.
    pub(super) fn meet(self, a: u32, b: u32) -> bool {
        let mut part = Some(a);
        while let Some(index) = part.filter(|index| *index > 0) {
            if self.is_inside(b, index) {
                return true;
            }
            part = self.around(index);
        }
        false
    }
}
