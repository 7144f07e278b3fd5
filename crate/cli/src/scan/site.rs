//! Parts of containers that may name one another: those of one archive, one capture, one crawl.

use super::containers::MOST;
use super::join::Around;
use super::part::Member;
use super::place::Place;
use super::store::{Found, weight};
use davy_archive::Name;
use davy_model::{Reference, ReferenceKind};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Parts that may name one another.
#[derive(Default)]
pub(crate) struct Site {
    /// In the order in which they came; the first of them is number [`Self::first`].
    members: VecDeque<Arc<Member>>,
    first: usize,
    /// Bytes of findings in [`Self::members`].
    weight: usize,
    /// Numbers of parts by name.
    names: BTreeMap<Name, VecDeque<usize>>,
    /// Numbers of parts by the page that they were loaded for, where a capture says so.
    pages: BTreeMap<String, VecDeque<usize>>,
    /// How many of its containers have not ended.
    pub(crate) open: usize,
}

impl Site {
    /// Takes a part, and gives its number.
    pub(crate) fn add(&mut self, member: &Arc<Member>) -> usize {
        let number = self.first + self.members.len();
        self.weight += weight(&member.found);
        self.members.push_back(Arc::clone(member));
        if !member.found.entries.is_empty() {
            self.names.entry(member.name.clone()).or_default().push_back(number);
            if let Some(page) = &member.page {
                self.pages.entry(page.clone()).or_default().push_back(number);
            }
        }
        number
    }

    /// Lets go of parts that were reported, so that only [`MOST`] are kept of them.
    pub(crate) fn forget(&mut self, reported: usize) {
        while self.weight > 2 * MOST
            && self.first <= reported
            && let Some(member) = self.members.pop_front()
        {
            self.weight -= weight(&member.found);
            drop_first(&mut self.names, &member.name, self.first);
            if let Some(page) = &member.page {
                drop_first(&mut self.pages, page, self.first);
            }
            self.first += 1;
        }
    }

    fn get(&self, number: usize) -> Option<&Arc<Member>> {
        self.members.get(number.checked_sub(self.first)?)
    }

    /// The part of this name that stands nearest to another one: a capture may hold an address several times.
    fn nearest(&self, name: &Name, to: usize) -> Option<usize> {
        self.names.get(name)?.iter().copied().min_by_key(|number| number.abs_diff(to))
    }

    /// A file of an archive, by a path as pages write it.
    fn file(&self, reference: &Reference, from: &str, page: Option<&Path>, near: usize) -> Option<usize> {
        let place = Place { path: PathBuf::from(from), root: PathBuf::new(), shown: PathBuf::new() };
        let name = |path: &Path| Name::Path(path.to_string_lossy().into_owned());
        let file = place.find_among(&reference.address, page, &|path| self.names.contains_key(&name(path)))?;
        self.nearest(&name(&file), near)
    }

    /// What a capture has from an address.
    fn captured(&self, address: &str, bases: &[&str], near: usize) -> Option<usize> {
        let resolved = bases.iter().filter_map(|base| davy_facts::resolve(base, address));
        let mut names = resolved.chain([address.to_owned()]).map(Name::Url);
        names.find_map(|name| self.nearest(&name, near))
    }
}

/// Takes a number off the beginning of the list that has it there.
fn drop_first<K: Ord>(lists: &mut BTreeMap<K, VecDeque<usize>>, key: &K, number: usize) {
    if let Some(list) = lists.get_mut(key) {
        if list.front() == Some(&number) {
            list.pop_front();
        }
        if list.is_empty() {
            lists.remove(key);
        }
    }
}

impl Around for Site {
    type Place = usize;

    fn find(&self, reference: &Reference, from: &usize, page: &usize) -> Option<usize> {
        let (from, near) = (&self.get(*from)?.name, *page);
        // What a script names is relative to its page, what a module imports to itself.
        let page = (reference.kind != ReferenceKind::Module).then(|| self.get(*page)).flatten().map(|page| &page.name);
        match (from, page) {
            (Name::Path(_), _) if reference.kind == ReferenceKind::Socket => None,
            (Name::Path(from), Some(Name::Path(page))) => self.file(reference, from, Some(Path::new(page)), near),
            (Name::Path(from), _) => self.file(reference, from, None, near),
            (Name::Url(from), Some(Name::Url(page))) => self.captured(&reference.address, &[page, from], near),
            (Name::Url(from), _) => self.captured(&reference.address, &[from], near),
        }
    }

    fn load(&self, place: &usize) -> Option<Arc<Found>> {
        self.get(*place).map(|member| Arc::clone(&member.found))
    }

    fn along(&self, page: &usize) -> Vec<usize> {
        let Some(all) = self.get(*page).and_then(|member| self.pages.get(member.page.as_ref()?)) else {
            return Vec::new();
        };
        // All was loaded for the first document; what is in its frames is there for these alone, and they name it.
        let document = all.iter().find(|&&number| self.get(number).is_some_and(|member| member.is_page()));
        if document == Some(page) { all.iter().copied().collect() } else { Vec::new() }
    }

    fn should_hold(&self, address: &str, page: &usize) -> bool {
        match self.get(*page).map(|member| &member.name) {
            Some(Name::Url(page)) => davy_facts::resolve(page, address)
                .is_some_and(|whole| whole.starts_with("http") || !whole.contains(':')),
            _ => !address.contains("://") && !address.starts_with('/'),
        }
    }
}
