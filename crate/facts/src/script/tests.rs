//! Every way in which a text may spell out a module, and the near misses.

use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction, GapReason, Location};
use std::fmt::Write;

/// A module with a data segment that holds every byte, so that no spelling can lose one.
fn module() -> Vec<u8> {
    let every: String = (0..=255u8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "\\{byte:02x}");
        text
    });
    wat::parse_str(format!(r#"(module (memory 1) (func (export "f") (nop)) (data (i32.const 0) "{every}"))"#)).unwrap()
}

fn read(text: impl AsRef<[u8]>) -> Extraction {
    let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: text.as_ref().into() };
    extract(&artifact, &Limits::default())
}

/// The children's bytes.
fn found(text: impl AsRef<[u8]>) -> Vec<Vec<u8>> {
    read(text).children.into_iter().map(|child| child.bytes.into_owned()).collect()
}

fn assert_finds(text: impl AsRef<[u8]>) {
    let text = text.as_ref();
    let mut extraction = read(text);
    // Code that a script hands to the engine is a child of its own.
    extraction.children.retain(|child| child.kind == ArtifactKind::Wasm);
    assert_eq!(extraction.children.len(), 1, "{}", String::from_utf8_lossy(text));
    assert!(extraction.children[0].bytes == module(), "{}", String::from_utf8_lossy(text));
    assert!(extraction.gaps.is_empty(), "{:?}", extraction.gaps);
    assert_eq!(extraction.children[0].path, "a.js!/embedded-0.wasm");
}

fn base64_of(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, i| (word << 8) | u32::from(group.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let used = i <= group.len();
            text.push(if used { ALPHABET[(word >> (18 - 6 * i)) as usize & 63] as char } else { '=' });
        }
    }
    text
}

fn base64() -> String {
    base64_of(&module())
}

fn list(mut element: impl FnMut(u8) -> String) -> String {
    module().into_iter().map(&mut element).collect::<Vec<_>>().join(",")
}

/// The text cut into pieces of `size` characters.
fn pieces(text: &str, size: usize) -> Vec<&str> {
    text.as_bytes().chunks(size).map(|piece| std::str::from_utf8(piece).unwrap()).collect()
}

#[test]
fn base64_in_literals_and_addresses() {
    let plain = base64();
    assert_finds(format!("const m = atob(\"{plain}\");"));
    assert_finds(format!("fetch('data:application/wasm;base64,{plain}')"));
    assert_finds(format!("x=`{}`", plain.trim_end_matches('=')));
    assert_finds(format!("x='{}'", plain.replace('+', "-").replace('/', "_")));
    assert_finds(format!("x='{}'", plain.replace('+', "%2B").replace('/', "%2f").replace('=', "%3D")));
    assert_finds(format!("<script>x='{plain}'</script><p>don't"));
    assert_finds(format!("/* {plain} */"));
    assert_finds(format!("{{\"wasm\":\"{plain}\"}}"));
}

#[test]
fn base64_in_pieces() {
    let plain = base64();
    for size in [1, 2, 3, 5, 64, 100] {
        let pieces = pieces(&plain, size);
        assert_finds(format!("x = \"{}\";", pieces.join("\" + '").replace("' + \"", "\" + \"")));
        assert_finds(format!("x = [\"{}\", \"the end\"].join('')", pieces.join("\",\n  \"")));
        assert_finds(format!("let s = '{}';", pieces.join("';\ns += '")));
        assert_finds(format!("x = \"\".concat(\"{}\")", pieces.join("\").concat(\"")));
        assert_finds(format!("x = \"{}\"", pieces.join("\" /* + */ + // \"\n \"")));
        assert_finds(format!("x = `{}`", pieces.join("\n")));
        assert_finds(format!("x = '{}'", pieces.join("\\\n")));
    }
}

#[test]
fn base64_in_escapes() {
    let escaped: [fn(char) -> String; 4] = [
        |c| format!("\\x{:02x}", c as u32),
        |c| format!("\\u{:04X}", c as u32),
        |c| format!("\\u{{{:x}}}", c as u32),
        |c| format!("\\{:03o}", c as u32),
    ];
    for escape in escaped {
        assert_finds(format!("x='{}'", base64().chars().map(escape).collect::<String>()));
    }
}

#[test]
fn base64_at_every_phase_of_something_larger() {
    for before in 1..=6 {
        let blob = [vec![0xa5; before], module(), vec![0xfe; 40]].concat();
        assert_finds(format!("x='{}'", base64_of(&blob)));
    }
}

