//! Every bound of the readers of containers, one constant each, with its reason.

/// Bytes at the start of an entry that say what it is: a tar's first header has 512, and a page's or capture's first words
/// stand behind comments and spaces.
pub const HEAD: usize = 1024;

/// Containers inside of each other that are opened, whatever the caller allows: an image holds layers that hold packages
/// that hold source maps, and each level costs a decoder of some hundred KiB.
pub const DEPTH: u32 = 32;

/// Bytes that may come out of one file's decoders for each byte of the file, beside [`INFLATED_FREE`]. Text shrinks five to
/// twenty times, deflate can reach 1032; what shrinks more than a hundred times was made to.
pub const INFLATED_TIMES: u64 = 100;

/// Bytes that may come out of one file's decoders whatever its length: a small archive of zeros is harmless, and inflating
/// so many takes less than a second.
pub const INFLATED_FREE: u64 = 256 << 20;

/// Bytes of a name, or of extended headers of a tar, that are read; file systems take 4,096.
pub const NAME_BYTES: u64 = 64 << 10;

/// Bytes of an entry of no kind that Davy reads, in which addresses and configurations are looked for. Configurations have
/// some KiB; the largest executables of packages and images some 100 MB.
pub const OTHER_BYTES: u64 = 128 << 20;

/// Gaps listed for one container; the rest would say the same.
pub const GAPS: usize = 64;

/// Links of one archive that are followed to see whether they come back to themselves. Images have some ten thousand.
pub const LINKS: usize = 1 << 16;

/// Bytes by which a buffer grows while an entry is read: declared lengths are not believed.
pub const STEP: usize = 256 << 10;

/// Images of one archive, entries of the archive itself, and bytes of a manifest: an image has some dozen layers, two entries
/// each, and lists them in some KiB.
pub const IMAGES: usize = 256;
/// See [`IMAGES`].
pub const IMAGE_ENTRIES: usize = 1 << 16;
/// See [`IMAGES`].
pub const MANIFEST_BYTES: u64 = 4 << 20;

/// Files of one image of which it is known which layer's counts. Beyond, files of several layers are read, each: more than
/// is there, never less. Images have some hundred thousand.
pub const IMAGE_FILES: usize = 1 << 20;
