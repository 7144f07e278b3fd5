//! Judging hand-made extractions: scopes, bounds, references between rules, sentences.

use super::*;
use crate::reader::{RuleFile, compile};
use davy_model::{ArtifactKind, Fact, FactName, Level, Subject, Weight};

const SCORING: &str = include_str!("../../rules/scoring.toml");

fn rules(files: &[(&str, &str)]) -> RuleSet {
    let mut all = vec![RuleFile { path: "scoring.toml".to_owned(), text: SCORING.to_owned() }];
    for (id, text) in files {
        let head = format!("id = \"{id}\"\nsummary = \"s\"\nweight = \"strong\"\nreferences = [\"r\"]\n");
        let tail = "\n[examples]\nmatch = [\"a/b\"]\nreject = [\"a/c\"]\n";
        all.push(RuleFile { path: format!("{id}.toml"), text: head + text + tail });
    }
    all.push(RuleFile { path: "hosts/pools.txt".to_owned(), text: "pool.example # s; 2020-01; pool".to_owned() });
    compile(&all).unwrap().rules
}

fn fact(name: FactName, value: u64, count: u32, text: &str) -> Fact {
    let text = (!text.is_empty()).then(|| text.to_owned());
    Fact { name, value, count, text, location: Location::Whole }
}

fn at(index: u32) -> Location {
    Location::Function { index, start: 10 * index, end: 10 * index + 9 }
}

fn function(index: u32, functions: &[u32], mut facts: Vec<Fact>) -> Scope {
    facts.sort_by(Fact::order);
    Scope { kind: ScopeKind::Function, location: at(index), own: Some(index), functions: functions.to_vec(), facts }
}

fn extraction(whole: Vec<Fact>, scopes: Vec<Scope>) -> Extraction {
    let artifact =
        Scope { kind: ScopeKind::Artifact, location: Location::Whole, own: None, functions: Vec::new(), facts: whole };
    Extraction {
        subject: Subject { path: "a.wasm".to_owned(), kind: ArtifactKind::Wasm, bytes: 1 },
        scopes: std::iter::once(artifact).chain(scopes).collect(),
        gaps: Vec::new(),
        children: Vec::new(),
        places: Vec::new(),
        references: Vec::new(),
    }
}

fn verdict(rules: &RuleSet, extraction: &Extraction) -> Verdict {
    judge(rules, extraction, &Context::default())
}

/// Whether one rule with this condition matches one function with these facts.
fn holds(when: &str, facts: Vec<Fact>) -> bool {
    let text = format!("scope = \"function\"\nbecause = \"b\"\n[when]\n{when}\n");
    let rules = rules(&[("algorithm/x", &text)]);
    let whole = vec![fact(FactName::MemoryMin, 33, 1, "")];
    !verdict(&rules, &extraction(whole, vec![function(1, &[1], facts)])).evidence.is_empty()
}

#[test]
fn terms_choose_and_bound() {
    let rotations = || {
        vec![
            fact(FactName::Rotation32, 7, 3, ""),
            fact(FactName::Rotation32, 18, 2, ""),
            fact(FactName::Table, 0, 40, "sha256-k"),
            fact(FactName::Table, 1, 20, "sha256-k"),
        ]
    };
    let yes = [
        "fact = \"rotation32\"",
        "fact = \"rotation32\"\nvalue = [7]\nat-least = 3\nat-most = 3",
        "fact = \"rotation32\"\nvalue = [7, 18, 22]\ndistinct = 2\nat-least = 5",
        "fact = \"rotation32\"\nmin = 8\nmax = 20\nat-most = 2",
        "fact = \"rotation64\"\nat-most = 0",
        "fact = \"table\"\ntext = [\"sha256-k\"]\nat-least = 60",
        "fact = \"memory-min\"\nvalue = [\"0x21\"]\nin = \"artifact\"",
        "none = [{ fact = \"xor\" }]",
        "any = [{ fact = \"xor\" }, { fact = \"table\" }]",
        "at-least-of = { n = 2, of = [{ fact = \"xor\" }, { fact = \"table\" }, { fact = \"rotation32\" }] }",
        "all = [{ fact = \"table\" }]\nnone = [{ fact = \"xor\" }]",
    ];
    let no = [
        "fact = \"rotation64\"",
        "fact = \"rotation32\"\nvalue = [7]\nat-least = 4",
        "fact = \"rotation32\"\nvalue = [7, 18, 22]\ndistinct = 3",
        "fact = \"rotation32\"\nat-most = 0",
        "fact = \"table\"\ntext = [\"sha256-k\"]\nat-least = 61",
        "fact = \"table\"\ntext = [\"sha512-k\"]",
        "fact = \"memory-min\"",
        "none = [{ fact = \"table\" }]",
        "all = [{ fact = \"xor\" }, { fact = \"table\" }]",
        "at-least-of = { n = 3, of = [{ fact = \"xor\" }, { fact = \"table\" }, { fact = \"rotation32\" }] }",
        "all = [{ fact = \"table\" }]\nnone = [{ fact = \"rotation32\" }]",
    ];
    yes.iter().for_each(|when| assert!(holds(when, rotations()), "{when}"));
    no.iter().for_each(|when| assert!(!holds(when, rotations()), "{when}"));
}

