//! What a container means: nothing of its own, only what its parts are.

use crate::RuleSet;
use crate::judging::sort;
use davy_model::{Evidence, Gap, Level, Location, Verdict};
use std::cmp::Reverse;

/// Adds to a parent's verdict one piece of evidence for each child at *notice* or above, each pointing at the child with
/// the weight, rule and sentence of the child's heaviest evidence and all its algorithms. A parent that holds an
/// incomplete child is incomplete too: the first lost gap of such a child is repeated at the child's place.
///
/// Both are bounded by the scoring file; of many children the heaviest are kept, so that the parent's level is always
/// that of its worst part.
#[must_use]
pub fn from_children<'a>(
    rules: &RuleSet,
    own: Verdict,
    children: impl IntoIterator<Item = (&'a str, &'a Verdict)>,
) -> Verdict {
    let most = rules.evidence_per_container();
    let (mut inherited, mut gaps) = (Vec::new(), Vec::new());
    for (path, child) in children {
        inherited.extend(evidence(path, child));
        gaps.extend(lost(path, child).filter(|_| gaps.len() < most));
        // Cut when the list has doubled, so that a folder of a million parts costs no million sorts.
        if inherited.len() > most * 2 {
            sort(&mut inherited);
            inherited.truncate(most);
        }
    }
    sort(&mut inherited);
    inherited.truncate(most);
    let mut verdict = own;
    verdict.gaps.append(&mut gaps);
    verdict.evidence.append(&mut inherited);
    sort(&mut verdict.evidence);
    verdict
}

fn evidence(path: &str, child: &Verdict) -> Option<Evidence> {
    if child.level() < Level::Notice {
        return None;
    }
    let heaviest = child.evidence.iter().min_by_key(|e| Reverse(e.weight))?;
    Some(Evidence {
        rule: heaviest.rule.clone(),
        weight: heaviest.weight,
        algorithms: child.algorithms(),
        location: inside(path),
        because: heaviest.because.clone(),
    })
}

fn lost(path: &str, child: &Verdict) -> Option<Gap> {
    let gap = child.gaps.iter().find(|gap| gap.reason.is_lost())?;
    Some(Gap { reason: gap.reason, location: inside(path), because: gap.because.clone() })
}

fn inside(path: &str) -> Location {
    Location::Artifact { path: String::from(path) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use davy_model::{GapReason, Weight};

    fn child(weight: Weight, algorithm: &str) -> Verdict {
        let evidence = Evidence {
            rule: String::from("algorithm/x"),
            weight,
            algorithms: vec![String::from(algorithm)],
            location: Location::Whole,
            because: String::from("because"),
        };
        Verdict { evidence: vec![evidence], gaps: Vec::new() }
    }

    #[test]
    fn children_at_notice_or_above_are_evidence() {
        let (weak, strong) = (child(Weight::Weak, "sha256"), child(Weight::Strong, "cryptonight"));
        let all = [("a.js!/weak.wasm", &weak), ("a.js!/strong.wasm", &strong)];
        let parent = from_children(RuleSet::builtin(), Verdict::default(), all);
        assert_eq!(parent.level(), Level::Suspicious);
        assert_eq!(parent.evidence.len(), 1);
        assert_eq!(parent.evidence[0].location, inside("a.js!/strong.wasm"));
        assert_eq!(parent.algorithms(), ["cryptonight"]);
    }

    #[test]
    fn of_many_children_the_heaviest_stay() {
        let (notice, mining) = (child(Weight::Moderate, "sha256"), child(Weight::Decisive, "cryptonight"));
        let children = (0..5000).map(|i| ("part", if i == 4000 { &mining } else { &notice }));
        let parent = from_children(RuleSet::builtin(), Verdict::default(), children);
        assert_eq!(parent.level(), Level::Mining);
        assert_eq!(parent.evidence.len(), RuleSet::builtin().bounds.evidence_per_container as usize);
    }

    #[test]
    fn an_incomplete_child_makes_its_parent_incomplete() {
        let gap = Gap { reason: GapReason::Truncated, location: Location::Whole, because: String::from("cut") };
        let cut = Verdict { evidence: Vec::new(), gaps: vec![gap] };
        let parent = from_children(RuleSet::builtin(), Verdict::default(), [("a", &cut), ("b", &cut)]);
        assert!(!parent.is_complete());
        assert_eq!(parent.gaps[1].location, inside("b"));
    }
}
