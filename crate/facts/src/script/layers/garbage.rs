//! Letting go of what nobody uses any more: variables and objects that point at each other in circles among it.
//!
//! The machine holds every frame and object (so that letting go of one never lets go of a long chain of them at once). What
//! is held by nothing but the machine and by members that are themselves held by nothing else is garbage: references among
//! members are counted and subtracted; what is left over comes from outside, and all that can be reached from there stays.

use super::given::Given;
use super::machine::Frame;
use super::value::{Closure, Kind, Object, Thing, Value};
use std::rc::Rc;

/// A frame or an object.
#[derive(Debug)]
pub(super) enum Member<'a> {
    Frame(Rc<Frame<'a>>),
    Thing(Object<'a>),
}

/// What a member points at.
enum Child<'c, 'a> {
    Frame(&'c Rc<Frame<'a>>),
    Thing(&'c Object<'a>),
}

impl<'a> Member<'a> {
    fn holders(&self) -> u32 {
        let all = match self {
            Self::Frame(frame) => Rc::strong_count(frame),
            Self::Thing(thing) => Rc::strong_count(thing),
        };
        (all - 1) as u32
    }

    fn number(&self, number: u32) {
        match self {
            Self::Frame(frame) => frame.number.set(number),
            Self::Thing(thing) => thing.number.set(number),
        }
    }

    fn clear(&self) {
        match self {
            Self::Frame(frame) => {
                let slots = frame.slots.try_borrow_mut().map(|mut slots| std::mem::take(&mut *slots));
                drop(slots);
            }
            Self::Thing(thing) => thing.clear(),
        }
    }

    /// Calls `visit` with the number of each member that this one points at. `owned` leaves out what a frame reaches only
    /// through a function that another member owns.
    fn children(&self, owned: bool, visit: &mut impl FnMut(u32)) {
        let mut child = |child: Child<'_, 'a>| {
            visit(match child {
                Child::Frame(frame) => frame.number.get(),
                Child::Thing(thing) => thing.number.get(),
            });
        };
        match self {
            Self::Frame(frame) => of_frame(frame, owned, &mut child),
            Self::Thing(thing) => of_thing(thing, &mut child),
        }
    }
}

fn of_value<'a>(value: &Value<'a>, child: &mut impl FnMut(Child<'_, 'a>)) {
    if let Value::Object(object) = value {
        child(Child::Thing(object));
    }
}

fn of_frame<'a>(frame: &Frame<'a>, owned: bool, child: &mut impl FnMut(Child<'_, 'a>)) {
    if let Some(parent) = &frame.parent {
        child(Child::Frame(parent));
    }
    frame.slots.borrow().iter().for_each(|value| of_value(value, child));
    frame.given.iter().flat_map(Given::known).for_each(|value| of_value(value, child));
    of_value(&frame.this, child);
    if let (false, Some(class)) = (owned, &frame.class) {
        of_closure(class, child);
    }
}

fn of_closure<'a>(closure: &Closure<'a>, child: &mut impl FnMut(Child<'_, 'a>)) {
    child(Child::Frame(&closure.frame));
    closure.parent.iter().for_each(|value| of_value(value, child));
}

fn of_thing<'a>(thing: &Thing<'a>, child: &mut impl FnMut(Child<'_, 'a>)) {
    match &*thing.kind.borrow() {
        Kind::Array(elements) => elements.iter().for_each(|value| of_value(value, child)),
        Kind::Function(closure) => of_closure(closure, child),
        Kind::Bound(bound) => {
            [&bound.target, &bound.this].into_iter().chain(&bound.given).for_each(|value| of_value(value, child));
        }
        Kind::Map(entries) => entries.iter().for_each(|(key, value)| {
            of_value(key, child);
            of_value(value, child);
        }),
        _ => {}
    }
    thing.properties.borrow().values().for_each(|value| of_value(value, child));
    if let Some(proto) = &*thing.proto.borrow() {
        child(Child::Thing(proto));
    }
}

/// Lets go of garbage.
pub(super) fn collect(members: &mut Vec<Member<'_>>) {
    for (number, member) in members.iter().enumerate() {
        member.number(number as u32);
    }
    let mut holders: Vec<u32> = members.iter().map(Member::holders).collect();
    for member in &*members {
        member.children(true, &mut |number| {
            if let Some(holders) = holders.get_mut(number as usize) {
                *holders = holders.saturating_sub(1);
            }
        });
    }
    let mut used: Vec<bool> = holders.iter().map(|holders| *holders > 0).collect();
    let mut open: Vec<u32> = (0..).zip(&used).filter(|(_, used)| **used).map(|(number, _)| number).collect();
    drop(holders);
    while let Some(member) = open.pop().and_then(|number| members.get(number as usize)) {
        member.children(false, &mut |number| {
            if let Some(used) = used.get_mut(number as usize).filter(|used| !**used) {
                *used = true;
                open.push(number);
            }
        });
    }
    members.iter().zip(&used).filter(|(_, used)| !**used).for_each(|(member, _)| member.clear());
    let mut used = used.into_iter();
    members.retain(|_| used.next().unwrap_or(true));
}

/// Cuts all circles at the end.
pub(super) fn clear(members: &[Member<'_>]) {
    members.iter().for_each(Member::clear);
}