#[test]
fn scripts_inside_scripts() {
    let inner = format!("w=[{}]", list(|byte| byte.to_string()));
    assert_finds(format!("new Blob([{inner:?}])"));
    let joined = format!("w=\"{}\"", pieces(&base64(), 60).join("\" + \""));
    assert_finds(format!("new Blob([{joined:?}])"));
    let twice = format!("{joined:?}");
    assert_finds(format!("eval({twice:?})"));
}

#[test]
fn numbers() {
    assert_finds(format!("new Uint8Array([{}])", list(|byte| byte.to_string())));
    assert_finds(format!("Uint8Array.of( {} )", list(|byte| format!("\n  0x{byte:02X} /* , */"))));
    assert_finds(format!("Uint8Array.of({},)", list(|byte| format!("0b{byte:b}"))));
    assert_finds(format!("new Int8Array([{}])", list(|byte| (byte as i8).to_string())));
    assert_finds(format!("'{}'.split(',')", list(|byte| byte.to_string())));
    let mut index = 0;
    let keyed = list(|byte| {
        index += 1;
        format!("\"{}\":{byte}", index - 1)
    });
    assert_finds(format!("{{{keyed}}}"));
}

#[test]
fn numbers_of_wider_arrays() {
    let mut padded = module();
    padded.resize(padded.len().next_multiple_of(8), 0);
    for width in [2usize, 4, 8] {
        let element = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |value, &byte| (value << 8) | u64::from(byte));
        let suffix = if width == 8 { "n" } else { "" };
        let elements: Vec<String> = padded.chunks(width).map(|c| format!("{}{suffix}", element(c))).collect();
        assert_finds(format!("[{}]", elements.join(",")));
    }
}

#[test]
fn hexadecimal() {
    let hex = |separator: &str| module().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator);
    assert_finds(format!("x='{}'", hex("")));
    assert_finds(format!("x='{}'", hex("").to_uppercase()));
    assert_finds(format!("x='{}'", hex(" ")));
    assert_finds(format!("x='{}'", hex(":")));
    assert_finds(format!("x=['{}']", hex("','")));
    let percent = module().iter().map(|byte| format!("%{byte:02X}")).collect::<String>();
    assert_finds(format!("unescape('{percent}')"));
}

