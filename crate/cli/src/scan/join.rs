//! A page and what it brings in, judged together: its own scripts, those beside it, what they start and fetch, and the
//! addresses that they open.
//!
//! A script is joined only with what it starts or fetches itself: a package that can hash and a list of pools in another
//! one mean nothing together.

use super::analyse::{Entry, Named, Settings};
use super::place::Place;
use super::store::Found;
use davy_judge::{from_children, judge_page};
use davy_model::{Artifact, ArtifactKind, Gap, GapReason, Location, ReferenceKind, Verdict};
use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// Files that are joined with one page. The pages of large sites bring in some hundred.
const MOST: usize = 512;

/// Addresses that are judged with one page; see [`MOST`].
const MOST_ADDRESSES: usize = 512;

/// What a page brings together.
#[derive(Default)]
struct Group {
    /// Files beside it, in the order in which they were met.
    files: Vec<Arc<Found>>,
    /// Addresses of sockets and of things that are not there, with who brings them in.
    addresses: BTreeSet<(String, ReferenceKind, bool)>,
    gaps: Vec<Gap>,
}

/// Adds to the first entry of a file what it means together with what it brings in. `load` gives what is in another file.
pub(crate) fn joined(
    found: &Found,
    place: &Place,
    settings: &Settings,
    mut load: impl FnMut(&Place) -> Option<Arc<Found>>,
) -> Option<Verdict> {
    let first = found.entries.first()?;
    let is_page = first.kind == ArtifactKind::Page;
    if !is_page && (first.kind != ArtifactKind::Script || found.references.is_empty()) {
        return None;
    }
    let group = gather(found, place, is_page, &mut load);
    let addresses: Vec<(String, bool, Verdict)> = group
        .addresses
        .iter()
        .map(|(address, kind, own)| (address.clone(), *own, judge_address(address, *kind, settings)))
        .collect();
    let files = group.files.iter().flat_map(|file| &file.entries);
    let own: Vec<(&str, Verdict)> = found.entries.iter().chain(files).map(|e| (e.path.as_str(), direct(e))).collect();
    let parts = own.iter().map(|(path, verdict)| (*path, verdict));
    let parts = parts.chain(addresses.iter().map(|(address, _, verdict)| (address.as_str(), verdict)));
    let mut joint = judge_page(settings.rules, parts);
    for evidence in &mut joint {
        if let Location::Artifact { path } = &evidence.location
            && group.addresses.iter().any(|(address, ..)| address == path)
        {
            evidence.location = Location::Url { url: path.clone() };
        }
    }
    let mut verdict = first.verdict.clone();
    if is_page {
        let named = group.files.iter().filter_map(|file| file.entries.first());
        verdict = from_children(settings.rules, verdict, named.map(|e| (e.path.as_str(), &e.verdict)));
        // What the page itself asks for is the page's own.
        verdict.evidence.extend(addresses.into_iter().filter(|(_, own, _)| *own).flat_map(|(.., v)| v.evidence));
        verdict.gaps.extend(group.gaps);
    }
    verdict.evidence.extend(joint);
    davy_judge::sort(&mut verdict.evidence);
    Some(verdict)
}

/// The evidence that an artifact gives itself: what it says of others stands with those.
fn direct(entry: &Entry) -> Verdict {
    let inherited = |location: &Location| matches!(location, Location::Artifact { .. });
    let evidence = entry.verdict.evidence.iter().filter(|e| !inherited(&e.location)).cloned().collect();
    Verdict { evidence, gaps: Vec::new() }
}

fn gather(found: &Found, place: &Place, is_page: bool, load: &mut impl FnMut(&Place) -> Option<Arc<Found>>) -> Group {
    let mut group = Group::default();
    let mut known: BTreeSet<PathBuf> = BTreeSet::from([place.path.clone()]);
    let mut open: VecDeque<Place> = VecDeque::new();
    let mut look = |named: &Named, from: &Place, own: bool, group: &mut Group, open: &mut VecDeque<Place>| {
        let reference = &named.reference;
        if !is_page && !is_started(reference.kind) {
            return;
        }
        // What a script names is relative to its page, what a module imports to itself.
        let beside = (reference.kind != ReferenceKind::Module).then_some(place.path.as_path());
        let file = (reference.kind != ReferenceKind::Socket).then(|| from.find(&reference.address, beside)).flatten();
        match file {
            Some(path) if known.contains(&path) => {}
            Some(path) if known.len() <= MOST => {
                known.insert(path.clone());
                open.push_back(place.other(path));
            }
            Some(_) => group.over_limit(),
            None => group.elsewhere(named, own),
        }
    };
    for named in &found.references {
        look(named, place, is_page && named.owner == 0, &mut group, &mut open);
    }
    while let Some(next) = open.pop_front() {
        let Some(file) = load(&next) else { continue };
        for named in &file.references {
            look(named, &next, false, &mut group, &mut open);
        }
        group.files.push(file);
    }
    group
}

/// Whether a script runs or fetches what it refers to so; imports are left to pages.
fn is_started(kind: ReferenceKind) -> bool {
    !matches!(kind, ReferenceKind::Module | ReferenceKind::Frame)
}

impl Group {
    /// Takes something that is not in the folder.
    fn elsewhere(&mut self, named: &Named, own: bool) {
        let reference = &named.reference;
        let is_address = reference.address.contains("://");
        if is_address && self.addresses.len() < MOST_ADDRESSES {
            self.addresses.insert((reference.address.clone(), reference.kind, own));
        }
        let runs = matches!(reference.kind, ReferenceKind::Script | ReferenceKind::Module | ReferenceKind::Worker);
        if !own || !runs {
            return;
        }
        // A path from the page's own place was saved with the page, or should have been.
        let is_lost = !is_address && !reference.address.starts_with('/');
        let reason = if is_lost { GapReason::NoBody } else { GapReason::RunTime };
        let because = format!("the page brings in {}, which is not in what was scanned", reference.address);
        if self.gaps.len() < davy_facts::limits::GAPS {
            self.gaps.push(Gap { reason, location: reference.location.clone(), because });
        }
    }

    fn over_limit(&mut self) {
        if !self.gaps.iter().any(|gap| gap.reason == GapReason::OverLimit) {
            let because = format!("the page brings in more than {MOST} files; the others were not joined with it");
            self.gaps.push(Gap { reason: GapReason::OverLimit, location: Location::Whole, because });
        }
    }
}

fn judge_address(address: &str, kind: ReferenceKind, settings: &Settings) -> Verdict {
    let kind = if kind == ReferenceKind::Socket { ArtifactKind::Websocket } else { ArtifactKind::Request };
    let artifact = Artifact { path: address.to_owned(), kind, bytes: address.as_bytes().into() };
    let extraction = davy_facts::extract(&artifact, &settings.limits);
    let mut verdict = davy_judge::judge(settings.rules, &extraction, &settings.context);
    // An address that is none is not a thing that was not read.
    verdict.gaps.clear();
    verdict
}
