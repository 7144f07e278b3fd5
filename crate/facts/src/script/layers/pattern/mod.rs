//! Regular expressions, as far as decoders use them. What is not understood makes the whole expression unknown; matching
//! counts its steps like everything else, so that no expression can run away.

mod reader;

use super::machine::{Abrupt, Evaluated};
use super::meter::Meter;
use super::units::Text;
use super::value::Value;
use reader::Reader;
use std::collections::VecDeque;
use std::rc::Rc;

/// Steps for a match at one place, at least and for each unit of the text: what takes more is made to run away, and
/// counts as no match.
const STEPS: usize = 4096;
const STEPS_PER_UNIT: usize = 16;

/// Choices that are open at once while matching.
const OPEN: usize = 1 << 16;

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Pattern {
    source: String,
    flags: String,
    global: bool,
    fold: bool,
    multiline: bool,
    program: Vec<Step>,
    groups: usize,
}

/// One step of matching.
#[derive(Debug, Clone)]
enum Step {
    /// One unit out of a set.
    Set(Set),
    /// Try the first place, later the second.
    Fork(usize, usize),
    Jump(usize),
    /// Note a border of a group.
    Save(usize),
    /// Repeating what took nothing would not end: a place noted here must have moved at the check.
    Mark(usize),
    Moved(usize),
    Start,
    End,
    /// A word's border, or none.
    Border(bool),
    Done,
}

/// A set of units.
#[derive(Debug, Clone, Default)]
struct Set {
    ranges: Vec<(u16, u16)>,
    negated: bool,
}

impl Set {
    fn holds(&self, unit: u16, fold: bool) -> bool {
        let within = |unit: u16| self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&unit));
        let found = within(unit) || fold && other_case(unit).is_some_and(within);
        found != self.negated
    }
}

fn other_case(unit: u16) -> Option<u16> {
    let byte = u8::try_from(unit).ok().filter(u8::is_ascii_alphabetic)?;
    Some(u16::from(byte ^ 0x20))
}

/// Where an expression matched: start and end of the whole, then of each group.
#[derive(Debug)]
pub(super) struct Found(Vec<Option<usize>>);

impl Found {
    /// First unit.
    pub(super) fn start(&self) -> usize {
        self.0.first().copied().flatten().unwrap_or(0)
    }

    /// Behind the last unit.
    pub(super) fn end(&self) -> usize {
        self.0.get(1).copied().flatten().unwrap_or(0)
    }

    /// What the whole and each group matched.
    pub(super) fn texts<'a>(&self, text: &Text, meter: &Meter) -> Vec<Value<'a>> {
        let text = |pair: &[Option<usize>]| match pair {
            [Some(start), Some(end)] => Value::Text(text.slice(*start, *end, meter)),
            _ => Value::Undefined,
        };
        self.0.chunks(2).map(text).collect()
    }
}

/// Expressions that were read last: a function that is called often makes its own anew each time.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    known: VecDeque<Rc<Pattern>>,
}

/// How many.
const KNOWN: usize = 16;

impl Patterns {
    /// Reads an expression, or gives the one that is known.
    pub(super) fn read(&mut self, source: &str, flags: &str) -> Option<Rc<Pattern>> {
        if let Some(known) = self.known.iter().find(|known| known.source == source && known.flags == flags) {
            return Some(known.clone());
        }
        let pattern = Rc::new(Pattern::new(source, flags)?);
        if self.known.len() == KNOWN {
            self.known.pop_front();
        }
        self.known.push_back(pattern.clone());
        Some(pattern)
    }
}

impl Pattern {
    /// Reads an expression.
    pub(super) fn new(source: &str, flags: &str) -> Option<Self> {
        let mut reader = Reader::new(source);
        let mut program = vec![Step::Save(0)];
        program.extend(reader.whole(1)?);
        program.extend([Step::Save(1), Step::Done]);
        program.shrink_to_fit();
        Some(Self {
            source: source.to_owned(),
            flags: flags.to_owned(),
            global: flags.contains('g'),
            fold: flags.contains('i'),
            multiline: flags.contains('m'),
            program,
            groups: reader.groups(),
        })
    }

