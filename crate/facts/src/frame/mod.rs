//! What passes a socket, message by message: a [`FrameReader`] keeps the little that has to be kept between two messages
//! and tells what was seen as an [`Extraction`].
//!
//! Dialects of pools differ in their words; what they cannot differ in is looked for by shape: work that has to be
//! hashed and a target, and an answer that names the work and carries a nonce and a result.

mod build;
mod form;
mod group;
mod json;
mod layers;
mod login;
mod pack;
mod pieces;
mod saved;
mod sha1;
mod share;
#[cfg(test)]
mod tests;
mod words;
mod work;

use crate::limits;
use davy_model::{Artifact, ArtifactKind, Extraction, Fact, FactName, Gap, GapReason, Location};
use group::Group;
use login::Login;
use share::Share;
use std::borrow::Cow;
use words::Words;
use work::Work;

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From the server to the page.
    Received,
    /// From the page to the server.
    Sent,
}

/// Reads the messages of one socket. Memory is bounded, whatever passes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameReader {
    /// Messages read, by direction.
    messages: [u32; 2],
    /// Words met, by direction.
    words: [Words; 2],
    /// Pieces of work that may be answered, newest last.
    works: Vec<Work>,
    /// The last pieces of messages that do not come whole, by direction.
    pieces: [Vec<u8>; 2],
    /// What was seen, and how often.
    seen: Vec<(Seen, u32)>,
    /// Messages that have no form that is known here, or were not read whole.
    unread: u32,
    /// State of the choice which messages are read.
    seed: u32,
}

/// One thing that a message showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Work { form: work::Form, certain: bool },
    Share(Share),
    Login(Login),
}

impl FrameReader {
    /// A socket that was just opened. `seed` chooses which of many messages are read: a page that does not know it cannot
    /// hide between them.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Reads one message, text in UTF-8 or binary. Says whether it showed anything that a rule may ask for.
    pub fn feed(&mut self, direction: Direction, message: &[u8]) -> bool {
        let sent = direction == Direction::Sent;
        let place = usize::from(sent);
        self.messages[place] = self.messages[place].saturating_add(1);
        let whole = pieces::join(&mut self.pieces[place], message);
        let mut found = Found::default();
        let works = &self.works;
        let outcome = layers::read(whole.as_deref().unwrap_or(message), &mut |group| found.look(group, sent, works));
        let words = self.words[place];
        self.words[place].0 |= outcome.words.0;
        let shows = !found.seen.is_empty() || words != self.words[place];
        self.unread = self.unread.saturating_add(u32::from(outcome.unread));
        for seen in found.seen {
            self.note(seen);
        }
        for work in found.works {
            self.keep(work);
        }
        shows
    }

    /// How many of the next messages in this direction need not be read: none at first, later most of them.
    pub fn skip(&mut self, direction: Direction) -> u32 {
        let read = self.messages[usize::from(direction == Direction::Sent)];
        let awaits = self.works.iter().any(|work| work.certain) || self.pieces.iter().any(|tail| !tail.is_empty());
        if read < limits::FRAME_MESSAGES || awaits && read < limits::FRAME_MESSAGES_WITH_WORK {
            return 0;
        }
        // A linear congruential generator (Numerical Recipes): its upper bits are even enough for a choice.
        self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.seed >> 16) % (2 * limits::FRAME_EVERY)
    }

    /// What was seen so far. `path` is the socket's address.
    #[must_use]
    pub fn extraction(&self, path: &str) -> Extraction {
        let location = match path {
            "" => Location::Whole,
            path => Location::Url { url: crate::request::shown(path) },
        };
        let mut facts: Vec<Fact> = self.seen.iter().map(|(seen, count)| seen.fact(*count, &location)).collect();
        for (value, words) in (0..).zip(self.words) {
            facts.extend(words.iter().map(|word| fact(FactName::PoolWord, value, 1, word, &location)));
        }
        davy_model::sort_by(&mut facts, |a, b| a.order(b));
        let bytes = Cow::Borrowed(&[][..]);
        let mut extraction = crate::empty(&Artifact { path: path.to_owned(), kind: ArtifactKind::Websocket, bytes });
        if let Some(scope) = extraction.scopes.first_mut() {
            scope.facts = facts;
        }
        extraction.gaps.extend(self.gap(&location));
        extraction
    }

    /// Opaque, not lost: games and calls speak in forms of their own.
    fn gap(&self, location: &Location) -> Option<Gap> {
        (self.unread > 0).then(|| Gap {
            reason: GapReason::RunTime,
            location: location.clone(),
            because: format!("{} messages were not read whole: only the page's code knows their form", self.unread),
        })
    }

    fn note(&mut self, seen: Seen) {
        if let Some((_, count)) = self.seen.iter_mut().find(|(known, _)| *known == seen) {
            *count = count.saturating_add(1);
        } else if self.seen.len() < limits::FRAME_SEEN {
            self.seen.push((seen, 1));
        }
    }

    /// Keeps work until newer work takes its place; what is certain stays longest.
    fn keep(&mut self, work: Work) {
        if self.works.contains(&work) {
            return;
        }
        if self.works.len() >= limits::FRAME_WORKS {
            let place = self.works.iter().position(|known| !known.certain).unwrap_or(0);
            self.works.remove(place);
        }
        self.works.push(work);
    }
}

/// What one message shows, each thing once.
#[derive(Default)]
struct Found {
    seen: Vec<Seen>,
    works: Vec<Work>,
}

impl Found {
    fn look(&mut self, group: &Group<'_, '_>, sent: bool, works: &[Work]) {
        if sent {
            self.add(share::of(group, works).map(Seen::Share));
            self.add(login::of(group).map(Seen::Login));
        } else if let Some(work) = work::of(group) {
            self.add(Some(Seen::Work { form: work.form, certain: work.certain }));
            if self.works.len() < limits::FRAME_WORKS {
                self.works.push(work);
            }
        }
    }

    fn add(&mut self, seen: Option<Seen>) {
        self.seen.extend(seen.filter(|seen| !self.seen.contains(seen)));
    }
}

impl Seen {
    fn fact(self, count: u32, location: &Location) -> Fact {
        match self {
            Self::Work { form, certain } => fact(FactName::PoolWork, u64::from(certain), count, form.word(), location),
            Self::Share(share) => fact(FactName::PoolShare, share.proof as u64, count, share.kind.word(), location),
            Self::Login(login) => fact(FactName::PoolLogin, 0, count, login.word(), location),
        }
    }
}

fn fact(name: FactName, value: u64, count: u32, text: &str, location: &Location) -> Fact {
    Fact { name, value, count, text: Some(text.to_owned()), location: location.clone() }
}
