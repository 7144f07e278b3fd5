//! One artifact from its bytes to what is done about it, by the same path in both builds.

use davy_facts::{Limits, extract, extract_started};
use davy_judge::{Context, Policy, RuleSet, judge};
#[cfg(feature = "background")]
use davy_model::ReferenceKind;
use davy_model::{Action, Artifact, ArtifactKind, Decision, Extraction, Level, Mode, Verdict};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tsify::Tsify;

/// What people decided beforehand, as far as it concerns one document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(default)]
pub struct Setting {
    /// For the site.
    pub decision: Decision,
    /// For the product as a whole.
    pub mode: Mode,
}

/// The rule that asks for a second look.
const UNNAMED: &str = "behaviour/unnamed-hashing";

/// A verdict with what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct Judgement {
    /// How sure, and of what.
    pub level: Level,
    /// What is to be done.
    pub action: Action,
    /// Proof-of-work algorithms that the evidence names, sorted, each once.
    pub algorithms: Vec<String>,
    /// Whether everything was read.
    pub complete: bool,
    /// Whether a second look, at its memory after it has started, may show more.
    pub look: bool,
    /// Addresses, as they are written, of what a script that waits may load, the first few; empty for all else.
    pub imports: Vec<String>,
    /// Evidence and gaps.
    pub verdict: Verdict,
}

impl Judgement {
    /// Reads and judges one artifact.
    #[must_use]
    pub fn of(kind: ArtifactKind, path: &str, bytes: &[u8], setting: Setting) -> Self {
        let artifact = Artifact { path: path.to_owned(), kind, bytes: Cow::Borrowed(bytes) };
        Self::drawn(&extract(&artifact, &Limits::default()), setting)
    }

    /// Reads and judges a script that runs already, with all that is found inside it: nothing can be done any more but to
    /// tell.
    #[cfg(feature = "background")]
    #[must_use]
    pub fn of_running_script(path: &str, bytes: &[u8], setting: Setting) -> Self {
        let judgement = Self::of_waiting_script(path, bytes, setting);
        Self { action: judgement.action.min(Action::Warn), imports: Vec::new(), ..judgement }
    }

    /// Reads and judges a script that waits for this, with all that is found inside it. Programs decode and fetch things in
    /// many lawful ways, so what could not be read of one does not keep it from running.
    #[cfg(feature = "background")]
    #[must_use]
    pub fn of_waiting_script(path: &str, bytes: &[u8], setting: Setting) -> Self {
        let artifact = Artifact { path: path.to_owned(), kind: ArtifactKind::Script, bytes: Cow::Borrowed(bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let imports = imports_of(&extraction);
        let judgement = Self::new(whole(path, extraction, INSIDE), setting).stopped_by_level(setting);
        Self { look: false, imports, ..judgement }
    }

    /// Reads and judges a shader as a page hands it over: it may run before this is known. What cannot be read of it is
    /// told and stops nothing, as graphics are no reason to.
    #[cfg(feature = "background")]
    #[must_use]
    pub fn of_shader(path: &str, bytes: &[u8], setting: Setting) -> Self {
        Self::of(ArtifactKind::Shader, path, bytes, setting).stopped_by_level(setting)
    }

    /// What its level does not stop is not stopped, even where a part of it could not be read.
    #[cfg(feature = "background")]
    fn stopped_by_level(self, setting: Setting) -> Self {
        let least = if setting.decision == Decision::Blocked { Level::Suspicious } else { Level::Mining };
        let most = if self.level >= least { Action::Block } else { Action::Budget };
        Self { action: self.action.min(most), ..self }
    }

    /// Judges a module that has started, with what its memory holds from address 0.
    #[must_use]
    pub fn of_started(module: &[u8], memory: &[u8], setting: Setting) -> Self {
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(module) };
        let judgement = Self::drawn(&extract_started(&artifact, memory, &Limits::default()), setting);
        Self { look: false, ..judgement }
    }

    /// What follows from a verdict that was found before, about the same bytes and by the same rules; nothing where not all
    /// of them was read.
    #[cfg(feature = "background")]
    #[must_use]
    pub fn known(verdict: Verdict, setting: Setting) -> Option<Self> {
        verdict.is_complete().then(|| Self::new(verdict, setting))
    }

    /// Judges what was read.
    pub(crate) fn drawn(extraction: &Extraction, setting: Setting) -> Self {
        Self::new(judge(RuleSet::builtin(), extraction, &Context::default()), setting)
    }

    fn new(verdict: Verdict, setting: Setting) -> Self {
        Self {
            look: verdict.level() < Level::Mining && verdict.evidence.iter().any(|e| e.rule == UNNAMED),
            level: verdict.level(),
            action: Policy { decision: setting.decision, mode: setting.mode }.decide(&verdict),
            algorithms: verdict.algorithms(),
            complete: verdict.is_complete(),
            imports: Vec::new(),
            verdict,
        }
    }
}

/// How deep things are read that are found inside of each other.
#[cfg(feature = "background")]
const INSIDE: u32 = 4;

/// Scripts that are read before the one that loads them runs: few workers load more when they start.
#[cfg(feature = "background")]
const IMPORTS: usize = 8;

#[cfg(feature = "background")]
fn imports_of(extraction: &Extraction) -> Vec<String> {
    let runs = |kind| matches!(kind, ReferenceKind::Script | ReferenceKind::Module);
    let references = extraction.references.iter().filter(|reference| runs(reference.kind));
    references.map(|reference| reference.address.clone()).take(IMPORTS).collect()
}

/// What an artifact at `path` and all that is inside it mean together.
#[cfg(feature = "background")]
fn whole(path: &str, mut extraction: Extraction, deeper: u32) -> Verdict {
    let rules = RuleSet::builtin();
    let children = std::mem::take(&mut extraction.children);
    let own = judge(rules, &extraction, &Context::default());
    if deeper == 0 || children.is_empty() {
        return own;
    }
    let of_child = |child: Artifact<'_>| whole(&child.path, extract(&child, &Limits::default()), deeper - 1);
    let inner: Vec<(String, Verdict)> =
        children.into_iter().map(|child| (child.path.clone(), of_child(child))).collect();
    let parts = || inner.iter().map(|(path, verdict)| (path.as_str(), verdict));
    let together = davy_judge::judge_page(rules, parts().chain([(path, &own)]));
    let mut verdict = davy_judge::from_children(rules, own.clone(), parts());
    verdict.evidence.extend(together);
    verdict
}

#[cfg(all(test, feature = "background"))]
mod tests {
    use super::*;

