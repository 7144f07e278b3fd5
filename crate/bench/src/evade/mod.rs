//! `evade`: rewrites our own kernels as an attacker would and counts what is no longer found. A mutant counts only when an
//! engine accepts it and it still computes what its test vector says, so that a broken module is no evasion.

mod attack;
mod binaryen;
mod engine;
mod kernel;
mod known;
mod mutate;
mod own;
mod random;
mod report;
mod search;
#[cfg(test)]
mod tests;

use crate::arguments::Arguments;
use crate::parallel;
use crate::root::root;
use crate::without::Rules;
use anyhow::{Context, Result, bail};
use attack::{Attack, Tools};
use engine::{Engine, Said};
use kernel::{Kernel, Mutant};
use report::{Outcome, Report, Row};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Questions that the adaptive attacker asks about a kernel: quick, and in full.
const QUERIES: (u32, u32) = (50, 1000);
/// When `--quick` starts nothing new: it must end within five minutes.
const QUICK: Duration = Duration::from_secs(240);

/// `--quick` tries a slow attack on one kernel in so many.
const SLOW_STEP: usize = 11;

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Extent {
    quick: bool,
    /// The number that all mutants follow from.
    seed: u64,
    /// Mutants of each kernel by each attack, in place of what the attack itself says.
    seeds: Option<u64>,
}

/// One mutant to make.
struct Job<'a> {
    attack: &'a Attack,
    kernel: &'a Kernel,
    seed: u64,
}

struct Bench<'a> {
    tools: Tools<'a>,
    engine: Engine,
}

/// Runs the bench.
pub(crate) fn run(words: Vec<String>) -> Result<()> {
    let mut arguments = Arguments::new(words);
    let quick = arguments.flag("--quick");
    let seed: u64 = arguments.value("--seed")?.map_or(Ok(1), |seed| seed.parse()).context("--seed is a number")?;
    let seeds: Option<u64> =
        arguments.value("--seeds")?.map(|n| n.parse()).transpose().context("--seeds is a number")?;
    let kernels = arguments.values("--kernel")?;
    let attacks = arguments.values("--attack")?;
    let json = arguments.value("--json")?.map_or_else(|| root().join("target/evade.json"), PathBuf::from);
    arguments.none()?;
    let report = report(Extent { quick, seed, seeds }, &kernels, &attacks)?;
    report::tables(&report);
    crate::json::write(&json, &report)?;
    if seed != known::SEED {
        return Ok(());
    }
    let differences = known::Known::read()?.differences(&report.rows);
    if differences.is_empty() {
        return Ok(());
    }
    differences.iter().for_each(|line| println!("  {line}"));
    bail!("{} differences from tests/corpus/evasion-losses.toml", differences.len())
}

fn report(extent: Extent, kernels: &[String], attacks: &[String]) -> Result<Report> {
    let Extent { quick, seed, seeds } = extent;
    let rules = Rules::whole();
    let chosen = kernels;
    let kernels = kernel::choose(chosen, &rules)?;
    let attacks: Vec<Attack> =
        attack::all().into_iter().filter(|attack| attacks.is_empty() || attacks.contains(&attack.name)).collect();
    if attacks.is_empty() {
        bail!(
            "no attack has this name; there are {:?}",
            attack::all().iter().map(|a| a.name.clone()).collect::<Vec<_>>()
        );
    }
    let folder = root().join("target/evade");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let queries = if quick { QUERIES.0 } else { QUERIES.1 };
    let bench = Bench {
        tools: Tools { folder: &folder, rules: &rules, queries, until: quick.then(|| Instant::now() + QUICK) },
        engine: Engine::new(&folder),
    };
    let mut jobs = Vec::new();
    for (turn, attack) in attacks.iter().enumerate() {
        let seeds = seeds.unwrap_or(if quick { attack.seeds.0 } else { attack.seeds.1 });
        // What takes seconds for each mutant is tried on some of the kernels, others for each attack and seed.
        let step = if quick && attack.is_slow() && chosen.is_empty() { SLOW_STEP } else { 1 };
        let first = (turn + seed as usize) % step;
        jobs.extend(kernels.iter().skip(first).step_by(step).flat_map(|kernel| {
            (0..seeds).map(move |n| Job { attack, kernel, seed: seed.wrapping_mul(1_000_003).wrapping_add(n) })
        }));
    }
    if quick {
        // What takes long may find the time up: then every other attack is through.
        let (slow, mut first): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.attack.is_slow());
        first.extend(slow);
        jobs = first;
    }
    let outcomes: Vec<Option<Outcome>> = parallel::all(&jobs, |job| bench.one(job));
    let mut rows: Vec<Row> = Vec::new();
    for (job, outcome) in jobs.iter().zip(&outcomes) {
        let at = rows.iter().position(|row| row.attack == job.attack.name && row.kernel == job.kernel.name);
        let at = at.unwrap_or_else(|| {
            rows.push(Row { attack: job.attack.name.clone(), kernel: job.kernel.name.clone(), ..Row::default() });
            rows.len() - 1
        });
        outcome.iter().for_each(|outcome| rows[at].add(outcome));
    }
    Ok(Report {
        rules: rules.set.version().to_owned(),
        seed,
        quick,
        kernels: kernels.iter().map(|kernel| (kernel.name.clone(), kernel.level)).collect(),
        attacks: report::by_attack(&rows),
        rows,
        not_done: outcomes.iter().filter(|outcome| outcome.is_none()).count(),
    })
}

impl Bench<'_> {
    /// Makes, runs and judges one mutant; nothing when the time is up.
    fn one(&self, job: &Job<'_>) -> Option<Outcome> {
        if self.tools.is_late() {
            return None;
        }
        let mutant = job.attack.apply(job.kernel, job.seed, &self.tools);
        // Half a mutant is none.
        if self.tools.is_late() {
            return None;
        }
        let outcome = mutant.and_then(|mutant| self.judge(job, &mutant));
        Some(outcome.unwrap_or_else(|error| Outcome::Failed(format!("{error:#}"))))
    }

    fn judge(&self, job: &Job<'_>, mutant: &Mutant) -> Result<Outcome> {
        let said = self.engine.ask(job.kernel, mutant)?;
        if said != Said::Valid {
            return Ok(Outcome::Broken(said));
        }
        let verdict = job.kernel.judge(&mutant.bytes, self.tools.rules);
        let (level, base) = (verdict.level(), job.kernel.level);
        let file = if level < base { Some(keep(self.tools.folder, job, mutant)?) } else { None };
        Ok(Outcome::Judged { level, base, complete: verdict.is_complete(), file })
    }
}

/// Keeps a mutant that evaded, for study.
fn keep(folder: &Path, job: &Job<'_>, mutant: &Mutant) -> Result<String> {
    let attack = job.attack.name.replace([' ', ','], "-");
    let name = format!("{}-{attack}-{}.wasm", job.kernel.name.replace(' ', "-"), job.seed);
    let path = folder.join(&name);
    std::fs::write(&path, &mutant.bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(name)
}
