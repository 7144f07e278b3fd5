//! The machine: frames of variables, calls, and what happens where a condition is not known.
//!
//! Code is followed as an engine would follow it as long as its values are known. Where a condition is unknown both
//! branches are taken one after the other, where a function is never called it is called once with unknown arguments:
//! what matters is what code *can* hand to the engine, not in which order. Nothing of the outside is there: no page, no
//! network, no clock. Every step is counted.

use super::early::{Early, SWEEP_BYTES, SWEEP_MEMBERS, home};
use super::garbage::{self, Member};
use super::given::Given;
use super::handed::Handed;
use super::meter::{Held, Meter, Spent};
use super::pattern::Patterns;
use super::places::{Place, Places};
use super::property::Properties;
use super::shortcut::Shortcut;
use super::strings::Recorder;
use super::units::{Text, Units};
use super::value::{Bound, Closure, Code, Kind, Object, Thing, Value};
use crate::limits::{LAYER_CALLS, LAYER_DEPTH};
use oxc_ast::ast::{ArrowFunctionBody, FormalParameters, Function, FunctionBody};
use oxc_span::Span;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Bytes that a frame weighs, and each of its slots.
const FRAME: usize = 160;
const SLOT: usize = 16;

/// The variables of one call.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) function: u32,
    pub(super) parent: Option<Rc<Frame<'a>>>,
    pub(super) slots: RefCell<Vec<Value<'a>>>,
    pub(super) this: Value<'a>,
    /// What it was called with; arrow functions have what is around them.
    pub(super) given: Option<Given<'a>>,
    /// The class whose constructor or method runs.
    pub(super) class: Option<Rc<Closure<'a>>>,
    /// Its number while garbage is looked for.
    pub(super) number: Cell<u32>,
    _held: Held,
}

/// Why evaluation does not go on to the next step.
#[derive(Debug)]
pub(super) enum Abrupt<'a> {
    Throw(Value<'a>),
    Spent,
}

impl From<Spent> for Abrupt<'_> {
    fn from(_: Spent) -> Self {
        Self::Spent
    }
}

/// What evaluating gives.
pub(super) type Evaluated<'a, T = Value<'a>> = Result<T, Abrupt<'a>>;

