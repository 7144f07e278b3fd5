//! What must be known of a program before its functions are written down: which functions there are and which stand for a
//! part of the one around them, who else uses a variable, and what holds a constant for good.

mod visit;

use super::super::program::{Program, Scoping};
use super::constant::Known;
use super::field::Fields;
use super::kinds::Kinds;
use super::lanes::Lanes;
use super::members::Members;
use super::near::{Call, Callee, Edge, Few};
use super::property::Properties;
use super::wrapper::Wrapper;
use oxc_ast::ast::{Argument, Expression, FormalParameters, IdentifierReference};
use oxc_ast_visit::VisitJs;
use oxc_syntax::operator::UnaryOperator;
use oxc_syntax::symbol::SymbolId;
use std::collections::BTreeMap;

/// A variable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Symbol {
    /// Times it is assigned to, its declaration not counted.
    pub(super) writes: u32,
    /// What it holds for good.
    pub(super) known: Known,
    /// Bytes of an element, where it holds a typed array.
    pub(super) size: Option<u8>,
    /// Whether it is moved on: it counts, and is no bound.
    pub(super) counts: bool,
    /// Elements of the typed array that it holds, where that is known.
    pub(super) length: Option<u32>,
    /// Whether functions other than the one that declares it use it.
    pub(super) is_shared: bool,
    /// Whether it is moved on by a multiple of 16, as asm.js does with its stack pointer.
    pub(super) is_pointer: bool,
    /// Whether it is an index somewhere.
    pub(super) is_index: bool,
}

/// The number of a scope or symbol, or none: a program has one of these for each of its functions, or some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(u32);

impl Default for Number {
    fn default() -> Self {
        Self::from(None)
    }
}

impl From<Option<usize>> for Number {
    fn from(number: Option<usize>) -> Self {
        Self(number.map_or(u32::MAX, |number| number as u32))
    }
}

impl Number {
    /// The number, where there is one.
    pub(super) fn get(self) -> Option<usize> {
        (self.0 != u32::MAX).then_some(self.0 as usize)
    }
}

/// A function.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    /// Its number among those that are written down; none for one that stands for a part of the function around it.
    pub(super) index: Option<u32>,
    /// Variables that its parameters are, where they are plain.
    pub(super) symbols: Box<[Number]>,
    /// Variable that names it.
    pub(super) symbol: Number,
    /// Exclusive-ors.
    pub(super) mixes: u32,
    /// Calls of hashes that the program does not hold.
    pub(super) digests: u32,
    /// Shifts and products of words.
    pub(super) shifts: u32,
    /// Whether it calls a library's hash.
    pub(super) calls_hasher: bool,
    /// The function around it, by scope.
    pub(super) outer: Number,
    /// Whether it is written down.
    pub(super) is_written: bool,
    /// What it only stands for.
    pub(super) wrapper: Option<Wrapper>,
    /// Whether it gives a value back.
    pub(super) gives: bool,
    /// Whether one that is no answer: yes or no, or a number that it was handed.
    pub(super) gives_other: bool,
    /// Whether it hashes or calls what does, a few calls away.
    pub(super) leads: bool,
    /// Whether what it gives back is what a hash gave.
    pub(super) gives_hash: bool,
}

impl Member {
    /// How many parameters it has.
    pub(super) fn parameters(&self) -> usize {
        self.symbols.len()
    }

    /// Whether it hashes, by itself or by the browser's digest.
    pub(super) fn hashes(&self) -> bool {
        self.mixes_much() || self.digests > 0
    }

    /// Whether it hashes by itself.
    pub(super) fn mixes_much(&self) -> bool {
        /// Exclusive-ors of a function that hashes by itself.
        const LEAST_MIXES: u32 = 4;
        self.mixes >= LEAST_MIXES
    }
}

/// What a function gives back: the variable that names its maker, where another function made it, and what it is otherwise.
type Returned = (Option<usize>, Known);

