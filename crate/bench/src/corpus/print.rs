//! The report as tables.

use super::report::{Case, Recall, Report, Row, SCRIPTS};
use crate::table::{percent, print, share};

/// How many cases a list shows; the JSON has all.
const SHOWN: usize = 20;

/// Prints everything.
pub(crate) fn all(report: &Report) {
    println!("{} files, {} distinct code sections, rules {}", report.files, report.distinct, report.rules);
    if !report.without.is_empty() {
        println!("without the rules, tables and facts of: {}", report.without.join(", "));
    }
    if !report.families.is_empty() {
        families(report);
    }
    if !report.lawful.is_empty() {
        lawful(report);
    }
    if !report.left_out.is_empty() {
        left_out(report);
    }
    cases("called both mining and lawful", &report.in_conflict, |path| path.clone());
    cases("not read whole", &report.incomplete, line);
    time(report);
}

fn families(report: &Report) {
    println!("\nmining, by family (distinct code sections)");
    let cells = |row: &Row| {
        let mut cells = levels(row);
        cells.insert(3, if row.origins == 0 { "–".to_owned() } else { row.origins.to_string() });
        cells.insert(4, row.page.clone().unwrap_or_else(|| "–".to_owned()));
        cells.extend(recall(row.recall));
        cells.push(percent(share(row.named, row.distinct)));
        cells
    };
    let headings = [
        "family",
        "files",
        "distinct",
        "origins",
        "page",
        "clean",
        "notice",
        "suspicious",
        "mining",
        "% mining",
        "% ≥ suspicious",
        "named",
    ];
    print(&headings, &report.families.iter().map(cells).collect::<Vec<_>>());
    let means = &report.means;
    for (what, mean) in [
        ("mean over families", means.all),
        ("  of several origins", means.several_origins),
        ("  of one origin, or none told", means.one_origin),
    ] {
        if let Some(Recall { mining, suspicious }) = mean {
            println!("  {what}: mining {}, suspicious or above {}", percent(Some(mining)), percent(Some(suspicious)));
        }
    }
    println!("  a right algorithm is named: {}", percent(means.named));
    let missed: Vec<&Case> = report.families.iter().flat_map(|row| &row.wrong).collect();
    cases("below mining", &missed, |case| line(case));
}

fn lawful(report: &Report) {
    println!("\nlawful, by class (distinct code sections; false positives per 1,000)");
    let per_thousand = |part: usize, row: &Row| format!("{:.2}", part as f64 * 1e3 / row.distinct.max(1) as f64);
    let cells = |row: &Row| {
        let mut cells = levels(row);
        cells.push(per_thousand(row.mining, row));
        cells.push(per_thousand(row.mining + row.suspicious, row));
        cells
    };
    let mut rows: Vec<Vec<String>> = report.lawful.iter().map(cells).collect();
    let (scripts, modules): (Vec<&Row>, Vec<&Row>) = report.lawful.iter().partition(|row| row.name.ends_with(SCRIPTS));
    for (name, part) in [("all modules", modules), ("all scripts", scripts)] {
        if part.len() > 1 {
            rows.push(cells(&sum(name, &part)));
        }
    }
    let headings =
        ["class", "files", "distinct", "clean", "notice", "suspicious", "mining", "‰ mining", "‰ ≥ suspicious"];
    print(&headings, &rows);
    cases("above notice", &report.false_positives, line);
}

fn sum(name: &str, rows: &[&Row]) -> Row {
    let over = |of: fn(&Row) -> usize| rows.iter().map(|row| of(row)).sum();
    Row {
        name: name.to_owned(),
        files: over(|row| row.files),
        distinct: over(|row| row.distinct),
        origins: 0,
        page: None,
        clean: over(|row| row.clean),
        notice: over(|row| row.notice),
        suspicious: over(|row| row.suspicious),
        mining: over(|row| row.mining),
        named: 0,
        recall: Recall { mining: 0.0, suspicious: 0.0 },
        wrong: Vec::new(),
    }
}

fn left_out(report: &Report) {
    println!("\nleave one family out: judged without the family's own rules, tables and facts");
    let cells = |left: &super::report::LeftOut| {
        let mut cells = vec![left.family.clone(), left.distinct.to_string()];
        cells.extend(recall(left.recall));
        cells
    };
    let mut rows: Vec<Vec<String>> = report.left_out.iter().map(cells).collect();
    if let Some(mean) = report.left_out_means {
        let mut cells = vec!["mean".to_owned(), report.left_out.len().to_string()];
        cells.extend(recall(mean));
        rows.push(cells);
    }
    print(&["family", "distinct", "% mining", "% ≥ suspicious"], &rows);
    let missed: Vec<&Case> = report.left_out.iter().flat_map(|left| &left.missed).collect();
    cases("below suspicious without their family", &missed, |case| line(case));
}

fn levels(row: &Row) -> Vec<String> {
    let numbers = [row.files, row.distinct, row.clean, row.notice, row.suspicious, row.mining];
    std::iter::once(row.name.clone()).chain(numbers.iter().map(ToString::to_string)).collect()
}

fn recall(Recall { mining, suspicious }: Recall) -> [String; 2] {
    [percent(Some(mining)), percent(Some(suspicious))]
}

fn cases<T>(what: &str, cases: &[T], line: impl Fn(&T) -> String) {
    if cases.is_empty() {
        return;
    }
    println!("\n{what}: {}", cases.len());
    for case in cases.iter().take(SHOWN) {
        println!("  {}", line(case));
    }
    if cases.len() > SHOWN {
        println!("  … and {} more (--json has all)", cases.len() - SHOWN);
    }
}

fn line(case: &Case) -> String {
    let level = format!("{:?}", case.level).to_lowercase();
    format!("{level:10}  {}  {}  {}", case.path, case.family, case.because.join(", ")).trim_end().to_owned()
}

fn time(report: &Report) {
    let time = &report.time;
    println!("\nslowest modules");
    let cells = |slow: &super::report::Slow| {
        let numbers = [slow.ms, slow.megabytes, slow.ms_per_megabyte, slow.ratio];
        std::iter::once(slow.path.clone()).chain(numbers.iter().map(|number| format!("{number:.2}"))).collect()
    };
    let headings = ["module", "ms", "MB", "ms/MB", "× plain pass"];
    print(&headings, &report.slowest.iter().map(cells).collect::<Vec<_>>());
    println!(
        "  {:.1} MB of modules: {:.2} ms/MB; one plain pass over all operators {:.2} ms/MB; ratio {:.2}",
        time.megabytes, time.ms_per_megabyte, time.plain_ms_per_megabyte, time.ratio
    );
    if let Some(lawful) = time.lawful_ms_per_megabyte {
        println!("  lawful modules alone: {lawful:.2} ms/MB");
    }
}
