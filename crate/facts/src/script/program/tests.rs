//! What is measured before anything is parsed, and what becomes of texts that are no programs.

use super::nesting::{Depth, Nesting, measure};
use super::{PASSES, Places, parse};
use crate::limits::{
    SCRIPT_INLINE_DEPTH, SCRIPT_INLINE_SIGNS, SCRIPT_NESTING, SCRIPT_NESTING_ON_SMALL_STACK, SCRIPT_TREE,
};
use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction, GapReason, Location};

fn depth(text: &str) -> Depth {
    match measure(text, 10_000) {
        Nesting::Known(depth) => depth,
        other => panic!("{other:?}: {text}"),
    }
}

/// Reads a text that every reader wants.
fn read(text: &str) -> Extraction {
    let words: Vec<&str> = PASSES.iter().flat_map(|pass| pass.words).flat_map(|word| [*word; 16]).collect();
    let text = format!("{text}\n//{}", words.join(" "));
    let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
    extract(&artifact, &Limits::default())
}

fn reasons(text: &str) -> Vec<GapReason> {
    read(text).gaps.into_iter().map(|gap| gap.reason).collect()
}

#[test]
fn brackets_count_where_they_are_code() {
    let flat = [
        "x = '(((('",
        "x = \"[[\\\"[[\"",
        "x = `((((`",
        "// ((((\u{2028}x",
        "while (x-->y) z('((((')",
        "/* (((( */ x",
        "x = /[((((/]/g",
        "if (x) /((((/.test(y)",
        "x = a / 1; y = b / 2",
        "return\u{a0}/((((\\//",
        "x => {}\n/abc/.test(y)",
        "function f() {} /((/.test(x)",
        "#!((((\nx",
        "x++ / y / '(((('",
        "debugger\n/((((/",
        "break a\n/((((/",
        "x = 1./2",
        "for await (x of y) /((((/",
    ];
    for text in flat {
        assert!(depth(text).parser <= 5, "{text}: {:?}", depth(text));
    }
    assert!((4..=8).contains(&depth("f(a[{b: `${c}`}])").parser));
}

#[test]
fn what_binds_to_the_right_is_depth_for_a_parser() {
    let right: [fn(usize) -> String; 12] = [
        |n| "(".repeat(n) + "1" + &")".repeat(n),
        |n| "[".repeat(n) + &"]".repeat(n),
        |n| "{".repeat(n) + &"}".repeat(n),
        |n| "`${".repeat(n) + "1" + &"}`".repeat(n),
        |n| "!".repeat(n) + "x",
        |n| "- ".repeat(n) + "x",
        |n| "typeof ".repeat(n) + "x",
        |n| "a ? b : ".repeat(n) + "c",
        |n| "a = ".repeat(n) + "c",
        |n| "a => ".repeat(n) + "c",
        |n| "if (a) {} else ".repeat(n) + "c",
        |n| (0..n).map(|i| format!("a{i}: ")).collect::<String>() + "c",
    ];
    for make in right {
        let (text, flat) = (make(100), (make(1) + ";\n").repeat(100));
        assert!((100..=320).contains(&depth(&text).parser), "{text}: {:?}", depth(&text));
        assert!(depth(&flat).parser <= 6, "{flat}: {:?}", depth(&flat));
    }
    assert!(depth(&"if (a) if (b) ".repeat(50)).parser >= 100);
    assert!(depth(&("if(a)".repeat(50) + "x, !!y")).parser >= 52);
}

#[test]
fn what_binds_to_the_left_is_depth_for_who_visits_the_tree() {
    let left: [fn(usize) -> String; 4] = [
        |n| "a + ".repeat(n) + "b",
        |n| "a".to_owned() + &".b".repeat(n),
        |n| "a".to_owned() + &"()".repeat(n),
        |n| "(((1)))".to_owned() + &" in a".repeat(n),
    ];
    for make in left {
        let depth = depth(&make(1000));
        assert!(depth.tree >= 1000 && depth.parser <= 20, "{depth:?}");
    }
}

#[test]
fn a_slash_that_hides_brackets_is_not_taken_for_the_harmless_one() {
    let hidden = [
        "x = {} /1; f",
        "yield /1; f",
        "x = y\n/1; f",
        "x = {} /\"/; f",
        "yield /\"/; f",
        "var x\n/\"/; f",
        "x => {}\n/\"/; f",
        "x <!-- /* \n f",
        "x\n--> /* \n f",
    ];
    for before in hidden {
        let text = format!("{before}{}1{} / 1", "(".repeat(300), ")".repeat(300));
        let seen = measure(&text, 10_000);
        assert!(matches!(seen, Nesting::Untold(_)) || depth(&text).parser >= 300, "{text}: {seen:?}");
    }
}

#[test]
fn statements_without_semicolons_are_flat() {
    let text =
        "const a = b ? c : d\nlet e = !f\ng = h\nclass I {\n  j() {}\n  k = () => {}\n}\nif (l) {\n} else {\n}\n";
    assert!(depth(&text.repeat(100)).parser < 12, "{:?}", depth(&text.repeat(100)));
    let object = (0..1000).map(|i| format!("k{i}: {{ v: a ? {i} : -1 }},")).collect::<String>();
    assert!(depth(&format!("x = {{{object}}}")).parser < 12);
    let cases = (0..1000).map(|i| format!("case {i}: case 'x{i}': a = b; break\n")).collect::<String>();
    assert!(depth(&format!("switch (x) {{ {cases} }}")).parser < 12);
}