/// All of it.
pub(super) struct Scan<'p, 'a> {
    pub(super) program: &'p Program<'p, 'a>,
    pub(super) scoping: &'p Scoping,
    pub(super) symbols: Vec<Symbol>,
    /// Functions by scope.
    pub(super) members: Members,
    /// The function that each scope belongs to, parts of it taken for it.
    pub(super) hosts: Vec<u32>,
    /// What properties hold, by name.
    pub(super) properties: Properties<'p>,
    /// Lists of constants by where they stand in the text: address and bytes of an element.
    pub(super) arrays: BTreeMap<u32, (u32, u8)>,
    /// Orders of statements that variables hold, as `'2|0|1'.split('|')`.
    pub(super) orders: BTreeMap<usize, &'p str>,
    pub(super) data: Vec<u8>,
    /// Which variables hold BigInts.
    pub(super) kinds: Kinds,
    /// Arguments of functions that are called by name: function, parameter, kind.
    pub(super) handed: Vec<(usize, usize, usize)>,
    /// Who calls what.
    pub(super) calls: Vec<Call<'p>>,
    /// The caller's scope, and what names tell of the callee, of functions that are handed over by name.
    pub(super) handovers: Vec<(usize, Callee<'p>)>,
    /// Who calls whom or hands whom over, by scope, sorted.
    pub(super) down: Vec<Edge>,
    /// Whose values a function gives back, as they are or in another form.
    pub(super) relays: Vec<(usize, Callee<'p>)>,
    /// Functions that a function makes and gives back, or has another one make, by its scope.
    returned: BTreeMap<usize, Vec<Returned>>,
    /// Texts that variables hold for good.
    pub(super) texts: BTreeMap<usize, &'p str>,
    /// What only a permutation and the generator of its constants hold.
    pub(super) lanes: Lanes,
    /// Fields of objects that are their own state, and are kept like variables.
    pub(super) fields: Fields<'p>,
    /// Variables that hold the browser's digest itself.
    pub(super) digesters: Vec<usize>,
    /// Functions written down so far; 0 is the program itself.
    pub(super) functions: u32,
    /// Whether any function only stands for an operator or a call.
    pub(super) has_wrappers: bool,
    /// Whether a BigInt is written anywhere.
    pub(super) has_bigs: bool,
    /// Exclusive-ors of all functions, and calls of hashes that the program does not hold.
    mixes: u32,
    digests: u32,
    /// Scopes of the functions around what is read now, the innermost last.
    around: Vec<usize>,
    /// The same, each part by its own scope.
    inside: Vec<usize>,
    /// Whether the next function stands for a part of the one around it.
    is_part: bool,
    /// Bytes of an element of the typed array that the next list fills.
    filled: Option<u8>,
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// What is known of a program before it is lowered; nothing where nothing can be told of what it computes.
    pub(super) fn of(program: &'p Program<'p, 'a>) -> Option<Self> {
        let scoping = program.scoping;
        let symbols = scoping.symbols().map(|(_, writes)| Symbol {
            writes,
            known: Known::Nothing,
            size: None,
            counts: false,
            length: None,
            is_shared: false,
            is_pointer: false,
            is_index: false,
        });
        let mut scan = Self {
            program,
            scoping,
            symbols: symbols.collect(),
            members: Members::new(scoping.scopes_len()),
            hosts: Vec::new(),
            properties: Properties::default(),
            arrays: BTreeMap::new(),
            orders: BTreeMap::new(),
            data: Vec::new(),
            kinds: Kinds::new(scoping.symbols_len()),
            handed: Vec::new(),
            calls: Vec::new(),
            handovers: Vec::new(),
            relays: Vec::new(),
            down: Vec::new(),
            returned: BTreeMap::new(),
            texts: BTreeMap::new(),
            lanes: Lanes::default(),
            fields: Fields::default(),
            digesters: Vec::new(),
            functions: 1,
            has_wrappers: false,
            has_bigs: false,
            mixes: 0,
            digests: 0,
            around: Vec::new(),
            inside: Vec::new(),
            is_part: false,
            filled: None,
        };
        scan.visit_program(program.tree);
        if !scan.can_matter() {
            return None;
        }
        scan.share();
        scan.choose_fields();
        scan.keep_round_constants();
        scan.hand_over();
        scan.choose();
        Some(scan)
    }

    /// Whether anything can be told of what the program computes: it mixes, calls a hash or holds a list of constants.
    fn can_matter(&self) -> bool {
        let hashes = || super::HASHES.iter().any(|word| self.program.text.contains(word));
        self.mixes > 0 || self.digests > 0 || !self.arrays.is_empty() || hashes()
    }

    /// Finds out which variables are used by functions that do not declare them.
    fn share(&mut self) {
        for scope in self.scoping.scopes() {
            let parent = self.scoping.parent(scope).and_then(|parent| self.hosts.get(parent)).copied().unwrap_or(0);
            let own = self.members.get(&scope).and_then(|member| member.index);
            self.hosts.push(own.unwrap_or(parent));
        }
        for (symbol, scope) in self.scoping.uses() {
            self.symbols[symbol].is_shared |= self.hosts[scope] != self.hosts[self.scoping.scope_of(symbol)];
        }
    }

    /// The variable that a name means.
    pub(super) fn symbol_of(&self, name: &IdentifierReference<'a>) -> Option<usize> {
        self.scoping.symbol_of(name.reference_id.get()?)
    }

    /// What a variable holds for good, also where that is what another one does.
    pub(super) fn resolve(&self, symbol: usize) -> Known {
        const HOPS: usize = 4;
        let mut known = self.symbols[symbol].known;
        for _ in 0..HOPS {
            match known {
                Known::Alias(other) => known = self.symbols[other].known,
                _ => return known,
            }
        }
        Known::Nothing
    }

    /// What a value is, functions among it.
    pub(super) fn function_or_known(&self, value: &Expression<'a>) -> Known {
        let scope = match value.get_inner_expression() {
            Expression::FunctionExpression(function) => function.scope_id.get(),
            Expression::ArrowFunctionExpression(arrow) => arrow.scope_id.get(),
            _ => return self.known(value),
        };
        scope.map_or(Known::Nothing, |scope| Known::Function(scope.index()))
    }

    /// Notes what a variable is given.
    fn give(&mut self, symbol: usize, value: &Expression<'a>, at_most: u32) {
        if self.symbols[symbol].writes <= at_most && self.symbols[symbol].known == Known::Nothing {
            let known = match self.function_or_known(value) {
                Known::Nothing => self.made_by(value),
                known => known,
            };
            self.symbols[symbol].known = if known == Known::Alias(symbol) { Known::Nothing } else { known };
        }
        if let Some(size) = self.made_size(value).or_else(|| self.list_size(value)) {
            self.symbols[symbol].size = Some(size);
        }
        self.symbols[symbol].length = self.made_length(value);
    }

    fn list_size(&self, value: &Expression<'a>) -> Option<u8> {
        let Expression::ArrayExpression(array) = value.get_inner_expression() else { return None };
        self.arrays.get(&array.span.start).map(|(_, size)| *size)
    }

    /// Enters a function; `scope` is its own.
    fn enter(&mut self, scope: usize, parameters: &FormalParameters<'a>) {
        let plain = |p: &oxc_ast::ast::FormalParameter<'a>| p.pattern.get_binding_identifier()?.symbol_id.get();
        let symbols = parameters.items.iter().map(|p| plain(p).map(SymbolId::index).into()).collect();
        let mut member = Member { symbols, outer: self.here_is().into(), is_written: true, ..Member::default() };
        if std::mem::take(&mut self.is_part) {
            self.around.push(self.around.last().copied().unwrap_or(usize::MAX));
        } else {
            member.index = Some(self.functions);
            self.functions += 1;
            self.around.push(scope);
        }
        self.inside.push(scope);
        self.members.insert(scope, member);
    }

    fn leave(&mut self) {
        self.around.pop();
        self.inside.pop();
    }

    /// Notes something of the function that is read now, and of the part of it that is.
    fn note(&mut self, note: impl Fn(&mut Member)) {
        let part = self.inside.last().filter(|scope| self.around.last() != Some(scope));
        for scope in self.around.last().into_iter().chain(part) {
            self.members.get_mut(scope).into_iter().for_each(&note);
        }
    }

    fn note_wrapper(&mut self, scope: usize, wrapper: Option<Wrapper>) {
        self.has_wrappers |= wrapper.is_some();
        if let Some(member) = self.members.get_mut(&scope) {
            member.wrapper = wrapper;
        }
    }

    /// The function that is read now.
    fn here(&mut self) -> Option<&mut Member> {
        self.members.get_mut(self.around.last()?)
    }

    /// Its scope; none for the program itself.
    pub(super) fn here_is(&self) -> Option<usize> {
        self.around.last().copied().filter(|scope| *scope != usize::MAX)
    }

    fn shifts(&mut self) {
        if let Some(member) = self.here() {
            member.shifts += 1;
        }
    }

    fn mixes(&mut self) {
        self.mixes += 1;
        if let Some(member) = self.here() {
            member.mixes += 1;
        }
    }

    /// Functions that are handed over, or called, where they stand are parts of the function around them.
    fn arguments(&mut self, arguments: &[Argument<'a>]) {
        for argument in arguments {
            self.is_part = argument.as_expression().is_some_and(is_function);
            if let Some(handed @ Expression::Identifier(_)) = argument.as_expression() {
                self.note_handover(handed);
            }
            self.visit_argument(argument);
        }
        self.is_part = false;
    }
}

/// Makers of functions that have others make them, one behind the other.
const MAKERS: u32 = 3;

/// Whether a value is a function that stands right there.
pub(super) fn is_function(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_))
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// The functions that a variable may be: the one that it holds, or those that were given back by the one that made it.
    pub(super) fn functions_of(&self, symbol: usize) -> Few {
        match self.resolve(symbol) {
            Known::Function(scope) => Few::of(std::iter::once(scope)),
            Known::Made(maker) => match self.resolve(maker) {
                Known::Function(scope) => self.given_back(scope, MAKERS),
                _ => Few::default(),
            },
            _ => Few::default(),
        }
    }

    fn given_back(&self, scope: usize, makers: u32) -> Few {
        let mut all = Vec::new();
        for (maker, known) in self.returned.get(&scope).into_iter().flatten() {
            let made = match (maker.map(|maker| self.resolve(maker)), makers.checked_sub(1)) {
                (Some(Known::Function(maker)), Some(makers)) if maker != scope => self.given_back(maker, makers),
                _ => Few::default(),
            };
            let own = match known {
                Known::Function(scope) => Some(*scope),
                Known::Alias(symbol) => match self.resolve(*symbol) {
                    Known::Function(scope) => Some(scope),
                    _ => None,
                },
                _ => None,
            };
            match made.as_slice() {
                [] => all.extend(own),
                made => all.extend(made),
            }
        }
        Few::of(all.into_iter())
    }

    /// `x = make(..)`: what one of the program's functions made.
    fn made_by(&self, value: &Expression<'a>) -> Known {
        let Expression::CallExpression(call) = value.get_inner_expression() else { return Known::Nothing };
        let Expression::Identifier(name) = call.callee.get_inner_expression() else { return Known::Nothing };
        self.symbol_of(name).map_or(Known::Nothing, Known::Made)
    }

    /// Notes what the function that is read now gives back: a function among it, also `Object.freeze(f)`.
    fn note_returned(&mut self, value: &Expression<'a>) {
        let last = match value.get_inner_expression() {
            Expression::SequenceExpression(list) => list.expressions.last().unwrap_or(value),
            value => value,
        };
        let first = match last.get_inner_expression() {
            Expression::CallExpression(call) => {
                self.note_relay(call);
                call.arguments.first().and_then(Argument::as_expression)
            }
            _ => None,
        };
        let known = self.function_or_known(first.unwrap_or(last));
        let answers = self.is_answer(last);
        if let Some(member) = self.here() {
            member.gives = true;
        }
        self.note(|member| member.gives_other |= !answers);
        let maker = match self.made_by(last) {
            Known::Made(maker) => Some(maker),
            _ => None,
        };
        let is_function = matches!(known, Known::Function(_) | Known::Alias(_));
        if let Some(here) = self.here_is().filter(|_| is_function || maker.is_some()) {
            // Most functions give back one.
            self.returned.entry(here).or_insert_with(|| Vec::with_capacity(1)).push((maker, known));
        }
    }

    /// Whether what a function gives back only says what it found out: `return hash[0] === 0`, `zeros(hash) ? nonce : -1`.
    fn is_answer(&self, value: &Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::UnaryExpression(unary) => {
                unary.operator == UnaryOperator::LogicalNot || unary.argument.is_literal()
            }
            Expression::BinaryExpression(binary) => binary.operator.is_compare() || binary.operator.is_equality(),
            Expression::LogicalExpression(both) => self.is_answer(&both.left) && self.is_answer(&both.right),
            Expression::ConditionalExpression(choice) => {
                self.is_answer(&choice.consequent) && self.is_answer(&choice.alternate)
            }
            Expression::Identifier(name) => {
                let symbol = self.symbol_of(name);
                let member = self.inside.last().and_then(|scope| self.members.get(scope));
                name.name == "undefined"
                    || symbol.is_some() && member.is_some_and(|m| m.symbols.iter().any(|own| own.get() == symbol))
            }
            value => value.is_literal(),
        }
    }

    /// `x = x + 16 | 0`.
    fn moves_on(&self, symbol: usize, value: &Expression<'a>) -> bool {
        let Expression::BinaryExpression(whole) = value.get_inner_expression() else { return false };
        let sum = match whole.left.get_inner_expression() {
            Expression::BinaryExpression(sum) => sum,
            _ => whole,
        };
        let Expression::Identifier(name) = sum.left.get_inner_expression() else { return false };
        let step = match self.known(&sum.right) {
            Known::Number(n) => n,
            _ => return false,
        };
        self.symbol_of(name) == Some(symbol) && step >= 16.0 && step % 16.0 == 0.0
    }
}
