//! What becomes a child, a fact or a gap.

use super::{hosts, layers, read, string_at, within};
use davy_model::{ArtifactKind, FactName, GapReason};

const CODE: &str = "postMessage('from a layer')";

#[test]
fn code_that_is_handed_to_the_engine_becomes_a_child() {
    for text in [
        format!("eval({CODE:?})"),
        format!("(0, eval)({CODE:?})"),
        format!("window['ev' + 'al']({CODE:?})"),
        format!("var run = eval; run({CODE:?})"),
        format!("eval.call(null, {CODE:?})"),
        format!("setTimeout({CODE:?}, 10)"),
        format!("var s = document.createElement('script'); s.text = {CODE:?}; document.head.appendChild(s)"),
        format!(
            "var s = document.createElement('script'); s.src = 'data:text/javascript,' + encodeURIComponent({CODE:?})"
        ),
        format!("function never() {{ if (Date.now() > 5) eval({CODE:?}) }}"),
        format!("addEventListener('load', () => {{ eval({CODE:?}) }})"),
        format!("fetch('/x').then(r => r.text()).then(t => {{ if (t) eval({CODE:?}); else eval({CODE:?}) }})"),
        format!("class A {{ constructor() {{ this.code = {CODE:?} }} run() {{ eval(this.code) }} }} new A().run()"),
        format!("import('data:text/javascript;charset=utf-8,' + escape({CODE:?}))"),
    ] {
        assert_eq!(layers(&text), [CODE], "{text}");
    }
    let made = &layers(&format!("new Function('a', 'b', {CODE:?})(1, 2)"))[0];
    assert!(made.contains(CODE) && made.contains("(a,b"), "{made}");
    assert_eq!(read(&format!("eval({CODE:?})")).children[0].path, "a.js!/layer-0.js");
}

#[test]
fn workers_from_blobs_and_data_addresses_become_children() {
    for text in [
        format!("new Worker(URL.createObjectURL(new Blob([{CODE:?}], {{type: 'text/javascript'}})))"),
        format!(
            "const u = (window.URL || window.webkitURL).createObjectURL(new Blob(['post', {:?}])); new Worker(u)",
            &CODE[4..]
        ),
        format!("new Worker('data:text/javascript,{}')", CODE.replace('\'', "%27")),
        format!("new Worker('data:application/javascript;base64,' + btoa({CODE:?}))"),
        format!("importScripts('data:text/javascript,' + encodeURIComponent({CODE:?}))"),
        format!("new SharedWorker(URL.createObjectURL(new Blob([new TextEncoder().encode({CODE:?})])))"),
    ] {
        assert_eq!(layers(&text), [CODE], "{text}");
        assert_eq!(read(&text).children[0].path, "a.js!/worker-0.js", "{text}");
    }
}

#[test]
fn long_programs_are_followed_to_where_they_hand_something_on() {
    let remark = "a remark of many words. ".repeat(2000);
    // Who calls what decodes shows no word of it, and comes last.
    let text = format!(
        "/*{remark}*/ function run(x){{eval(atob(x))}} \
         function late(){{run('cG9zdE1lc3NhZ2UoJ2Zyb20gYSBsYXllcicp')}}"
    );
    assert_eq!(layers(&text), [CODE]);
    // A function that is written out is copied as often as its text is put together.
    let work = "step();".repeat(24_000);
    let text = format!(
        "function work(){{{work}}} function start(){{return new Worker(URL.createObjectURL(new Blob(['(' + work + ')()'])))}} \
         function go(){{start()}}"
    );
    assert_eq!(layers(&text).len(), 1);
}

#[test]
fn markup_becomes_a_page_where_it_brings_code() {
    let extraction = read("document.write('<scr' + 'ipt>start(\"a miner\")</scr' + 'ipt>')");
    assert_eq!(extraction.children[0].kind, ArtifactKind::Page);
    assert_eq!(extraction.children[0].path, "a.js!/layer-0.html");
    assert!(layers("document.write('<p>' + 'some text of a page' + '</p>')").is_empty());
    assert!(layers("node.innerHTML = '<b>' + 'bold and long enough' + '</b>'").is_empty());
}

#[test]
fn the_same_text_is_a_child_once_and_short_ones_are_none() {
    assert_eq!(layers(&format!("eval({CODE:?}); setTimeout({CODE:?}); eval({CODE:?} + '')")).len(), 1);
    for short in ["Function('return this')()", "eval('debugger')", "eval('1')", "new Function('return this')"] {
        assert!(layers(short).is_empty(), "{short}");
    }
}

