//! From scored files to the report: groups of the same code, families, means.

use super::manifest::Item;
use super::report::{Case, LeftOut, Means, Recall, Report, Row, Slow, Time};
use super::score::Scored;
use crate::families::Families;
use crate::without::Rules;
use davy_model::Level;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the slowest modules are told.
const SLOWEST: usize = 10;

/// Files with one label, one family and one code section: they count once, by the worst of them.
struct Group<'a> {
    members: Vec<(&'a Item, &'a Scored)>,
}

impl<'a> Group<'a> {
    /// The member that was judged worst: the lowest of what mines, the highest of what does not.
    fn worst(&self) -> (&'a Item, &'a Scored) {
        let by_level = |(_, scored): &&(&Item, &Scored)| scored.level;
        let mines = self.members[0].0.mines;
        let worst =
            if mines { self.members.iter().min_by_key(by_level) } else { self.members.iter().max_by_key(by_level) };
        *worst.unwrap_or(&self.members[0])
    }

    fn case(&self) -> Case {
        let (item, scored) = self.worst();
        case(item, scored.level, scored.rules.clone())
    }
}

fn case(item: &Item, level: Level, because: Vec<String>) -> Case {
    Case { path: item.path.clone(), family: item.family.clone(), level, because }
}

/// Counts everything.
pub(crate) fn report(
    rules: &Rules,
    without: &[String],
    items: &[Item],
    scored: &[Scored],
    families: &Families,
) -> Report {
    let pairs: Vec<(&Item, &Scored)> = items.iter().zip(scored).collect();
    let mining = by_family(&pairs, true);
    let lawful = by_family(&pairs, false);
    let rows: Vec<Row> = mining.iter().map(|(name, groups)| row(name, groups, families)).collect();
    let classes: Vec<Row> = lawful.iter().map(|(name, groups)| row(name, groups, families)).collect();
    let left_out: Vec<LeftOut> = mining.iter().filter_map(|(name, groups)| unknown(name, groups)).collect();
    Report {
        rules: rules.set.version().to_owned(),
        without: without.to_vec(),
        files: pairs.len(),
        distinct: scored.iter().map(|scored| &scored.code).collect::<BTreeSet<_>>().len(),
        in_conflict: in_conflict(&pairs),
        means: means(&rows),
        false_positives: classes.iter().flat_map(|row| row.wrong.clone()).collect(),
        families: rows,
        lawful: classes,
        left_out_means: mean(left_out.iter().map(|left| left.recall)),
        left_out,
        incomplete: pairs.iter().filter_map(|(item, s)| Some(case(item, s.level, vec![s.lost.clone()?]))).collect(),
        slowest: slowest(&pairs),
        time: time(&pairs),
    }
}

fn by_family<'a>(pairs: &[(&'a Item, &'a Scored)], mines: bool) -> BTreeMap<&'a str, Vec<Group<'a>>> {
    let mut groups: BTreeMap<(&str, &str), Group<'a>> = BTreeMap::new();
    for (item, scored) in pairs.iter().filter(|(item, _)| item.mines == mines) {
        let group = groups.entry((&item.family, &scored.code)).or_insert_with(|| Group { members: Vec::new() });
        group.members.push((item, scored));
    }
    let mut families: BTreeMap<&str, Vec<Group<'a>>> = BTreeMap::new();
    for ((family, _), group) in groups {
        families.entry(family).or_default().push(group);
    }
    families
}

