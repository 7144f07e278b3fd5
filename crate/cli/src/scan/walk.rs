//! From the PATHs of the command line to files, in the order of the input, without opening any of them.

use super::place::Place;
use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// One thing that was met.
#[derive(Debug)]
pub(crate) enum Met {
    /// A regular file, or a link to one: where it is; `named` when it stands on the command line.
    File { place: Place, named: bool },
    /// `-`.
    Stdin,
    /// Something inside a folder that cannot be read.
    Unreadable { path: PathBuf, because: String },
    /// A PATH of the command line that cannot be read.
    Refused { path: PathBuf, because: String },
}

/// Walks folders in the order of their names. Memory holds one folder's names for each level, and the linked folders.
pub(crate) struct Walk {
    paths: std::vec::IntoIter<PathBuf>,
    folders: Vec<Folder>,
    /// The folders of the command line, canonical: what lies in them is met without following links.
    roots: Vec<PathBuf>,
    /// Folders outside of them that were entered through a link, canonical: each is entered once.
    linked: BTreeSet<PathBuf>,
}

/// A folder that is being walked. A linked one is walked where it really is, so that links to links do not add up to
/// more than the system follows, and shown where the link is.
struct Folder {
    entries: walkdir::IntoIter,
    real: PathBuf,
    shown: PathBuf,
}

impl Folder {
    fn new(real: PathBuf, shown: PathBuf) -> Self {
        Self { entries: WalkDir::new(&real).min_depth(1).sort_by_file_name().into_iter(), real, shown }
    }

    fn place(&self, path: PathBuf) -> Place {
        Place { path, root: self.real.clone(), shown: self.shown.clone() }
    }

    fn show(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.real) {
            Ok(inner) if self.real != self.shown => self.shown.join(inner),
            _ => path.to_path_buf(),
        }
    }
}

impl Walk {
    pub(crate) fn new(paths: Vec<PathBuf>) -> Self {
        let roots = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        Self { paths: paths.into_iter(), folders: Vec::new(), roots, linked: BTreeSet::new() }
    }

    fn named(&mut self, path: PathBuf) -> Option<Met> {
        if path.as_os_str() == "-" {
            return Some(Met::Stdin);
        }
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => return Some(Met::Refused { because: error.to_string(), path }),
        };
        if metadata.is_file() {
            // What it brings in stands beside it.
            let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
            return Some(Met::File { place: Place { path, shown: root.clone(), root }, named: true });
        }
        if !metadata.is_dir() {
            let because = format!("it is {}; use `-` to read a stream", describe(metadata.file_type()));
            return Some(Met::Refused { path, because });
        }
        if let Err(error) = fs::read_dir(&path) {
            return Some(Met::Refused { because: error.to_string(), path });
        }
        self.folders.push(Folder::new(path.clone(), path));
        None
    }

    /// What an entry of the innermost folder is.
    fn inside(&mut self, entry: walkdir::Result<walkdir::DirEntry>) -> Option<Met> {
        let folder = self.folders.last()?;
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = folder.show(error.path().unwrap_or(&folder.real));
                let because = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                return Some(Met::Unreadable { path, because });
            }
        };
        let kind = entry.file_type();
        let shown = folder.show(entry.path());
        if kind.is_dir() {
            None
        } else if kind.is_file() {
            Some(Met::File { place: folder.place(entry.into_path()), named: false })
        } else if kind.is_symlink() {
            self.link(entry.into_path(), shown)
        } else {
            Some(Met::Unreadable { because: format!("it is {}", describe(kind)), path: shown })
        }
    }

    /// Links to files are read. A linked folder is entered once, and only when it is not walked anyway: that ends loops
    /// and keeps links to links from multiplying.
    fn link(&mut self, path: PathBuf, shown: PathBuf) -> Option<Met> {
        let target = fs::metadata(&path).and_then(|metadata| Ok((metadata.file_type(), path.canonicalize()?)));
        match target {
            Err(error) => Some(Met::Unreadable { because: format!("the link leads nowhere: {error}"), path: shown }),
            Ok((kind, _)) if kind.is_file() => {
                self.folders.last().map(|folder| Met::File { place: folder.place(path), named: false })
            }
            Ok((kind, target)) if kind.is_dir() => {
                let walked = self.roots.iter().chain(&self.linked).any(|root| target.starts_with(root));
                if !walked {
                    self.linked.insert(target.clone());
                    self.folders.push(Folder::new(target, shown));
                }
                None
            }
            Ok((kind, _)) => Some(Met::Unreadable { because: format!("it leads to {}", describe(kind)), path: shown }),
        }
    }
}

impl Iterator for Walk {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        loop {
            let met = match self.folders.last_mut().map(|folder| folder.entries.next()) {
                Some(Some(entry)) => self.inside(entry),
                Some(None) => {
                    self.folders.pop();
                    None
                }
                None => {
                    let path = self.paths.next()?;
                    self.named(path)
                }
            };
            if met.is_some() {
                return met;
            }
        }
    }
}

/// What a thing is that is neither file nor folder.
#[cfg(unix)]
fn describe(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "neither a file nor a folder"
    }
}

/// What a thing is that is neither file nor folder.
#[cfg(not(unix))]
fn describe(_: FileType) -> &'static str {
    "neither a file nor a folder"
}
