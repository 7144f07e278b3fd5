//! A page and what it brings in, judged together: its own scripts, those beside it, what they start and fetch, and the
//! addresses that they open.
//!
//! A script is joined only with what it starts or fetches itself: a package that can hash and a list of pools in another
//! one mean nothing together.

use super::analyse::{Entry, Named, Settings};
use super::store::Found;
use davy_judge::{from_children, judge_page};
use davy_model::{Artifact, ArtifactKind, Gap, GapReason, Location, Reference, ReferenceKind, Verdict};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Files that are joined with one page. The pages of large sites bring in some hundred.
const MOST: usize = 512;

/// Addresses that are judged with one page; see [`MOST`].
const MOST_ADDRESSES: usize = 512;

/// What stands around a page: a folder, an archive, a capture.
pub(crate) trait Around {
    /// Where one thing of it stands.
    type Place: Clone + Ord;

    /// The thing that a reference of `from` means, on this page.
    fn find(&self, reference: &Reference, from: &Self::Place, page: &Self::Place) -> Option<Self::Place>;

    /// What was found in a thing.
    fn load(&self, place: &Self::Place) -> Option<Arc<Found>>;

    /// Things that belong to the page whoever names them.
    fn along(&self, page: &Self::Place) -> Vec<Self::Place>;

    /// Whether what has this address should be there when a page brings it in.
    fn should_hold(&self, address: &str, page: &Self::Place) -> bool;
}

/// What a page brings together.
#[derive(Default)]
struct Group {
    /// Files beside it, in the order in which they were met.
    files: Vec<Arc<Found>>,
    /// Addresses of sockets and of things that are not there, with who brings them in.
    addresses: BTreeSet<(String, ReferenceKind, bool)>,
    gaps: Vec<Gap>,
}

/// Whether what was found means more together with what stands around it.
pub(crate) fn is_joined(found: &Found) -> bool {
    found.entries.first().is_some_and(|first| match first.kind {
        ArtifactKind::Page => true,
        // Also a package that has scripts run when it is installed.
        ArtifactKind::Script | ArtifactKind::Container => !found.references.is_empty(),
        _ => false,
    })
}

/// What the first entry of a file means together with what it brings in.
pub(crate) fn joined<A: Around>(found: &Found, place: &A::Place, settings: &Settings, around: &A) -> Option<Verdict> {
    let first = found.entries.first().filter(|_| is_joined(found))?;
    let is_page = first.kind == ArtifactKind::Page;
    let group = gather(found, place, is_page, around);
    let addresses: Vec<(String, bool, Verdict)> = group
        .addresses
        .iter()
        .map(|(address, kind, own)| (address.clone(), *own, judge_address(address, asked_as(*kind), settings)))
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

fn gather<A: Around>(found: &Found, place: &A::Place, is_page: bool, around: &A) -> Group {
    let mut group = Group::default();
    let mut known: BTreeSet<A::Place> = BTreeSet::from([place.clone()]);
    let mut open: VecDeque<A::Place> = VecDeque::new();
    for other in if is_page { around.along(place) } else { Vec::new() } {
        if known.len() <= MOST && known.insert(other.clone()) {
            open.push_back(other);
        }
    }
    let mut look = |named: &Named, from: &A::Place, own: bool, group: &mut Group, open: &mut VecDeque<A::Place>| {
        let reference = &named.reference;
        if !is_page && !is_started(reference.kind) {
            return;
        }
        match around.find(reference, from, place) {
            Some(other) if known.contains(&other) => {}
            Some(other) if known.len() <= MOST => {
                known.insert(other.clone());
                open.push_back(other);
            }
            Some(_) => group.over_limit(),
            None => group.elsewhere(named, own, around.should_hold(&reference.address, place)),
        }
    };
    for named in &found.references {
        look(named, place, is_page && named.owner == 0, &mut group, &mut open);
    }
    while let Some(next) = open.pop_front() {
        let Some(file) = around.load(&next) else { continue };
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
    fn elsewhere(&mut self, named: &Named, own: bool, is_lost: bool) {
        let reference = &named.reference;
        let is_address = reference.address.contains("://");
        if is_address && self.addresses.len() < MOST_ADDRESSES {
            self.addresses.insert((reference.address.clone(), reference.kind, own));
        }
        let runs = matches!(reference.kind, ReferenceKind::Script | ReferenceKind::Module | ReferenceKind::Worker);
        if !own || !runs {
            return;
        }
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

fn asked_as(kind: ReferenceKind) -> ArtifactKind {
    if kind == ReferenceKind::Socket { ArtifactKind::Websocket } else { ArtifactKind::Request }
}

/// What an address alone says.
pub(crate) fn judge_address(address: &str, kind: ArtifactKind, settings: &Settings) -> Verdict {
    let artifact = Artifact { path: address.to_owned(), kind, bytes: address.as_bytes().into() };
    let extraction = davy_facts::extract(&artifact, &settings.limits);
    let mut verdict = davy_judge::judge(settings.rules, &extraction, &settings.context);
    // An address that is none is not a thing that was not read.
    verdict.gaps.clear();
    verdict
}
