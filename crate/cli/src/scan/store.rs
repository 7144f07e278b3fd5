//! What was found in files, by the path under which they are reported: kept for the pages that name them: a page is judged with its scripts, and a script that a
//! hundred pages name is read once.

use super::analyse::{Entry, Named};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes of findings that are kept. What is dropped is read again when it is asked for; a clean script weighs some 300.
const MOST: usize = 16 << 20;

/// What came of one file.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The file's artifact and those inside of it, outermost first.
    pub(crate) entries: Vec<Entry>,
    /// What they bring in by address.
    pub(crate) references: Vec<Named>,
}

/// Findings by the path under which the file is reported.
#[derive(Debug, Default)]
pub(crate) struct Store {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// `None` while somebody reads the file.
    found: BTreeMap<PathBuf, Option<Arc<Found>>>,
    /// Those that can be dropped, oldest first.
    order: VecDeque<PathBuf>,
    weight: usize,
}

impl Store {
    /// What was found in a file, reading it where nobody has. Files are read one at a time by each thread, and whoever
    /// reads waits for nobody: so all who wait here go on.
    pub(crate) fn get<E>(&self, path: &Path, read: impl FnOnce() -> Result<Found, E>) -> Result<Arc<Found>, E> {
        let mut state = self.lock();
        loop {
            match state.found.get(path) {
                Some(Some(found)) => return Ok(Arc::clone(found)),
                Some(None) => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                None => break,
            }
        }
        state.found.insert(path.to_owned(), None);
        drop(state);
        let mut reading = Reading { store: self, path, found: None };
        let found = Arc::new(read()?);
        reading.found = Some(Arc::clone(&found));
        Ok(found)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody reads a file. However that ends, those who wait for it are told.
struct Reading<'s> {
    store: &'s Store,
    path: &'s Path,
    found: Option<Arc<Found>>,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut state = self.store.lock();
        match self.found.take() {
            None => drop(state.found.remove(self.path)),
            Some(found) => state.keep(self.path, found),
        }
        drop(state);
        self.store.changed.notify_all();
    }
}

impl State {
    fn keep(&mut self, path: &Path, found: Arc<Found>) {
        self.weight += weight(&found);
        self.found.insert(path.to_owned(), Some(found));
        self.order.push_back(path.to_owned());
        while self.weight > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            if let Some(Some(found)) = self.found.remove(&oldest) {
                self.weight -= weight(&found);
            }
        }
    }
}

/// About how many bytes findings take.
pub(crate) fn weight(found: &Found) -> usize {
    const EACH: usize = 256;
    let texts = |entry: &Entry| {
        let evidence = entry.verdict.evidence.iter().map(|e| EACH + e.because.len());
        let gaps = entry.verdict.gaps.iter().map(|g| EACH + g.because.len());
        EACH + entry.path.len() + evidence.chain(gaps).sum::<usize>()
    };
    let references = found.references.iter().map(|named| EACH + named.reference.address.len());
    found.entries.iter().map(texts).chain(references).sum::<usize>() + EACH
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn nothing() -> Result<Found, ()> {
        Ok(Found { entries: Vec::new(), references: Vec::new() })
    }

    #[test]
    fn a_file_is_read_once_by_many() {
        let (store, reads) = (Store::default(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    store.get(Path::new("a.js"), || {
                        reads.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(20));
                        nothing()
                    })
                });
            }
        });
        assert_eq!(reads.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn who_fails_or_panics_holds_nobody_up() {
        let store = Store::default();
        assert!(store.get(Path::new("a.js"), || Err(())).is_err());
        let panics = || store.get(Path::new("a.js"), || -> Result<Found, ()> { panic!("a defect") });
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
        assert!(store.get(Path::new("a.js"), nothing).is_ok());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let store = Store::default();
        for index in 0..200_000 {
            assert!(store.get(Path::new(&format!("{index}.js")), nothing).is_ok());
        }
        let state = store.lock();
        assert!(state.weight <= MOST && state.found.len() == state.order.len() && state.found.len() < 100_000);
    }
}
