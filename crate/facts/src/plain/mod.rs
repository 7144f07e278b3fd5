//! Files that are no programs of the web: texts, configurations, shell scripts, and the strings of native executables. A
//! miner in a package or image names its pool in one of them.

mod address;
mod installs;
mod native;
mod object;
mod settings;

use crate::script::text;
use davy_model::{Artifact, Extraction, Fact, FactName, Gap, GapReason, Location, Reference, ReferenceKind};

/// Bytes at the start of a file that tell whether it is a text.
const HEAD: usize = 1024;

/// Something that was found: its name, value, text, and where it begins.
struct Found {
    name: FactName,
    value: u64,
    text: String,
    at: usize,
}

/// Whether a file that begins so is read: a text, or an executable. Pictures and archives of other kinds are not.
#[must_use]
pub fn is_read(head: &[u8]) -> bool {
    let head = &head[..head.len().min(HEAD)];
    native::machine(head).is_some() || (!head.is_empty() && !head.contains(&0))
}

/// Reads a text or an executable.
pub(crate) fn extract(artifact: &Artifact<'_>, out: &mut Extraction) {
    let bytes: &[u8] = &artifact.bytes;
    if !is_read(bytes) {
        return;
    }
    let mut found = Vec::new();
    let machine = native::machine(bytes);
    address::read(bytes, &mut found);
    match machine {
        Some(machine) => out.gaps.push(Gap {
            reason: GapReason::Native,
            location: Location::Whole,
            because: format!("it is {machine}; of native code only the strings are looked through"),
        }),
        None => {
            settings::read(bytes, &mut found);
            installs::read(&artifact.path, bytes, &mut found);
        }
    }
    let at: Vec<usize> = found.iter().map(|found| found.at).collect();
    let places = if machine.is_some() { at.iter().map(|&at| byte(at)).collect() } else { text::lines(bytes, &at) };
    let Some(scope) = out.scopes.first_mut() else { return };
    let runs = found.iter().zip(&places).filter(|(found, _)| found.name == FactName::RunAtInstall);
    out.references.extend(runs.map(|(found, location)| Reference {
        kind: ReferenceKind::Script,
        address: found.text.clone(),
        location: location.clone(),
    }));
    for (found, location) in found.into_iter().zip(places) {
        let Found { name, value, text, .. } = found;
        scope.facts.push(Fact { name, value, count: 1, text: Some(text), location });
    }
    // The first place of each stands for all.
    davy_model::sort_by(&mut scope.facts, |a, b| a.order(b));
    scope.facts.dedup_by(|later, first| {
        let same = later.order(first).is_eq();
        first.count += if same { later.count } else { 0 };
        same
    });
}

fn byte(at: usize) -> Location {
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    Location::Bytes { start, end: start.saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName, Location};

    fn facts(path: &str, bytes: &[u8]) -> Vec<(FactName, u64, String, u32)> {
        let artifact = Artifact { path: path.to_owned(), kind: ArtifactKind::Container, bytes: bytes.into() };
        let extraction = extract(&artifact, &Limits::default());
        let facts = extraction.scopes.into_iter().flat_map(|scope| scope.facts);
        facts.map(|fact| (fact.name, fact.value, fact.text.unwrap_or_default(), fact.count)).collect()
    }

    #[test]
    fn addresses_in_texts() {
        let text = "pool = stratum+tcp://Pool.Example.org:3333 and wss://a.example/x, pool.example:443; news://b\n\
                    see stratum+tcp:// for more, main.rs:12 says 10:30; STRATUM+SSL://pool.example.org:3334";
        let found = facts("notes.txt", text.as_bytes());
        let all: Vec<(u64, &str, u32)> =
            found.iter().map(|(_, value, text, count)| (*value, text.as_str(), *count)).collect();
        assert_eq!(all, [(0, "a.example", 1), (2, "main.rs", 1), (2, "pool.example", 1), (1, "pool.example.org", 2)]);
    }

    #[test]
    fn what_is_native_says_so_and_shows_its_strings() {
        let bytes = b"\x7fELF\x02\x01\0\0\0stratum+tcp://pool.example.org:3333\0\xff";
        let artifact = Artifact { path: "x".to_owned(), kind: ArtifactKind::Container, bytes: bytes.as_slice().into() };
        let extraction = extract(&artifact, &Limits::default());
        assert!(extraction.gaps.iter().all(|gap| !gap.reason.is_lost()) && extraction.gaps.len() == 1);
        assert_eq!(extraction.scopes[0].facts[0].location, Location::Bytes { start: 9, end: 10 });
        assert!(facts("x.png", b"\x89PNG\0stratum+tcp://pool.example.org:3333").is_empty());
    }
}