#[test]
fn binary_strings() {
    let string = |escape: fn(u8) -> String| module().into_iter().map(escape).collect::<String>();
    assert_finds(format!("x=\"{}\"", string(|byte| format!("\\x{byte:02x}"))));
    assert_finds(format!("x=\"{}\"", string(|byte| format!("\\u00{byte:02x}"))));
    assert_finds(format!("x='{}'", string(|byte| format!("\\{byte:03o}"))));
    let short: fn(u8) -> String = |byte| match byte {
        0 => "\\x00".into(),
        b'"' | b'\\' => format!("\\{}", byte as char),
        b'\n' => "\\n".into(),
        b'\r' => "\\r".into(),
        _ => (byte as char).to_string(),
    };
    assert_finds(format!("x=\"{}\"", string(short)));
    let emscripten: fn(u8) -> String = |byte| match byte {
        0 => "\u{100}".into(),
        b'\'' | b'\\' => format!("\\{}", byte as char),
        b'\n' => "\\n".into(),
        b'\r' => "\\r".into(),
        _ => (byte as char).to_string(),
    };
    assert_finds(format!("x='{}'", string(emscripten)));
    let rest = module()[7..].iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    assert_finds(format!(r#"x="\0asm\x01\0\0" + "{rest}""#));
}

#[test]
fn bytes_as_they_are() {
    assert_finds([b"self.fetch(location) //".to_vec(), module(), b"\xff trailing".to_vec()].concat());
}

#[test]
fn other_encodings_of_text() {
    let text = format!("x='{}'", base64());
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_finds(&wide);
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_finds(&wide);
}

#[test]
fn several_modules_keep_their_order() {
    let other = wat::parse_str("(module (memory 2))").unwrap();
    let third = wat::parse_str("(module (memory 3))").unwrap();
    let bytes: Vec<String> = other.iter().map(ToString::to_string).collect();
    let text = format!("a=[{}];b='{}';c='{}'", bytes.join(","), base64(), base64_of(&third));
    assert_eq!(found(&text), [other.clone(), module(), third.clone()]);
    // Neighbours in an array are joined like pieces of one module, and told apart again.
    let unpadded = |bytes: &[u8]| base64_of(bytes).trim_end_matches('=').to_owned();
    let text = format!("['{}','{}','{}']", unpadded(&other), unpadded(&module()), unpadded(&third));
    assert_eq!(found(text), [other, module(), third]);
}

#[test]
fn checks_for_the_magic_number_are_no_modules() {
    let text =
        r#"if (s.startsWith("AGFzbQ")) ok(); b[0]===0&&b[1]===97; m=[0,97,115,109]; "\0asm"; "0061736d"; '%00asm'"#;
    let extraction = read(text);
    assert!(extraction.children.is_empty());
    assert!(extraction.gaps.is_empty(), "{:?}", extraction.gaps);
}

#[test]
fn a_cut_module_is_handed_on_whole_to_be_reported() {
    let cut = &module()[..100];
    assert_eq!(found(format!("x='{}'", base64_of(cut))), [cut.to_vec()]);
    // What stands behind the header and is no section must not vanish: the page may decrypt it first.
    let scrambled = [&module()[..8], &[0xee; 300]].concat();
    assert_eq!(found(format!("x='{}'", base64_of(&scrambled))), [scrambled]);
}

#[test]
fn templates_of_modules_are_completed_at_run_time() {
    let extraction = read("var m = [0, 97, 115, 109, 1, 0, 0, 0, 1]; m.push(n);");
    assert!(extraction.children.is_empty());
    assert_eq!(extraction.gaps.len(), 1);
    assert_eq!(extraction.gaps[0].reason, GapReason::RunTime);
}

#[test]
fn what_exists_only_at_run_time_is_listed() {
    let plain = base64();
    for text in [
        format!("\n x = \"{}\" + rest", &plain[..80]),
        format!("\n x = \"{}\".concat(rest)", &plain[..80]),
        format!("\n x = `{}${{rest}}`", &plain[..80]),
        "\nx = [ 0, 97, 115, 109, 1, 0, 0, 0, ...rest ]".to_owned(),
    ] {
        let extraction = read(&text);
        assert_eq!(extraction.gaps.len(), 1, "{text}");
        assert_eq!(extraction.gaps[0].reason, GapReason::RunTime);
        assert_eq!(extraction.gaps[0].location, Location::Line { line: 2, column: 7 }, "{text}");
    }
}

#[test]
fn packed_data_is_listed() {
    for start in ["H4sIAAAAAAAAA", "eJz", "eNrt", "KLUv/"] {
        let extraction = read(format!("x = '{start}{}'", "Ab3+".repeat(100)));
        assert_eq!(extraction.gaps.len(), 1, "{start}");
        assert!(!extraction.gaps[0].reason.is_lost());
        assert!(read(format!("x = 'z{start}{}'", "Ab3+".repeat(100))).gaps.is_empty(), "{start}");
        assert!(read(format!("x = '{start}Ab3'")).gaps.is_empty(), "{start}");
    }
}

#[test]
fn too_many_modules_are_a_lost_gap() {
    let text: String = (1..400).fold(String::new(), |mut text, pages| {
        let module = wat::parse_str(format!("(module (memory {pages}))")).unwrap();
        let _ = writeln!(text, "f('{}')", base64_of(&module));
        text
    });
    let extraction = read(text);
    assert_eq!(extraction.children.len(), crate::limits::EMBEDDED_MODULES);
    assert!(extraction.gaps.iter().any(|gap| gap.reason == GapReason::OverLimit));
}

#[test]
fn hostile_texts_take_linear_time() {
    let parts = [
        "AGFzbQEAAAAB",
        "\"/*",
        "\"+",
        "\\",
        "'\\0asm",
        "0,97,115,109,1,0,0,0,",
        "1",
        "[0/*",
        "0061736d01000000",
        "%00asm%01%00%00%00",
        "\"//",
        "\\u{",
        "eJz",
        "\";a",
        "\0asm\x01\0\0\0\x01",
        "0 ",
        "\u{100}asm",
        "H4sI",
        "0x",
    ];
    for part in parts {
        let text = part.repeat(400_000 / part.len());
        let start = std::time::Instant::now();
        let _ = read(&text);
        // A debug build takes a second or two; anything that is not linear would take hours.
        assert!(start.elapsed().as_secs() < 60, "{part:?}: {:?}", start.elapsed());
    }
}

#[test]
fn any_bytes_are_survived() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let words: [&[u8]; 16] = [
        b"\"",
        b"'",
        b"+",
        b",",
        b"\\x",
        b"\\u",
        b"AGFzbQ",
        b"0,97,",
        b"\0asm\x01\0\0\0",
        b"00",
        b"%",
        b"\xff",
        b"\xc4\x80",
        b"/*",
        b"H4sI",
        b"0061736d",
    ];
    for _ in 0..3000 {
        let mut text = Vec::new();
        for _ in 0..40 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.extend_from_slice(words[(state % 16) as usize]);
        }
        let _ = read(&text);
    }
}
