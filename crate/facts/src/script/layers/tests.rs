//! What is decoded, and how.

use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction};

fn read(text: &str) -> Extraction {
    let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
    extract(&artifact, &Limits::default())
}

fn layers(text: &str) -> Vec<String> {
    let children = read(text).children.into_iter().filter(|child| child.kind != ArtifactKind::Wasm);
    children.map(|child| String::from_utf8_lossy(&child.bytes).into_owned()).collect()
}

#[test]
fn strings_are_put_together() {
    let hidden = "start('a miner', 123)";
    for text in [
        format!("eval({hidden:?})"),
        "eval('start(\\'a ' + 'miner\\', ' + (100 + 23) + ')')".to_owned(),
        "eval(['start(\\'a mi', 'ner\\', 123)'].join(''))".to_owned(),
        "eval(\")321 ,'renim a'(trats\".split('').reverse().join(''))".to_owned(),
        "eval(atob('c3RhcnQoJ2EgbWluZXInLCAxMjMp'))".to_owned(),
        "eval(unescape('%73%74%61%72%74%28%27%61%20%6d%69%6e%65%72%27%2c%20%31%32%33%29'))".to_owned(),
        "window['ev' + 'al'](`start('a ${'miner'}', ${123})`)".to_owned(),
        "var k='x', t=\"x\"; eval(String.fromCharCode.apply(null, [115,116,97,114,116,40,39,97,32,109,105,110,101,114,39,44,32,49,50,51,41]))".to_owned(),
        "function d(s,k){var r='';for(var i=0;i<s.length;i++){r+=String.fromCharCode(s.charCodeAt(i)^k)}return r} eval(d(d(\"start('a miner', 123)\",7),7))".to_owned(),
    ] {
        assert_eq!(layers(&text), [hidden], "{text}");
    }
}
