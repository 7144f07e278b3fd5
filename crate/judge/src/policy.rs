//! From a verdict to what is done about it.

use davy_model::{Action, Decision, Level, Mode, Verdict};

/// What people decided beforehand, as far as it concerns one artifact of a live page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// How strict the product is as a whole.
    pub mode: Mode,
    /// What was decided for the site.
    pub decision: Decision,
}

impl Policy {
    /// The action for code that waits for this verdict before it may run.
    ///
    /// A verdict with a lost gap blocks whatever else it says: on a live page the bytes are at hand, so what could not
    /// be read is the page's own doing (broken, padded past a bound), and a page must not choose what goes unread. A
    /// caller that can wait should ask an analyser with more room before it acts on such a verdict. A missing analyser
    /// gives no verdict and is not decided here.
    #[must_use]
    pub fn decide(self, verdict: &Verdict) -> Action {
        let strict = if verdict.is_complete() { by_level(verdict.level()) } else { Action::Block };
        match (self.decision, self.mode) {
            (Decision::Blocked, _) if verdict.level() >= Level::Suspicious => Action::Block,
            (Decision::Blocked, _) => strict,
            (Decision::Allowed, _) | (_, Mode::Audit) => Action::Allow,
            (Decision::Undecided, Mode::Warn) if strict > Action::Allow => Action::Warn,
            (Decision::Undecided, Mode::Warn | Mode::Block) => strict,
        }
    }
}

/// The default action of each level: the table in `crate/README.md`.
fn by_level(level: Level) -> Action {
    match level {
        Level::Clean => Action::Allow,
        Level::Notice | Level::Suspicious => Action::Budget,
        Level::Mining => Action::Block,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use davy_model::{Evidence, Gap, GapReason, Location, Weight};

    fn verdict(weight: Weight) -> Verdict {
        let evidence = Evidence {
            rule: String::from("algorithm/x"),
            weight,
            algorithms: Vec::new(),
            location: Location::Whole,
            because: String::from("because"),
        };
        Verdict { evidence: vec![evidence], gaps: Vec::new() }
    }

    fn with_gap(weight: Weight, reason: GapReason) -> Verdict {
        let gap = Gap { reason, location: Location::Whole, because: String::from("because") };
        Verdict { gaps: vec![gap], ..verdict(weight) }
    }

    #[test]
    fn each_level_has_its_action() {
        let policy = Policy::default();
        let action = |weight| policy.decide(&verdict(weight));
        assert_eq!(action(Weight::Weak), Action::Allow);
        assert_eq!(action(Weight::Moderate), Action::Budget);
        assert_eq!(action(Weight::Strong), Action::Budget);
        assert_eq!(action(Weight::Decisive), Action::Block);
    }

    #[test]
    fn people_decide_before_levels() {
        let mining = verdict(Weight::Decisive);
        let decided = |mode, decision| Policy { mode, decision }.decide(&mining);
        assert_eq!(decided(Mode::Block, Decision::Allowed), Action::Allow);
        assert_eq!(decided(Mode::Audit, Decision::Undecided), Action::Allow);
        assert_eq!(decided(Mode::Warn, Decision::Undecided), Action::Warn);
        for mode in [Mode::Audit, Mode::Warn, Mode::Block] {
            let blocked = |weight| Policy { mode, decision: Decision::Blocked }.decide(&verdict(weight));
            assert_eq!([Weight::Strong, Weight::Decisive].map(blocked), [Action::Block; 2], "whatever the mode");
            assert_eq!(
                [Weight::Weak, Weight::Moderate].map(blocked),
                [Action::Allow, Action::Budget],
                "hashing is lawful"
            );
        }
        let clean = Policy { mode: Mode::Warn, decision: Decision::Undecided }.decide(&Verdict::default());
        assert_eq!(clean, Action::Allow);
    }

    #[test]
    fn what_a_page_keeps_from_being_read_does_not_run() {
        let policy = Policy::default();
        assert_eq!(policy.decide(&with_gap(Weight::Weak, GapReason::OverLimit)), Action::Block);
        assert_eq!(policy.decide(&with_gap(Weight::Weak, GapReason::RunTime)), Action::Allow);
        let allowed = Policy { decision: Decision::Allowed, ..policy };
        assert_eq!(allowed.decide(&with_gap(Weight::Weak, GapReason::OverLimit)), Action::Allow);
    }
}