#[test]
fn sockets_give_the_facts_of_their_addresses() {
    for text in [
        "new WebSocket('wss://pool.example/proxy')",
        "new WebSocket('wss://' + ['pool', 'example'].join('.') + '/proxy')",
        "function start() { this.socket = new WebSocket(atob('d3NzOi8vcG9vbC5leGFtcGxlL3Byb3h5')) }",
        "const S = self['Web' + 'Socket']; S && new S(`wss://${'pool'}.example`)",
        "var urls = ['wss://pool.example/', 'wss://b.example/']; function open() { return new WebSocket(urls[0]) }",
        "function C(k) { this.url = 'wss://pool.example/x' } C.prototype.open = function () { this.s = new WebSocket(this.url) }; new C().open()",
        "const open = (url = 'wss://pool.example') => new WebSocket(url); open()",
    ] {
        assert_eq!(hosts(text), ["pool.example"], "{text}");
    }
    // Naming one is not opening one.
    assert!(hosts("var blocked = ['wss://pool.example/proxy']; eval; if (blocked.includes(url)) stop()").is_empty());
}

#[test]
fn what_only_exists_at_run_time_is_a_gap() {
    for text in ["function run(code) { eval(code) }", "onmessage = e => new Function(e.data)()", "new Worker(name)"] {
        let extraction = read(text);
        assert!(extraction.gaps.iter().any(|gap| gap.reason == GapReason::RunTime), "{text}: {:?}", extraction.gaps);
        assert!(extraction.children.is_empty(), "{text}");
    }
}

#[test]
fn expressions_tell_their_strings() {
    let text = "var t = ['onmessage', 'job', 'https://a.example/']; function d(i) { return t[i - 7] } \
                function later() { socket[d(7)] = f; if (m.type === d(8)) x(d(9)); y('https://' + 'b' + q) }";
    let text = format!("{text}; eval");
    assert_eq!(string_at(&text, "d(7)").as_deref(), Some("onmessage"));
    assert_eq!(string_at(&text, "d(8)").as_deref(), Some("job"));
    assert_eq!(string_at(&text, "d(9)").as_deref(), Some("https://a.example/"));
    // What gives one string now and another then is no one's string.
    assert_eq!(string_at(&text, "t[i - 7]"), None);
    assert_eq!(string_at(&text, "'https://' + 'b' + q"), None);
}

#[test]
fn a_string_that_stands_at_many_places_is_kept_once() {
    let (_, strings) = within("var s = 'x'.repeat(2000); f(s); f(s); f(s)", 10_000);
    let kept: Vec<_> = strings.entries.iter().filter(|(.., text)| text.len() == 2000).collect();
    assert!(kept.len() >= 3);
    assert!(kept.iter().all(|(.., text)| std::rc::Rc::ptr_eq(text, &kept[0].2)));
}

#[test]
fn hosts_that_are_only_named_are_told_apart_from_opened_ones() {
    let facts = |text: &str, name| -> Vec<(Option<String>, u64, u32)> {
        let facts = read(text).scopes.into_iter().flat_map(|scope| scope.facts);
        facts.filter(|fact| fact.name == name).map(|fact| (fact.text, fact.value, fact.count)).collect()
    };
    let text = "var p = {a: 'wss://A.example./x', b: `stratum+tcp://b.example:3333`, c: 'see wss://c.example'}; \
                function go(u) { return new WebSocket(u) } go2(atob('d3NzOi8vcG9vbC5leGFtcGxlL3Byb3h5'))";
    let named =
        [(Some("a.example".into()), 0, 1), (Some("b.example".into()), 1, 1), (Some("pool.example".into()), 0, 1)];
    assert_eq!(facts(text, FactName::NamedHost), named);
    assert_eq!(facts(text, FactName::SocketOpened), [(None, 0, 1)]);
    assert!(facts(text, FactName::Host).is_empty());
    let text = "new WebSocket('wss://a.example')";
    assert_eq!(facts(text, FactName::SocketOpened), [(None, 1, 1)]);
}

#[test]
fn shaders_that_are_handed_to_the_graphics_card_become_children() {
    const SHADER: &str = "@compute @workgroup_size(1) fn main() { x = (x << 3u) ^ (x >> 29u) ^ y; }";
    let encoded = SHADER.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    for text in [
        format!("var code = unescape('{encoded}'); device.createShaderModule({{ label: 'a', code: code }})"),
        format!("device['createShader' + 'Module']({{ code: unescape('{encoded}') }})"),
        format!("function f(gl, s) {{ gl.shaderSource(s, unescape('{encoded}')) }}"),
    ] {
        let children = read(&text).children;
        assert_eq!(children.len(), 1, "{text}: {children:?}");
        assert_eq!((children[0].path.as_str(), children[0].kind), ("a.js!/shader-0.wgsl", ArtifactKind::Shader));
        assert_eq!(children[0].bytes.as_ref(), SHADER.as_bytes());
    }
    // One that stands in the text is found there, and once.
    let plain = format!("var w = new Worker('x.js'); device.createShaderModule({{ code: `{SHADER}` }})");
    assert_eq!(read(&plain).children.len(), 1);
}

#[test]
fn what_a_method_is_called_on_is_kept_until_it_is_called() {
    // Nobody holds the object but the method that nobody calls, and much else was made since.
    let text = "register({ to: 'wss://' + 'pool.example', go() { new WebSocket(this.to) } });
        for (let n = 0; n < 200; n++) { let made = { n }; made.itself = made }";
    assert_eq!(hosts(text), ["pool.example"]);
}
