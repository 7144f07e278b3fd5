//! What the bench says: a row for each attack and kernel, as a table and as JSON.

use super::engine::Said;
use crate::table::{percent, print, share};
use davy_model::Level;
use serde::Serialize;
use std::collections::BTreeMap;

/// All of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Report {
    /// Version of the rule set.
    pub(crate) rules: String,
    pub(crate) seed: u64,
    pub(crate) quick: bool,
    /// What each kernel is before anything is done to it.
    pub(crate) kernels: BTreeMap<String, Level>,
    pub(crate) rows: Vec<Row>,
    pub(crate) attacks: Vec<Row>,
    /// Mutants that were not made because the time was up.
    pub(crate) not_done: usize,
}

/// An attack against a kernel, or against all of them.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Row {
    pub(crate) attack: String,
    pub(crate) kernel: String,
    /// Mutants that the engine accepts and whose vector passes: only these count.
    pub(crate) valid: usize,
    pub(crate) mining: usize,
    pub(crate) suspicious: usize,
    /// Below *suspicious*.
    pub(crate) below: usize,
    /// Below what the kernel itself is.
    pub(crate) lost: usize,
    /// Read whole no longer, which no report calls clean.
    pub(crate) incomplete: usize,
    /// No evasion: refused, wrong answer, too slow, or not made.
    pub(crate) refused: usize,
    pub(crate) wrong: usize,
    pub(crate) slow: usize,
    pub(crate) failed: usize,
    /// Why the first was not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<String>,
    /// Files of the mutants that were lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) evaded: Vec<String>,
}

/// What came of one mutant.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It counts.
    Judged { level: Level, base: Level, complete: bool, file: Option<String> },
    /// It does not.
    Broken(Said),
    /// There is none.
    Failed(String),
}

impl Row {
    /// Counts one mutant.
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Judged { level, base, complete, file } => {
                self.valid += 1;
                match level {
                    Level::Mining => self.mining += 1,
                    Level::Suspicious => self.suspicious += 1,
                    Level::Notice | Level::Clean => self.below += 1,
                }
                self.lost += usize::from(level < base);
                self.incomplete += usize::from(!complete);
                self.evaded.extend(file.clone());
            }
            Outcome::Broken(Said::Refused) => self.refused += 1,
            Outcome::Broken(Said::Slow) => self.slow += 1,
            Outcome::Broken(_) => self.wrong += 1,
            Outcome::Failed(why) => {
                self.failed += 1;
                self.failure.get_or_insert_with(|| why.clone());
            }
        }
    }

    fn join(&mut self, other: &Self) {
        self.valid += other.valid;
        self.mining += other.mining;
        self.suspicious += other.suspicious;
        self.below += other.below;
        self.lost += other.lost;
        self.incomplete += other.incomplete;
        self.refused += other.refused;
        self.wrong += other.wrong;
        self.slow += other.slow;
        self.failed += other.failed;
        self.failure = self.failure.take().or_else(|| other.failure.clone());
    }

    fn cells(&self) -> Vec<String> {
        let broken = self.refused + self.wrong + self.slow + self.failed;
        let numbers = [self.valid, broken, self.mining, self.suspicious, self.below, self.lost];
        let mut cells = vec![self.attack.clone()];
        cells.extend(numbers.iter().map(ToString::to_string));
        cells.push(percent(share(self.lost, self.valid)));
        cells
    }
}

/// One row for each attack over all kernels, in the order of the attacks.
pub(crate) fn by_attack(rows: &[Row]) -> Vec<Row> {
    let mut attacks: Vec<Row> = Vec::new();
    for row in rows {
        match attacks.iter_mut().find(|attack| attack.attack == row.attack) {
            Some(attack) => attack.join(row),
            None => attacks.push(Row { kernel: "all".to_owned(), evaded: Vec::new(), ..row.clone() }),
        }
    }
    attacks
}

/// Prints the tables.
pub(crate) fn tables(report: &Report) {
    println!("rules {}, seed {}", report.rules, report.seed);
    println!("\nkernels as they are");
    for (kernel, level) in &report.kernels {
        println!("  {kernel}: {}", format!("{level:?}").to_lowercase());
    }
    println!("\nattacks over all kernels (a mutant counts when the engine accepts it and its vector passes)");
    let headings = ["attack", "valid", "broken", "mining", "suspicious", "below", "lost", "% lost"];
    print(&headings, &report.attacks.iter().map(Row::cells).collect::<Vec<_>>());
    let lossy: Vec<&Row> = report.rows.iter().filter(|row| row.lost > 0).collect();
    if !lossy.is_empty() {
        println!("\nwhere something was lost");
        let cells = |row: &&Row| {
            let mut cells = row.cells();
            cells.insert(1, row.kernel.clone());
            cells
        };
        let headings = ["attack", "kernel", "valid", "broken", "mining", "suspicious", "below", "lost", "% lost"];
        print(&headings, &lossy.iter().map(cells).collect::<Vec<_>>());
    }
    for row in report.rows.iter().filter(|row| row.refused + row.wrong + row.slow + row.failed > 0) {
        println!(
            "  {} × {}: {} refused, {} wrong, {} slow, {} not made{}",
            row.attack,
            row.kernel,
            row.refused,
            row.wrong,
            row.slow,
            row.failed,
            row.failure.as_ref().map(|why| format!(" ({why})")).unwrap_or_default()
        );
    }
    if report.not_done > 0 {
        println!("\nnot done: {} mutants, the time of --quick was up", report.not_done);
    }
}