#[test]
fn too_deep_is_a_gap_and_at_the_bound_is_parsed() {
    let at = |n: u32| "(".repeat(n as usize) + "1" + &")".repeat(n as usize);
    assert_eq!(reasons(&at(SCRIPT_NESTING)), []);
    assert_eq!(reasons(&at(SCRIPT_NESTING + 1)), [GapReason::OverLimit]);
    assert_eq!(reasons(&at(1_000_000)), [GapReason::OverLimit]);
    let chain = |n: u32| "a + ".repeat(n as usize) + "b";
    assert_eq!(reasons(&chain(SCRIPT_TREE - 1)), []);
    assert_eq!(reasons(&chain(SCRIPT_TREE + 1)), [GapReason::OverLimit]);
}

#[test]
fn what_is_no_program_is_listed_and_not_lost() {
    for text in ["{\"a\": 1}", "<p>it's", "a { color: red }", "x = ;", "x = 'a\n", "({", "\u{0}\u{1}"] {
        assert!(reasons(text).iter().all(|reason| !reason.is_lost()), "{text}");
    }
    assert_eq!(reasons("import a from 'b'; export default await a"), []);
    assert_eq!(reasons("with (a) { b = 010 } return a"), []);
}

#[test]
fn places_are_lines_and_utf16_columns() {
    let text = "é😀\n".repeat(3000) + "abc";
    let places = Places::new(&text);
    assert_eq!(places.line(text.len() - 1), Location::Line { line: 3001, column: 3 });
    assert_eq!(places.line("é😀".len()), Location::Line { line: 1, column: 4 });
    assert_eq!(places.line(usize::MAX), Location::Line { line: 3001, column: 4 });
    assert_eq!(Places::new("").line(0), Location::Line { line: 1, column: 1 });
}

/// A browser's stack, as far as it can be had outside of one; frames of builds without optimisation are that much larger.
const SMALL_STACK: usize = if cfg!(debug_assertions) { 32 << 20 } else { 1 << 20 };

#[test]
fn the_deepest_program_fits_a_small_stack() {
    let forms = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{", "a", "}"),
        ("x={a:", "1", "}"),
        ("f(", "1", ")"),
        ("a=>", "1", ""),
        ("!", "a", ""),
        ("if(a)", "b", ""),
        ("function f(){", "a", "}"),
        ("()=>{", "a", "}"),
        ("`${", "a", "}`"),
        ("a?b:", "c", ""),
        ("a^", "b", ""),
        ("new f(", "a", ")"),
        ("class A{b(){", "a", "}}"),
        ("a[", "b", "]"),
        ("for(;;)", "a", ""),
        ("x=", "a", ""),
    ];
    for (open, inner, close) in forms {
        let text_of = |n: usize| "eval;".to_owned() + &open.repeat(n) + inner + &close.repeat(n);
        let fits = |n: usize| match measure(&text_of(n), SCRIPT_NESTING_ON_SMALL_STACK as usize) {
            Nesting::Known(depth) => depth.parser <= SCRIPT_NESTING_ON_SMALL_STACK && depth.tree <= SCRIPT_TREE,
            _ => false,
        };
        let sizes: Vec<usize> = (1..=SCRIPT_TREE as usize).collect();
        let most = sizes.partition_point(|n| fits(*n));
        assert!(most > 100, "{open}: {most}");
        fits_small_stack(text_of(most));
    }
}

fn fits_small_stack(text: String) {
    let thread = std::thread::Builder::new().stack_size(SMALL_STACK);
    let read = move || {
        let mut out = read("");
        parse("a.js", &text, 0, super::look::Look::full(), &Limits::default(), &mut out);
    };
    thread.spawn(read).unwrap().join().unwrap();
}

#[test]
fn functions_written_where_they_are_called_fit_a_small_stack_too() {
    let deep = |open: &str, inner: &str, close: &str, n: usize| open.repeat(n) + inner + &close.repeat(n);
    for (open, close) in [("(", ")"), ("[", "][0]"), ("!", ""), ("a?1:", ""), ("-", "")] {
        let mut text = "eval;".to_owned();
        for n in 0..SCRIPT_INLINE_DEPTH + 1 {
            let called = format!("q{}(x)", n + 1);
            let body = deep(open, &called, close, SCRIPT_INLINE_SIGNS / (open.len() + close.len()));
            text += &format!("function q{n}(x) {{ return {body} }}");
        }
        let call = deep("(", "q0(a)", ")", SCRIPT_NESTING_ON_SMALL_STACK as usize - 20);
        let mix = "a ^= b; b = b << 7 | b >>> 25; b ^= c; c = c << 9 | c >>> 23; c ^= a; a = a << 13 | a >>> 19;";
        text += &format!(
            "function h(a, b, c) {{ for (let n = 0; n < a; n++) {{ {} c += {call} }} return c }}",
            mix.repeat(4)
        );
        fits_small_stack(text);
    }
}

#[test]
fn names_in_deep_blocks_cost_what_others_do() {
    const DEPTH: usize = 500;
    let names = |between: &str| (0..50_000).map(|n| format!("n{n:x}{between}")).collect::<String>();
    for (open, inner) in [
        ("{", format!("var {}z;", names(","))),
        ("{let a;", "a;b;".repeat(80_000)),
        ("{let a;", "var a;".repeat(50_000)),
        ("{let a;", names(";")),
    ] {
        let start = std::time::Instant::now();
        assert!(reasons(&(open.repeat(DEPTH) + &inner + &"}".repeat(DEPTH))).is_empty());
        // A compiler's scopes take minutes and gigabytes.
        assert!(start.elapsed().as_secs() < 30, "{open}: {:?}", start.elapsed());
    }
}
