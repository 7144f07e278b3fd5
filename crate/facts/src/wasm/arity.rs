//! How many values an operator takes and gives, for those that are not followed.

use super::module::Module;
use wasmparser::{BlockType, ContType, FrameKind, FuncType, ModuleArity, RefType, SubType};

/// A module, and how many blocks are open where it is asked.
pub(super) struct Arity<'m, 'a>(pub(super) &'m Module<'a>, pub(super) u32);

impl ModuleArity for Arity<'_, '_> {
    fn sub_type_at(&self, type_idx: u32) -> Option<&SubType> {
        self.0.types.get(type_idx as usize)
    }

    fn tag_type_arity(&self, at: u32) -> Option<(u32, u32)> {
        let ty = self.0.tags.get(at as usize)?;
        self.0.arity(*ty).map(|(p, r)| (p as u32, r as u32))
    }

    fn type_index_of_function(&self, function_idx: u32) -> Option<u32> {
        self.0.functions.get(function_idx as usize).copied()
    }

    fn func_type_of_cont_type(&self, _c: &ContType) -> Option<&FuncType> {
        None
    }

    fn sub_type_of_ref_type(&self, _rt: &RefType) -> Option<&SubType> {
        None
    }

    fn control_stack_height(&self) -> u32 {
        self.1
    }

    fn label_block(&self, _depth: u32) -> Option<(BlockType, FrameKind)> {
        None
    }
}