/// Where execution goes after a statement.
#[derive(Debug)]
pub(super) enum Flow<'a> {
    Next,
    Break(Option<&'a str>),
    Continue(Option<&'a str>),
    Return(Value<'a>),
}

/// When a function is called that the program itself does not call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Before others: it hands something on.
    First,
    Later,
    /// Like others, but not for long: all that it may do is to call what decodes. With the bytes of its text.
    Last(u64),
}

impl Turn {
    /// What is cut short where one that has few steps calls it is not called again: those come last.
    fn round(self) -> u32 {
        match self {
            Self::First => 0,
            Self::Later => 1,
            Self::Last(_) => 2,
        }
    }
}

/// One evaluation of one program.
pub(super) struct Machine<'a, 's> {
    pub(super) places: Places<'s>,
    /// The program's text.
    pub(super) source: &'a str,
    pub(super) meter: Meter,
    pub(super) globals: Properties<'a>,
    pub(super) frame: Rc<Frame<'a>>,
    pub(super) strings: Recorder,
    pub(super) handed: Handed,
    /// Conditions around here that are not known.
    pub(super) forced: u32,
    /// `try` blocks around here.
    pub(super) tries: u32,
    /// Whether a loop may have been left in a branch that may not be taken.
    pub(super) leaving: bool,
    /// What the function may have returned in such a branch.
    pub(super) maybe: Option<Value<'a>>,
    depth: u32,
    calls: u32,
    /// By function: how many calls of it are going on.
    active: Vec<u16>,
    /// By function: whether it was ever called.
    pub(super) called: Vec<bool>,
    /// The first closure of every function, in the order of their making; none of what was called since.
    pub(super) made: Vec<Option<Object<'a>>>,
    is_made: Vec<bool>,
    /// By function: whether it is known to do what can be done at once.
    shortcuts: Vec<Shortcut>,
    /// Regular expressions that were read last.
    pub(super) patterns: Patterns,
    pub(super) members: Vec<Member<'a>>,
    /// Members and bytes at which those that nobody uses are let go of.
    pub(super) sweep: (usize, usize),
    pub(super) early: Early,
}

impl<'a, 's> Machine<'a, 's> {
    /// A machine at the beginning of a program.
    pub(super) fn new(places: Places<'s>, source: &'a str, meter: Meter) -> Self {
        let functions = places.functions();
        let frame = Rc::new(Frame {
            function: 0,
            parent: None,
            slots: RefCell::new(vec![Value::Undefined; places.slots(0)]),
            this: Value::Native(super::builtin::Native::Global),
            given: None,
            class: None,
            number: Cell::new(u32::MAX),
            _held: Held::new(&meter, FRAME + places.slots(0) * SLOT),
        });
        let members = vec![Member::Frame(frame.clone())];
        Self {
            strings: Recorder::default(),
            patterns: Patterns::default(),
            handed: Handed::default(),
            globals: Properties::default(),
            forced: 0,
            tries: 0,
            leaving: false,
            maybe: None,
            depth: 0,
            calls: 0,
            active: vec![0; functions],
            called: vec![false; functions],
            made: Vec::new(),
            is_made: vec![false; functions],
            sweep: (SWEEP_MEMBERS, SWEEP_BYTES),
            early: Early::after(0, source),
            members,
            places,
            source,
            shortcuts: vec![Shortcut::default(); functions],
            meter,
            frame,
        }
    }

    /// Goes one level deeper; `None` where that is too deep, and then the value there stays unknown.
    pub(super) fn enter<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= LAYER_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    // -- making things --

    /// A new object.
    pub(super) fn object(&mut self, kind: Kind<'a>) -> Evaluated<'a, Object<'a>> {
        self.meter.step(2)?;
        self.meter.room(0)?;
        let thing = Thing::new(kind, &self.meter);
        self.remember(Member::Thing(thing.clone()))?;
        Ok(thing)
    }

    /// A new array.
    pub(super) fn array(&mut self, elements: Vec<Value<'a>>) -> Evaluated<'a> {
        self.meter.room(elements.len() * SLOT)?;
        Ok(Value::Object(self.object(Kind::Array(elements))?))
    }

    /// A string.
    pub(super) fn text(&self, text: &str) -> Value<'a> {
        Value::Text(Text::from_str(text, &self.meter))
    }

    /// A string of units.
    pub(super) fn units(&self, units: Units) -> Value<'a> {
        Value::Text(Text::new(units, &self.meter))
    }

    /// A function; the first closure of each is kept to be called later.
    pub(super) fn closure(&mut self, code: Code<'a>, parent: Option<Value<'a>>) -> Evaluated<'a, Object<'a>> {
        let closure = Closure { code, frame: self.frame.clone(), home: RefCell::new(Weak::new()), parent };
        let object = self.object(Kind::Function(Rc::new(closure)))?;
        let function = self.function(code) as usize;
        if !matches!(code, Code::Class(_)) && !self.is_made.get(function).copied().unwrap_or(true) {
            self.is_made[function] = true;
            self.made.push(Some(object.clone()));
        }
        Ok(object)
    }

    pub(super) fn function(&self, code: Code<'a>) -> u32 {
        self.places.function(match code {
            Code::Function(function) => function.scope_id.get(),
            Code::Arrow(arrow) => arrow.scope_id.get(),
            Code::Class(class) => class.scope_id.get(),
        })
    }

    /// How a function is written: self-defending code looks at itself.
    pub(super) fn source_of(&self, code: Code<'a>) -> &'a str {
        let span = span_of(code);
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    // -- variables --

    fn frame_of(&self, place: Place) -> Option<&Rc<Frame<'a>>> {
        let mut frame = &self.frame;
        while frame.function != place.function {
            frame = frame.parent.as_ref()?;
        }
        Some(frame)
    }

    /// The value of a variable.
    pub(super) fn read(&self, place: Place) -> Value<'a> {
        let slots = self.frame_of(place).map(|frame| frame.slots.borrow());
        slots.and_then(|slots| slots.get(place.slot as usize).cloned()).unwrap_or(Value::Unknown)
    }

    /// The value of a variable, taken out of it: it is about to be written.
    pub(super) fn take(&self, place: Place) -> Value<'a> {
        self.swap(place, Value::Undefined).unwrap_or(Value::Unknown)
    }

    /// Sets a variable.
    pub(super) fn write(&self, place: Place, value: Value<'a>) {
        self.swap(place, value);
    }

    fn swap(&self, place: Place, value: Value<'a>) -> Option<Value<'a>> {
        let mut slots = self.frame_of(place)?.slots.borrow_mut();
        Some(std::mem::replace(slots.get_mut(place.slot as usize)?, value))
    }

    // -- calls --

    /// Calls a value.
    pub(super) fn call(&mut self, callee: &Value<'a>, this: Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        match callee {
            Value::Native(native) => self.call_native(*native, this, given),
            Value::Object(object) => self.call_object(object, this, given),
            Value::Unknown => Ok(Value::Unknown),
            _ => self.wrong("is not a function"),
        }
    }

    fn call_object(&mut self, object: &Object<'a>, this: Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        if let Some(closure) = object.closure() {
            return self.call_closure(&closure, object, this, given);
        }
        let bound = match &*object.kind.borrow() {
            Kind::Bound(bound) => Some(Bound::clone(bound)),
            _ => None,
        };
        match bound {
            Some(Bound { target, this, given: mut first }) => {
                first.extend(given);
                self.enter(|machine| machine.call(&target, this, first)).unwrap_or(Ok(Value::Unknown))
            }
            None => self.wrong("is not a function"),
        }
    }

    /// What a mistake gives: inside of a `try` it is thrown, as decoders rely on; elsewhere the mistake is rather ours.
    pub(super) fn wrong(&mut self, _because: &str) -> Evaluated<'a> {
        if self.tries > 0 && self.forced == 0 { Err(Abrupt::Throw(Value::Unknown)) } else { Ok(Value::Unknown) }
    }

    fn call_closure(
        &mut self,
        closure: &Rc<Closure<'a>>,
        object: &Object<'a>,
        this: Value<'a>,
        given: Vec<Value<'a>>,
    ) -> Evaluated<'a> {
        let function = self.function(closure.code) as usize;
        let again = self.forced > 0 && self.active.get(function).is_some_and(|&active| active > 0);
        if self.calls >= LAYER_CALLS || again {
            return Ok(Value::Unknown);
        }
        self.meter.step(4)?;
        let texts = match given.as_slice() {
            [Value::Text(a), Value::Text(b)] => Some((a.clone(), b.clone())),
            _ => None,
        };
        if let Some((text, key)) = &texts
            && let Some(decoded) = self.shortcuts.get(function).and_then(|known| known.take(text, key, &self.meter))
        {
            self.meter.room((text.len() + key.len()) * 16 + 1024)?;
            return Ok(Value::Text(decoded));
        }
        let before = self.meter.left();
        self.meter.room(self.places.slots(function as u32) * SLOT)?;
        let is_arrow = matches!(closure.code, Code::Arrow(_));
        let frame = Rc::new(Frame {
            function: function as u32,
            parent: Some(closure.frame.clone()),
            slots: RefCell::new(vec![Value::Undefined; self.places.slots(function as u32)]),
            this: if is_arrow { closure.frame.this.clone() } else { this },
            class: if is_arrow { closure.frame.class.clone() } else { Some(closure.clone()) },
            given: (!is_arrow).then(|| Given::of(&given)),
            number: Cell::new(u32::MAX),
            _held: Held::new(&self.meter, FRAME + self.places.slots(function as u32) * SLOT),
        });
        self.remember(Member::Frame(frame.clone()))?;
        let outer = std::mem::replace(&mut self.frame, frame);
        let (leaving, maybe) = (std::mem::take(&mut self.leaving), self.maybe.take());
        self.calls += 1;
        self.active[function] += 1;
        self.called[function] = true;
        let result = self.enter(|machine| machine.body(closure, object, given)).unwrap_or(Ok(Value::Unknown));
        self.active[function] -= 1;
        self.calls -= 1;
        self.leaving = leaving;
        self.maybe = maybe;
        self.frame = outer;
        if let Ok(value) = &result {
            self.handed.returned(value, &self.meter);
            if let (Some((text, key)), Some(known)) = (&texts, self.shortcuts.get_mut(function)) {
                known.watch(text, key, value.as_text(), before - self.meter.left(), &self.meter);
            }
        }
        result
    }

    fn body(&mut self, closure: &Rc<Closure<'a>>, object: &Object<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        match closure.code {
            Code::Function(function) => self.function_body(function, object, given),
            Code::Arrow(arrow) => {
                self.parameters(&arrow.params, given)?;
                match &arrow.body {
                    ArrowFunctionBody::FunctionBody(body) => self.statements_of(body),
                    body => body.as_expression().map_or(Ok(Value::Undefined), |body| self.expression(body)),
                }
            }
            Code::Class(_) => Ok(Value::Unknown),
        }
    }

    fn function_body(
        &mut self,
        function: &'a Function<'a>,
        object: &Object<'a>,
        given: Vec<Value<'a>>,
    ) -> Evaluated<'a> {
        if let Some(id) = &function.id
            && let Some(place) = self.places.of_symbol(id.symbol_id.get())
            && place.function == self.frame.function
        {
            self.write(place, Value::Object(object.clone()));
        }
        self.parameters(&function.params, given)?;
        let result = function.body.as_ref().map_or(Ok(Value::Undefined), |body| self.statements_of(body))?;
        Ok(if function.generator { Value::Unknown } else { result })
    }

    fn parameters(&mut self, parameters: &'a FormalParameters<'a>, given: Vec<Value<'a>>) -> Evaluated<'a, ()> {
        let all_unknown = given.len() == 1 && given.first().is_some_and(Value::is_unknown) && self.is_forced_call();
        let mut given = given.into_iter();
        for parameter in &parameters.items {
            let value = given.next().unwrap_or(if all_unknown { Value::Unknown } else { Value::Undefined });
            let value = match (&parameter.initializer, &value) {
                (Some(initializer), Value::Undefined) => self.expression(initializer)?,
                _ => value,
            };
            self.bind(&parameter.pattern, value)?;
        }
        if let Some(rest) = &parameters.rest {
            let rest_given = given.collect();
            let value = if all_unknown { Value::Unknown } else { self.array(rest_given)? };
            self.bind(&rest.rest.argument, value)?;
        }
        Ok(())
    }

    fn is_forced_call(&self) -> bool {
        self.calls == 1
    }

    fn statements_of(&mut self, body: &'a FunctionBody<'a>) -> Evaluated<'a> {
        let flow = self.statements(&body.statements)?;
        let maybe = self.maybe.take();
        Ok(match (flow, maybe) {
            (Flow::Return(value), None) => value,
            (Flow::Return(value), Some(other)) if super::operator::same(&value, &other) == Some(true) => value,
            (Flow::Return(_), Some(_)) => Value::Unknown,
            (_, maybe) => maybe.unwrap_or(Value::Undefined),
        })
    }

    // -- functions that nobody called --

    /// Calls functions that were made and never called, each once with unknown arguments, until none is left, in the order
    /// of their turns. `slice` gives the steps for each.
    pub(super) fn call_the_rest(&mut self, turn: impl Fn(Span) -> Turn, mut slice: impl FnMut(Turn) -> u64) {
        for round in 0..3 {
            let mut next = 0;
            while let Some(made) = self.made.get(next).cloned() {
                next += 1;
                let Some((object, closure)) = made.and_then(|made| Some((made.clone(), made.closure()?))) else {
                    continue;
                };
                if self.called.get(self.function(closure.code) as usize).copied().unwrap_or(true) {
                    continue;
                }
                let turn = turn(span_of(closure.code));
                let steps = if turn.round() <= round { slice(turn) } else { 0 };
                if steps == 0 {
                    continue;
                }
                self.meter.allow(steps);
                let this = self.ghost(&closure);
                self.reset();
                // Where it ends does not matter: what it handed on is known.
                let _ = self.call(&Value::Object(object), this, vec![Value::Unknown]);
            }
        }
    }

    /// Back to the ground after an evaluation that may have ended anywhere.
    pub(super) fn reset(&mut self) {
        while let Some(parent) = self.frame.parent.clone() {
            self.frame = parent;
        }
        (self.forced, self.tries, self.leaving, self.maybe) = (0, 0, false, None);
    }

    /// An object of which only the methods around the function are known.
    fn ghost(&mut self, closure: &Closure<'a>) -> Value<'a> {
        let Some(home) = home(closure) else { return Value::Unknown };
        let Ok(ghost) = self.object(Kind::Ghost) else { return Value::Unknown };
        *ghost.proto.borrow_mut() = Some(home);
        Value::Object(ghost)
    }
}

fn span_of(code: Code<'_>) -> Span {
    match code {
        Code::Function(function) => function.span,
        Code::Arrow(arrow) => arrow.span,
        Code::Class(class) => class.span,
    }
}

impl Drop for Machine<'_, '_> {
    /// Variables and objects point at each other in circles: each is emptied while all are still held.
    fn drop(&mut self) {
        garbage::clear(&self.members);
    }
}