fn row(name: &str, groups: &[Group<'_>], families: &Families) -> Row {
    let levels: Vec<Level> = groups.iter().map(|group| group.worst().1.level).collect();
    let at = |level| levels.iter().filter(|found| **found == level).count();
    let mines = groups.iter().any(|group| group.members[0].0.mines);
    let members = || groups.iter().flat_map(|group| &group.members);
    let is_wrong = |level: Level| if mines { level < Level::Mining } else { level > Level::Notice };
    Row {
        name: name.to_owned(),
        files: members().count(),
        distinct: groups.len(),
        origins: members().filter_map(|(item, _)| item.origin.as_ref()).collect::<BTreeSet<_>>().len(),
        page: members().map(|(item, _)| item.context.clone()).reduce(|a, b| if a == b { a } else { None }).flatten(),
        clean: at(Level::Clean),
        notice: at(Level::Notice),
        suspicious: at(Level::Suspicious),
        mining: at(Level::Mining),
        named: groups.iter().filter(|group| is_named(group.worst(), families)).count(),
        recall: recall(&levels),
        wrong: groups.iter().map(Group::case).filter(|case| is_wrong(case.level)).collect(),
    }
}

/// Whether a right algorithm is among those named.
fn is_named((item, scored): (&Item, &Scored), families: &Families) -> bool {
    let right = if item.algorithms.is_empty() {
        families.get(&item.family).map(|family| family.algorithms.clone()).unwrap_or_default()
    } else {
        item.algorithms.clone()
    };
    scored.algorithms.iter().any(|name| right.contains(name))
}

/// Of a family that was left out: what is still seen of it.
fn unknown(name: &str, groups: &[Group<'_>]) -> Option<LeftOut> {
    let of = |group: &Group<'_>| {
        let worst = group.members.iter().filter_map(|(item, s)| Some((s.without_own?, *item)));
        let (level, item) = worst.min_by_key(|(level, _)| *level)?;
        Some(case(item, level, Vec::new()))
    };
    let cases: Vec<Case> = groups.iter().filter_map(of).collect();
    let levels: Vec<Level> = cases.iter().map(|case| case.level).collect();
    (!cases.is_empty()).then(|| LeftOut {
        family: name.to_owned(),
        distinct: cases.len(),
        recall: recall(&levels),
        missed: cases.into_iter().filter(|case| case.level < Level::Suspicious).collect(),
    })
}

fn recall(levels: &[Level]) -> Recall {
    let share =
        |least: Level| levels.iter().filter(|level| **level >= least).count() as f64 / levels.len().max(1) as f64;
    Recall { mining: share(Level::Mining), suspicious: share(Level::Suspicious) }
}

fn means(rows: &[Row]) -> Means {
    let of = |wanted: &dyn Fn(&Row) -> bool| mean(rows.iter().filter(|row| wanted(row)).map(|row| row.recall));
    let named =
        rows.iter().map(|row| row.named as f64 / row.distinct.max(1) as f64).sum::<f64>() / rows.len().max(1) as f64;
    Means {
        all: of(&|_| true),
        several_origins: of(&|row| row.origins > 1),
        one_origin: of(&|row| row.origins <= 1),
        named: (!rows.is_empty()).then_some(named),
    }
}

fn mean(recalls: impl Iterator<Item = Recall>) -> Option<Recall> {
    let all: Vec<Recall> = recalls.collect();
    let over = |of: fn(&Recall) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
    (!all.is_empty()).then(|| Recall { mining: over(|r| r.mining), suspicious: over(|r| r.suspicious) })
}

fn in_conflict(pairs: &[(&Item, &Scored)]) -> Vec<String> {
    let mining: BTreeSet<&str> = pairs.iter().filter(|(item, _)| item.mines).map(|(_, s)| s.code.as_str()).collect();
    let both = pairs.iter().filter(|(item, scored)| !item.mines && mining.contains(scored.code.as_str()));
    both.map(|(item, _)| item.path.clone()).collect()
}

fn slowest(pairs: &[(&Item, &Scored)]) -> Vec<Slow> {
    let mut modules: Vec<_> = pairs.iter().filter(|(_, scored)| scored.is_wasm).collect();
    modules.sort_by(|(_, a), (_, b)| b.davy.total_cmp(&a.davy));
    let slow = |(item, scored): &&(&Item, &Scored)| {
        let megabytes = scored.bytes as f64 / 1e6;
        let (ms_per_megabyte, ratio) = (scored.davy / megabytes, scored.davy / scored.plain.max(1e-6));
        Slow { path: item.path.clone(), megabytes, ms: scored.davy, ms_per_megabyte, ratio }
    };
    modules.iter().take(SLOWEST).map(slow).collect()
}

fn time(pairs: &[(&Item, &Scored)]) -> Time {
    let sum = |lawful_only: bool, of: &dyn Fn(&Scored) -> f64| -> f64 {
        let modules = pairs.iter().filter(|(item, scored)| scored.is_wasm && !(lawful_only && item.mines));
        modules.map(|(_, scored)| of(scored)).sum()
    };
    let megabytes = sum(false, &|s| s.bytes as f64 / 1e6);
    let (davy, plain) = (sum(false, &|s| s.davy), sum(false, &|s| s.plain));
    let lawful = sum(true, &|s| s.bytes as f64 / 1e6);
    Time {
        megabytes,
        ms_per_megabyte: davy / megabytes.max(1e-9),
        plain_ms_per_megabyte: plain / megabytes.max(1e-9),
        ratio: davy / plain.max(1e-9),
        lawful_ms_per_megabyte: (lawful > 0.0).then(|| sum(true, &|s| s.davy) / lawful),
    }
}
