//! Counting: steps of a test run, what passed and failed in each, and how long it took.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Instant;

/// How the lines of a step's output are counted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counting {
    /// The step is one check: its exit status.
    Whole,
    /// `test result: ok. 3 passed; 0 failed; 0 ignored; …`, once for each binary.
    Cargo,
    /// The same of tests that are chosen by name: the others are counted in a step of their own.
    CargoChosen,
    /// The closing lines of node's test runner: `ℹ pass 3`, `ℹ fail 0`, …
    Node,
    /// The closing lines of Python's test runner on standard error: `Ran 3 tests in 9.5s`, `FAILED (errors=1)`.
    Python,
}

/// What passed and what did not. A skipped test counts as failed: no test is skipped here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Checks that held.
    pub(crate) passed: u64,
    /// Checks that did not hold, or were not made.
    pub(crate) failed: u64,
}

struct Row {
    name: &'static str,
    count: Count,
    seconds: f64,
}

/// The steps so far.
pub(crate) struct Tally {
    rows: Vec<Row>,
    start: Instant,
}

impl Default for Tally {
    fn default() -> Self {
        Self { rows: Vec::new(), start: Instant::now() }
    }
}

impl Tally {
    /// Runs two sequences of steps side by side, and notes those of the first before those of the other. What they print
    /// is mixed; each step's heading and last line name it.
    pub(crate) fn side_by_side<T: Send, U>(
        &mut self,
        one: impl FnOnce(&mut Self) -> T + Send,
        other: impl FnOnce(&mut Self) -> U,
    ) -> (T, U) {
        let mut second = Self::default();
        let both = std::thread::scope(|scope| {
            let beside = scope.spawn(|| one(self));
            let mine = other(&mut second);
            (beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), mine)
        });
        self.rows.append(&mut second.rows);
        both
    }

    /// Runs a command as a step and counts its output.
    pub(crate) fn command(&mut self, name: &'static str, counting: Counting, command: &mut Command) {
        self.step(name, || counted(command, counting));
    }

    /// Runs a function as a step that is one check.
    pub(crate) fn check(&mut self, name: &'static str, work: impl FnOnce() -> anyhow::Result<()>) -> bool {
        self.step(name, || match work() {
            Ok(()) => Count { passed: 1, failed: 0 },
            Err(error) => {
                eprintln!("{name}: {error:#}");
                Count { passed: 0, failed: 1 }
            }
        })
    }

    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Count) -> bool {
        println!("\n== {name}");
        let start = Instant::now();
        let count = work();
        let seconds = start.elapsed().as_secs_f64();
        println!("== {name}: {} passed, {} failed, {seconds:.1} s", count.passed, count.failed);
        self.rows.push(Row { name, count, seconds });
        count.failed == 0
    }

    /// Prints every step with its time, then the sum as the last line. True when nothing failed.
    pub(crate) fn close(&self) -> bool {
        println!("\n{:<34} {:>8} {:>8} {:>9}", "step", "passed", "failed", "seconds");
        for Row { name, count, seconds } in &self.rows {
            println!("{name:<34} {:>8} {:>8} {seconds:>9.1}", count.passed, count.failed);
        }
        println!("{:<34} {:>27.1}", "from start to end", self.start.elapsed().as_secs_f64());
        let passed: u64 = self.rows.iter().map(|row| row.count.passed).sum();
        let failed: u64 = self.rows.iter().map(|row| row.count.failed).sum();
        println!("{passed} passed, {failed} failed");
        failed == 0
    }
}

/// Runs a command, passes its output on, and counts. A failing exit that no line explains is one failure.
fn counted(command: &mut Command, counting: Counting) -> Count {
    let spoken = crate::process::spoken(command);
    let piped = match counting {
        Counting::Python => command.stdout(Stdio::inherit()).stderr(Stdio::piped()),
        _ => command.stdout(Stdio::piped()),
    };
    let child = match piped.stdin(Stdio::null()).spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!("cannot start `{spoken}`: {error}");
            return Count { passed: 0, failed: 1 };
        }
    };
    let mut child = child;
    let mut count = Count::default();
    let stdout = child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read>);
    if let Some(stream) = stdout.or_else(|| child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read>)) {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            add(&mut count, &line, counting);
        }
    }
    let success = child.wait().is_ok_and(|status| status.success());
    match (success, counting) {
        (true, Counting::Whole) => count.passed = 1,
        (true, _) if count.passed == 0 => {
            eprintln!("`{spoken}` counted no test");
            count.failed += 1;
        }
        (false, _) if count.failed == 0 => {
            eprintln!("`{spoken}` failed");
            count.failed = 1;
        }
        _ => {}
    }
    count
}

