//! Decoders in the structure of public obfuscators and packers, written anew for these tests.

use super::{hosts, layers, read};
use davy_model::ArtifactKind;
use std::fmt::Write;

const CODE: &str = "start('a miner', 123)";

/// The text as elements of an array.
fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(",")
}

fn base64(bytes: &[u8], swapped: bool) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |value: usize| {
        let c = ALPHABET[value & 63];
        char::from(if swapped && c.is_ascii_alphabetic() { c ^ 0x20 } else { c })
    };
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0usize, |word, i| word << 8 | usize::from(group.get(i).copied().unwrap_or(0)));
        (0..=group.len()).for_each(|i| text.push(letter(word >> (18 - 6 * i))));
    }
    text
}

fn rc4(text: &str, key: &str) -> String {
    let key = key.as_bytes();
    let mut s: Vec<usize> = (0..256).collect();
    let mut j = 0;
    for i in 0..256 {
        j = (j + s[i] + usize::from(key[i % key.len()])) % 256;
        s.swap(i, j);
    }
    let (mut i, mut j) = (0, 0);
    let mut next = || {
        i = (i + 1) % 256;
        j = (j + s[i]) % 256;
        s.swap(i, j);
        s[(s[i] + s[j]) % 256] as u8
    };
    text.bytes().map(|byte| char::from(byte ^ next())).collect()
}

#[test]
fn strings_are_put_together() {
    for text in [
        "eval('start(\\'a ' + 'miner\\', ' + (100 + 23) + ')')".to_owned(),
        "eval(['start(\\'a mi', 'ner\\', 123)'].join(''))".to_owned(),
        "eval(\")321 ,'renim a'(trats\".split('').reverse().join(''))".to_owned(),
        "eval(atob('c3RhcnQoJ2EgbWluZXInLCAxMjMp'))".to_owned(),
        "eval(unescape('%73%74%61%72%74%28%27%61%20%6d%69%6e%65%72%27%2c%20%31%32%33%29'))".to_owned(),
        "eval(decodeURIComponent('start(%27a%20miner%27%2C%20123)'))".to_owned(),
        "window['ev' + 'al'](`start('a ${'miner'}', ${123})`)".to_owned(),
        "eval('sxtxaxrxtx(x\\'xax xmxixnxexrx\\'x,x x1x2x3x)x'.replace(/x/g, ''))".to_owned(),
        "eval('5354415254'.length && \"7374617274282761206d696e6572272c2031323329\".match(/../g).map(h => String.fromCharCode(parseInt(h, 16))).join(''))".to_owned(),
        format!("eval(String.fromCharCode.apply(null, {:?}))", CODE.as_bytes()),
        format!("eval(String.fromCharCode(...new Uint8Array({:?})))", CODE.as_bytes()),
        format!("eval(new TextDecoder().decode(new Uint8Array({:?})))", CODE.as_bytes()),
        format!("var s = ''; for (const c of {:?}) s += String.fromCharCode(c ^ 7); eval(s)", CODE.bytes().map(|c| c ^ 7).collect::<Vec<_>>()),
        format!("eval({:?}.map((c, i) => String.fromCharCode(c - i)).reduce((a, b) => a + b))", CODE.bytes().enumerate().map(|(i, c)| usize::from(c) + i).collect::<Vec<_>>()),
        format!("function d(s,k){{var r='',i;for(i=0;i<s.length;i++){{r+=String.fromCharCode(s.charCodeAt(i)^k)}}return r}} eval(d(d({CODE:?},7),7))"),
        format!("var o = {{ a: {:?}, b: {:?} }}; eval(o['a'] + o.b)", &CODE[..5], &CODE[5..]),
        format!("var k = 0, r; while (true) {{ if (k++ > 2) {{ r = {CODE:?}; break }} }} eval(r)"),
    ] {
        assert_eq!(layers(&text), [CODE], "{text}");
    }
}

