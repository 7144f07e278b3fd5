//! Objects of configurations, in JSON or anything that is written like it: with remarks, without quotes around keys, cut.

use crate::limits;

/// Values of one object, or words of one command: key and value.
#[derive(Default)]
pub(super) struct Object<'t> {
    /// The key under which it stands, or the list that it stands in.
    pub(super) key: &'t str,
    pub(super) at: usize,
    pub(super) pairs: Vec<(&'t str, &'t str)>,
}

impl<'t> Object<'t> {
    /// The value of the first key of these, upper and lower case alike.
    pub(super) fn get(&self, keys: &[&str]) -> Option<&'t str> {
        let is = |key: &str| keys.iter().any(|wanted| key.eq_ignore_ascii_case(wanted));
        self.pairs.iter().find(|(key, _)| is(key)).map(|(_, value)| *value)
    }

    pub(super) fn has(&self, keys: &[&str]) -> bool {
        self.get(keys).is_some()
    }
}

/// Hands over every object of a text, inner ones first.
pub(super) fn each<'t>(text: &'t str, mut take: impl FnMut(&Object<'t>)) {
    let bytes = text.as_bytes();
    let mut open: Vec<Object<'t>> = Vec::new();
    let (mut key, mut last): (&'t str, &'t str) = ("", "");
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => {
                let end = string(bytes, at);
                last = text.get(at + 1..end).unwrap_or_default();
                at = end;
                value(&mut open, &mut key, last, bytes, at);
            }
            b':' => key = std::mem::take(&mut last),
            b'{' if open.len() < limits::SETTINGS_DEPTH => {
                open.push(Object { key: std::mem::take(&mut key), at, pairs: Vec::new() });
            }
            b'[' => {
                // Objects of a list stand under the list's key.
                if let Some(end) = bytes[at + 1..].iter().position(|byte| !byte.is_ascii_whitespace())
                    && bytes[at + 1 + end] == b'{'
                {
                    at += end;
                } else {
                    key = "";
                }
            }
            b'}' => {
                if let Some(object) = open.pop() {
                    take(&object);
                }
                (key, last) = ("", "");
            }
            b',' => (key, last) = ("", ""),
            byte if byte.is_ascii_alphanumeric() => {
                let end = at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
                last = text.get(at..end).unwrap_or_default();
                at = end - 1;
                value(&mut open, &mut key, last, bytes, at);
            }
            _ => {}
        }
        at += 1;
    }
    while let Some(object) = open.pop() {
        take(&object);
    }
}

/// Where a string ends that begins there.
fn string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

/// Keeps a value that stands behind a key; what a colon follows is a key.
fn value<'t>(open: &mut [Object<'t>], key: &mut &'t str, value: &'t str, bytes: &[u8], at: usize) {
    let next = bytes.get(at + 1..).unwrap_or_default().iter().find(|byte| !byte.is_ascii_whitespace());
    if !key.is_empty()
        && next != Some(&b':')
        && let Some(object) = open.last_mut()
        && object.pairs.len() < limits::SETTINGS_VALUES
    {
        object.pairs.push((std::mem::take(key), value));
    }
}

#[cfg(test)]
mod tests {
    use super::each;

    fn all(text: &str) -> Vec<(String, Vec<(String, String)>)> {
        let mut all = Vec::new();
        each(text, |object| {
            let own = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
            all.push((object.key.to_owned(), object.pairs.iter().map(own).collect()));
        });
        all
    }

    #[test]
    fn objects_are_read_as_they_are_written() {
        let text = r#"{ "pools": [ {"url": "a:1", 'user': 'x"y', algo: rx/0, "n": 3, "list": [1, "b"]}, {"url": "c"} ] "d": true"#;
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let all = all(text);
        assert_eq!(all[0].0, "pools");
        assert_eq!(all[0].1, [pair("url", "a:1"), pair("user", "x\"y"), pair("algo", "rx/0"), pair("n", "3")]);
        assert_eq!(all[1].1, [pair("url", "c")]);
        assert_eq!(all[2].1, [pair("d", "true")]);
    }

    #[test]
    fn broken_ones_end() {
        for text in ["{", "}", "\"", "{\"a", "{\"a\":", "[[[[", "{a:{b:{", "'\\", ":::,,,"] {
            all(text);
        }
        all(&"{a:".repeat(100_000));
        all(&"[".repeat(1_000_000));
    }
}
