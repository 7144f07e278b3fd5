//! Everything that CI checks, cheap first. A failing step does not hide those after it, unless they need it.

use crate::layout::Layout;
use crate::process::{cargo, command, node, npm};
use crate::tally::{Counting, Tally};
use crate::{bench, build, kernels, setup, tidy};
use anyhow::Result;
use std::process::ExitCode;

/// Runs all steps; the last line is `N passed, M failed`. `whole`: with what a fresh machine has no time for: long tests
/// in the browser, and tests in Firefox, which is installed for it.
pub(crate) fn run(layout: &Layout, whole: bool) -> Result<ExitCode> {
    let mut tally = Tally::default();
    let root = &layout.root;
    let set_up = if whole { setup::whole } else { setup::all };
    if tally.check("set-up", || set_up(layout)) {
        tally.command("format", Counting::Whole, &mut cargo(root, &["fmt", "--all", "--check"]));
        tally.check("tidy", || tidy::all(layout));
        // Side by side: both wait for themselves, for cargo's lock or a program's last unit, while a processor is free.
        let kernels = |tally: &mut Tally| {
            tally.check("kernels and lawful modules", || kernels::miner(layout).and_then(|_| kernels::build(layout)))
        };
        let products_built = |tally: &mut Tally| {
            let built = tally.check("build", || build::all(layout));
            let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
            tally.command("clippy", Counting::Whole, &mut cargo(root, &clippy));
            built
        };
        let (_, built) = tally.side_by_side(kernels, products_built);
        // The longest tests of either keep one processor busy.
        let cargo_test = |tally: &mut Tally| {
            let words = ["test", "--quiet", "--workspace", "--no-fail-fast"];
            tally.command("cargo test", Counting::Cargo, &mut cargo(root, &words));
        };
        tally.side_by_side(cargo_test, |tally| {
            if built {
                compared(layout, tally);
            }
        });
        if built {
            products(layout, &mut tally, whole);
            if whole {
                tally.check("one file without libraries", || build::without_libraries(layout));
            }
        }
    }
    Ok(if tally.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What needs the products, and neither a browser nor a quiet machine.
fn compared(layout: &Layout, tally: &mut Tally) {
    let browser_tests = layout.browser_tests();
    let check = ["run", "--silent", "check"];
    tally.command("extension: types and lint", Counting::Whole, &mut npm(&layout.extension(), &check));
    tally.command("browser tests: types", Counting::Whole, &mut npm(&browser_tests, &check));
    let mut native_and_wasm =
        node(&browser_tests, &["--import", "tsx", "--test", "--test-reporter=spec", "tool/equal.test.ts"]);
    tally.command("native = wasm", Counting::Node, native_and_wasm.env("DAVY_COMMAND", layout.davy()));
    let mut obfuscated = node(&layout.obfuscators(), &["--test", "--test-reporter=spec", "kept.test.mjs"]);
    tally.command("scripts through obfuscators", Counting::Node, obfuscated.env("DAVY_COMMAND", layout.davy()));
    let mut formats = npm(&layout.formats(), &["test", "--silent"]);
    tally.command("formats by their schemas", Counting::Node, formats.env("DAVY_COMMAND", layout.davy()));
    // It holds every constant that it looks for.
    let own = ["scan", "--no-progress", "--fail-on", "notice", "extension/dist/chromium"];
    tally.command("own package is clean", Counting::Whole, &mut command(layout.davy(), &layout.root, &own));
}

/// What needs the products, and the machine for itself.
fn products(layout: &Layout, tally: &mut Tally, whole: bool) {
    let browser_tests = layout.browser_tests();
    if whole {
        tally.check("cost of first use", || build::first_use(layout));
        archives(layout, tally);
        tally.check("speed", || bench::speed(layout, &["speed"]));
    }
    // Side by side, then those that look at the clock or at the processor.
    for (name, script) in [("browser", "test"), ("browser, by the clock", "clock")] {
        let mut browser = npm(&browser_tests, &["run", "--silent", script]);
        if whole {
            // The long ones as well.
            browser.env("DAVY_LONG", "1");
        }
        tally.command(name, Counting::Node, browser.env("DAVY_COMMAND", layout.davy()));
    }
    // What the tests of both have left, against the table in their README.
    tally.command("ways in", Counting::Whole, &mut node(&browser_tests, &["--import", "tsx", "tool/ways.ts"]));
    if setup::has_firefox() {
        tally.command("Firefox", Counting::Node, &mut npm(&browser_tests, &["run", "--silent", "firefox"]));
    } else {
        println!("test: Firefox is not installed; `cargo xtask test --all` installs it and tests there too");
    }
}

/// What takes minutes of the archives' tests: a long stream, and Spark.
fn archives(layout: &Layout, tally: &mut Tally) {
    let words = ["test", "--quiet", "--package", "davy-cli", "--test", "archive", "memory::"];
    let mut long = cargo(&layout.root, &words);
    tally.command(
        "4 GB of a web archive",
        Counting::CargoChosen,
        long.env("DAVY_LONG", "4").env("DAVY_COMMAND", layout.davy()),
    );
    match setup::spark::find(layout) {
        Err(error) => drop(tally.check("Spark: set-up", || Err(error))),
        Ok(spark) => {
            let mut job = spark.python(&layout.spark(), &["-m", "unittest", "--verbose"]);
            tally.command("Spark", Counting::Python, job.env("DAVY_COMMAND", layout.davy()));
        }
    }
}