    /// A search for a proof of work, as one of the corpus has it.
    const SEARCH: &str = include_str!("../../../tests/corpus/shader/sha256-search/shader.wgsl");
    /// The client of a pool.
    const CLIENT: &str = include_str!("../../../tests/corpus/script/pool-client/script.js");

    #[test]
    fn a_shader_that_is_not_mining_is_not_stopped() {
        let judged = |text: &str| Judgement::of_shader("a page", text.as_bytes(), Setting::default());
        let search = judged(SEARCH);
        assert_eq!((search.level, search.action), (Level::Suspicious, Action::Budget));
        let long = judged(&format!("{SEARCH}// {}", "x".repeat(5 << 20)));
        assert_eq!((long.complete, long.action), (false, Action::Budget));
        let blocked = Setting { decision: Decision::Blocked, ..Setting::default() };
        assert_eq!(Judgement::of_shader("a page", SEARCH.as_bytes(), blocked).action, Action::Block);
    }

    #[test]
    fn a_verdict_that_is_known_has_the_same_consequences() {
        let module: &[u8] = b"\0asm\x01\0\0\0";
        for setting in [Setting::default(), Setting { decision: Decision::Blocked, ..Setting::default() }] {
            let read = Judgement::of(ArtifactKind::Wasm, "", module, setting);
            assert_eq!(Judgement::known(read.verdict.clone(), setting), Some(read));
        }
        let read = Judgement::of(ArtifactKind::Websocket, "", b"wss://ws001.coinhive.com/proxy", Setting::default());
        assert!(read.level > Level::Clean);
        assert_eq!(Judgement::known(read.verdict.clone(), Setting::default()), Some(read));
        let cut = Judgement::of(ArtifactKind::Wasm, "", &module[..6], Setting::default());
        assert_eq!(Judgement::known(cut.verdict, Setting::default()), None);
    }

    #[test]
    fn what_a_script_loads_is_named() {
        let text = "importScripts('a.js', '/b.js'); import('./c.js'); fetch('d.js');";
        let judgement = Judgement::of_waiting_script("w.js", text.as_bytes(), Setting::default());
        assert_eq!(judgement.imports, ["a.js", "/b.js", "./c.js"]);
    }

    #[test]
    fn a_script_is_stopped_by_mining_and_only_before_it_runs() {
        let together = format!("{CLIENT}\nnew WebSocket('wss://ws001.coinhive.com/proxy');");
        let waiting = Judgement::of_waiting_script("w.js", together.as_bytes(), Setting::default());
        let running = Judgement::of_running_script("w.js", together.as_bytes(), Setting::default());
        assert_eq!(waiting.level, running.level);
        assert!(running.action <= Action::Warn && waiting.action >= running.action);
        let client = Judgement::of_waiting_script("w.js", CLIENT.as_bytes(), Setting::default());
        assert_eq!((client.level, client.action), (Level::Suspicious, Action::Budget));
    }
}
