//! Reading regular expressions into steps.

use super::{Set, Step};

/// Groups, and parts inside of each other, beyond which an expression is not read.
const GROUPS: usize = 32;
const DEPTH: usize = 32;

/// Reads an expression into steps. Places in them count from where the steps will stand.
pub(super) struct Reader {
    units: Vec<u16>,
    at: usize,
    groups: usize,
    marks: usize,
    depth: usize,
}

impl Reader {
    /// At the beginning of an expression. Group 0 is the whole.
    pub(super) fn new(source: &str) -> Self {
        Self { units: source.encode_utf16().collect(), at: 0, groups: 1, marks: 0, depth: 0 }
    }

    /// All of it, to stand from `start` on.
    pub(super) fn whole(&mut self, start: usize) -> Option<Vec<Step>> {
        let steps = self.choice(start)?;
        (self.at == self.units.len()).then_some(steps)
    }

    /// Groups that were read.
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    fn peek(&self) -> Option<char> {
        self.units.get(self.at).map(|unit| char::from_u32(u32::from(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    /// `a|b`, to stand from `start` on.
    fn choice(&mut self, start: usize) -> Option<Vec<Step>> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let first = self.sequence(start + 1)?;
        let steps = if self.eat('|') {
            let second_at = start + first.len() + 2;
            let second = self.choice(second_at)?;
            let end = second_at + second.len();
            let mut steps = vec![Step::Fork(start + 1, second_at)];
            steps.extend(first);
            steps.push(Step::Jump(end));
            steps.extend(second);
            steps
        } else {
            let mut steps = vec![Step::Jump(start + 1)];
            steps.extend(first);
            steps
        };
        self.depth -= 1;
        Some(steps)
    }

    fn sequence(&mut self, start: usize) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let from = start + steps.len();
            let before = (self.at, self.groups);
            let atom = self.atom(from)?;
            let Some((least, most, greedy)) = self.repetition()? else {
                steps.extend(atom);
                continue;
            };
            // The atom is read again for each of its copies, where it stands then; its groups keep their numbers.
            let after = self.at;
            let groups = self.groups;
            let copy = |reader: &mut Self, from: usize| {
                (reader.at, reader.groups) = before;
                let atom = reader.atom(from);
                (reader.at, reader.groups) = (after, groups);
                atom
            };
            for _ in 0..least {
                let atom = copy(self, start + steps.len())?;
                steps.extend(atom);
            }
            match most {
                Some(most) => {
                    for _ in least..most {
                        let at = start + steps.len();
                        let atom = copy(self, at + 1)?;
                        let end = at + 1 + atom.len();
                        steps.push(if greedy { Step::Fork(at + 1, end) } else { Step::Fork(end, at + 1) });
                        steps.extend(atom);
                    }
                }
                None => {
                    let at = start + steps.len();
                    let mark = self.marks;
                    self.marks += 1;
                    let atom = copy(self, at + 2)?;
                    let end = at + 2 + atom.len() + 2;
                    steps.push(if greedy { Step::Fork(at + 1, end) } else { Step::Fork(end, at + 1) });
                    steps.push(Step::Mark(mark));
                    steps.extend(atom);
                    steps.extend([Step::Moved(mark), Step::Jump(at)]);
                }
            }
            if steps.len() > 4096 {
                return None;
            }
        }
        Some(steps)
    }

    /// `*`, `+`, `?`, `{2,3}`: least, most, and whether as often as possible.
    fn repetition(&mut self) -> Option<Option<(usize, Option<usize>, bool)>> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.at += 1;
                let least = self.number()?;
                let most = if self.eat(',') {
                    if self.peek() == Some('}') { None } else { Some(self.number()?) }
                } else {
                    Some(least)
                };
                if self.peek() != Some('}') || least > 64 || most.is_some_and(|most| most > 64 || most < least) {
                    return None;
                }
                (least, most)
            }
            _ => return Some(None),
        };
        self.at += 1;
        Some(Some((least, most, !self.eat('?'))))
    }

    fn number(&mut self) -> Option<usize> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            value = Some((value.unwrap_or(0usize) * 10 + digit as usize).min(9999));
            self.at += 1;
        }
        value
    }

    fn atom(&mut self, start: usize) -> Option<Vec<Step>> {
        let c = self.peek()?;
        self.at += 1;
        let one = |set| Some(vec![Step::Set(set)]);
        match c {
            '.' => one(Set { ranges: vec![(10, 10), (13, 13), (0x2028, 0x2029)], negated: true }),
            '^' => Some(vec![Step::Start]),
            '$' => Some(vec![Step::End]),
            '[' => one(self.class()?),
            '(' => self.group(start),
            '\\' => match self.peek()? {
                'b' | 'B' => {
                    let wanted = self.eat('b');
                    self.at += usize::from(!wanted);
                    Some(vec![Step::Border(wanted)])
                }
                // A reference back to a group.
                '1'..='9' | 'k' => None,
                _ => one(self.escape()?),
            },
            '*' | '+' | '?' => None,
            _ => {
                let unit = self.units[self.at - 1];
                one(Set { ranges: vec![(unit, unit)], negated: false })
            }
        }
    }

    fn group(&mut self, start: usize) -> Option<Vec<Step>> {
        let mut number = None;
        if self.eat('?') {
            // Looking around is not followed.
            if !self.eat(':') {
                return None;
            }
        } else {
            if self.groups >= GROUPS {
                return None;
            }
            number = Some(self.groups);
            self.groups += 1;
        }
        let mut steps = Vec::new();
        steps.extend(number.map(|number| Step::Save(number * 2)));
        let inner = self.choice(start + steps.len())?;
        steps.extend(inner);
        if !self.eat(')') {
            return None;
        }
        steps.extend(number.map(|number| Step::Save(number * 2 + 1)));
        Some(steps)
    }

    /// What stands between square brackets.
    fn class(&mut self) -> Option<Set> {
        let negated = self.eat('^');
        let mut ranges = Vec::new();
        while !self.eat(']') {
            let low = self.class_member()?;
            if self.peek() == Some('-') && self.units.get(self.at + 1) != Some(&u16::from(b']')) {
                self.at += 1;
                let high = self.class_member()?;
                match (low.as_slice(), high.as_slice()) {
                    ([(low, _)], [(_, high)]) if low <= high => ranges.push((*low, *high)),
                    _ => return None,
                }
            } else {
                ranges.extend(low);
            }
        }
        Some(Set { ranges, negated })
    }

    fn class_member(&mut self) -> Option<Vec<(u16, u16)>> {
        let unit = *self.units.get(self.at)?;
        self.at += 1;
        if unit == u16::from(b'\\') {
            if self.eat('b') {
                return Some(vec![(8, 8)]);
            }
            let set = self.escape()?;
            return if set.negated { Some(complement(&set)) } else { Some(set.ranges) };
        }
        Some(vec![(unit, unit)])
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Option<Set> {
        let c = self.peek()?;
        self.at += 1;
        let set = |ranges: &[(u16, u16)], negated| Some(Set { ranges: ranges.to_vec(), negated });
        let unit = |unit| set(&[(unit, unit)], false);
        const DIGIT: &[(u16, u16)] = &[(48, 57)];
        const WORD: &[(u16, u16)] = &[(48, 57), (65, 90), (95, 95), (97, 122)];
        const SPACE: &[(u16, u16)] = &[(9, 13), (32, 32), (0xa0, 0xa0), (0x2028, 0x2029), (0xfeff, 0xfeff)];
        match c {
            'd' | 'D' => set(DIGIT, c == 'D'),
            'w' | 'W' => set(WORD, c == 'W'),
            's' | 'S' => set(SPACE, c == 'S'),
            'n' => unit(10),
            'r' => unit(13),
            't' => unit(9),
            'f' => unit(12),
            'v' => unit(11),
            '0' => unit(0),
            'x' => unit(self.digits(2)?),
            'u' => unit(self.digits(4)?),
            'c' | 'p' | 'P' => None,
            _ => unit(self.units[self.at - 1]),
        }
    }

    fn digits(&mut self, count: usize) -> Option<u16> {
        let mut value = 0;
        for _ in 0..count {
            value = value << 4 | self.peek()?.to_digit(16)?;
            self.at += 1;
        }
        u16::try_from(value).ok()
    }
}

/// The units that a negated set holds, as ranges.
fn complement(set: &Set) -> Vec<(u16, u16)> {
    let mut ranges = set.ranges.clone();
    davy_model::sort(&mut ranges);
    let mut holes = Vec::new();
    let mut next = 0u16;
    for (low, high) in ranges {
        if low > next {
            holes.push((next, low - 1));
        }
        match high.checked_add(1) {
            Some(above) => next = next.max(above),
            None => return holes,
        }
    }
    holes.push((next, u16::MAX));
    holes
}
