//! Messages that come in pieces: what has begun and not ended is kept until its end comes, within a bound. The end is what
//! tells: whatever stood before its beginning, or whole messages in between, change nothing.

use crate::limits;

/// Takes in the next piece. The object or list that it ends, where that has begun in another piece.
pub(super) fn join(tail: &mut Vec<u8>, piece: &[u8]) -> Option<Vec<u8>> {
    if piece.len() > limits::FRAME_PIECES_BYTES {
        tail.clear();
        return None;
    }
    let has_begun = !tail.is_empty() || piece.iter().any(|byte| matches!(byte, b'{' | b'['));
    if !has_begun || opener(piece).is_some() {
        return None;
    }
    tail.extend_from_slice(piece);
    tail.drain(..tail.len().saturating_sub(limits::FRAME_PIECES_BYTES));
    opener(tail).map(|at| tail[at..].to_vec())
}

/// Where the object or list begins that ends with the text.
fn opener(text: &[u8]) -> Option<usize> {
    let end = text.iter().rposition(|byte| *byte > b' ').filter(|at| matches!(text[*at], b'}' | b']'))?;
    let (mut depth, mut in_string) = (0usize, false);
    for at in (0..=end).rev() {
        match text[at] {
            b'"' if text[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0 => {
                in_string = !in_string
            }
            b'}' | b']' if !in_string => depth += 1,
            b'{' | b'[' if !in_string => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && !in_string {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[&str]) -> Vec<Option<String>> {
        let mut tail = Vec::new();
        let join = |piece: &&str| join(&mut tail, piece.as_bytes()).map(|whole| String::from_utf8(whole).unwrap());
        pieces.iter().map(join).collect()
    }

    #[test]
    fn what_has_begun_is_whole_with_its_last_piece() {
        let whole = r#"["job",{"a":"}\"","b":[1]}]"#;
        let inner = r#"{"a":"}\"","b":[1]}"#;
        let expected = [None, None, Some(inner.to_owned()), Some(format!("{whole}\n"))];
        assert_eq!(joined(&[r##"42["job",{"a":"}\""##, r#"","b":[1"#, "]}", "]\n"]), expected);
    }

    #[test]
    fn what_stands_before_or_between_changes_nothing() {
        let expected = [None, None, None, Some(r#"{"a":1}"#.to_owned()), None];
        assert_eq!(joined(&["[\"", r#"{"a""#, r#"{"whole":[]}"#, ":1}", "[]"]), expected);
    }

    #[test]
    fn what_has_not_begun_or_is_too_long_is_not_kept() {
        let mut tail = Vec::new();
        for text in [r#"{"a":1}"#, "hello", "", "42}"] {
            assert_eq!(join(&mut tail, text.as_bytes()), None);
            assert!(tail.is_empty(), "{text}");
        }
        for _ in 0..3 {
            assert_eq!(join(&mut tail, &vec![b'['; limits::FRAME_PIECES_BYTES]), None);
            assert_eq!(tail.len(), limits::FRAME_PIECES_BYTES);
        }
        assert_eq!(join(&mut tail, &vec![b'['; limits::FRAME_PIECES_BYTES + 1]), None);
        assert!(tail.is_empty());
    }
}
