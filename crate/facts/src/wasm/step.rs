//! What each operator does to the values. Operators that no fact depends on are taken by their arity alone.

use super::arity::Arity;
use super::value::{Id, Op, UNKNOWN, Width};
use super::walk::Walker;
use wasmparser::Operator;

use Width::{Other, V32, V64, W32, W64};

impl Walker<'_, '_> {
    /// Executes one operator other than the block structure.
    pub(super) fn step(&mut self, operator: &Operator<'_>) {
        if self.variable(operator) || self.arithmetic(operator) || self.memory(operator) || self.branching(operator) {
            return;
        }
        self.by_arity(operator);
    }

    fn variable(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::LocalGet { local_index } => {
                let id = self.control.get(self.local(*local_index));
                self.push(id);
            }
            Operator::LocalSet { local_index } => {
                let id = self.pop();
                self.control.set(self.local(*local_index), id);
            }
            Operator::LocalTee { local_index } => {
                let id = self.pop();
                self.control.set(self.local(*local_index), id);
                self.push(id);
            }
            Operator::GlobalGet { global_index } => {
                let id = self.global(*global_index).map_or(UNKNOWN, |g| self.control.get(g));
                self.push(id);
            }
            Operator::GlobalSet { global_index } => {
                let id = self.pop();
                if let Some(g) = self.global(*global_index) {
                    self.control.set(g, id);
                }
            }
            Operator::I32Const { value } => self.constant(u64::from(*value as u32), W32),
            Operator::I64Const { value } => self.constant(*value as u64, W64),
            Operator::V128Const { value } => {
                // The halves are made for their own sake: they may be entries of a table.
                let bits = value.i128() as u128;
                self.graph.constant_node(bits as u64, W64);
                self.graph.constant_node((bits >> 64) as u64, W64);
                let id = self.graph.opaque(Other, UNKNOWN, UNKNOWN);
                self.push(id);
            }
            Operator::Drop => {
                self.pop();
            }
            Operator::Select | Operator::TypedSelect { .. } => {
                let condition = self.pop();
                let (b, a) = (self.pop(), self.pop());
                let id = self.graph.chosen(condition, a, b).unwrap_or_else(|| self.graph.join(a, b));
                self.push(id);
            }
            _ => return false,
        }
        true
    }

    fn constant(&mut self, value: u64, width: Width) {
        let id = self.graph.constant_node(value, width);
        self.push(id);
    }

    fn arithmetic(&mut self, operator: &Operator<'_>) -> bool {
        let Some((op, width)) = plain(operator) else { return self.rotate(operator) || self.convert(operator) };
        let (b, a) = (self.pop(), self.pop());
        let id = self.graph.binary(op, width, a, b);
        let id = self.graph.completed(id);
        self.push(id);
        true
    }

    fn rotate(&mut self, operator: &Operator<'_>) -> bool {
        let (width, left) = match operator {
            Operator::I32Rotl => (W32, true),
            Operator::I32Rotr => (W32, false),
            Operator::I64Rotl => (W64, true),
            Operator::I64Rotr => (W64, false),
            _ => return false,
        };
        let (amount, value) = (self.pop(), self.pop());
        let id = match self.graph.constant(amount) {
            Some(k) => {
                let bits = u64::from(width.bits());
                let right = if left { (bits - k % bits) % bits } else { k % bits };
                let right = self.graph.constant_node(right, W32);
                self.graph.binary(Op::RotR, width, value, right)
            }
            // The bit that a shift chooses, all others set.
            None if self.graph.constant(value).is_some() => self.graph.opaque(width, value, amount),
            // By an amount that a table or the data gives.
            None => {
                let whole = self.graph.constant_node(u64::from(width.bits()), width);
                let amount = if left { self.graph.binary(Op::Sub, width, whole, amount) } else { amount };
                self.graph.binary(Op::RotR, width, value, amount)
            }
        };
        self.push(id);
        true
    }

    fn convert(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        match operator {
            O::I64ExtendI32U => {
                let a = self.pop();
                let id = self.graph.extend(a);
                self.push(id);
            }
            O::I32WrapI64 => {
                let a = self.pop();
                let id = self.graph.wrap(a);
                self.push(id);
            }
            O::F64ConvertI32S | O::F64ConvertI32U | O::F64x2ConvertLowI32x4S | O::F64x2ConvertLowI32x4U => {
                let a = self.pop();
                let id = self.graph.float(a);
                self.push(id);
            }
            O::I32Eqz | O::I64Eqz => {
                let a = self.pop();
                let zero = self.graph.constant_node(0, W32);
                let known = self.graph.of_pages(operator, a, zero);
                let id = known.unwrap_or_else(|| self.graph.compare(a, zero, false));
                self.push(id);
            }
            O::I32Eq
            | O::I32Ne
            | O::I32LtU
            | O::I32LtS
            | O::I32GtU
            | O::I32GtS
            | O::I32LeU
            | O::I32LeS
            | O::I32GeU
            | O::I32GeS
            | O::I64Eq
            | O::I64Ne
            | O::I64LtU
            | O::I64LtS
            | O::I64GtU
            | O::I64GtS
            | O::I64LeU
            | O::I64LeS
            | O::I64GeU
            | O::I64GeS => {
                let (b, a) = (self.pop(), self.pop());
                let equality = matches!(operator, O::I32Eq | O::I32Ne | O::I64Eq | O::I64Ne);
                let known = self.graph.of_pages(operator, a, b);
                let id = known.unwrap_or_else(|| self.graph.compare(a, b, !equality));
                self.push(id);
            }
            O::I64MulWideU | O::I64MulWideS => {
                let (b, a) = (self.pop(), self.pop());
                for half in 0..2 {
                    let id = self.graph.fresh(Op::MulWide, W64, a, b, half);
                    self.push(id);
                }
            }
            _ => return false,
        }
        true
    }

    fn memory(&mut self, operator: &Operator<'_>) -> bool {
        use Operator as O;
        let (memarg, width, bytes, signed) = match operator {
            O::I32Load { memarg } => (memarg, W32, 4, false),
            O::I64Load { memarg } => (memarg, W64, 8, false),
            O::I32Load8U { memarg } => (memarg, W32, 1, false),
            O::I32Load16U { memarg } => (memarg, W32, 2, false),
            O::I64Load8U { memarg } => (memarg, W64, 1, false),
            O::I64Load16U { memarg } => (memarg, W64, 2, false),
            O::I64Load32U { memarg } => (memarg, W64, 4, false),
            O::I32Load8S { memarg } => (memarg, W32, 1, true),
            O::I32Load16S { memarg } => (memarg, W32, 2, true),
            O::I64Load8S { memarg } => (memarg, W64, 1, true),
            O::I64Load16S { memarg } => (memarg, W64, 2, true),
            O::I64Load32S { memarg } => (memarg, W64, 4, true),
            O::V128Load64Zero { memarg } | O::V128Load32x2S { memarg } | O::V128Load64Splat { memarg } => {
                (memarg, Other, 8, false)
            }
            O::V128Load { memarg } => (memarg, Other, 16, false),
            O::I32Store { memarg } | O::I64Store32 { memarg } => return self.put(memarg, 4),
            O::I64Store { memarg } => return self.put(memarg, 8),
            O::I32Store8 { memarg } | O::I64Store8 { memarg } => return self.put(memarg, 1),
            O::I32Store16 { memarg } | O::I64Store16 { memarg } => return self.put(memarg, 2),
            O::V128Store { memarg } => return self.put(memarg, 16),
            _ => return false,
        };
        let address = self.pop();
        let address = self.address(address, memarg);
        let id = self.load(width, address, bytes, signed);
        self.push(id);
        true
    }

    fn put(&mut self, memarg: &wasmparser::MemArg, bytes: u64) -> bool {
        let (value, address) = (self.pop(), self.pop());
        let address = self.address(address, memarg);
        self.store(address, value, bytes);
        true
    }

    fn branching(&mut self, operator: &Operator<'_>) -> bool {
        match operator {
            Operator::Br { relative_depth } => {
                self.control.branch(&mut self.graph, &self.stack, *relative_depth);
                self.control.die();
            }
            Operator::BrIf { relative_depth } => {
                self.pop();
                self.control.branch(&mut self.graph, &self.stack, *relative_depth);
            }
            Operator::BrTable { targets } => {
                self.pop();
                let mut depths: Vec<u32> = targets.targets().flatten().chain([targets.default()]).collect();
                davy_model::sort(&mut depths);
                depths.dedup();
                for depth in depths {
                    self.control.branch(&mut self.graph, &self.stack, depth);
                }
                self.control.die();
            }
            Operator::BrOnNull { relative_depth } | Operator::BrOnNonNull { relative_depth } => {
                self.control.branch(&mut self.graph, &self.stack, *relative_depth);
                self.by_arity(operator);
            }
            Operator::BrOnCast { relative_depth, .. } | Operator::BrOnCastFail { relative_depth, .. } => {
                self.control.branch(&mut self.graph, &self.stack, *relative_depth);
            }
            Operator::Return => {
                // Out of a callee that is read in place, with its results.
                if self.outermost > 0 {
                    let out = self.control.depth().saturating_sub(self.outermost + 1) as u32;
                    self.control.branch(&mut self.graph, &self.stack, out);
                }
                self.control.die();
            }
            Operator::Unreachable
            | Operator::Throw { .. }
            | Operator::ThrowRef
            | Operator::Rethrow { .. }
            | Operator::Delegate { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::ReturnCallRef { .. } => self.control.die(),
            Operator::ReturnCall { function_index } => {
                self.call(*function_index);
                self.control.die();
            }
            Operator::Call { function_index } => self.call(*function_index),
            Operator::CallIndirect { table_index, .. } => return self.call_at_constant(*table_index),
            _ => return false,
        }
        true
    }

    /// A call through a table at an index that is known: of whoever stands there.
    fn call_at_constant(&mut self, table: u32) -> bool {
        let index = self.stack.last().and_then(|id| self.graph.constant(*id));
        let callee = index.and_then(|index| self.module.in_table(table, index as u32));
        if let Some(callee) = callee {
            self.pop();
            self.call(callee);
        }
        callee.is_some()
    }

    /// Takes operands and gives results of an operator that is not followed.
    fn by_arity(&mut self, operator: &Operator<'_>) {
        let (operands, results) =
            operator.operator_arity(&Arity(self.module, self.control.depth() as u32)).unwrap_or((0, 0));
        let grows =
            matches!(operator, Operator::CallIndirect { .. } | Operator::CallRef { .. } | Operator::MemoryGrow { .. });
        self.grown += u32::from(grows);
        let mut first = [UNKNOWN; 2];
        for index in 0..operands {
            let id = self.pop();
            first[(index % 2) as usize] = id;
        }
        for _ in 0..results {
            let id = self.result(operator, first);
            self.push(id);
        }
    }

    fn result(&mut self, operator: &Operator<'_>, operands: [Id; 2]) -> Id {
        match operator {
            Operator::CallIndirect { .. } | Operator::CallRef { .. } => {
                self.graph.fresh(Op::Call, Other, operands[0], operands[1], 0)
            }
            Operator::MemorySize { mem: 0 } if self.module.memories.first().is_some_and(|memory| memory.min > 0) => {
                self.graph.pages(self.grown)
            }
            Operator::MemoryGrow { .. } | Operator::MemorySize { .. } => self.graph.fresh(Op::Opaque, W32, 0, 0, 0),
            Operator::I32DivU | Operator::I32DivS => {
                let known = self.graph.of_pages(operator, operands[0], operands[1]);
                known.unwrap_or_else(|| self.graph.opaque(Other, operands[0], operands[1]))
            }
            _ => self.graph.opaque(Other, operands[0], operands[1]),
        }
    }
}

