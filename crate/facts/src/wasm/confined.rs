//! Values that are confined to a region whose size is only known at run time: masked with, taken modulo, or scaled down
//! by (multiplied, upper half kept) a word that stands still while the loop turns.

use super::nest::Nest;
use super::value::{Graph, Id, Node, Op, Width};

/// Operands looked through behind a size: `(1 << bits) - 1` of a word read from a context is four deep.
const DEPTH: u32 = 5;

/// The value behind what scales it to the size of what stands there, and whether that size is handed in as well: then it
/// chooses a block, not a word.
fn behind_scale(graph: &Graph, nest: Nest<'_>, id: Id) -> (Id, bool) {
    let (mut id, mut block) = (id, false);
    for _ in 0..4 {
        let node = graph.node(id);
        let part = graph.origin(id).part;
        id = match node.op {
            Op::Shl | Op::Mul if graph.constant(node.b).is_some() => node.a,
            Op::Mul if is_size(graph, nest, node.b, part, 0) => {
                block = true;
                node.a
            }
            Op::Mul if is_size(graph, nest, node.a, part, 0) => {
                block = true;
                node.b
            }
            // Counted from the end of the region.
            Op::Sub if is_size(graph, nest, node.a, part, 0) => node.b,
            Op::Wrap | Op::Extend => node.a,
            // Rounded down to what stands there.
            Op::And if graph.constant(node.b).is_some_and(|k| aligns(k, node.width)) => node.a,
            _ => break,
        };
    }
    (id, block)
}

/// Whether a mask clears a few low bits and no others.
fn aligns(mask: u64, width: Width) -> bool {
    let all = if width.bits() == 32 { u64::from(u32::MAX) } else { u64::MAX };
    let zeros = mask.trailing_zeros();
    zeros <= 12 && mask >> zeros == all >> zeros
}

/// A size that is handed in.
const HANDED_IN: u64 = 0;

/// A size that is read from memory, where it cannot be told from other data but by standing still, or that counts blocks.
pub(super) const WEAK: u64 = 1;

/// What must be known of values to tell data from sizes.
pub(super) trait Knows {
    /// Whether a value comes from memory or a call.
    fn is_data(&self, id: Id) -> bool;

    /// Whether a value is read from an object that is written in some loop.
    fn is_written(&self, id: Id) -> bool;
}

/// How an address confines data to a region whose size is only known at run time, where it does.
pub(super) fn region(graph: &Graph, nest: Nest<'_>, id: Id, taints: &impl Knows) -> Option<u64> {
    let (id, block) = behind_scale(graph, nest, id);
    let size = sized(graph, nest, id, taints)?;
    Some(if block { WEAK } else { size })
}

/// How a value confines data to a size that is only known at run time, where it does.
pub(super) fn sized(graph: &Graph, nest: Nest<'_>, id: Id, taints: &impl Knows) -> Option<u64> {
    let node = graph.node(id);
    let (data, size) = match node.op {
        Op::And | Op::MulWide => (node.a, node.b),
        Op::RemU => return confines(graph, nest, id, (node.a, node.b), taints),
        Op::ShrU => scales_down(graph, &node).map(|product| (product.a, product.b))?,
        _ => return None,
    };
    let one = confines(graph, nest, id, (data, size), taints);
    one.or_else(|| confines(graph, nest, id, (size, data), taints))
}

/// Whether one operand is data and the other a size.
fn confines(graph: &Graph, nest: Nest<'_>, id: Id, (data, size): (Id, Id), taints: &impl Knows) -> Option<u64> {
    if !taints.is_data(data) || graph.constant(size).is_some() {
        return None;
    }
    if !taints.is_data(size) {
        return Some(HANDED_IN);
    }
    let stands = |id: Id, part: u32| is_size(graph, nest, id, part, 0);
    let part = graph.origin(id).part;
    let is_size = stands(size, part) && (!stands(data, part) || taints.is_written(data) && !taints.is_written(size));
    is_size.then_some(WEAK)
}

/// The product of two words, of which a shift keeps the upper half.
fn scales_down(graph: &Graph, node: &Node) -> Option<Node> {
    let product = graph.node(node.a);
    let halves = graph.constant(node.b).is_some_and(|amount| (16..=40).contains(&amount));
    let is_product = product.op == Op::Mul && product.width == Width::W64 && graph.constant(product.b).is_none();
    (halves && is_product).then_some(product)
}

/// Whether a value stands still in a loop: handed in, made before the loop, or read from a place that stands still.
fn is_size(graph: &Graph, nest: Nest<'_>, id: Id, part: u32, depth: u32) -> bool {
    let node = graph.node(id);
    let still = |id: Id| is_size(graph, nest, id, part, depth + 1);
    match node.op {
        Op::Const | Op::Param | Op::Global => true,
        _ if nest.is_around(graph.origin(id).part, part) => true,
        _ if depth >= DEPTH => false,
        // A word of the frame is state of the function itself.
        Op::Load => node.k >= 4 && !graph.is_frame(node.a) && still(node.a),
        Op::Wrap | Op::Extend => still(node.a),
        Op::Add | Op::Sub | Op::Shl | Op::ShrU | Op::And | Op::Mul | Op::Join => still(node.a) && still(node.b),
        _ => false,
    }
}