    /// The expression that matches exactly this text.
    pub(super) fn literal(text: &Text, global: bool) -> Self {
        let unit = |unit| Step::Set(Set { ranges: vec![(unit, unit)], negated: false });
        let steps = std::iter::once(Step::Save(0)).chain(text.units().map(unit));
        let program = steps.chain([Step::Save(1), Step::Done]).collect();
        let (source, flags) = (String::new(), String::new());
        Self { source, flags, global, fold: false, multiline: false, program, groups: 1 }
    }

    /// Whether it is meant for all matches.
    pub(super) fn is_global(&self) -> bool {
        self.global
    }

    /// As it is written.
    pub(super) fn written(&self) -> String {
        format!("/{}/{}", self.source, self.flags)
    }

    /// The first match at or behind `from`.
    pub(super) fn find<'a>(&self, text: &Text, from: usize, meter: &Meter) -> Evaluated<'a, Option<Found>> {
        for start in from..=text.len() {
            if let Some(first) = self.first()
                && !text.at(start).is_some_and(|unit| first.holds(unit, self.fold))
            {
                if start % 16 == 0 {
                    meter.step(1)?;
                }
                continue;
            }
            meter.step(1)?;
            if let Some(found) = self.matches(text, start, meter)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The set of the unit that every match begins with, where there is one.
    fn first(&self) -> Option<&Set> {
        let rest = self.program.iter().find(|step| !matches!(step, Step::Save(_) | Step::Border(_)));
        match rest {
            Some(Step::Set(set)) => Some(set),
            _ => None,
        }
    }

    fn matches<'a>(&self, text: &Text, start: usize, meter: &Meter) -> Evaluated<'a, Option<Found>> {
        let mut budget = STEPS + text.len() * STEPS_PER_UNIT;
        let mut open = vec![(0usize, start, vec![None; self.groups * 2], Vec::<(usize, usize)>::new())];
        while let Some((mut step, mut at, mut saved, mut marks)) = open.pop() {
            loop {
                meter.step(1)?;
                budget = match budget.checked_sub(1) {
                    Some(left) => left,
                    None => return Ok(None),
                };
                match self.program.get(step) {
                    None => break,
                    Some(Step::Done) => return Ok(Some(Found(saved))),
                    Some(Step::Set(set)) => {
                        if !text.at(at).is_some_and(|unit| set.holds(unit, self.fold)) {
                            break;
                        }
                        at += 1;
                    }
                    Some(Step::Fork(first, second)) => {
                        if open.len() >= OPEN {
                            return Err(Abrupt::Spent);
                        }
                        meter.step(saved.len() as u64 / 4)?;
                        open.push((*second, at, saved.clone(), marks.clone()));
                        step = *first;
                        continue;
                    }
                    Some(Step::Jump(to)) => {
                        step = *to;
                        continue;
                    }
                    Some(Step::Save(border)) => {
                        if let Some(place) = saved.get_mut(*border) {
                            *place = Some(at);
                        }
                    }
                    Some(Step::Mark(mark)) => {
                        marks.retain(|(known, _)| known != mark);
                        marks.push((*mark, at));
                    }
                    Some(Step::Moved(mark)) => {
                        if marks.contains(&(*mark, at)) {
                            break;
                        }
                    }
                    Some(Step::Start) => {
                        let begins =
                            at == 0 || self.multiline && at.checked_sub(1).and_then(|at| text.at(at)) == Some(10);
                        if !begins {
                            break;
                        }
                    }
                    Some(Step::End) => {
                        if at < text.len() && !(self.multiline && text.at(at) == Some(10)) {
                            break;
                        }
                    }
                    Some(Step::Border(wanted)) => {
                        let word = |at: Option<usize>| at.and_then(|at| text.at(at)).is_some_and(is_word);
                        if (word(at.checked_sub(1)) != word(Some(at))) != *wanted {
                            break;
                        }
                    }
                }
                step += 1;
            }
        }
        Ok(None)
    }
}

fn is_word(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
