//! Single messages, bounds and broken input; whole transcripts stand in `tests/corpus/frames`.

use super::*;

const BLOB: &str = "1010db99f6d70607c9c7b81d77b731fd61f789b8173f74d2d6d7ad542caa7263d90f495dc0c184000000009e717389f1bf6b1f61752b242c30b93a03c90397cebda5541670346a6fc1d5cc3e";
const RESULT: &str = "d275449d5d9c328c68e32c50b002f06a8a8e385da34289a29267fef42c6f3000";

fn read(messages: &[(Direction, &str)]) -> FrameReader {
    let mut reader = FrameReader::new(7);
    for (direction, text) in messages {
        reader.feed(*direction, text.as_bytes());
    }
    reader
}

/// `name text value` of every fact but words.
fn facts(reader: &FrameReader) -> Vec<String> {
    let scope = reader.extraction("wss://example.org/").scopes.remove(0);
    let is_shape = |fact: &&Fact| fact.name != FactName::PoolWord;
    let shown = |fact: &Fact| format!("{:?} {} {}", fact.name, fact.text.as_deref().unwrap_or_default(), fact.value);
    scope.facts.iter().filter(is_shape).map(shown).collect()
}

use Direction::{Received, Sent};

#[test]
fn work_and_its_share_are_seen_without_any_word() {
    let job = format!("{{\"a\":[\"w-7741\",{{\"q\":\"{BLOB}\"}}],\"b\":{{\"t\":\"ffffff00\"}}}}");
    let share = format!("[9,\"w-7741\",\"5084b037\",\"{RESULT}\"]");
    let reader = read(&[(Received, &job), (Sent, &share)]);
    assert_eq!(facts(&reader), ["PoolWork blob-and-target 1", "PoolShare id-nonce-result 4"]);
    let other = format!("[9,\"w-7742\",\"5084b037\",\"{RESULT}\"]");
    let reader = read(&[(Received, &job), (Sent, &other)]);
    assert_eq!(facts(&reader), ["PoolWork blob-and-target 1", "PoolShare id-nonce-result 0"]);
}

#[test]
fn a_share_above_its_target_proves_less() {
    let job = format!("[\"w-7741\",\"{BLOB}\",\"00000100\"]");
    let share = format!("[\"w-7741\",\"5084b037\",\"{RESULT}\"]");
    assert!(facts(&read(&[(Received, &job), (Sent, &share)])).contains(&"PoolShare id-nonce-result 3".to_owned()));
}

#[test]
fn what_goes_the_wrong_way_is_nothing() {
    let job = format!("[\"w-7741\",\"{BLOB}\",\"ffffff00\"]");
    let share = format!("[\"w-7741\",\"5084b037\",\"{RESULT}\"]");
    assert!(!facts(&read(&[(Sent, &job), (Received, &share)])).iter().any(|fact| fact.starts_with("PoolShare")));
}

#[test]
fn padding_does_not_hide_work() {
    let filler: String = (0..5000).map(|n| format!("\"k{n}\":\"{n:08x}\",")).collect();
    let job = format!("{{{filler}\"q\":\"{BLOB}\",\"t\":\"ffffff00\",\"i\":\"w-7741\",{filler}\"z\":0}}");
    assert!(job.len() < limits::FRAME_BYTES);
    let share = format!("[\"w-7741\",\"5084b037\",\"{RESULT}\"]");
    assert!(facts(&read(&[(Received, &job), (Sent, &share)])).iter().any(|fact| fact.ends_with("id-nonce-result 4")));
    let deep = "[".repeat(10_000) + &job + &"]".repeat(10_000);
    assert!(read(&[(Received, &deep)]).unread > 0, "what lies too deep is told");
}

#[test]
fn what_is_not_read_is_an_opaque_gap() {
    let long = format!("[\"{}\"]", "a".repeat(limits::FRAME_BYTES));
    let mut reader = read(&[(Received, &long)]);
    reader.feed(Sent, &[1, 2, 3, 0xff]);
    let gaps = reader.extraction("").gaps;
    assert!(gaps.len() == 1 && !gaps[0].reason.is_lost() && gaps[0].because.starts_with("2 messages"), "{gaps:?}");
    assert!(read(&[(Received, "[1]"), (Sent, "")]).extraction("").gaps.len() <= 1);
}