const XOR: &str =
    "scope = \"function\"\nbecause = \"{xor.count} xors\"\nalgorithms = [\"x\"]\n[when]\nfact = \"xor\"\n";

#[test]
fn only_the_narrowest_scopes_are_reported() {
    let xor = || vec![fact(FactName::Xor, 0, 1, "")];
    let scopes = vec![
        function(1, &[1, 2, 3, 4], xor()),
        function(2, &[2, 3], xor()),
        function(3, &[3], xor()),
        function(4, &[4], xor()),
        // Two functions that call each other are one place.
        function(6, &[6, 7], xor()),
        function(7, &[6, 7], xor()),
    ];
    let verdict = verdict(&rules(&[("algorithm/x", XOR)]), &extraction(Vec::new(), scopes));
    let places: Vec<&Location> = verdict.evidence.iter().map(|e| &e.location).collect();
    assert_eq!(places, [&at(3), &at(4), &at(6)]);
    assert_eq!((verdict.level(), verdict.algorithms()), (Level::Suspicious, vec!["x".to_owned()]));
}

#[test]
fn evidence_is_bounded_but_later_rules_see_every_match() {
    let later =
        "scope = \"function\"\nbecause = \"b\"\n[when]\nall = [{ rule = \"algorithm/x\" }, { fact = \"mul128\" }]\n";
    let rules = rules(&[("algorithm/x", XOR), ("behaviour/y", later)]);
    let mut scopes: Vec<Scope> = (0..50).map(|i| function(i, &[i], vec![fact(FactName::Xor, 0, 1, "")])).collect();
    scopes[49].facts.insert(0, fact(FactName::Mul128, 0, 1, ""));
    let verdict = verdict(&rules, &extraction(Vec::new(), scopes));
    let of = |rule: &str| verdict.evidence.iter().filter(|e| e.rule == rule).count();
    assert_eq!((of("algorithm/x"), of("behaviour/y")), (rules.bounds.evidence_per_rule as usize, 1));
}

#[test]
fn rules_refer_to_rules_by_place() {
    let here =
        "scope = \"function\"\nbecause = \"b\"\n[when]\nall = [{ rule = \"algorithm/x\" }, { fact = \"loops\" }]\n";
    let there = "scope = \"function\"\nbecause = \"b\"\n[when]\nall = [{ rule = \"algorithm/x\", in = \"artifact\" }, { fact = \"loops\" }]\n";
    let whole = "scope = \"artifact\"\nbecause = \"b\"\n[when]\nrule = \"behaviour/here\"\n";
    let rules = rules(&[
        ("algorithm/x", XOR),
        ("behaviour/here", here),
        ("behaviour/there", there),
        ("behaviour/whole", whole),
    ]);
    let scopes = |functions: &[u32]| {
        vec![
            function(1, &[1], vec![fact(FactName::Xor, 0, 1, "")]),
            function(2, functions, vec![fact(FactName::Loops, 1, 1, "")]),
        ]
    };
    let matched = |functions: &[u32]| -> Vec<String> {
        let verdict = verdict(&rules, &extraction(Vec::new(), scopes(functions)));
        verdict.evidence.into_iter().map(|e| e.rule).collect()
    };
    assert_eq!(matched(&[1, 2]), ["algorithm/x", "behaviour/here", "behaviour/there", "behaviour/whole"]);
    assert_eq!(matched(&[2]), ["algorithm/x", "behaviour/there"]);
}

