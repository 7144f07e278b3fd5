//! Pages, whole: what becomes a child, what is referred to, and that hostile pages end in time.

use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction, FactName, Location, ReferenceKind};

fn read(text: &[u8]) -> Extraction {
    extract(&Artifact { path: "p.html".to_owned(), kind: ArtifactKind::Page, bytes: text.into() }, &Limits::default())
}

fn children(text: &str) -> Vec<(String, String)> {
    let name = |path: &str| path.trim_start_matches("p.html!/").to_owned();
    let text_of = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    read(text.as_bytes()).children.iter().map(|c| (name(&c.path), text_of(&c.bytes))).collect()
}

fn references(text: &str) -> Vec<(ReferenceKind, String)> {
    read(text.as_bytes()).references.into_iter().map(|r| (r.kind, r.address)).collect()
}

#[test]
fn everything_that_runs_becomes_a_child() {
    for (text, name, code) in [
        ("<script>a()</script>", "script-0.js", "a()"),
        ("<p><SCRIPT TYPE=module>a<b</Script >", "script-0.js", "a<b"),
        ("<script>never closed", "script-0.js", "never closed"),
        ("<script src=x.js>not this</script><script>a</script>", "script-0.js", "a"),
        ("<template><script>a</script></template>", "script-0.js", "a"),
        ("<svg><script>a &lt; <![CDATA[b&&c]]></script></svg>", "script-0.js", "a < b&&c"),
        ("<svg><foreignObject><script>a &lt; b</script>", "script-0.js", "a &lt; b"),
        ("<script src='data:text/javascript;base64,YSgp'></script>", "script-0.js", "a()"),
        ("<body onload='a(&quot;b&quot;)'>", "handler-0.js", "a(\"b\")"),
        ("<a href='java&Tab;script:a(%20)'>", "handler-0.js", "a( )"),
        ("<button formaction=' javascript:a'>", "handler-0.js", "a"),
        ("<iframe srcdoc='<script>a</script>' src=x>", "frame-0.html", "<script>a</script>"),
        ("<iframe src='data:text/html,<b>'>", "frame-0.html", "<b>"),
        ("<embed src='data:image/svg+xml,<svg/>'>", "frame-0.html", "<svg/>"),
        ("<script type=x-shader/x-fragment>void main() {}</script>", "shader-0.glsl", "void main() {}"),
    ] {
        assert_eq!(children(text), [(name.to_owned(), code.to_owned())], "{text}");
    }
}

#[test]
fn what_never_runs_does_not() {
    for text in [
        "<!-- <script>a</script> -->",
        "<noscript><script>a</script></noscript>",
        "<textarea><script>a</script></textarea>",
        "<style><script>a</script></style>",
        "<title><script>a</script></title>",
        "<script type=application/json>{\"a\": 1}</script>",
        "<script>  \n </script>",
        "<p once onx= href='https://example.org/'>",
        "<svg><![CDATA[<script>a</script>]]></svg>",
        "<script",
        "<script>",
    ] {
        assert_eq!(children(text), [], "{text}");
    }
}

#[test]
fn children_know_where_they_start() {
    let page = read("<p>\n<b>é𝄞</b><script>\na</script>\n<p onclick=b>".as_bytes());
    let line = |line, column| Location::Line { line, column };
    assert_eq!(page.places, [line(2, 19), line(4, 12)]);
    let inline: Vec<_> = page.scopes[0].facts.iter().map(|f| (f.name, f.value, f.location.clone())).collect();
    assert_eq!(inline, [(FactName::InlineScript, 0, line(2, 19)), (FactName::InlineScript, 2, line(4, 12))]);
}

#[test]
fn what_is_named_by_address_is_a_reference() {
    use ReferenceKind as K;
    let text = "<script src=a.js></script><base href='/x/'><script type=module src=b.js></script>\
        <link rel='modulepreload' href=c.js><link rel=preload as=script href=d.js><link rel=stylesheet href=e.css>\
        <iframe src=f.html></iframe><object data=g.html></object>\
        <script type=importmap>{\"imports\":{\"h\":\"./h.js\"}}</script><svg><script href=//cdn.example/i.js /></svg>";
    let expected = [
        (K::Script, "a.js"),
        (K::Module, "/x/b.js"),
        (K::Module, "/x/c.js"),
        (K::Script, "/x/d.js"),
        (K::Frame, "/x/f.html"),
        (K::Frame, "/x/g.html"),
        (K::Module, "/x/h.js"),
        (K::Script, "https://cdn.example/i.js"),
    ];
    assert_eq!(references(text), expected.map(|(kind, address)| (kind, address.to_owned())));
}