/// A table of strings that is turned until a sum is right, base64 in swapped letters, wrappers around the decoder.
fn table(encode: &dyn Fn(&str) -> String, decoder: &str, turned: usize) -> String {
    let words = ["7", "eval", "wss://pool.example", "5", CODE, "open", "12", "WebSocket"];
    let mut table: Vec<String> = words.iter().map(|word| encode(word)).collect();
    table.rotate_right(turned);
    let mut text =
        format!("function T(){{var t=[{}];T=function(){{return t}};return T()}}\n{decoder}\n", quoted(&table));
    text += "(function(f,n){function w(a,b){return D(b- -0x10,a)}var t=f();while(!![]){try{var s=parseInt(w('k',0x90))/1+parseInt(w('k',0x93))*(parseInt(w('k',0x96))/2);if(s===n)break;else t['push'](t['shift']())}catch(e){t['push'](t['shift']())}}}(T,37));\n";
    text += "function v(a,b){return D(a-0x20,b)} self[v(0xc1,'k')](v(0xc4,'k'));var K=self[v(0xc7,'k')];function go(){new K(v(0xc2,'k'))}";
    text
}

#[test]
fn tables_of_strings_are_turned_and_decoded() {
    let plain = "function D(i,k){i=i-0xa0;var t=T();return t[i]}";
    let swapped = "function D(i,k){i=i-0xa0;var t=T();if(D.ok===undefined){D.dec=function(s){var L='abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=',o='',u='';for(var n=0,b,c,p=0;c=s.charAt(p++);~c&&(b=n%4?b*64+c:c,n++%4)?o+=String.fromCharCode(255&b>>(-2*n&6)):0){c=L.indexOf(c)}for(var q=0;q<o.length;q++){u+='%'+('00'+o.charCodeAt(q).toString(16)).slice(-2)}return decodeURIComponent(u)};D.memo={};D.ok=true}var key=i+t[0];var m=D.memo[key];if(!m){m=D.dec(t[i]);D.memo[key]=m}return m}";
    for turned in [0, 1, 5] {
        for (encode, decoder) in [
            (&(|word: &str| word.to_owned()) as &dyn Fn(&str) -> String, plain),
            (&|word: &str| base64(word.as_bytes(), true), swapped),
        ] {
            let text = table(encode, decoder, turned);
            assert_eq!(layers(&text), [CODE], "{text}");
            assert_eq!(hosts(&text), ["pool.example"], "{text}");
        }
    }
}

#[test]
fn rc4_over_base64_is_decoded() {
    for swapped in [true, false] {
        let base = if swapped {
            "function b(s){var L='abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=',o='';for(var n=0,b,c,p=0;c=s.charAt(p++);~c&&(b=n%4?b*64+c:c,n++%4)?o+=String.fromCharCode(255&b>>(-2*n&6)):0){c=L.indexOf(c)}return o}"
        } else {
            "function b(s){return atob(s)}"
        };
        let decoder = format!(
            "{base}function R(s,k){{var x=[],j=0,y,o='',u='';s=b(s);for(var q=0;q<s.length;q++){{u+='%'+('00'+s.charCodeAt(q).toString(16)).slice(-2)}}s=decodeURIComponent(u);for(var i=0;i<256;i++){{x[i]=i}}for(i=0;i<256;i++){{j=(j+x[i]+k.charCodeAt(i%k.length))%256;y=x[i];x[i]=x[j];x[j]=y}}i=0;j=0;for(var p=0;p<s.length;p++){{i=(i+1)%256;j=(j+x[i])%256;y=x[i];x[i]=x[j];x[j]=y;o+=String.fromCharCode(s.charCodeAt(p)^x[(x[i]+x[j])%256])}}return o}}function D(i,k){{i=i-0xa0;return R(T()[i],k)}}"
        );
        let encode = |word: &str| base64(rc4(word, "k").as_bytes(), swapped);
        for turned in [0, 3, 6] {
            let text = table(&encode, &decoder, turned);
            assert_eq!(layers(&text), [CODE], "{swapped} {turned}");
            assert_eq!(hosts(&text), ["pool.example"], "{swapped} {turned}");
        }
    }
}

