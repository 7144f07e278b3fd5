//! How many pages a memory has. Only running tells, but where a module asks for some there are never none, and between two
//! calls there are as many as before: what is computed from no more than that is a constant.

use super::value::{Graph, Id, Node, Op, Width};
use wasmparser::Operator;

impl Graph {
    /// The pages of a memory that has some from the start; `grown` counts what may have given it more.
    pub(super) fn pages(&mut self, grown: u32) -> Id {
        let k = u64::from(grown) + 1;
        self.intern(Node { op: Op::Opaque, width: Width::W32, a: 0, b: 0, k, bits: Width::W32.ones() })
    }

    fn is_pages(&self, id: Id) -> bool {
        let node = self.node(id);
        node.op == Op::Opaque && node.k > 0
    }

    /// What an operator makes of a number of pages and zero, or of the same number twice, where that is known.
    pub(super) fn of_pages(&mut self, operator: &Operator<'_>, a: Id, b: Id) -> Option<Id> {
        use Operator as O;
        let truth = match (self.is_pages(a), self.is_pages(b)) {
            (true, true) if a == b => match operator {
                O::I32DivU | O::I32DivS | O::I32Eq | O::I32LeU | O::I32GeU => true,
                O::I32Ne | O::I32LtU | O::I32GtU => false,
                _ => return None,
            },
            (true, false) if self.constant(b) == Some(0) => match operator {
                O::I32Ne | O::I32GtU => true,
                O::I32Eq | O::I32Eqz | O::I32LeU => false,
                _ => return None,
            },
            (false, true) if self.constant(a) == Some(0) => match operator {
                O::I32Ne | O::I32LtU => true,
                O::I32Eq | O::I32GeU => false,
                _ => return None,
            },
            _ => return None,
        };
        Some(self.constant_node(u64::from(truth), Width::W32))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, extract};
    use davy_model::{Artifact, ArtifactKind, FactName};
    use std::borrow::Cow;

    /// Look-ups by a byte that is masked out of a hash's word by a product of 255 and this.
    fn look_ups(one: &str, pages: u32) -> u32 {
        let mix = format!(
            "(local.set 0 (i32.xor (i32.rotl (local.get 0) (i32.const 7)) (i32.load offset=1024 (i32.shl (i32.and \
             (i32.load (i32.const 512)) (i32.mul {one} (i32.const 255))) (i32.const 2)))))"
        )
        .repeat(16);
        let text = format!(
            r#"(module (memory {pages}) (func $grow (result i32) (memory.grow (i32.const 1)))
              (func (export "hash") (param i32) (loop {mix} (br_if 0 (local.get 0)))))"#
        );
        let bytes = wat::parse_str(text).unwrap();
        let artifact = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        let extraction = extract(&artifact, &Limits::default());
        let facts = extraction.scopes.iter().flat_map(|scope| &scope.facts);
        facts.filter(|fact| fact.name == FactName::ByteLookup).map(|fact| fact.count).max().unwrap_or(0)
    }

    #[test]
    fn a_memory_that_has_pages_always_has_some() {
        for one in [
            "(i32.ne (memory.size) (i32.const 0))",
            "(i32.gt_u (memory.size) (i32.const 0))",
            "(i32.lt_u (i32.const 0) (memory.size))",
            "(i32.div_u (memory.size) (memory.size))",
        ] {
            assert_eq!(look_ups(one, 1), 16, "{one}");
        }
    }

    #[test]
    fn what_is_not_known_of_pages_is_not_folded() {
        let grown = "(i32.div_u (memory.size) (i32.add (memory.grow (i32.const 1)) (memory.size)))";
        for (one, pages) in [("(i32.div_u (memory.size) (memory.size))", 0), (grown, 1)] {
            assert_eq!(look_ups(one, pages), 0, "{one}");
        }
    }
}
