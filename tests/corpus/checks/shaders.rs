//! Shaders: each is judged as its case expects, alone, inside of a script and inside of a page, and rules hold in the
//! shaders that they name.

use crate::judged::{TextCase, judged_as, of, rules_hold};
use crate::manifest::root;
use davy_model::{ArtifactKind, Verdict};

struct Shader {
    /// `shader/` and the case's folder.
    name: String,
    case: TextCase,
    text: String,
}

fn shaders() -> Vec<Shader> {
    let folder = root().join("tests/corpus/shader");
    let entries = std::fs::read_dir(&folder).expect("the folder of shaders is there");
    let read = |path: std::path::PathBuf| std::fs::read_to_string(&path).ok();
    let one = |entry: std::fs::DirEntry| {
        let path = entry.path();
        let text = read(path.join("shader.wgsl")).or_else(|| read(path.join("shader.glsl"))).expect("a shader");
        let case = read(path.join("case.toml")).expect("each shader has its case");
        let case = toml::from_str(&case).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Shader { name: format!("shader/{}", entry.file_name().to_string_lossy()), case, text }
    };
    let mut all: Vec<Shader> = entries.flatten().map(one).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(all.len() >= 5, "only {} shaders", all.len());
    all
}

#[test]
fn shaders_are_judged_as_their_cases_expect() {
    for Shader { name, case, text } in shaders() {
        judged_as(&name, &of(ArtifactKind::Shader, &text), &case.expected());
    }
}

#[test]
fn shaders_inside_of_scripts_and_pages_are_judged_alike() {
    for Shader { name, case, text } in shaders() {
        let quoted = text.replace('\\', "\\\\");
        let script = format!("const code = `{quoted}`;\nf(code);");
        let lines: Vec<String> = quoted.lines().map(|line| format!("  '{line}\\n'")).collect();
        let joined = format!("const code = {};", lines.join(" +\n").replace("pixel's", "pixel"));
        for text in [&script, &joined] {
            assert_eq!(of(ArtifactKind::Script, text).level(), case.level, "{name}: {text}");
        }
        let page = format!("<script>{script}</script>");
        assert_eq!(of(ArtifactKind::Page, &page).level(), case.level, "{name}");
        let block = format!("<script type=\"x-shader/x-fragment\">{text}</script>");
        assert_eq!(of(ArtifactKind::Page, &block).level(), case.level, "{name}");
    }
}

#[test]
fn rules_hold_in_the_shaders_they_name() {
    let all: Vec<(String, Verdict)> =
        shaders().iter().map(|s| (s.name.clone(), of(ArtifactKind::Shader, &s.text))).collect();
    rules_hold("shader/", &all);
}