#[test]
fn packers_by_words_are_unpacked() {
    // Words by their number in base 62, replaced one by one or by a function.
    let decoder = "eval(function(p,a,c,k,e,d){e=function(c){return(c<a?'':e(parseInt(c/a)))+((c=c%a)>35?String.fromCharCode(c+29):c.toString(36))};FAST while(c--){if(k[c]){p=p.replace(new RegExp('\\\\b'+e(c)+'\\\\b','g'),k[c])}}return p}('0(\\'1 2\\', 3)',62,4,'start|a|miner|123'.split('|'),0,{}))";
    let fast = "if(!''.replace(/^/,String)){while(c--){d[e(c)]=k[c]||e(c)}k=[function(e){return d[e]}];e=function(){return'\\\\w+'};c=1};";
    for text in [decoder.replace("FAST", ""), decoder.replace("FAST", fast)] {
        assert_eq!(layers(&text), [CODE], "{text}");
    }
}

#[test]
fn dictionaries_that_grow_are_unpacked() {
    // LZW over characters: codes below 256 are letters, the others what was seen before.
    let source = "start('a miner', 123); start('a miner', 123); start('a miner', 123)";
    let mut known: Vec<String> = (0..256u32).filter_map(char::from_u32).map(String::from).collect();
    let mut codes = Vec::new();
    let mut word = String::new();
    for c in source.chars() {
        let longer = format!("{word}{c}");
        if known.contains(&longer) {
            word = longer;
        } else {
            codes.push(known.iter().position(|k| *k == word).unwrap());
            known.push(longer);
            word = c.to_string();
        }
    }
    codes.push(known.iter().position(|k| *k == word).unwrap());
    let text = format!(
        "function L(c){{var d={{}},o=String.fromCharCode(c[0]),p=o,r=[o],n=256,q;for(var i=1;i<c.length;i++){{q=c[i]<256?String.fromCharCode(c[i]):d[c[i]]?d[c[i]]:p+o;r.push(q);o=q.charAt(0);d[n]=p+o;n++;p=q}}return r.join('')}} eval(L({codes:?}))"
    );
    assert_eq!(layers(&text), [source]);
}

#[test]
fn control_flow_in_a_switch_is_followed() {
    let text = format!(
        "var o='2|0|3|1'.split('|'),i=0,a,b;while(!![]){{switch(o[i++]){{case'0':b=a.split('');continue;case'1':eval(b);continue;case'2':a={:?};continue;case'3':b=b.reverse().join('');continue;}}break;}}",
        CODE.chars().rev().collect::<String>()
    );
    assert_eq!(layers(&text), [CODE]);
    let text = format!(
        "var h={{'a':function(x,y){{return x(y)}},'b':function(x,y){{return x+y}},'c':{:?}}};h['a'](eval,h['b'](h['c'],{:?}))",
        &CODE[..9],
        &CODE[9..]
    );
    assert_eq!(layers(&text), [CODE]);
}

#[test]
fn code_that_looks_at_itself_is_shown_itself() {
    let text = format!(
        "function f(){{return 'same line'}} if((''+f).indexOf('\\n')===-1&&/same/.test(f.toString())&&f.length===0)eval({CODE:?});else for(;;);"
    );
    assert_eq!(layers(&text), [CODE]);
    let text = format!(
        "(function(){{var g=function(){{try{{return g.toString().search('(((.+)+)+)+$').toString().constructor(g).search('(((.+)+)+)+$')}}catch(e){{}}}};g()}})();eval({CODE:?})"
    );
    assert_eq!(layers(&text), [CODE]);
}

