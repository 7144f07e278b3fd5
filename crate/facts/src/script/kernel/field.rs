//! Fields that are an object's own state: a hash that is kept in a class mixes `this.a` as another mixes a variable. They are
//! kept as variables of the program, so that their values are followed from turn to turn.

use super::lower::Lower;
use super::place::Place;
use super::scan::Scan;
use oxc_ast::ast::{AssignmentExpression, AssignmentTarget, Expression};
use oxc_syntax::operator::{AssignmentOperator, BinaryOperator};

/// Exclusive-ors of a function whose fields may be a state.
const LEAST_MIXES: u32 = 2;

/// Fewest fields of a state that are mixed, and the most that are kept.
const LEAST: usize = 2;
const MOST: usize = 32;

/// Operators inside of each other that are looked at.
const DEPTH: u32 = 6;

/// Fields by name, whatever object they belong to.
#[derive(Debug, Default)]
pub(super) struct Fields<'p> {
    /// Function that writes, name, and whether it mixes what it writes.
    written: Vec<(usize, &'p str, bool)>,
    /// Names of those that are kept as variables, sorted.
    chosen: Vec<&'p str>,
}

impl<'p, 'a: 'p> Scan<'p, 'a> {
    /// Notes a field that is computed: `this.a = this.a + this.b | 0`.
    pub(super) fn note_field(&mut self, assignment: &AssignmentExpression<'a>) {
        let (object, name) = match &assignment.left {
            AssignmentTarget::StaticMemberExpression(member) => (&member.object, member.property.name.as_str()),
            AssignmentTarget::PrivateFieldExpression(member) => (&member.object, member.field.name.as_str()),
            // `this['a']`, as obfuscators write it.
            AssignmentTarget::ComputedMemberExpression(member) => match self.text(&member.expression) {
                Some(name) => (&member.object, name),
                None => return,
            },
            _ => return,
        };
        let right = assignment.right.get_inner_expression();
        let computes = !assignment.operator.is_assign() || matches!(right, Expression::BinaryExpression(_));
        if let Some(here) = self.here_is().filter(|_| computes && is_this(object)) {
            let mixes = matches!(
                assignment.operator,
                AssignmentOperator::BitwiseXOR | AssignmentOperator::ShiftLeft | AssignmentOperator::ShiftRightZeroFill
            );
            self.fields.written.push((here, name, mixes || is_mixed(right, DEPTH)));
        }
    }

    /// Chooses the fields that are a state: some of them are mixed, in functions that mix.
    pub(super) fn choose_fields(&mut self) {
        let written = std::mem::take(&mut self.fields.written);
        let mixes = |scope: &usize| self.members.get(scope).is_some_and(|member| member.mixes >= LEAST_MIXES);
        let mut all: Vec<(&'p str, bool)> =
            written.iter().filter(|(scope, ..)| mixes(scope)).map(|(_, name, mixed)| (*name, *mixed)).collect();
        all.sort_unstable();
        all.dedup();
        let mixed = all.iter().filter(|(_, mixed)| *mixed).count();
        all.dedup_by_key(|(name, _)| *name);
        let is_word = |name: &&str| self.property_size(name).is_none() && self.called(name).as_slice().is_empty();
        if mixed >= LEAST {
            self.fields.chosen = all.into_iter().map(|(name, _)| name).filter(is_word).take(MOST).collect();
        }
    }
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// Gives each such field a place behind the variables that have one.
    pub(super) fn place_fields(&mut self) {
        let first = self.shared_globals();
        let all = (first..).zip(&self.scan.fields.chosen).map(|(index, _)| Place::Global(index));
        self.field_places = all.collect();
    }

    /// Where a field is kept, where it is one of these.
    pub(super) fn field_place(&self, object: &Expression<'a>, name: Option<&str>) -> Option<Place> {
        let name = name.filter(|_| !self.field_places.is_empty() && is_this(object))?;
        let at = self.scan.fields.chosen.binary_search(&name).ok()?;
        self.field_places.get(at).copied()
    }

    /// Writes to such a field; leaves the value where it is wanted.
    pub(super) fn assign_field(
        &mut self,
        place: Place,
        operator: Option<BinaryOperator>,
        right: &'p Expression<'a>,
        wanted: bool,
    ) {
        if operator.is_some() {
            self.get_place(place);
        }
        let wide = self.expression(right);
        if let Some(operator) = operator {
            self.operate(operator, wide);
        }
        self.set_place(place);
        if wanted {
            self.get_place(place);
        }
    }

    pub(super) fn update_field(&mut self, place: Place, operator: BinaryOperator, prefix: bool, wanted: bool) {
        if wanted && !prefix {
            self.get_place(place);
        }
        self.get_place(place);
        self.code.i32(1);
        self.operate(operator, false);
        self.set_place(place);
        if wanted && prefix {
            self.get_place(place);
        }
    }
}

fn is_this(e: &Expression<'_>) -> bool {
    matches!(e.get_inner_expression(), Expression::ThisExpression(_))
}

/// Whether bits are mixed in a value right here.
fn is_mixed(e: &Expression<'_>, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match e.get_inner_expression() {
        Expression::BinaryExpression(binary) => {
            matches!(
                binary.operator,
                BinaryOperator::BitwiseXOR | BinaryOperator::ShiftLeft | BinaryOperator::ShiftRightZeroFill
            ) && !binary.right.is_number_0()
                || is_mixed(&binary.left, depth)
                || is_mixed(&binary.right, depth)
        }
        _ => false,
    }
}
