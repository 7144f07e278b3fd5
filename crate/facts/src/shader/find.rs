//! Shaders as text inside of scripts: literals that read like WGSL or GLSL become children.
//!
//! Looked for in the flat form of a script, in which escapes are decoded and neighbouring literals joined.

use super::Dialect;
use crate::limits;
use crate::script::flat::{View, locate};
use crate::script::signs::{Reader, Signs};
use crate::script::text;
use davy_model::{Artifact, ArtifactKind, Extraction};
use std::borrow::Cow;
use std::ops::Range;

/// Words that stand in shaders and hardly ever in JavaScript: entry points and what they know, and the integers that
/// a hash is written in.
pub(crate) const MARKS: [&str; 12] = [
    "@compute",
    "@fragment",
    "@workgroup_size",
    "fn main(",
    "-> u32",
    "#version",
    "void main",
    "gl_Frag",
    "gl_GlobalInvocationID",
    "(uint ",
    "(uvec",
    "uint[",
];

/// Operators without which nothing is mixed: a literal with fewer is passed over.
const LEAST_MIXING: usize = 4;

/// What kind of shader a text is, if it is one.
pub(crate) fn dialect(text: &[u8]) -> Option<Dialect> {
    let has = |word: &str| contains(text, word.as_bytes());
    let entry = has("@compute") || has("@fragment") || has("@vertex");
    if has("fn ") && (entry || has("-> u32") || has(": u32")) {
        return Some(Dialect::Wgsl);
    }
    let speaks = has("gl_") || has("#version") || has("precision ") || has("uint ") || has("uvec");
    (has("void main") || speaks && has("{")).then_some(Dialect::Glsl)
}

/// Takes the shaders out of a script. `view` is the flat form of `source`, `signs` what stands in it.
pub(crate) fn children(path: &str, source: &[u8], view: &View, signs: &Signs, out: &mut Extraction) {
    let mut found: Vec<(Range<usize>, Dialect, Vec<u8>)> = Vec::new();
    for literal in literals(&view.bytes, signs) {
        if found.len() >= limits::SHADERS {
            out.gaps.push(super::over_limit(format!(
                "the script holds more than {} shaders; the others were not read",
                limits::SHADERS
            )));
            break;
        }
        let text = plain(view, literal.clone());
        if let Some(dialect) = dialect(&text).filter(|_| mixes(&text)) {
            found.push((literal, dialect, text));
        }
    }
    let flat: Vec<usize> = found.iter().map(|(range, ..)| range.start).collect();
    let places = text::lines(source, &locate(source, &flat));
    for (index, ((_, dialect, bytes), place)) in found.into_iter().zip(places).enumerate() {
        let path = format!("{path}!/shader-{index}.{}", dialect.ending());
        out.children.push(Artifact { path, kind: ArtifactKind::Shader, bytes: Cow::Owned(bytes) });
        out.places.push(place);
    }
}

/// The literals of a flat text in which a mark stands, in its order.
fn literals(text: &[u8], signs: &Signs) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // Everything before it has been looked through for an opening quote.
    let mut behind = 0;
    for sign in signs.of_reader(Reader::Shaders) {
        if sign.start < behind {
            continue;
        }
        let Some(quote) = opening(text, behind, sign.start) else {
            behind = sign.start;
            continue;
        };
        let end = closing(text, quote + 1, sign.end);
        found.push(quote + 1..end);
        behind = end + 1;
    }
    found
}

/// The quote that opens the literal in which `at` stands. A quote behind a word is an apostrophe of a comment.
fn opening(text: &[u8], from: usize, at: usize) -> Option<usize> {
    /// White space between an operator and a literal that is passed over.
    const FAR: usize = 256;
    let opens = |index: usize| match text[index] {
        b'`' => true,
        b'"' | b'\'' => {
            let before = text[..index].iter().rev().take(FAR).find(|c| !c.is_ascii_whitespace());
            before.is_none_or(|c| b"(=:,[+?{;&|!/>".contains(c)) || text[..index].ends_with(b"return ")
        }
        _ => false,
    };
    (from..at).rev().find(|&index| opens(index))
}

/// Offset of the quote that closes a literal whose text begins at `start`; marks up to `at` stand in it.
fn closing(text: &[u8], start: usize, at: usize) -> usize {
    let quote = text[start - 1];
    let from = if quote == b'`' { start } else { at };
    let mut index = from;
    while let Some(&c) = text.get(index) {
        if c == quote && index >= at {
            return index;
        }
        index =
            if quote == b'`' && text[index..].starts_with(b"${") { behind_insertion(text, index) } else { index + 1 };
    }
    text.len()
}