#[test]
fn programs_of_signs_are_read() {
    // Letters out of `true`, `undefined`, and functions turned into text.
    let number = |n: u32| if n == 0 { "+[]".to_owned() } else { vec!["+!+[]"; n as usize].join("") };
    let digit = |n: u32| format!("[{}]", number(n));
    let letter = |c: char| match c {
        'a' => format!("(![]+[]){}", digit(1)),
        'l' => format!("(![]+[]){}", digit(2)),
        'f' => format!("(![]+[]){}", digit(0)),
        't' => format!("(!![]+[]){}", digit(0)),
        'r' => format!("(!![]+[]){}", digit(1)),
        'u' => format!("([][[]]+[]){}", digit(0)),
        's' => format!("(![]+[]){}", digit(3)),
        'n' => format!("([][[]]+[]){}", digit(1)),
        'e' => format!("(!![]+[]){}", digit(3)),
        'c' => format!("([][FLAT]+[]){}", digit(3)),
        'o' => format!("(!![]+[][FLAT])[{}+[{}]]", number(1), number(0)),
        other => panic!("no letter {other}"),
    };
    let word = |text: &str| text.chars().map(letter).collect::<Vec<_>>().join("+");
    let constructor = format!("[][FLAT][{}]", word("constructor"));
    let code = "alert(alert,alert)".to_owned();
    let mut body = String::new();
    for c in code.chars() {
        let part = if c.is_ascii_alphabetic() { letter(c) } else { format!("'{c}'") };
        let _ = write!(body, "{}{part}", if body.is_empty() { "" } else { "+" });
    }
    let text = format!("{constructor}({body})()")
        .replace("FLAT", &word("fla").replace("+FLAT", "").clone())
        .replace("[(![]+[])[+[]]+(![]+[])[+!+[]+!+[]]+(![]+[])[+!+[]]]", "['flat']");
    let found = layers(&text);
    assert!(found.len() == 1 && found[0].contains(&code), "{found:?} {text}");
}

#[test]
fn code_in_octal_digits_is_read() {
    let octal: String = CODE.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\\\{byte:o}");
        text
    });
    let text = format!("$=~[];$={{___:++$,$:(0)['constructor']['constructor']}};$.$($.$('return\"{octal}\"')())();");
    let found = layers(&text);
    assert!(found.len() == 1 && found[0].contains(CODE), "{found:?}");
}

#[test]
fn modules_are_decoded() {
    let module = wat::parse_str(
        "(module (memory 1) (func (export \"f\") (nop)) (data (i32.const 0) \"some data of a module\"))",
    )
    .unwrap();
    let masked: Vec<u8> = module.iter().map(|byte| byte ^ 0x5a).collect();
    let reversed: String = base64(&module, false).chars().rev().collect();
    let letters: String = module.iter().map(|byte| char::from_u32(0x4e00 + u32::from(*byte)).unwrap()).collect();
    for text in [
        format!("WebAssembly.instantiate(new Uint8Array({masked:?}).map(b => b ^ 0x5a))"),
        format!(
            "var m={masked:?};for(var i=0;i<m.length;i++)m[i]^=0x5a;new WebAssembly.Module(new Uint8Array(m).buffer)"
        ),
        format!(
            "function u(s){{var b=atob(s),a=new Uint8Array(b.length);for(var i=0;i<b.length;i++)a[i]=b.charCodeAt(i);return a.buffer}}const load=()=>WebAssembly.compile(u({reversed:?}.split('').reverse().join('')))"
        ),
        format!("const c=[...{letters:?}].map(c=>c.charCodeAt(0)-0x4e00);WebAssembly.validate(Uint8Array.from(c))"),
        format!(
            "async function go(){{const b=Uint8Array.from(atob({reversed:?}.split('').reverse().join('')),c=>c.charCodeAt(0));await WebAssembly.instantiate(b,{{}})}}"
        ),
        format!(
            "const bytes=(()=>{{const m=new Uint8Array({masked:?});for(let i=0;i<m.length;i++)m[i]=m[i]^0x5a;return m}})()"
        ),
    ] {
        let text = format!("{text};WebAssembly");
        let children = read(&text).children;
        assert!(children.len() == 1 && children[0].kind == ArtifactKind::Wasm, "{text}: {}", children.len());
        assert!(children[0].bytes.starts_with(&module), "{text}");
        assert_eq!(children[0].path, "a.js!/embedded-0.wasm");
    }
}
