//! One message of a socket, from its bytes to what is done about the socket.

use crate::{Judgement, Setting};
use davy_facts::{Direction, FrameReader, limits};
use davy_model::Level;
use serde::Serialize;
use tsify::Tsify;

/// What follows from a message.
#[derive(Debug, Clone, Serialize, Tsify)]
pub struct SocketAnswer {
    /// What is known of the socket after it. The caller keeps it for the next message and understands nothing of it; before
    /// the first message it is a random number in decimal.
    pub state: String,
    /// Work that the socket was handed, where there is any. The caller gives the last one of all its sockets with the state of
    /// each, behind a space: a page may hear of work by one and send its shares by another.
    pub works: String,
    /// How many of the next messages in the same direction need not be judged.
    pub skip: u32,
    /// Bytes of a message that are read; more need not be handed over.
    pub most: u32,
    /// A judgement of the socket, when its level is higher than any told before.
    pub judgement: Option<Judgement>,
}

/// Levels by the first character of a state.
const LEVELS: [(&str, Level); 4] =
    [("c", Level::Clean), ("n", Level::Notice), ("s", Level::Suspicious), ("m", Level::Mining)];

impl SocketAnswer {
    /// Reads and judges a message of the socket to `url`, of which `state` is known.
    #[must_use]
    pub fn of(url: &str, sent: bool, state: &str, message: &[u8], setting: Setting) -> Self {
        let (state, works) = state.split_once(' ').unwrap_or((state, ""));
        let known = LEVELS.iter().find_map(|(mark, level)| Some((*level, state.strip_prefix(mark)?)));
        let (told, mut reader) = known
            .and_then(|(told, text)| Some((told, FrameReader::restored(&unhex(text)?)?)))
            .unwrap_or_else(|| (Level::Clean, FrameReader::new(state.parse().unwrap_or_default())));
        if let Some(works) = unhex(works).filter(|_| sent) {
            reader.learn(&works);
        }
        let direction = if sent { Direction::Sent } else { Direction::Received };
        let judgement = reader.feed(direction, message).then(|| Judgement::drawn(&reader.extraction(url), setting));
        let judgement = judgement.filter(|judgement| judgement.level > told);
        let told = judgement.as_ref().map_or(told, |judgement| judgement.level);
        // Nothing is above mining: who is allowed to mine need not be read any more.
        let skip = if told == Level::Mining { u32::MAX } else { reader.skip(direction) };
        let mark = LEVELS.iter().find(|(_, level)| *level == told).map_or("c", |(mark, _)| mark);
        let state = mark.to_owned() + &hex(&reader.saved());
        let works = if sent { String::new() } else { hex(&reader.saved_works()) };
        Self { state, works, skip, most: limits::FRAME_BYTES as u32, judgement }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| Some((digit(&pair[0])? << 4 | digit(&pair[1])?) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use davy_model::{Action, Decision};

    const JOB: &str = r#"{"type":"job","params":{"job_id":"228958372758845","blob":"1010db99f6d70607c9c7b81d77b731fd61f789b8173f74d2d6d7ad542caa7263d90f495dc0c184000000009e717389f1bf6b1f61752b242c30b93a03c90397cebda5541670346a6fc1d5cc3e","target":"ffffff00"}}"#;
    const AUTH: &str = r#"{"type":"auth","params":{"site_key":"s","type":"anonymous"}}"#;

    fn answers(messages: &[(bool, &str)], setting: Setting) -> Vec<SocketAnswer> {
        let mut state = "1".to_owned();
        let mut answers = Vec::new();
        for (sent, text) in messages {
            let answer = SocketAnswer::of("wss://example.org/", *sent, &state, text.as_bytes(), setting);
            state.clone_from(&answer.state);
            answers.push(answer);
        }
        answers
    }

    #[test]
    fn each_level_is_told_once() {
        let answers = answers(&[(false, JOB), (false, JOB), (true, AUTH), (true, AUTH)], Setting::default());
        let told = |answer: &SocketAnswer| answer.judgement.as_ref().map(|j| (j.level, j.action));
        let levels: Vec<_> = answers.iter().map(told).collect();
        let expected = [Some((Level::Suspicious, Action::Budget)), None, Some((Level::Mining, Action::Block)), None];
        assert_eq!(levels, expected);
        assert_eq!((answers[0].skip, answers[2].skip), (0, u32::MAX));
    }

    #[test]
    fn a_share_is_known_by_the_work_that_another_socket_was_handed() {
        let of = |sent, state: &str, text: &str| {
            SocketAnswer::of("wss://example.org/", sent, state, text.as_bytes(), Setting::default())
        };
        let share = r#"{"a":"228958372758845","b":"5084b037","c":"d275449d5d9c328c68e32c50b002f06a8a8e385da34289a29267fef42c6f3000"}"#;
        let work = of(false, "1", JOB).works;
        let level = |state: &str| of(true, state, share).judgement.map(|judgement| judgement.level);
        assert_eq!(level(&format!("1 {work}")), Some(Level::Mining));
        assert_ne!(level("1"), Some(Level::Mining));
        assert_eq!(of(true, "1", AUTH).works, "");
        assert_ne!(level("1 zz"), Some(Level::Mining));
    }

    #[test]
    fn a_persons_decision_holds() {
        let setting = Setting { decision: Decision::Allowed, ..Setting::default() };
        let answers = answers(&[(true, AUTH), (false, JOB)], setting);
        let last = answers[1].judgement.as_ref().map(|j| (j.level, j.action));
        assert_eq!(last, Some((Level::Mining, Action::Allow)));
    }

    #[test]
    fn bytes_are_written_and_read() {
        assert_eq!(unhex(&hex(&[0, 0x7f, 0xff])), Some(vec![0, 0x7f, 0xff]));
        assert_eq!(unhex("zz"), None);
    }
}
