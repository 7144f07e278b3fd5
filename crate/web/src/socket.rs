//! One message of a socket, from its bytes to what is done about the socket.

use crate::{Judgement, Setting};
use davy_facts::{Direction, FrameReader, limits};
use davy_model::Level;
use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// What is known of a socket between two messages. The caller keeps it and understands nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(default)]
pub struct SocketState {
    /// A random number, for a socket that was just opened.
    pub seed: u32,
    /// What its reader knows, in hexadecimal; empty for a socket that was just opened.
    pub reader: String,
    /// The highest level that was told.
    pub told: Level,
}

/// A message to be judged; its bytes follow.
#[derive(Debug, Clone, Serialize, Deserialize, Tsify)]
pub struct SocketMessage {
    /// The socket's address.
    pub url: String,
    /// Whether the page sent it.
    pub sent: bool,
    /// The socket before it.
    pub state: SocketState,
}

/// What follows from a message.
#[derive(Debug, Clone, Serialize, Deserialize, Tsify)]
pub struct SocketAnswer {
    /// The socket after it.
    pub state: SocketState,
    /// How many of the next messages in the same direction need not be judged.
    pub skip: u32,
    /// Bytes of a message that are read; more need not be handed over.
    pub most: u32,
    /// A judgement of the socket, when its level is higher than any told before.
    pub judgement: Option<Judgement>,
}

impl SocketMessage {
    /// Reads and judges the message.
    #[must_use]
    pub fn judge(self, bytes: &[u8], setting: Setting) -> SocketAnswer {
        let Self { url, sent, state } = self;
        let known = unhex(&state.reader).and_then(|bytes| FrameReader::restored(&bytes));
        let mut reader = known.unwrap_or_else(|| FrameReader::new(state.seed));
        let direction = if sent { Direction::Sent } else { Direction::Received };
        let judgement = if reader.feed(direction, bytes) {
            Some(Judgement::drawn(&reader.extraction(&url), setting)).filter(|judgement| judgement.level > state.told)
        } else {
            None
        };
        let told = judgement.as_ref().map_or(state.told, |judgement| judgement.level);
        // Nothing is above mining: who is allowed to mine need not be read any more.
        let skip = if told == Level::Mining { u32::MAX } else { reader.skip(direction) };
        let state = SocketState { seed: 0, reader: hex(&reader.saved()), told };
        SocketAnswer { state, skip, most: limits::FRAME_BYTES as u32, judgement }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
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
        let mut state = SocketState { seed: 1, ..SocketState::default() };
        let mut answers = Vec::new();
        for (sent, text) in messages {
            let message = SocketMessage { url: "wss://example.org/".to_owned(), sent: *sent, state };
            let answer = message.judge(text.as_bytes(), setting);
            state = answer.state.clone();
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
