//! The figures: what is asked of each, and what was measured.

use super::Taken;
use super::files::{File, Kind};
use serde::Serialize;

/// Smaller modules, in bytes, say little about a module's time for each megabyte.
const MODULE: usize = 1_000_000;
/// Smaller scripts, in bytes, likewise.
const SCRIPT: usize = 100_000;

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) measured: f64,
    pub(super) asked: f64,
    /// Whether less is better.
    pub(super) at_most: bool,
    /// Times one plain pass over the same bytes; of heaps, the largest in times the median.
    pub(super) ratio: f64,
    pub(super) files: usize,
    pub(super) megabytes: f64,
    /// The file that the figure is of, where it is of one.
    pub(super) slowest: Option<String>,
}

impl Figure {
    /// Whether it keeps what is asked; with a `margin` above 1, also where it is so many times worse.
    pub(super) fn is_met(&self, margin: f64) -> bool {
        if self.at_most { self.measured <= self.asked * margin } else { self.measured * margin >= self.asked }
    }
}

/// Milliseconds a megabyte that no module takes more than.
pub(super) const MODULE_MS: f64 = 25.0;

/// Files of one kind, added up.
#[derive(Debug, Default)]
struct Sum {
    files: usize,
    all: Taken,
    /// The heap's peak of each file in times its size.
    heaps: Vec<f64>,
    /// What the file took that takes longest for its size, and its path.
    slowest: Option<(Taken, String)>,
}

/// All files, added up by kind.
#[derive(Debug, Default)]
pub(super) struct Figures {
    modules: Sum,
    passed: Sum,
    parsed: Sum,
    compiled: Sum,
}

impl Figures {
    /// Adds a file; one that is `known` to be slow counts for the whole of its kind, and is not its slowest.
    pub(super) fn add(&mut self, file: &File, taken: &Taken, known: bool) {
        let (sum, least) = match file.kind {
            Kind::Module => (&mut self.modules, MODULE),
            Kind::Passed => (&mut self.passed, SCRIPT),
            Kind::Parsed => (&mut self.parsed, SCRIPT),
            Kind::Compiled => (&mut self.compiled, SCRIPT),
        };
        sum.files += 1;
        sum.all.bytes += taken.bytes;
        sum.all.davy += taken.davy;
        sum.all.plain += taken.plain;
        sum.heaps.push(taken.heaps());
        let is_slowest = sum.slowest.as_ref().is_none_or(|(slowest, _)| taken.each() > slowest.each());
        if !known && taken.bytes >= least && is_slowest {
            sum.slowest = Some((*taken, file.path.display().to_string()));
        }
    }

    /// The figures of kinds that there are files of.
    pub(super) fn finish(self) -> Vec<Figure> {
        let Self { modules, passed, parsed, compiled } = self;
        let all = [
            modules.whole("modules", "ms/MB", 12.0),
            modules.worst("slowest module from 1 MB on", "ms/MB", MODULE_MS),
            passed.whole("scripts that are passed over", "MB/s", 150.0),
            parsed.whole("scripts that are parsed", "MB/s", 20.0),
            parsed.worst("slowest script from 100 kB on", "ms/MB", 1_000.0),
            parsed.heap("heap of scripts that are parsed, in the median", 20.0),
            compiled.whole("programs compiled to scripts", "MB/s", 1.0),
            compiled.worst("slowest compiled program", "ms/MB", 1_000.0),
        ];
        all.into_iter().flatten().collect()
    }
}

impl Sum {
    fn whole(&self, name: &'static str, unit: &'static str, asked: f64) -> Option<Figure> {
        (self.all.bytes > 0).then(|| Figure { files: self.files, ..figure(name, unit, asked, &self.all) })
    }

    fn heap(&self, name: &'static str, asked: f64) -> Option<Figure> {
        let mut heaps = self.heaps.clone();
        heaps.sort_by(f64::total_cmp);
        let measured = *heaps.get(heaps.len() / 2)?;
        let ratio = heaps.last()? / measured;
        let whole = figure(name, "x size", asked, &self.all);
        Some(Figure { measured, at_most: true, ratio, files: self.files, ..whole })
    }

    fn worst(&self, name: &'static str, unit: &'static str, asked: f64) -> Option<Figure> {
        let (taken, path) = self.slowest.as_ref()?;
        Some(Figure { slowest: Some(path.clone()), ..figure(name, unit, asked, taken) })
    }
}

/// What was taken, in the figure's unit: milliseconds a megabyte, or megabytes a second.
fn figure(name: &'static str, unit: &'static str, asked: f64, taken: &Taken) -> Figure {
    let at_most = unit == "ms/MB";
    let measured = if at_most { taken.each() } else { taken.megabytes() / taken.davy };
    let (ratio, megabytes) = (taken.davy / taken.plain, taken.megabytes());
    Figure { name, unit, measured, asked, at_most, ratio, files: 1, megabytes, slowest: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_bounds_go_both_ways() {
        let file = |kind| File { path: "x".into(), kind };
        let mut figures = Figures::default();
        figures.add(&file(Kind::Module), &Taken { bytes: 2_000_000, davy: 0.02, plain: 0.01, heap: 0 }, false);
        figures.add(&file(Kind::Passed), &Taken { bytes: 3_000, davy: 0.000_03, plain: 0.000_01, heap: 0 }, false);
        figures.add(&file(Kind::Module), &Taken { bytes: 1_000_000, davy: 0.01, plain: 0.01, heap: 0 }, true);
        let all = figures.finish();
        let told: Vec<(&str, u64, bool)> = all.iter().map(|f| (f.name, f.measured as u64, f.is_met(1.0))).collect();
        let expected = [
            ("modules", 10, true),
            ("slowest module from 1 MB on", 10, true),
            ("scripts that are passed over", 100, false),
        ];
        assert_eq!(told, expected);
        assert!(all[2].is_met(1.5), "with a margin");
    }
}