#[test]
fn sentences_and_names_come_from_the_facts_that_counted() {
    let text = "scope = \"function\"
because = \"{{{masked-address.count}}} at {masked-address.value:hex} ({masked-address.value:region}) of {memory-min.value:pages}, {table.text} {table.most} {rotation32.distinct}: {xor.count:word/words}, {masked-address.count:access/accesses}\"
[when]
all = [
  { fact = \"masked-address\", value = [0x1ffff0, 0xffff0] },
  { fact = \"memory-min\", in = \"artifact\" },
  { fact = \"table\", text = [\"keccak-rc\", \"aes-t\"] },
]
any = [{ fact = \"rotation32\" }, { fact = \"xor\" }]
[[algorithm]]
name = \"big\"
when = { fact = \"masked-address\", value = [0x1ffff0] }
[[algorithm]]
name = \"small\"
when = { fact = \"masked-address\", value = [0xffff0] }
";
    let facts = vec![
        fact(FactName::MaskedAddress, 0x1f_fff0, 4, ""),
        fact(FactName::MaskedAddress, 0xfff0, 9, ""),
        fact(FactName::Table, 0, 24, "keccak-rc"),
        fact(FactName::Table, 1, 18, "keccak-rc"),
        fact(FactName::Table, 0, 256, "jh-rc"),
        fact(FactName::Xor, 0, 1, ""),
    ];
    let whole = vec![fact(FactName::MemoryMin, 33, 1, "")];
    let verdict = verdict(&rules(&[("algorithm/x", text)]), &extraction(whole, vec![function(1, &[1], facts)]));
    assert_eq!(verdict.evidence[0].because, "{4} at 0x1ffff0 (2 MiB) of 2112 KiB, keccak-rc 24 0: 1 word, 4 accesses");
    assert_eq!(verdict.evidence[0].algorithms, ["big"]);
}

#[test]
fn hosts_are_listed_by_label_and_by_the_callers_lists() {
    let text = "scope = \"artifact\"\nbecause = \"{host.text}\"\n[when]\nfact = \"host\"\nlisted = true\n";
    let rules = rules(&[("protocol/x", text)]);
    let url = Location::Url { url: "wss://x/".to_owned() };
    let asked = |host: &str, context: &Context| {
        let host = Fact { location: url.clone(), ..fact(FactName::Host, 0, 1, host) };
        judge(&rules, &extraction(vec![host], Vec::new()), context)
    };
    let none = Context::default();
    let hit = asked("ws1.pool.example", &none);
    assert_eq!((hit.evidence[0].location.clone(), &*hit.evidence[0].because), (url.clone(), "ws1.pool.example"));
    assert!(asked("notpool.example", &none).evidence.is_empty());
    assert!(asked("pool.example.org", &none).evidence.is_empty());
    let list = |host: &str| crate::HostList::new(vec![host.to_owned()]);
    let block = Context { block_hosts: list("other.example"), ..Context::default() };
    assert_eq!(asked("a.other.example", &block).evidence.len(), 1);
    let allow = Context { allow_hosts: list("pool.example"), ..Context::default() };
    assert!(asked("ws1.pool.example", &allow).evidence.is_empty());
}

#[test]
fn verdicts_are_ordered_and_keep_their_gaps() {
    let verdict = verdict(&RuleSet::default(), &extraction(Vec::new(), Vec::new()));
    assert!(!verdict.is_complete(), "nothing to judge by is never clean");
    let weak = "scope = \"artifact\"\nbecause = \"b\"\n[when]\nfact = \"loops\"\n";
    let rules = rules(&[("nursery/a", weak), ("protocol/b", weak), ("protocol/a", weak)]);
    let mut read = extraction(vec![fact(FactName::Loops, 1, 1, "")], Vec::new());
    read.gaps.push(no_rules());
    let verdict = judge(&rules, &read, &Context::default());
    let order: Vec<(&str, Weight)> = verdict.evidence.iter().map(|e| (&*e.rule, e.weight)).collect();
    assert_eq!(order, [("protocol/a", Weight::Strong), ("protocol/b", Weight::Strong), ("nursery/a", Weight::Weak)]);
    assert_eq!(verdict.gaps, read.gaps);
}

#[test]
fn an_extraction_without_scopes_is_judged_quietly() {
    let mut read = extraction(Vec::new(), Vec::new());
    read.scopes.clear();
    assert_eq!(judge(RuleSet::builtin(), &read, &Context::default()), Verdict::default());
}

#[test]
fn the_builtin_rules_know_their_families() {
    let table = |name, count| fact(FactName::Table, 0, count, name);
    let r32 = |amounts: &[u64]| amounts.iter().map(|a| fact(FactName::Rotation32, *a, 32, "")).collect::<Vec<_>>();
    let r64 = |amounts: &[u64]| amounts.iter().map(|a| fact(FactName::Rotation64, *a, 8, "")).collect::<Vec<_>>();
    let with = |mut facts: Vec<Fact>, more: Vec<Fact>| {
        facts.extend(more);
        facts
    };
    let share = || fact(FactName::HashShare, 100, 1, "");
    let cases: Vec<(&str, Vec<Fact>)> = vec![
        ("sha256", with(r32(&[2, 13, 22, 6, 11, 25, 7, 18, 17, 19]), vec![table("sha256-k", 64)])),
        ("sha512", with(r64(&[28, 34, 39, 14, 18, 41, 1, 8, 19, 61]), vec![table("sha512-k", 80)])),
        ("keccak", with(r64(&[63]), vec![table("keccak-rc", 24)])),
        ("blake2b", with(r64(&[32, 24, 16, 63]), vec![table("sha512-iv", 8)])),
        ("blake2s", with(r32(&[16, 12, 8, 7]), vec![table("sha256-iv", 8), table("blake2-sigma", 160)])),
        ("argon2", with(r64(&[32, 24, 16, 63]), vec![fact(FactName::MultiplyAdd, 0, 32, "")])),
        ("scrypt", r32(&[25, 23, 19, 14])),
    ];
    for (name, facts) in cases {
        let whole = vec![fact(FactName::FunctionsReachable, 0, 5, "")];
        let read = extraction(whole, vec![function(1, &[1], with(facts, vec![share()]))]);
        let verdict = verdict(RuleSet::builtin(), &read);
        assert_eq!((verdict.level(), verdict.algorithms()), (Level::Notice, vec![name.to_owned()]), "{name}");
    }
}