fn add(count: &mut Count, line: &str, counting: Counting) {
    match counting {
        Counting::Whole => {}
        Counting::Python => {
            if line.starts_with("Ran ") {
                count.passed += before(line, " test");
            } else if line.starts_with("FAILED (") || line.starts_with("OK (") {
                let digits = line.split(['=', ',', ')']).filter_map(|part| part.parse::<u64>().ok());
                let failed = digits.sum::<u64>().min(count.passed);
                count.failed += failed;
                count.passed -= failed;
            }
        }
        Counting::Cargo | Counting::CargoChosen => {
            let Some(rest) = line.strip_prefix("test result: ") else { return };
            let number = |word: &str| before(rest, word);
            count.passed += number(" passed");
            count.failed += number(" failed") + number(" ignored");
            count.failed += if matches!(counting, Counting::Cargo) { number(" filtered out") } else { 0 };
        }
        Counting::Node => {
            let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) else { return };
            let Some((word, number)) = rest.split_once(' ') else { return };
            let number = number.trim().parse().unwrap_or(0);
            match word {
                "pass" => count.passed += number,
                "fail" | "cancelled" | "skipped" | "todo" => count.failed += number,
                _ => {}
            }
        }
    }
}

/// The number that stands before `word` in cargo's summary line.
fn before(line: &str, word: &str) -> u64 {
    let head = line.split_once(word).map_or("", |(head, _)| head);
    head.rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str], counting: Counting) -> Count {
        let mut count = Count::default();
        lines.iter().for_each(|line| add(&mut count, line, counting));
        count
    }

    #[test]
    fn cargo_counts_every_binary_and_holds_ignored_against_it() {
        let lines = [
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        assert_eq!(of(&lines, Counting::Cargo), Count { passed: 15, failed: 3 });
    }

    #[test]
    fn node_counts_both_reporters_and_holds_skipped_against_it() {
        let lines = ["ℹ tests 4", "ℹ pass 2", "ℹ fail 1", "# skipped 1", "ℹ duration_ms 12.5"];
        assert_eq!(of(&lines, Counting::Node), Count { passed: 2, failed: 2 });
    }

    #[test]
    fn python_counts_at_its_end_and_holds_skipped_against_it() {
        let lines = [
            "test_a (x.Y.test_a)",
            "What it tests ... ok",
            "Ran 4 tests in 1.5s",
            "",
            "FAILED (failures=1, skipped=2)",
        ];
        assert_eq!(of(&lines, Counting::Python), Count { passed: 1, failed: 3 });
        assert_eq!(of(&["Ran 1 test in 0.1s", "", "OK"], Counting::Python), Count { passed: 1, failed: 0 });
    }

    #[test]
    fn steps_side_by_side_are_all_noted() {
        let mut tally = Tally::default();
        let row = |tally: &mut Tally, name, holds| {
            tally.check(name, || if holds { Ok(()) } else { Err(anyhow::anyhow!("does not hold")) })
        };
        let both = tally.side_by_side(|tally| row(tally, "one", true), |tally| row(tally, "other", false));
        assert_eq!(both, (true, false));
        assert_eq!(
            tally.rows.iter().map(|row| (row.name, row.count.failed)).collect::<Vec<_>>(),
            [("one", 0), ("other", 1)]
        );
        assert!(!tally.close());
    }

    #[test]
    fn a_command_that_counts_nothing_has_failed() {
        assert_eq!(counted(&mut Command::new("true"), Counting::Cargo), Count { passed: 0, failed: 1 });
        assert_eq!(counted(&mut Command::new("true"), Counting::Whole), Count { passed: 1, failed: 0 });
        assert_eq!(counted(&mut Command::new("false"), Counting::Whole), Count { passed: 0, failed: 1 });
    }
}
