//! What passes sockets: dialects of pools from either end and in disguise, and protocols that mean no harm.

use crate::disguise;
use crate::judged::fired;
use crate::transcript::{Message, Transcript, all, verdict};
use davy_facts::Direction;
use davy_judge::Catalogue;
use davy_model::Level;

/// Disguises under which an exchange is only suspicious: without its words a range of nonces is a captcha's.
const LOWERED: [&str; 3] = [
    "randomx-browser-pool: renamed keys",
    "randomx-browser-pool: renamed keys and words",
    "randomx-browser-pool: arrays",
];

/// Messages after which a pool has to be known, from either end; with both, one more makes it certain.
const SOON: usize = 3;

#[test]
fn transcripts_are_judged_as_expected() {
    let all = all();
    let wrong: Vec<String> = all.iter().filter_map(|t| unexpected(t, &t.messages, t.level..=t.level)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let of = |level| all.iter().filter(|transcript| transcript.level == level).count();
    assert!(of(Level::Mining) >= 16 && of(Level::Clean) >= 30, "transcripts are missing");
}

#[test]
fn pools_are_known_within_three_messages() {
    let mut wrong = Vec::new();
    for transcript in all().iter().filter(|transcript| transcript.level == Level::Mining) {
        let spoken = || transcript.messages.iter().filter(|message| !is_transport(&message.bytes));
        let of = |direction| spoken().filter(move |m| m.direction == direction);
        let views: [(&str, Vec<&Message>); 3] = [
            ("both", spoken().collect()),
            ("sent", of(Direction::Sent).collect()),
            ("received", of(Direction::Received).collect()),
        ];
        for (view, messages) in views {
            let after = |count: usize| verdict(messages.iter().take(count).copied()).level();
            let reached = |level| (1..=messages.len()).find(|count| after(*count) >= level);
            let (suspicious, mining) = (reached(Level::Suspicious), reached(Level::Mining));
            let late = view == "both" && mining.is_none_or(|count| count > SOON + 1);
            if late || suspicious.is_none_or(|count| count > SOON) {
                wrong.push(format!("{}, {view}: suspicious after {suspicious:?}, mining {mining:?}", transcript.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What socket.io says to itself before the first event.
fn is_transport(message: &[u8]) -> bool {
    message.starts_with(b"0{") || [&b"40"[..], b"2", b"3"].contains(&message)
}

#[test]
fn one_message_from_the_page_is_never_called_mining() {
    for transcript in all() {
        for message in &transcript.messages {
            let level = verdict([message]).level();
            assert!(level < Level::Mining, "{}: {level:?}", transcript.name);
        }
    }
}

#[test]
fn disguises_hide_nothing_and_add_nothing() {
    let (mut wrong, mut lowered) = (Vec::new(), Vec::new());
    for transcript in all() {
        for (name, disguise) in disguise::ALL {
            let disguised: Vec<Message> =
                transcript.messages.iter().map(|m| Message { bytes: disguise(&m.bytes), ..m.clone() }).collect();
            let expected = match transcript.level {
                Level::Mining => Level::Suspicious..=Level::Mining,
                level => Level::Clean..=level,
            };
            wrong.extend(unexpected(&transcript, &disguised, expected).map(|text| format!("{name}: {text}")));
            if transcript.level == Level::Mining && verdict(&disguised).level() < Level::Mining {
                lowered.push(format!("{}: {name}", transcript.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(lowered, LOWERED);
}

/// One socket over which everything lawful passes, in an order of chance: what stands far apart must not add up.
#[test]
fn lawful_messages_do_not_add_up() {
    let all = all();
    let lawful = all.iter().filter(|transcript| transcript.level < Level::Mining);
    let mut messages: Vec<&Message> = lawful.flat_map(|transcript| &transcript.messages).collect();
    assert!(messages.len() > 300, "transcripts are missing");
    let mut seed = 1u64;
    for round in 0..20 {
        for last in (1..messages.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            messages.swap(last, (seed >> 33) as usize % (last + 1));
        }
        let verdict = verdict(messages.iter().copied());
        assert!(verdict.level() < Level::Suspicious, "round {round}: {}", fired(&verdict).join(", "));
    }
}

fn unexpected(
    transcript: &Transcript,
    messages: &[Message],
    expected: std::ops::RangeInclusive<Level>,
) -> Option<String> {
    let verdict = verdict(messages);
    let level = verdict.level();
    (!expected.contains(&level))
        .then(|| format!("{} is {level:?}, not {expected:?}: {}", transcript.name, fired(&verdict).join(", ")))
}

#[test]
fn rules_hold_in_the_transcripts_they_name() {
    let fires = |rule: &str, case: &str| {
        let name = case.strip_prefix("frames/")?;
        let all = all();
        let transcript = all.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("{rule} names {case}"));
        Some(fired(&verdict(&transcript.messages)).contains(&rule))
    };
    for entry in Catalogue::builtin().iter() {
        for case in &entry.matches {
            assert_ne!(fires(&entry.id, case), Some(false), "{} does not fire in {case}", entry.id);
        }
        for case in &entry.rejects {
            assert_ne!(fires(&entry.id, case), Some(true), "{} fires in {case}", entry.id);
        }
    }
}
