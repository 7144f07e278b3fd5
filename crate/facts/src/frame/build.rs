//! Collects the values of one message as its reader meets them, and shows each group when it ends. Memory is bounded by
//! depth and by a window over long lists, whatever the message's length.

use super::group::{Group, Leaf};
use super::words::Words;
use crate::limits;

/// Takes each group with the words met so far.
pub(super) type Show<'s> = dyn FnMut(&Group<'_, '_>) + 's;

/// What is open while a message is read.
pub(super) struct Builder<'a, 's> {
    pub(super) words: Words,
    open: Vec<Open<'a>>,
    /// Containers open below the deepest that is followed.
    deeper: usize,
    /// Whether something lay too deep.
    pub(super) lost: bool,
    show: &'s mut Show<'s>,
}

#[derive(Default)]
struct Open<'a> {
    own: Vec<Leaf<'a>>,
    /// Values of the containers inside, where they are few.
    inner: Vec<Leaf<'a>>,
}

impl<'a, 's> Builder<'a, 's> {
    pub(super) fn new(show: &'s mut Show<'s>) -> Self {
        Self { words: Words::default(), open: vec![Open::default()], deeper: 0, lost: false, show }
    }

    /// Whether nothing is open but the message itself.
    pub(super) fn is_outside(&self) -> bool {
        self.open.len() == 1
    }

    pub(super) fn open(&mut self) {
        if self.open.len() < limits::FRAME_DEPTH {
            self.open.push(Open::default());
        } else {
            self.deeper += 1;
            self.lost = true;
        }
    }

    pub(super) fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if !self.is_outside() {
            self.end();
        }
    }

    pub(super) fn leaf(&mut self, leaf: Leaf<'a>) {
        if self.deeper > 0 {
            return;
        }
        let Some(open) = self.open.last_mut() else { return };
        open.own.push(leaf);
        // What stands within half a window of each other is always seen together.
        if open.own.len() > limits::FRAME_GROUP {
            (self.show)(&Group { leaves: &open.own, plain: false });
            open.own.drain(..limits::FRAME_GROUP / 2);
        }
    }

    /// The message is over, or the next one in the same frame begins.
    pub(super) fn finish(&mut self) {
        self.deeper = 0;
        while !self.open.is_empty() {
            self.end();
        }
        self.open.push(Open::default());
    }

    fn end(&mut self) {
        let Some(Open { mut own, mut inner }) = self.open.pop() else { return };
        let together = own.len() + inner.len() <= limits::FRAME_GROUP;
        if together {
            own.append(&mut inner);
        }
        if !own.is_empty() {
            (self.show)(&Group { leaves: &own, plain: false });
        }
        if let Some(outer) = self.open.last_mut()
            && together
            && outer.inner.len() + own.len() <= limits::FRAME_GROUP
        {
            outer.inner.append(&mut own);
        }
    }
}
