//! Globals that could change and never do, or that are set to one constant and stay there: constants in all but name.

use super::fold::fold;
use super::module::{Body, Global, Module, operators};
use super::skim::code;
use super::step::plain;
use wasmparser::Operator;

/// What is known of one global that may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not asked for: it cannot change, or nothing is known of what it holds at first.
    Apart,
    /// Nobody has been seen to set it.
    Unset(u64),
    /// Everybody who has been seen to set it puts the same constant there, so many times.
    Set(u64, u32),
    Varies,
}

/// Sets of one global to a constant beyond which it is taken for a variable: a start function sets it once.
const MOST_SETS: u32 = 8;

/// Gives globals that hold one value for good the value.
pub(super) fn fold_globals(module: &mut Module<'_>) {
    let first = |global: &Global| global.initial.filter(|_| global.constant.is_none());
    let mut states: Vec<State> = module.globals.iter().map(|g| first(g).map_or(State::Apart, State::Unset)).collect();
    let is_open = |state: &State| matches!(state, State::Unset(_) | State::Set(..));
    let mut open = states.iter().filter(|state| is_open(state)).count();
    for body in &module.bodies {
        if open == 0 {
            return;
        }
        let names_one = |index: u32| states.get(index as usize).is_some_and(is_open);
        if can_set(body.body.as_bytes(), names_one) {
            read(body, &module.globals, &mut states);
            open = states.iter().filter(|state| is_open(state)).count();
        }
    }
    // The first that can point to the top of a stack is taken for that, also where nobody moves it.
    let pointer = module.globals.iter().position(|global| global.is_aligned);
    for (index, (global, state)) in module.globals.iter_mut().zip(states).enumerate() {
        if pointer == Some(index) {
            continue;
        }
        if let State::Unset(value) | State::Set(value, _) = state {
            global.constant = Some(value);
        }
    }
}

/// Whether a body's bytes can hold a `global.set` of one of these.
fn can_set(body: &[u8], is_asked: impl Fn(u32) -> bool) -> bool {
    super::triage::indices(body, code::GLOBAL_SET).any(is_asked)
}

/// Notes what a body sets, following constants through arithmetic.
fn read(body: &Body<'_>, globals: &[Global], states: &mut [State]) {
    let Ok((_, mut reader)) = operators(&body.body) else { return };
    // The constants on top of the stack; whatever else lies below them.
    let mut top: Vec<u64> = Vec::new();
    while let Ok(operator) = reader.read() {
        match operator {
            Operator::I32Const { value } => top.push(u64::from(value as u32)),
            Operator::I64Const { value } => top.push(value as u64),
            Operator::GlobalGet { global_index } => {
                match globals.get(global_index as usize).and_then(|global| global.constant) {
                    Some(value) => top.push(value),
                    None => top.clear(),
                }
            }
            Operator::GlobalSet { global_index } => {
                let value = top.pop();
                if let Some(state) = states.get_mut(global_index as usize) {
                    *state = state.set(value);
                }
            }
            other => {
                let folded = plain(&other).and_then(|(op, width)| {
                    let (b, a) = (top.pop()?, top.pop()?);
                    fold(op, width, a, b).map(|value| value & width.ones())
                });
                match folded {
                    Some(value) => top.push(value),
                    None => top.clear(),
                }
            }
        }
        if reader.eof() {
            return;
        }
    }
}

impl State {
    fn set(self, value: Option<u64>) -> Self {
        match (self, value) {
            (Self::Apart, _) => Self::Apart,
            (Self::Unset(_), Some(value)) => Self::Set(value, 1),
            (Self::Set(before, times), Some(value)) if before == value && times < MOST_SETS => {
                Self::Set(value, times + 1)
            }
            _ => Self::Varies,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constants(text: &str) -> Vec<Option<u64>> {
        let bytes = wat::parse_str(text).unwrap();
        let mut module = Module::read(&bytes);
        fold_globals(&mut module);
        module.globals.iter().map(|global| global.constant).collect()
    }

    #[test]
    fn what_is_never_set_or_set_to_one_constant_is_a_constant() {
        let text = r#"(module
          (global i32 (i32.const 7))
          (global $pointer (mut i32) (i32.const 65536))
          (global $never (mut i32) (i32.const 0x1ffff0))
          (global $once (mut i64) (i64.const 0))
          (global $counter (mut i32) (i32.const 0))
          (global $twice (mut i32) (i32.const 0))
          (start $start)
          (func $start
            (global.set $once (i64.xor (i64.const 0x0123456789abcdef) (i64.const -1)))
            (global.set $twice (i32.const 1)))
          (func (export "f")
            (global.set $counter (i32.add (global.get $counter) (i32.const 1)))
            (global.set $twice (i32.const 2))
            (drop (i64.add (global.get $once) (i64.extend_i32_u (global.get $never))))))"#;
        let expected = [Some(7), None, Some(0x1f_fff0), Some(!0x0123_4567_89ab_cdef), None, None];
        assert_eq!(constants(text), expected);
    }
}