#[test]
fn most_of_a_long_lawful_conversation_is_passed_over() {
    let mut reader = FrameReader::new(3);
    let (mut passed, mut left) = (0u32, 0);
    for _ in 0..10_000 {
        if left > 0 {
            left -= 1;
            continue;
        }
        reader.feed(Received, b"{\"t\":\"state\",\"x\":12}");
        passed += 1;
        left = reader.skip(Received);
    }
    assert!((limits::FRAME_MESSAGES..2_000).contains(&passed), "{passed} of 10000 were read");
}

#[test]
fn the_state_stays_small_and_is_read_back() {
    let mut reader = FrameReader::new(7);
    for n in 0..1000 {
        let job = format!("[\"work-{n}\",\"a{n}-{}\",\"b{n}\",\"{BLOB}\",\"ffffff00\"]", "x".repeat(40));
        reader.feed(Received, job.as_bytes());
        reader.feed(Sent, format!("[\"work-{n}\",\"5084b037\",\"{RESULT}\"]").as_bytes());
    }
    let saved = reader.saved();
    assert!(saved.len() < 2048, "{} bytes", saved.len());
    assert_eq!(FrameReader::restored(&saved), Some(reader));
    for end in 0..saved.len() {
        assert_eq!(FrameReader::restored(&saved[..end]), None, "cut at {end}");
    }
}

/// A generator for tests: xorshift of 64 bits.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

#[test]
fn ten_thousand_broken_messages_do_no_harm() {
    let job =
        format!("42[\"job\",{{\"id\":\"w-7741\",\"blob\":\"{BLOB}\",\"target\":\"ffffff00\",\"n\":[1,-2.5e3,null]}}]");
    let packed =
        b"\x82\xa2id\xd9\x06w-7741\xa4list\x93\x01\xcb\x40\x09\x21\xfb\x54\x44\x2d\x18\xc4\x04\x01\x02\x03\x04";
    let line = b"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567,8a1b2c3d4e5f60718293a4b5c6d7e8f901234567,6000\n";
    let seeds: [&[u8]; 4] = [job.as_bytes(), packed, line, b"eyJ0eXBlIjoiam9iIiwicGFyYW1zIjp7ImpvYl9pZCI6IjEyMzQifX0="];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut reader = FrameReader::new(1);
    for round in 0..10_000 {
        let mut message = seeds[round % seeds.len()].to_vec();
        for _ in 0..=random.next(8) {
            let at = random.next(message.len());
            match random.next(6) {
                0 => message.truncate(at),
                1 => message.insert(at, random.next(256) as u8),
                2 => message.extend_from_within(at..),
                3 => message.extend_from_slice(seeds[random.next(seeds.len())]),
                4 => message.extend(std::iter::repeat_n(b"[{\"\\,\x9f\xdf"[random.next(7)], random.next(300))),
                _ => message.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.next(256) as u8),
            }
        }
        let direction = if random.next(2) == 0 { Received } else { Sent };
        reader.feed(direction, &message);
        assert!(reader.saved().len() < 2048 + 2 * limits::FRAME_PIECES_BYTES, "round {round}");
    }
    assert_eq!(reader.messages[0] + reader.messages[1], 10_000);
}

#[test]
fn time_grows_with_length_alone() {
    let worst = ["[", "{\"a\":", "\"\\u0041", "a,", "[\"aGVsbG8gd29ybGQ=\",", "\u{1}", "[\"{[\\\"", "12345678,"];
    for text in worst {
        let long = text.repeat(limits::FRAME_BYTES / text.len() + 1);
        let start = std::time::Instant::now();
        read(&[(Received, &long), (Sent, &long)]);
        assert!(start.elapsed().as_secs_f64() < 2.0, "{text:?} took {:?}", start.elapsed());
    }
}