/// The operation of two operands that an operator is.
pub(super) fn plain(operator: &Operator<'_>) -> Option<(Op, Width)> {
    use Operator as O;
    Some(match operator {
        O::I32Add => (Op::Add, W32),
        O::I64Add => (Op::Add, W64),
        O::I32Sub => (Op::Sub, W32),
        O::I64Sub => (Op::Sub, W64),
        O::I32Mul => (Op::Mul, W32),
        O::I64Mul => (Op::Mul, W64),
        O::I32And => (Op::And, W32),
        O::I64And => (Op::And, W64),
        O::I32Or => (Op::Or, W32),
        O::I64Or => (Op::Or, W64),
        O::I32Xor => (Op::Xor, W32),
        O::I64Xor => (Op::Xor, W64),
        O::I32Shl => (Op::Shl, W32),
        O::I64Shl => (Op::Shl, W64),
        O::I32ShrU => (Op::ShrU, W32),
        O::I64ShrU => (Op::ShrU, W64),
        O::I32ShrS => (Op::ShrS, W32),
        O::I64ShrS => (Op::ShrS, W64),
        O::I32RemU => (Op::RemU, W32),
        O::I64RemU => (Op::RemU, W64),
        O::I32x4Add => (Op::Add, V32),
        O::I64x2Add => (Op::Add, V64),
        O::I32x4Shl => (Op::Shl, V32),
        O::I64x2Shl => (Op::Shl, V64),
        O::I32x4ShrU => (Op::ShrU, V32),
        O::I64x2ShrU => (Op::ShrU, V64),
        O::V128Xor => (Op::Xor, Other),
        O::V128Or => (Op::Or, Other),
        O::V128And => (Op::And, Other),
        _ => return None,
    })
}
