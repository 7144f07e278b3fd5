//! The adaptive attacker: asks the detector itself after every step, and keeps the steps that lower what it says.

use super::attack::Tools;
use super::kernel::Kernel;
use super::mutate;
use super::random::Random;
use davy_model::{Level, Verdict, Weight};

/// How an attacker decides about a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Takes what is not worse.
    Greedy,
    /// Takes what is worse now and then (Metropolis and Hastings).
    Chain,
}

/// Steps taken together before asking: one alone seldom touches what is looked at.
const STEPS: usize = 5;
/// How readily the chain takes a worse step: one piece of strong evidence more in one of seven.
const TEMPERATURE: f64 = 10.0;

/// The best that the attacker's questions find. Stops when the level has fallen.
pub(crate) fn search(kernel: &Kernel, way: Way, tools: &Tools<'_>, random: &mut Random) -> Vec<u8> {
    let mut now = kernel.bytes.clone();
    let mut score = self::score(&kernel.judge(&now, tools.rules));
    let (mut best, mut lowest) = (now.clone(), score);
    for _ in 0..tools.queries {
        let Some(next) = steps(&now, random) else { continue };
        let verdict = kernel.judge(&next, tools.rules);
        let found = self::score(&verdict);
        let worse = found - score;
        if worse <= 0.0 || way == Way::Chain && random.share() < (-worse / TEMPERATURE).exp() {
            (now, score) = (next, found);
        }
        if score < lowest {
            (best, lowest) = (now.clone(), score);
        }
        if verdict.level() < kernel.level && verdict.is_complete() || tools.is_late() {
            break;
        }
    }
    best
}

fn steps(module: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let mut next = None;
    for _ in 0..STEPS {
        let from = next.as_deref().unwrap_or(module);
        if let Some(found) = mutate::step(from, random) {
            next = Some(found);
        }
    }
    next.filter(|next| next.len() <= mutate::LARGEST)
}

/// What the attacker lowers: the level first, then the evidence by its weight.
fn score(verdict: &Verdict) -> f64 {
    let level = match verdict.level() {
        Level::Clean => 0.0,
        Level::Notice => 1000.0,
        Level::Suspicious => 2000.0,
        Level::Mining => 3000.0,
    };
    let weight = |weight| match weight {
        Weight::Weak => 1.0,
        Weight::Moderate => 5.0,
        Weight::Strong => 20.0,
        Weight::Decisive => 50.0,
    };
    level + verdict.evidence.iter().map(|evidence| weight(evidence.weight)).sum::<f64>()
}
