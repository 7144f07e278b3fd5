//! Transcripts of sockets, as `tests/corpus/frames` has them: a line a message, `> ` sent and `< ` received, `>x ` and `<x `
//! in hexadecimal; lines that begin with `#` say what it is.

use davy_facts::{Direction, FrameReader};
use davy_model::Extraction;

/// What the messages of a transcript show together; nothing where a line is no message.
pub(super) fn read(text: &str) -> Option<Extraction> {
    let mut reader = FrameReader::new(1);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (mark, rest) = line.split_once(' ')?;
        let direction = if mark.starts_with('>') { Direction::Sent } else { Direction::Received };
        let bytes = if mark.ends_with('x') { hexadecimal(rest)? } else { rest.as_bytes().to_vec() };
        reader.feed(direction, &bytes);
    }
    Some(reader.extraction("wss://example.org/"))
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    digits.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::{hexadecimal, read};

    #[test]
    fn lines_are_messages() {
        assert!(read("# level: clean\n> {\"a\":1}\n<x 00ff").is_some());
        assert!(read("nothing").is_none() && read("<x 0").is_none() && read("<x 0g").is_none());
        assert_eq!(hexadecimal("00fF"), Some(vec![0, 255]));
    }
}
