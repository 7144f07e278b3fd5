//! Elements and properties: words at a distance from the address that an array or object is.

use super::constant::{Known, element_size};
use super::emit::code;
use super::lower::Lower;
use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, ChainElement, Expression,
    MemberExpression,
};
use oxc_syntax::operator::BinaryOperator;

/// Where a property stands in its object: different ones mostly apart.
pub(super) fn offset(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    64 + 8 * (hash >> 20)
}

/// A place in memory: what stands on the stack, plus a distance, and bytes.
#[derive(Debug, Clone, Copy)]
struct Spot {
    offset: u32,
    size: u8,
}

impl<'p, 'a: 'p> Lower<'p, 'a> {
    /// The value of an element or property; whether it has 64 bits.
    pub(super) fn member(&mut self, e: &'p Expression<'a>) -> bool {
        let Some(member) = e.as_member_expression() else {
            self.opaque();
            return false;
        };
        let (object, name, index) = self.scan.parts(member);
        if name == Some("length")
            && let Known::Number(length) = self.scan.known(e)
        {
            self.code.i32(super::constant::to_i32(length));
            return false;
        }
        self.read(object, name, index)
    }

    fn read(&mut self, object: &'p Expression<'a>, name: Option<&'p str>, index: Option<&'p Expression<'a>>) -> bool {
        if let Some(place) = self.field_place(object, name) {
            self.get_place(place);
            return false;
        }
        if let Some(name) = name {
            self.come_back_by_name(name);
            if let Some(number) = self.scan.number(name) {
                self.effect(object);
                self.code.i32(super::constant::to_i32(number));
                return false;
            }
            // What an array stands on, and its like, is the array.
            if matches!(name, "buffer" | "prototype" | "exports" | "default") {
                return self.expression(object);
            }
        }
        if let Some(scope) = name.and_then(|name| self.scan.getter(name)) {
            return self.own_call(&[scope], Some(object), &[]);
        }
        let spot = self.spot(object, name, index);
        self.load(spot)
    }

    fn load(&mut self, spot: Spot) -> bool {
        let code = match spot.size {
            1 => code::I32_LOAD8_U,
            2 => code::I32_LOAD16_U,
            8 => code::I64_LOAD,
            _ => code::I32_LOAD,
        };
        self.code.memory(code, spot.offset);
        spot.size == 8
    }

    fn store(&mut self, spot: Spot, wide: bool) {
        let code = match spot.size {
            1 => code::I32_STORE8,
            2 => code::I32_STORE16,
            _ if wide || spot.size == 8 => code::I64_STORE,
            _ => code::I32_STORE,
        };
        self.code.memory(code, spot.offset);
    }

    /// Leaves the address of an element or property.
    fn spot(&mut self, object: &'p Expression<'a>, name: Option<&'p str>, index: Option<&'p Expression<'a>>) -> Spot {
        if let Some(name) = name {
            self.expression(object);
            return Spot { offset: offset(name), size: 4 };
        }
        let size = self.size_of(object);
        let on_heap = self.is_heap(object);
        if !on_heap {
            self.expression(object);
        }
        let spot = Spot { offset: 0, size };
        let Some(index) = index else { return spot };
        if let Known::Number(at) = self.scan.known(index)
            && (0.0..65536.0).contains(&at)
        {
            if on_heap {
                self.code.i32(0);
            }
            return Spot { offset: at as u32 * u32::from(size), size };
        }
        self.scaled(index, size.trailing_zeros());
        if !on_heap {
            self.code.op(code::I32_ADD);
        }
        spot
    }

    /// An index as bytes; asm.js writes `x >> 2` for words, which takes a scale away that comes back here.
    fn scaled(&mut self, index: &'p Expression<'a>, scale: u32) {
        if let Some((BinaryOperator::ShiftRight | BinaryOperator::ShiftRightZeroFill, shifted, amount)) =
            self.scan.operation(index)
            && self.scan.known(amount) == Known::Number(f64::from(scale))
        {
            self.expression(shifted);
            return;
        }
        self.expression(index);
        self.confine(index);
        if scale > 0 {
            self.code.i32(scale as i32);
            self.code.op(code::I32_SHL);
        }
    }

    /// An index that is what is left of a word confines itself: `pad[x >>> 14]` walks over 256 Ki words.
    fn confine(&mut self, index: &Expression<'a>) {
        /// Bits of an index that is no table's of bytes, and of the largest region.
        const REGION: std::ops::RangeInclusive<u32> = 12..=28;
        if let Some((BinaryOperator::ShiftRightZeroFill, shifted, amount)) = self.scan.operation(index)
            && let Known::Number(amount) = self.scan.known(amount)
            && let Some(bits) = 32u32.checked_sub(amount as u32).filter(|bits| REGION.contains(bits))
            && self.scan.known(shifted) == Known::Nothing
        {
            self.code.i32((1 << bits) - 1);
            self.code.op(code::I32_AND);
        }
    }

    /// The same of a variable that is an index: `j = x >>> 14`, on top of the stack.
    pub(super) fn limit(&mut self, symbol: usize, value: &Expression<'a>) {
        if self.scan.symbols[symbol].is_index {
            self.confine(value);
        }
    }

    /// Bytes of an element of an array.
    fn size_of(&self, object: &Expression<'a>) -> u8 {
        let size = match object.get_inner_expression() {
            Expression::Identifier(name) => self.symbol(name).and_then(|symbol| {
                let big = self.scan.kinds.is_big(symbol).then_some(8);
                self.scan.symbols[symbol].size.or(big)
            }),
            Expression::StaticMemberExpression(member) => self.scan.property_size(member.property.name.as_str()),
            Expression::PrivateFieldExpression(member) => self.scan.property_size(member.field.name.as_str()),
            Expression::NewExpression(made) => self.scan.last_name(&made.callee).and_then(element_size),
            Expression::ArrayExpression(array) => self.scan.arrays.get(&array.span.start).map(|(_, size)| *size),
            _ => None,
        };
        size.unwrap_or(4)
    }

    fn is_heap(&self, object: &Expression<'a>) -> bool {
        let Expression::Identifier(name) = object.get_inner_expression() else { return false };
        let symbol = self.symbol(name);
        symbol.is_some_and(|s| self.scan.symbols[s].is_shared && self.scan.resolve(s) == Known::Heap)
    }

    /// Writes to an element or property; leaves the value where it is wanted.
    pub(super) fn assign_member(
        &mut self,
        member: &'p MemberExpression<'a>,
        operator: Option<BinaryOperator>,
        right: &'p Expression<'a>,
        wanted: bool,
    ) -> bool {
        let (object, name, index) = self.scan.parts(member);
        if let Some(place) = self.field_place(object, name) {
            self.assign_field(place, operator, right, wanted);
            return false;
        }
        if operator.is_none() && self.is_drawn(right) {
            self.draw();
        }
        let spot = self.spot(object, name, index);
        let mut wide = false;
        if let Some(operator) = operator {
            let address = self.take();
            self.code.op_with(code::LOCAL_TEE, address);
            self.code.op_with(code::LOCAL_GET, address);
            wide = self.load(spot);
            wide |= self.expression(right);
            self.operate(operator, wide);
            self.give_back(address);
        } else {
            wide |= self.expression(right);
        }
        if let Some(name) = name.filter(|name| !self.digest_members.contains(name))
            && self.of_digest(right)
        {
            self.digest_members.push(name);
        }
        if !wanted {
            self.store(spot, wide);
            return wide;
        }
        let value = self.take();
        self.code.op_with(code::LOCAL_TEE, value);
        self.store(spot, wide);
        self.code.op_with(code::LOCAL_GET, value);
        self.give_back(value);
        wide
    }

    pub(super) fn update_member(
        &mut self,
        member: &'p MemberExpression<'a>,
        operator: BinaryOperator,
        prefix: bool,
        wanted: bool,
    ) {
        let (object, name, index) = self.scan.parts(member);
        if let Some(place) = self.field_place(object, name) {
            return self.update_field(place, operator, prefix, wanted);
        }
        let spot = self.spot(object, name, index);
        let (address, before) = (self.take(), self.take());
        self.code.op_with(code::LOCAL_TEE, address);
        self.code.op_with(code::LOCAL_GET, address);
        let wide = self.load(spot);
        self.code.op_with(code::LOCAL_TEE, before);
        self.code.i32(1);
        self.operate(operator, wide);
        self.store(spot, wide);
        if wanted {
            self.code.op_with(code::LOCAL_GET, before);
            if prefix {
                self.code.i32(1);
                self.operate(operator, wide);
            }
        }
        self.give_back(before);
        self.give_back(address);
    }

    /// Takes the value on top of the stack for whatever a target names.
    pub(super) fn assign_target(&mut self, target: &'p AssignmentTarget<'a>) {
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(name) => match self.symbol(name) {
                Some(symbol) => self.set(symbol),
                None => self.code.op(code::DROP),
            },
            AssignmentTarget::ArrayAssignmentTarget(list) => {
                let local = self.take();
                self.code.op_with(code::LOCAL_SET, local);
                for (at, element) in list.elements.iter().enumerate() {
                    if let Some(element) = element {
                        self.code.op_with(code::LOCAL_GET, local);
                        self.code.memory(code::I32_LOAD, 4 * at as u32);
                        self.assign_default(element);
                    }
                }
                self.give_back(local);
            }
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                let local = self.take();
                self.code.op_with(code::LOCAL_SET, local);
                for property in &object.properties {
                    self.code.op_with(code::LOCAL_GET, local);
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                            self.code.memory(code::I32_LOAD, offset(property.binding.name.as_str()));
                            match self.symbol(&property.binding) {
                                Some(symbol) => self.set(symbol),
                                None => self.code.op(code::DROP),
                            }
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                            let at = self.scan.key_name(&property.name).map_or(0, offset);
                            self.code.memory(code::I32_LOAD, at);
                            self.assign_default(&property.binding);
                        }
                    }
                }
                self.give_back(local);
            }
            target => match target.as_member_expression() {
                Some(member) => {
                    let (object, name, index) = self.scan.parts(member);
                    if let Some(place) = self.field_place(object, name) {
                        return self.set_place(place);
                    }
                    let local = self.take();
                    self.code.op_with(code::LOCAL_SET, local);
                    let spot = self.spot(object, name, index);
                    self.code.op_with(code::LOCAL_GET, local);
                    self.store(spot, false);
                    self.give_back(local);
                }
                None => self.code.op(code::DROP),
            },
        }
    }

    pub(super) fn assign_default(&mut self, target: &'p AssignmentTargetMaybeDefault<'a>) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(target) => self.assign_target(&target.binding),
            target => match target.as_assignment_target() {
                Some(target) => self.assign_target(target),
                None => self.code.op(code::DROP),
            },
        }
    }

    /// `a?.b`, `a?.()`.
    pub(super) fn chain(&mut self, chain: &'p ChainElement<'a>) -> bool {
        match chain {
            ChainElement::CallExpression(call) => self.call(call),
            element => match element.as_member_expression() {
                Some(member) => {
                    let (object, name, index) = self.scan.parts(member);
                    self.read(object, name, index)
                }
                None => {
                    self.opaque();
                    false
                }
            },
        }
    }
}
