//! What the reader accepts, and what it says about what it refuses.

use super::*;

const SCORING: &str = "version = \"v\"
[bound.evidence-per-rule]
value = 8
why = \"w\"
measured = \"m\"
[bound.evidence-per-container]
value = 8
why = \"w\"
measured = \"m\"
[bound.listed-in-sentence]
value = 8
why = \"w\"
measured = \"m\"
[threshold.most]
value = 40
why = \"w\"
measured = \"m\"
";

const RULE: &str = "id = \"algorithm/x\"
summary = \"s\"
scope = \"function\"
weight = \"moderate\"
attack = [\"T1496\"]
references = [\"r\"]
because = \"b\"
[when]
fact = \"xor\"
[examples]
match = [\"mining/x\"]
reject = [\"wss://example.org/\"]
";

fn file(path: &str, text: &str) -> RuleFile {
    RuleFile { path: path.to_owned(), text: text.to_owned() }
}

fn compiled(files: &[(&str, &str)]) -> Result<Compiled, Vec<Problem>> {
    let mut all = vec![file(files::SCORING, SCORING)];
    all.extend(files.iter().map(|(path, text)| file(path, text)));
    compile(&all)
}

/// Changes the good rule and gives the single problem's text.
fn problem(from: &str, to: &str) -> String {
    assert!(RULE.contains(from), "{from}");
    let problems = compiled(&[("algorithm/x.toml", &RULE.replace(from, to))]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].file, "algorithm/x.toml");
    problems[0].to_string()
}

#[test]
fn a_good_rule_is_accepted_and_explained() {
    let compiled = compiled(&[("algorithm/x.toml", RULE)]).unwrap();
    assert_eq!(compiled.rules.rules.len(), 1);
    assert!(compiled.rules.version().starts_with("v-") && compiled.rules.version().len() == 10);
    let found = compiled.catalogue.find("algorithm/x");
    assert_eq!(found[0].looks_for, ["at least 1 × exclusive-or of two variable words"]);
    assert_eq!(
        (&found[0].matches[..], &found[0].rejects[..]),
        (&["mining/x".to_owned()][..], &["wss://example.org/".to_owned()][..])
    );
    assert!(compiled.catalogue.find("nothing").is_empty());
}

#[test]
fn every_error_names_its_file_and_says_what_is_wrong() {
    let cases = [
        ("summary =", "sumary =", "unknown field `sumary`"),
        ("\"xor\"", "\"xorr\"", "unknown variant `xorr`"),
        ("fact = \"xor\"", "fact = \"xor\"\natleast = 3", "unknown field `atleast`"),
        ("\"moderate\"", "\"heavy\"", "unknown variant `heavy`"),
        ("id = \"algorithm/x\"", "id = \"algorithm/y\"", "`id` must be"),
        ("\"s\"", "\" \"", "`summary` is empty"),
        ("\"T1496\"", "\"1496\"", "no ATT&CK technique"),
        ("references = [\"r\"]", "", "`references` is missing"),
        ("references = [\"r\"]", "references = [\"\"]", "a reference is empty"),
        ("match = [\"mining/x\"]", "", "`examples.match` is missing"),
        ("reject = [\"wss://example.org/\"]", "", "`examples.reject` is missing"),
        ("\"mining/x\"", "\"../x\"", "neither a case"),
        ("because = \"b\"", "because = \"\"", "`because` is empty"),
        ("because = \"b\"", "because = \"}\"", "without a `{`"),
        ("because = \"b\"", "because = \"{xor}\"", "must be `{fact.part}`"),
        ("because = \"b\"", "because = \"{xorr.count}\"", "names no fact"),
        ("because = \"b\"", "because = \"{xor.sum}\"", "no such part"),
        ("because = \"b\"", "because = \"{xor.count:hex}\"", "no such part or form"),
        ("because = \"b\"", "because = \"{loops.count}\"", "does not choose"),
        ("because = \"b\"", "because = \"{xor.most:site/sites}\"", "no such part or form"),
        ("because = \"b\"", "because = \"b\"\nalgorithms = [\"SHA 256\"]", "no algorithm's name"),
        ("fact = \"xor\"", "fact = \"xor\"\nrule = \"algorithm/y\"", "not both"),
        ("fact = \"xor\"", "fact = \"xor\"\nall = [{ fact = \"xor\" }]", "cannot stand in one table"),
        ("fact = \"xor\"", "min = 3", "must name its `fact`"),
        ("fact = \"xor\"", "all = []", "a group is empty"),
        ("fact = \"xor\"", "", "a condition is empty"),
        ("fact = \"xor\"", "at-least-of = { n = 2, of = [{ fact = \"xor\" }] }", "asks for 2 of 1"),
        ("fact = \"xor\"", "at-least-of = { n = 0, of = [{ fact = \"xor\" }] }", "asks for 0 of 1"),
        ("fact = \"xor\"", "fact = \"xor\"\nat-least = \"$least\"", "no threshold `least`"),
        ("fact = \"xor\"", "fact = \"xor\"\nat-least = \"many\"", "neither a number"),
        ("fact = \"xor\"", "fact = \"xor\"\nat-least = -1", "untagged"),
        ("fact = \"xor\"", "fact = \"xor\"\ndistinct = 4294967296", "too large"),
        ("fact = \"xor\"", "fact = \"xor\"\nvalue = []", "empty list"),
        ("fact = \"xor\"", "fact = \"xor\"\nmin = 3\nmax = 2", "lower bound"),
        ("fact = \"xor\"", "fact = \"xor\"\nat-least = 3\nat-most = 2", "lower bound"),
        ("fact = \"xor\"", "fact = \"xor\"\nlisted = true", "only `host`"),
        ("fact = \"xor\"", "fact = \"xor\"\ntext = [\"t\"]", "have no text"),
        ("fact = \"xor\"", "fact = \"xor\"\nin = \"loop\"", "can only be"),
        ("fact = \"xor\"", "fact = \"rotation32\"\nvalue = [1, 2]\ndistinct = 3", "can never be chosen"),
        ("fact = \"xor\"", "rule = \"algorithm/y\"", "there is no rule `algorithm/y`"),
        ("fact = \"xor\"", "rule = \"algorithm/x\"", "waits in a circle: algorithm/x"),
        ("fact = \"xor\"", "rule = \"algorithm/y\"\nmin = 3", "takes no other field"),
    ];
    for (from, to, expected) in cases {
        let told = problem(from, to);
        assert!(told.contains(expected), "{to}: {told}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = "all = [{".repeat(12) + "fact = \"xor\"" + &"}]".repeat(12);
    assert!(problem("fact = \"xor\"", &deep).contains("nest deeper"));
}

#[test]
fn rules_on_trial_may_lack_proof_but_weigh_little() {
    let bare = RULE.split("[examples]").next().unwrap().replace("references = [\"r\"]", "");
    let rules = compiled(&[("nursery/x.toml", &bare.replace("algorithm/x", "nursery/x"))]).unwrap().rules;
    assert_eq!(rules.rules[0].weight, davy_model::Weight::Weak);
}

#[test]
fn rules_stand_after_those_they_wait_for() {
    let rule = |id: &str, when: &str| RULE.replace("algorithm/x", id).replace("fact = \"xor\"", when);
    let a = rule("algorithm/a", "any = [{ rule = \"protocol/z\", in = \"artifact\" }, { rule = \"behaviour/m\" }]");
    let z = rule("protocol/z", "fact = \"host\"").replace("\"function\"", "\"artifact\"");
    let files = [
        ("algorithm/a.toml", &*a),
        ("behaviour/m.toml", &rule("behaviour/m", "fact = \"xor\"")),
        ("protocol/z.toml", &z),
    ];
    let ids: Vec<String> = compiled(&files).unwrap().rules.rules.into_iter().map(|rule| rule.id).collect();
    assert_eq!(ids, ["behaviour/m", "protocol/z", "algorithm/a"]);
    let bare = a.replace(", in = \"artifact\"", "");
    let problems = compiled(&[("algorithm/a.toml", &bare), files[1], files[2]]).unwrap_err();
    assert!(problems[0].message.contains("say `in = \"artifact\"`"), "{problems:?}");
}

#[test]
fn circles_are_named() {
    let rule = |id: &str, other: &str| {
        RULE.replace("algorithm/x", id).replace("fact = \"xor\"", &format!("rule = \"{other}\""))
    };
    let (a, b) = (rule("algorithm/a", "algorithm/b"), rule("algorithm/b", "algorithm/a"));
    let problems = compiled(&[("algorithm/a.toml", &a), ("algorithm/b.toml", &b)]).unwrap_err();
    assert!(problems.iter().all(|p| p.message == "waits in a circle: algorithm/a, algorithm/b"), "{problems:?}");
    assert_eq!(problems.len(), 2);
}

#[test]
fn thresholds_are_numbers_of_the_scoring_file() {
    let rule = RULE.replace("fact = \"xor\"", "fact = \"xor\"\nat-least = \"$most\"");
    let catalogue = compiled(&[("algorithm/x.toml", &rule)]).unwrap().catalogue;
    assert_eq!(catalogue.find("algorithm/x")[0].looks_for, ["at least 40 × exclusive-or of two variable words"]);
}

#[test]
fn a_scoring_file_must_be_whole() {
    let told = |text: &str| compile(&[file(files::SCORING, text)]).unwrap_err()[0].to_string();
    assert!(compile(&[]).unwrap_err()[0].message.contains("is missing"));
    assert!(told(&SCORING.replace("version = \"v\"", "version = \"\"")).contains("`version` is empty"));
    assert!(told(&SCORING.replace("[bound.evidence-per-rule]", "[bound.other]")).contains("evidence-per-rule"));
    assert!(told(&SCORING.replacen("measured = \"m\"", "measured = \"\"", 1)).contains("`measured`"));
    assert!(told(&SCORING.replace("value = 40", "valu = 40")).contains("unknown field"));
}

#[test]
fn host_lists_are_checked_line_by_line() {
    let told = |line: &str| -> String {
        let text = format!("# note\n\na.example # s; 2020-01; pool\n{line}\n");
        compiled(&[("hosts/pools.txt", &text)]).unwrap_err()[0].to_string()
    };
    assert!(told("b.example").contains("line 4: must end in"));
    assert!(told("b.example # s; 2020-01").contains("must end in"));
    assert!(told("b.example # s; 2020-13; pool").contains("not a date"));
    assert!(told("b.example # ; 2020-01; pool").contains("must not be empty"));
    assert!(told("B.example # s; 2020-01; pool").contains("not a canonical host"));
    assert!(told("example # s; 2020-01; pool").contains("not a canonical host"));
    assert!(told("b..example # s; 2020-01; pool").contains("not a canonical host"));
    assert!(told("192.0.2.7 # s; 2020-01; pool").contains("not a canonical host"));
    assert!(told("a.example # s; 2020-01; pool").contains("stands twice"));
    assert!(told("b.a.example # s; 2020-01; pool").contains("already covered by `a.example`"));
}

#[test]
fn the_version_follows_every_file() {
    let version = |files: &[(&str, &str)]| compiled(files).unwrap().rules.version().to_owned();
    let one = version(&[("algorithm/x.toml", RULE)]);
    assert_eq!(one, version(&[("algorithm/x.toml", RULE)]));
    assert_ne!(one, version(&[("algorithm/x.toml", &RULE.replace("\"s\"", "\"t\""))]));
    assert_ne!(one, version(&[]));
}

#[test]
fn the_folder_of_rules_reads_as_the_build_read_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let read = read(&folder).unwrap();
    assert_eq!(&read.rules, RuleSet::builtin());
    assert_eq!(&read.catalogue, Catalogue::builtin());
    let hosts = RuleSet::builtin().pool_hosts().iter().len();
    assert!((60..=200).contains(&hosts), "a short list, vetted by hand: {hosts}");
}

/// A folder of rules under test, removed when it is dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("davy-trial-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        for (name, text) in files {
            std::fs::create_dir_all(path.join(name).parent().unwrap()).unwrap();
            std::fs::write(path.join(name), text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn rules_under_test_add_and_replace() {
    let others = vec![file(files::SCORING, SCORING), file("algorithm/x.toml", RULE)];
    let new =
        RULE.replace("algorithm/x", "behaviour/y").replace("fact = \"xor\"", "fact = \"xor\"\nat-least = \"$mine\"");
    let other = RULE.replace("\"s\"", "\"another\"").replace("fact = \"xor\"", "fact = \"xor\"\nat-least = \"$most\"");
    let scoring = "[threshold.mine]\nvalue = 7\nwhy = \"w\"\nmeasured = \"m\"\n[threshold.most]\nvalue = 41\nwhy = \"w\"\nmeasured = \"m\"\n";
    let folder = Folder::new(
        "add",
        &[("behaviour/y.toml", &new), ("algorithm/x.toml", &other), ("scoring.toml", scoring), ("README.md", "")],
    );
    let trial = on_trial(others, &folder.0).unwrap();
    assert_eq!(
        (&trial.added[..], &trial.replaced[..]),
        (&["behaviour/y".to_owned()][..], &["algorithm/x".to_owned()][..])
    );
    let told = |id: &str| trial.compiled.catalogue.find(id)[0].looks_for[0].clone();
    assert!(told("behaviour/y").contains("7 ×") && told("algorithm/x").contains("41 ×"), "{}", told("algorithm/x"));
}

#[test]
fn what_means_nothing_in_a_folder_of_rules_under_test_is_a_problem() {
    let others = || vec![file(files::SCORING, SCORING), file("algorithm/x.toml", RULE)];
    let told = |name: &str, files: &[(&str, &str)]| {
        on_trial(others(), &Folder::new(name, files).0)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert!(told("none", &[("notes.txt", "")]).contains("holds no rule"));
    assert!(told("flat", &[("x.toml", RULE)]).contains("x.toml: a rule stands in one of the folders"));
    assert!(told("other", &[("algorithms/x.toml", RULE)]).contains("algorithms: no rules are read here"));
    assert!(told("broken", &[("algorithm/x.toml", "id =")]).contains("algorithm/x.toml: "));
    assert!(told("page", &[("page/x.toml", &RULE.replace("algorithm/x", "page/x"))]).contains("scope \"page\""));
    assert!(on_trial(others(), Path::new("no/such/folder")).unwrap_err()[0].message.contains("cannot be listed"));
}

#[test]
fn the_files_that_the_build_carries_are_those_of_the_folder() {
    let mut read = super::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap();
    let mut carried = RuleFile::builtin();
    read.sort_by(|a, b| a.path.cmp(&b.path));
    carried.sort_by(|a, b| a.path.cmp(&b.path));
    assert_eq!(read, carried);
    assert_eq!(&compile(&carried).unwrap().rules, RuleSet::builtin());
}

#[test]
fn a_folder_that_is_not_there_is_a_problem() {
    let problems = read(Path::new("no/such/folder")).unwrap_err();
    assert!(problems[0].message.contains("cannot be read"), "{problems:?}");
}