#[test]
fn a_policy_is_a_fact() {
    let page = read(b"<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'; worker-src blob:\">");
    let fact = &page.scopes[0].facts[0];
    assert_eq!((fact.name, fact.text.as_deref()), (FactName::PagePolicy, Some("script-src 'self'; worker-src blob:")));
}

#[test]
fn a_handler_that_stands_a_thousand_times_is_read_once() {
    let page = read("<p onclick='f(this)'>".repeat(1000).as_bytes());
    assert_eq!(page.children.len(), 1);
    assert_eq!(page.scopes[0].facts[0].count, 1000);
}

#[test]
fn bounds_are_gaps() {
    let many: String = (0..5000).map(|i| format!("<p onclick=f{i}()>")).collect();
    let page = read(many.as_bytes());
    assert_eq!(page.children.len(), crate::limits::PAGE_CHILDREN);
    assert!(page.gaps[0].because.contains("more than 4096 scripts"), "{:?}", page.gaps);
}

#[test]
fn modules_are_found_once_wherever_they_stand() {
    let module = wat::parse_str("(module (memory 1) (data (i32.const 0) \"davy davy davy davy davy davy davy davy davy\") (func (export \"f\") (result i32) i32.const 7))").unwrap();
    let hex: String = module.iter().map(|byte| format!("{byte:02x}")).collect();
    for (text, inside) in [
        (format!("<script>x = '{hex}'</script>"), true),
        (format!("<p onclick=\"x = '{hex}'\">"), true),
        (format!("<iframe srcdoc=\"<script>x = '{hex}'</script>\">"), true),
        (format!("<div data-x='{hex}'>"), false),
        (format!("<script type=text/plain>{hex}</script>"), false),
        (format!("<!-- {hex} -->"), false),
    ] {
        let page = read(text.as_bytes());
        let modules = page.children.iter().filter(|c| c.kind == ArtifactKind::Wasm).count();
        assert_eq!((page.children.len(), modules), (1, usize::from(!inside)), "{text}");
        if inside && page.children[0].kind == ArtifactKind::Script {
            let script = extract(&page.children[0], &Limits::default());
            assert_eq!(script.children.iter().filter(|c| c.bytes == module).count(), 1, "{text}");
        }
    }
}

#[test]
fn hostile_pages_end_in_time() {
    let many = 200_000;
    for text in [
        "<".repeat(many),
        "<div>".repeat(many),
        "<svg>".repeat(many),
        "<script><!--<script>".repeat(many),
        "<!--".repeat(many),
        "<!--".to_owned() + &"-".repeat(many),
        "<a b=".repeat(many),
        "<a b='".repeat(many),
        "<a ".to_owned() + &"b c=d ".repeat(many),
        format!("<iframe srcdoc='{}'>", "&".repeat(many)),
        format!("<iframe srcdoc='{}'>", "&quot;".repeat(many)),
        "<script src=".repeat(many),
        "<script src=a>".repeat(many),
        "</script".repeat(many),
        "<style></styl".repeat(many),
        "<base href=x>".repeat(many),
        "<script>x='".to_owned() + &"</".repeat(many),
        "<script type=importmap>".to_owned() + &"\":".repeat(many),
    ] {
        let start = std::time::Instant::now();
        let page = read(text.as_bytes());
        let held: usize = page.children.iter().map(|c| c.bytes.len() + c.path.len()).sum();
        assert!(held <= 2 * text.len() + 4096, "{held} of {}", text.len());
        // A debug build on a busy machine; a release build takes a fiftieth.
        assert!(
            start.elapsed().as_secs_f64() < 0.5 + 5.0 * text.len() as f64 / 1e6,
            "{:?} {}",
            start.elapsed(),
            &text[..40]
        );
    }
}

#[test]
fn broken_pages_never_panic() {
    let page = "<!doctype html><base href='x/'><meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">\
        <script>var a='</scr'+'ipt>';<!-- <script> --></script><svg><script>&lt;<![CDATA[x]]></script></svg>\
        <p onclick=\"a(&quot;)\"><iframe srcdoc='&lt;p&gt;' src=y></iframe><a href='javascript:b%20'>é𝄞</a>\
        <script type=module src='./m.js?a#b'></script><script src='data:text/javascript;base64,YSgp'></script>";
    let mut seed = 11u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    for round in 0..10_000 {
        let mut bytes = page.as_bytes().to_vec();
        for _ in 0..1 + next(6) {
            let at = next(bytes.len());
            match next(4) {
                0 => bytes[at] = next(256) as u8,
                1 if bytes.len() > 40 => drop(bytes.drain(at..(at + next(20)).min(bytes.len()))),
                1 | 2 => bytes.truncate(at.max(1)),
                _ => {
                    let from = next(bytes.len());
                    let piece = bytes[from..(from + next(30)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        let extraction = read(&bytes);
        assert_eq!(extraction.children.len(), extraction.places.len(), "round {round}");
    }
}
