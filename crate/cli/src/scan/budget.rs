//! How many bytes of files may be in memory at the same time.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// A number of bytes that readers share.
#[derive(Debug)]
pub(crate) struct Budget {
    total: u64,
    free: Mutex<u64>,
    returned: Condvar,
}

/// A part of the budget; it is returned when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(total: u64) -> Arc<Self> {
        Arc::new(Self { total, free: Mutex::new(total), returned: Condvar::new() })
    }

    /// Waits until so many bytes are free and takes them. Whoever asks for more than there is gets all of it: a reader
    /// holds one share at a time, so all shares come back.
    pub(crate) fn take(self: &Arc<Self>, bytes: u64) -> Share {
        let mut share = Share { budget: Arc::clone(self), bytes: 0 };
        share.grow(bytes);
        share
    }
}

impl Share {
    /// Waits until so many bytes more are free and takes them, up to all there are. Only one reader may grow its share
    /// where others hold theirs until they are done: two would wait for each other.
    pub(crate) fn grow(&mut self, bytes: u64) {
        let bytes = bytes.min(self.budget.total - self.bytes);
        let mut free = self.budget.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free < bytes {
            free = self.budget.returned.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        self.bytes += bytes;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_grow_to_all_there_is_and_come_back() {
        let budget = Budget::new(100);
        let mut share = budget.take(60);
        share.grow(1000);
        assert_eq!(share.bytes, 100);
        drop(share);
        assert_eq!(budget.take(7).bytes, 7);
    }
}
