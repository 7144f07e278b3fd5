//! From an address that a page or script names to a file beside it.

use crate::scan::shown;
use std::path::{Component, Path, PathBuf};

/// Folders between a file and the root that may be the root of its site.
const FAR: usize = 16;

/// Where a file stands in what is scanned: nothing outside of the folder is ever read for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The file itself.
    pub(crate) path: PathBuf,
    /// The folder that is scanned, and how it is shown.
    pub(crate) root: PathBuf,
    pub(crate) shown: PathBuf,
}

impl Place {
    /// Another file of the same folder.
    pub(crate) fn other(&self, path: PathBuf) -> Self {
        Self { path, root: self.root.clone(), shown: self.shown.clone() }
    }

    /// The file as it is reported.
    pub(crate) fn show(&self) -> String {
        match self.path.strip_prefix(&self.root) {
            Ok(inner) if self.root != self.shown => shown(&self.shown.join(inner)),
            _ => shown(&self.path),
        }
    }

    /// The file that an address means, if one is there. What `beside` names is looked at first: a script's addresses are
    /// relative to its page.
    pub(crate) fn find(&self, address: &str, beside: Option<&Path>) -> Option<PathBuf> {
        self.find_among(address, beside, &|path| std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()))
    }

    /// The same among files that are told by `is_file`.
    pub(crate) fn find_among(
        &self,
        address: &str,
        beside: Option<&Path>,
        is_file: &dyn Fn(&Path) -> bool,
    ) -> Option<PathBuf> {
        let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
        let (path, rooted) = match path.split_once("://") {
            Some(("http" | "https", rest)) => (rest, true),
            Some(_) => return None,
            None => (path.trim_start_matches('/'), path.starts_with('/')),
        };
        if path.is_empty() || path.ends_with('/') || path.contains('\0') {
            return None;
        }
        // Downloads keep the query in the name, some with an `@` for what Windows does not take.
        let names = [
            decoded(path),
            path.to_owned(),
            format!("{path}{query}"),
            format!("{path}{}", query.replacen('?', "@", 1)),
        ];
        let folders: Vec<&Path> = if rooted {
            let up = self.path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
            // The whole of what is scanned is the likeliest site.
            let mut all: Vec<&Path> = up.take(FAR).collect();
            all.reverse();
            all
        } else {
            beside.into_iter().chain([self.path.as_path()]).filter_map(Path::parent).collect()
        };
        folders
            .iter()
            .flat_map(|folder| names.iter().map(|name| folder.join(name)))
            .find_map(|path| self.inside(&path).filter(|path| is_file(path)))
    }

    /// The path without `..`, if it leads inside of the folder.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let mut plain = PathBuf::new();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir if plain.file_name().is_some() => drop(plain.pop()),
                other => plain.push(other),
            }
        }
        // A path that `.` began lost it.
        let root: PathBuf = self.root.components().filter(|c| *c != Component::CurDir).collect();
        let inside = plain.strip_prefix(&root).ok()?;
        Some(self.root.join(inside))
    }
}

/// Bytes that are written as `%xx`.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&b| char::from(b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_files_inside_of_the_folder_only() {
        let folder = tempfile::TempDir::new().unwrap();
        let root = folder.path().join("site");
        for name in ["a.js", "b c.js", "js/d.js", "js/page.html", "js/e.js?v=1", "cdn.example/f.js"] {
            std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            std::fs::write(root.join(name), "x").unwrap();
        }
        std::fs::write(folder.path().join("secret.js"), "x").unwrap();
        let page = Place { path: root.join("js/page.html"), root: root.clone(), shown: root.clone() };
        let find = |address: &str| page.find(address, None).map(|path| path.strip_prefix(&root).unwrap().to_owned());
        for (address, file) in [
            ("d.js", "js/d.js"),
            ("d.js?x=2", "js/d.js"),
            ("e.js?v=1", "js/e.js?v=1"),
            ("../a.js", "a.js"),
            ("../b%20c.js", "b c.js"),
            ("/a.js", "a.js"),
            ("/d.js", "js/d.js"),
            ("https://cdn.example/f.js?y", "cdn.example/f.js"),
        ] {
            assert_eq!(find(address).as_deref(), Some(Path::new(file)), "{address}");
        }
        for address in
            ["../../secret.js", "..%2f..%2fsecret.js", "x.js", "", "/", "js/", "data:x", "https://a.example/d.js"]
        {
            assert_eq!(find(address), None, "{address}");
        }
        let beside = page.other(root.join("a.js")).find("d.js", Some(&page.path));
        assert_eq!(beside, Some(root.join("js/d.js")));
    }
}
