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
    /// Times one plain pass over the same bytes.
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
    bytes: usize,
    davy: f64,
    plain: f64,
    /// Seconds for a byte, seconds of a plain pass for one, bytes, path: of the file that takes longest for its size.
    slowest: Option<(f64, f64, usize, String)>,
}

/// All files, added up by kind.
#[derive(Debug, Default)]
pub(super) struct Figures {
    modules: Sum,
    passed: Sum,
    parsed: Sum,
}

impl Figures {
    /// Adds a file; one that is `known` to be slow counts for the whole of its kind, and is not its slowest.
    pub(super) fn add(&mut self, file: &File, taken: &Taken, known: bool) {
        let (sum, least) = match file.kind {
            Kind::Module => (&mut self.modules, MODULE),
            Kind::Passed => (&mut self.passed, SCRIPT),
            Kind::Parsed => (&mut self.parsed, SCRIPT),
        };
        sum.files += 1;
        sum.bytes += file.bytes;
        sum.davy += taken.davy;
        sum.plain += taken.plain;
        let each = taken.davy / file.bytes.max(1) as f64;
        if !known && file.bytes >= least && sum.slowest.as_ref().is_none_or(|(slowest, ..)| each > *slowest) {
            let plain = taken.plain / file.bytes.max(1) as f64;
            sum.slowest = Some((each, plain, file.bytes, file.path.display().to_string()));
        }
    }

    /// The figures of kinds that there are files of.
    pub(super) fn finish(self) -> Vec<Figure> {
        let Self { modules, passed, parsed } = self;
        let all = [
            modules.whole("modules", "ms/MB", 12.0),
            modules.worst("slowest module from 1 MB on", "ms/MB", MODULE_MS),
            passed.whole("scripts that are passed over", "MB/s", 150.0),
            parsed.whole("scripts that are parsed", "MB/s", 20.0),
            parsed.worst("slowest script from 100 kB on", "ms/MB", 1_000.0),
        ];
        all.into_iter().flatten().collect()
    }
}

impl Sum {
    fn whole(&self, name: &'static str, unit: &'static str, asked: f64) -> Option<Figure> {
        (self.bytes > 0).then(|| Figure {
            files: self.files,
            megabytes: self.bytes as f64 / 1e6,
            ..figure(name, unit, asked, (self.davy, self.plain), self.bytes)
        })
    }

    fn worst(&self, name: &'static str, unit: &'static str, asked: f64) -> Option<Figure> {
        let (davy, plain, bytes, path) = self.slowest.as_ref()?;
        let size = *bytes as f64;
        let one = figure(name, unit, asked, (davy * size, plain * size), *bytes);
        Some(Figure { slowest: Some(path.clone()), ..one })
    }
}

/// Seconds with Davy and of a plain pass over so many bytes, in the figure's unit: milliseconds a megabyte, or megabytes a
/// second.
fn figure(name: &'static str, unit: &'static str, asked: f64, (davy, plain): (f64, f64), bytes: usize) -> Figure {
    let megabytes = bytes as f64 / 1e6;
    let at_most = unit == "ms/MB";
    let measured = if at_most { davy * 1e3 / megabytes } else { megabytes / davy };
    Figure { name, unit, measured, asked, at_most, ratio: davy / plain, files: 1, megabytes, slowest: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_bounds_go_both_ways() {
        let of = |kind, bytes| File { path: "x".into(), kind, bytes };
        let mut figures = Figures::default();
        figures.add(&of(Kind::Module, 2_000_000), &Taken { davy: 0.02, plain: 0.01 }, false);
        figures.add(&of(Kind::Passed, 3_000), &Taken { davy: 0.000_03, plain: 0.000_01 }, false);
        figures.add(&of(Kind::Module, 1_000_000), &Taken { davy: 0.01, plain: 0.01 }, true);
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
