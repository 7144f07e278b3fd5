//! Transcripts of sockets: `tests/corpus/frames/NAME.txt`, and what a miner may do to its messages.

use crate::manifest::root;
use davy_facts::{Direction, FrameReader};
use davy_judge::{Context, RuleSet, judge};
use davy_model::{Level, Verdict};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) direction: Direction,
    pub(crate) bytes: Vec<u8>,
}

/// One socket's messages, and what is expected of them.
pub(crate) struct Transcript {
    pub(crate) name: String,
    pub(crate) level: Level,
    pub(crate) messages: Vec<Message>,
}

/// Every transcript, by name.
pub(crate) fn all() -> Vec<Transcript> {
    let folder = root().join("tests/corpus/frames");
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("the folder is there").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::path);
    files.iter().map(|file| read(&file.path())).collect()
}

fn read(path: &std::path::Path) -> Transcript {
    let text = std::fs::read_to_string(path).expect("a transcript is a text");
    let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
    let level = text.lines().find_map(|line| line.strip_prefix("# level: ")).expect("a level");
    let level = serde_json::from_value(level.into()).unwrap_or_else(|error| panic!("{name}: {error}"));
    for head in ["# about: ", "# source: "] {
        assert!(text.lines().any(|line| line.starts_with(head)), "{name} lacks {head}");
    }
    let messages = text.lines().filter(|line| !line.starts_with('#')).map(|line| message(line, &name)).collect();
    Transcript { name, level, messages }
}

/// `> text`, `< text`, and `>x hex`, `<x hex` for binary ones.
fn message(line: &str, name: &str) -> Message {
    let (mark, rest) = line.split_once(' ').unwrap_or_else(|| panic!("{name}: {line}"));
    let direction = if mark.starts_with('>') { Direction::Sent } else { Direction::Received };
    let bytes = if mark.ends_with('x') {
        let digits: Vec<char> = rest.chars().collect();
        let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("hexadecimal");
        digits.chunks(2).map(byte).collect()
    } else {
        rest.as_bytes().to_vec()
    };
    Message { direction, bytes }
}

/// The verdict after all of these messages. The state is saved and restored between them, as in the browser.
pub(crate) fn verdict<'a>(messages: impl IntoIterator<Item = &'a Message>) -> Verdict {
    let mut reader = FrameReader::new(1);
    for message in messages {
        reader.feed(message.direction, &message.bytes);
        reader = FrameReader::restored(&reader.saved()).expect("what was saved is read");
    }
    judge(RuleSet::builtin(), &reader.extraction("wss://example.org/"), &Context::default())
}