/// Offset behind a `${…}`.
fn behind_insertion(text: &[u8], start: usize) -> usize {
    /// Longer expressions inside of a shader's text are not followed.
    const FAR: usize = 1024;
    let mut depth = 0usize;
    for (index, &c) in text.iter().enumerate().skip(start + 1).take(FAR) {
        match c {
            b'{' => depth += 1,
            b'}' if depth == 1 => return index + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    start + 2
}

/// A literal's text: a line break between the parts of a list, a blank for what is inserted.
fn plain(view: &View, range: Range<usize>) -> Vec<u8> {
    let text = &view.bytes[..range.end];
    let mut out = Vec::with_capacity(range.len());
    let mut at = range.start;
    while at < range.end {
        if view.is_seam(at) {
            out.push(b'\n');
        }
        if text[at..].starts_with(b"${") {
            out.push(b' ');
            at = behind_insertion(text, at).max(at + 1);
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

/// Whether a text has so much of what mixes that it can hash at all.
fn mixes(text: &[u8]) -> bool {
    let shift = |two: &&[u8]| *two == b">>" || *two == b"<<";
    let shifts = text.windows(2).filter(shift).take(LEAST_MIXING).count();
    let xors = text.iter().filter(|&&c| c == b'^').take(LEAST_MIXING).count();
    shifts + xors >= LEAST_MIXING
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    let Some((&first, rest)) = word.split_first() else { return true };
    let mut at = 0;
    while let Some(found) = text[at..].iter().position(|&c| c == first) {
        at += found + 1;
        if text[at..].starts_with(rest) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::Limits;
    use davy_model::{Artifact, ArtifactKind, Location};

    const WGSL: &str = "@compute @workgroup_size(1)\nfn main() { x = (x << 1u) ^ (x >> 2u) ^ y ^ z; } // don't";

    fn shaders(text: &str) -> Vec<(String, String, Location)> {
        let artifact = Artifact { path: "a.js".to_owned(), kind: ArtifactKind::Script, bytes: text.as_bytes().into() };
        let out = crate::extract(&artifact, &Limits::default());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let all = out.children.iter().zip(&out.places).filter(|(child, _)| child.kind == ArtifactKind::Shader);
        all.map(|(child, place)| (child.path.clone(), text(&child.bytes), place.clone())).collect()
    }

    #[test]
    fn a_template_that_is_a_shader_is_a_child() {
        let found = shaders(&format!("// it's\nconst code = /* wgsl */`{WGSL}`;\nf(code)"));
        let place = Location::Line { line: 2, column: 25 };
        assert_eq!(found, [("a.js!/shader-0.wgsl".to_owned(), WGSL.to_owned(), place)]);
    }

    #[test]
    fn strings_and_lists_of_lines_are_read() {
        let glsl = "#version 300 es\nuint f(uint x) { return x ^ x >> 3 ^ x << 4 ^ 5u; }\nvoid main() {}";
        let quoted = glsl.replace('\n', "\\n");
        let joined = glsl.split('\n').map(|line| format!("'{line}\\n'")).collect::<Vec<_>>().join(" +\n");
        for text in [format!("x(\"{quoted}\")"), format!("x = {joined};")] {
            let found = shaders(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].1.trim_end(), glsl, "{text}");
            assert!(found[0].0.ends_with(".glsl"));
        }
        let list = glsl.split('\n').map(|line| format!("'{line}'")).collect::<Vec<_>>().join(",\n");
        assert_eq!(shaders(&format!("[{list}].join('\\n')"))[0].1, glsl);
    }

    #[test]
    fn what_is_inserted_is_a_blank_and_two_shaders_are_two() {
        let found = shaders(&format!("a = `${{head({{}})}}{WGSL}`; b = `{WGSL}`"));
        assert_eq!(found.iter().map(|f| f.1.trim_start()).collect::<Vec<_>>(), [WGSL, WGSL]);
    }

    #[test]
    fn scripts_without_mixing_shaders_have_none() {
        for text in
            ["x('void main() { gl_FragColor = vec4(1.0); }')", "// fn main(", "`fn main(` + x ^ y ^ z >> 2 ^ 1", ""]
        {
            assert_eq!(shaders(text), [], "{text}");
        }
    }
}
