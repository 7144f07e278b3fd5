//! Readers that count: what goes into a file's decoders, and what may come out of them.

use crate::gap::Bound;
use crate::limits;
use sha2::{Digest, Sha256};
use std::cell::Cell;
use std::fmt::Write;
use std::io::{self, Read};
use std::rc::Rc;

/// What one file may be decoded to, all its decoders together.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// Bytes of the file itself.
    read: Cell<u64>,
    /// Bytes that came out of decoders, at every level.
    inflated: Cell<u64>,
}

impl Meter {
    /// Takes a file's length for read: a zip is read from its end.
    pub(crate) fn all(&self, bytes: u64) {
        self.read.set(self.read.get().max(bytes));
    }

    /// Bytes of the file that have been read.
    pub(crate) fn so_far(&self) -> u64 {
        self.read.get()
    }

    fn inflate(&self, bytes: usize) -> io::Result<()> {
        let inflated = self.inflated.get().saturating_add(bytes as u64);
        self.inflated.set(inflated);
        let most = self.read.get().saturating_mul(limits::INFLATED_TIMES).saturating_add(limits::INFLATED_FREE);
        if inflated > most {
            return Err(io::Error::other(Bound("it unpacks to far more than a hundred times its length")));
        }
        Ok(())
    }
}

/// Counts and hashes what is read from a container.
pub(crate) struct Counted<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
    /// The file's own meter, at the outermost level.
    meter: Option<Rc<Meter>>,
}

impl<R: Read> Counted<R> {
    pub(crate) fn new(inner: R, meter: Option<Rc<Meter>>) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0, meter }
    }

    /// Reads what is left, and gives length and SHA-256 of the whole; no hash when that fails.
    pub(crate) fn close(mut self) -> (u64, Option<String>) {
        let whole = io::copy(&mut self, &mut io::sink()).is_ok();
        let bytes = self.bytes;
        (bytes, whole.then(|| hexadecimal(self.hash)))
    }

    /// The length so far.
    pub(crate) fn so_far(&self) -> u64 {
        self.bytes
    }
}

/// A hash as it is written.
pub(crate) fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        if let Some(meter) = &self.meter {
            meter.read.set(meter.read.get().max(self.bytes));
        }
        Ok(read)
    }
}

/// What comes out of a decoder.
pub(crate) struct Inflated<R> {
    inner: R,
    meter: Rc<Meter>,
}

impl<R> Inflated<R> {
    pub(crate) fn new(inner: R, meter: &Rc<Meter>) -> Self {
        Self { inner, meter: Rc::clone(meter) }
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.meter.inflate(read)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unpacks_to_too_much_stops() {
        let meter = Rc::new(Meter::default());
        meter.all(10);
        let mut endless = Inflated::new(io::repeat(0), &meter);
        let error = io::copy(&mut endless, &mut io::sink()).unwrap_err();
        assert_eq!(crate::gap::of(&error).reason, davy_model::GapReason::OverLimit);
        assert!(meter.inflated.get() < limits::INFLATED_FREE + (1 << 20));
    }

    #[test]
    fn a_stream_is_counted_and_hashed_to_its_end() {
        let (bytes, hash) = Counted::new(&b"abc"[..], None).close();
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((bytes, hash.as_deref()), (3, Some(known)));
    }
}
