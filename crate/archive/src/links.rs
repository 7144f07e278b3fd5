//! Links inside of an archive: never followed to read anything, but those that come back to themselves are said so.

use crate::gap::lost;
use crate::{limits, name};
use davy_model::{Gap, GapReason};
use std::collections::BTreeMap;

/// Links that were met, by the path at which they stand.
#[derive(Debug, Default)]
pub(crate) struct Links {
    targets: BTreeMap<String, String>,
}

impl Links {
    /// Notes a link. A hard link's target is a path from the archive's root, a symbolic one's from the folder of the link.
    pub(crate) fn add(&mut self, path: &str, target: &str, hard: bool) {
        if self.targets.len() >= limits::LINKS {
            return;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let from_root = hard || target.starts_with('/');
        let whole = if from_root { target.to_owned() } else { format!("{folder}/{target}") };
        self.targets.insert(path.to_owned(), name::inside(whole.as_bytes()).0);
    }

    /// A gap for links that end nowhere because they lead in a circle.
    pub(crate) fn loops(&self) -> Option<Gap> {
        let circular = self.targets.keys().find(|path| self.is_circular(path))?;
        let because = format!("the link {circular} leads back to itself, so what it should name is not there");
        Some(lost(GapReason::Undecodable, because))
    }

    fn is_circular(&self, path: &str) -> bool {
        let mut at = path;
        // A chain that is longer than there are links has met one twice; systems give up after 40.
        for _ in 0..40 {
            match self.targets.get(at) {
                Some(target) if target == path => return true,
                Some(target) => at = target,
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Links;

    #[test]
    fn circles_are_found() {
        let mut links = Links::default();
        links.add("bin/sh", "dash", false);
        links.add("bin", "/usr/bin", false);
        assert!(links.loops().is_none());
        links.add("a/b", "../c", false);
        links.add("c", "/a/b", false);
        assert!(links.loops().is_some_and(|gap| gap.because.contains("the link a/b")));
        let mut itself = Links::default();
        itself.add("x", "x", false);
        assert!(itself.loops().is_some());
    }
}
