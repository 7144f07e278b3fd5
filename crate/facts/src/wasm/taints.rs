//! What the values of a function are made of: data from memory, what was read through a masked address, and which mask
//! a value is confined to, also where it takes a way round through variables, branches and memory.

use super::confined;
use super::nest::Nest;
use super::place;
use super::shapes::Terms;
use super::value::{Graph, Id, Node, Op};
use std::cell::OnceCell;

/// Read from memory, or returned by a call.
pub(super) const DATA: u8 = 1;
/// Read through a masked address.
pub(super) const MASKED: u8 = 2;

/// Read at an address that is masked right there and computed from data, by values alone: no way through memory, where
/// one object's mask would colour another's.
pub(super) const WALKED: u8 = 4;

/// Such a value mixed with another by exclusive-or, product or rotation since: a slot that a hash table's probe found is not.
pub(super) const STIRRED: u8 = 8;

/// A mask that is only known at run time.
const RUN_TIME: u32 = 1;

/// What is known of each node of a graph.
#[derive(Debug)]
pub(super) struct Taints {
    flags: Vec<u8>,
    /// The mask that a data-dependent value is confined to; 0 for none.
    masks: Vec<u32>,
    /// Loop variables: the only values that depend on later ones.
    phis: Vec<Id>,
    /// The part around each part of the function.
    parents: Vec<Option<u32>>,
    /// Whether anything is confined, and whether a load or a callee's argument stands at a confined address: most bodies
    /// are done with here.
    confined: bool,
    walks: bool,
    /// Objects that are written in loops, once somebody asked.
    written: OnceCell<Vec<Id>>,
}

/// Values as [`confined`] asks about them.
struct Known<'t> {
    taints: &'t Taints,
    graph: &'t Graph,
}

impl confined::Knows for Known<'_> {
    fn is_data(&self, id: Id) -> bool {
        self.taints.has(id, DATA)
    }

    fn is_written(&self, id: Id) -> bool {
        let mut node = self.graph.node(id);
        if matches!(node.op, Op::Wrap | Op::Extend) {
            node = self.graph.node(node.a);
        }
        let written = self.taints.written.get_or_init(|| place::written(self.graph));
        let root = place::of(self.graph, node.a).filter(|_| node.op == Op::Load);
        root.is_some_and(|place| written.binary_search(&place.root).is_ok())
    }
}

impl Taints {
    /// Back edges need a second round; a third changes nothing in practice. What is read through a masked address is
    /// known only when it is known which addresses depend on data.
    pub(super) fn of(graph: &Graph, parents: &[Option<u32>]) -> Self {
        let count = graph.nodes().len();
        let (flags, masks) = (vec![0; count], vec![0; count]);
        let mut taints = Self {
            flags,
            masks,
            phis: phis(graph),
            parents: parents.to_vec(),
            confined: false,
            walks: false,
            written: OnceCell::new(),
        };
        taints.spread_flags(graph);
        let constants = constants(graph);
        if !taints.spread_masks(graph, &constants) && !taints.confines(graph) {
            return taints;
        }
        taints.confined = true;
        taints.walk(graph);
        taints.spread_masks(graph, &constants);
        taints.read_through_masks(graph);
        taints.spread_flags(graph);
        if taints.through_memory(graph) {
            taints.spread_masks(graph, &constants);
            taints.read_through_masks(graph);
            taints.spread_flags(graph);
            taints.through_memory(graph);
            taints.spread_flags(graph);
        }
        taints
    }

    pub(super) fn has(&self, id: Id, flag: u8) -> bool {
        self.flags[id as usize] & flag != 0
    }

    /// The mask that a data-dependent part of an address is confined to; 0 where it is only known at run time.
    pub(super) fn mask(&self, id: Id) -> Option<u64> {
        match self.masks[id as usize] {
            0 => None,
            RUN_TIME => Some(0),
            mask => Some(u64::from(mask)),
        }
    }

    /// The mask that a value itself applies to data: its bits are one run, or it is masked, or taken modulo, by a size
    /// that is handed in, and perhaps scaled then.
    pub(super) fn own_mask(&self, graph: &Graph, id: Id) -> Option<u64> {
        let node = graph.node(id);
        if !self.has(id, DATA) || matches!(node.op, Op::Load | Op::Call | Op::Const | Op::Phi | Op::Join) {
            return None;
        }
        if !matches!(node.op, Op::Wrap | Op::Extend) && run(node.bits) != 0 {
            return Some(node.bits);
        }
        confined::region(graph, Nest(&self.parents), id, &Known { taints: self, graph })
    }

    /// The same for a term of an address, also where it is an index into a larger array, scaled with the place at which the
    /// region begins there, and where an inner loop counts on from such a value, word by word.
    pub(super) fn term_mask(&self, graph: &Graph, id: Id) -> Option<u64> {
        if !self.confined {
            return None;
        }
        let node = graph.node(id);
        match node.op {
            Op::Phi => {
                let next = graph.node(node.b);
                let counts = next.op == Op::Add && next.a == id && graph.constant(next.b).is_some();
                let starts = Terms::of(graph, node.a);
                starts.variable().filter(|_| counts).find_map(|start| self.own_mask(graph, start))
            }
            Op::Shl if self.has(id, DATA) => {
                self.own_mask(graph, id).or_else(|| self.index_mask(graph, node.a, graph.constant(node.b)?))
            }
            _ => self.own_mask(graph, id),
        }
    }

    /// The mask of an index that is a sum, scaled to bytes.
    fn index_mask(&self, graph: &Graph, sum: Id, scale: u64) -> Option<u64> {
        let is_computed = |id: &Id| {
            let op = graph.node(*id).op;
            self.has(*id, DATA) && !matches!(op, Op::Load | Op::Call | Op::Phi | Op::Join)
        };
        let terms = Terms::of(graph, sum);
        terms.variable().filter(is_computed).find_map(|term| {
            let bits = graph.node(term).bits << scale.min(8);
            let sized = || confined::region(graph, Nest(&self.parents), term, &Known { taints: self, graph });
            if run(bits) != 0 { Some(bits) } else { sized() }
        })
    }

    /// Whether an address confined by a mask is a step of a walk: made of what was read so before.
    pub(super) fn is_step(&self, id: Id, mask: u64) -> bool {
        self.has(id, if mask == confined::WEAK { STIRRED } else { WALKED })
    }

    /// Whether anything is confined to a size that is handed in.
    fn confines(&self, graph: &Graph) -> bool {
        let known = Known { taints: self, graph };
        let is_sized = |id: Id| confined::sized(graph, Nest(&self.parents), id, &known).is_some();
        let sizes = |op: Op| matches!(op, Op::And | Op::RemU | Op::ShrU | Op::MulWide);
        let mut all = graph.nodes().iter().enumerate().skip(1);
        all.any(|(index, node)| sizes(node.op) && self.flags[index] & DATA != 0 && is_sized(index as Id))
    }

    /// Marks what is read at addresses that are masked right there, and what is computed from it.
    fn walk(&mut self, graph: &Graph) {
        for (index, node) in graph.nodes().iter().enumerate().skip(1) {
            let is_read = matches!(node.op, Op::Load | Op::Pass);
            if is_read && Terms::of(graph, node.a).variable().any(|id| self.term_mask(graph, id).is_some()) {
                self.walks = true;
                self.flags[index] |= if node.op == Op::Load { WALKED } else { 0 };
            }
        }
        if self.walks {
            self.spread_flags(graph);
        }
    }

    /// Whether anything is read at a confined address.
    pub(super) fn walks(&self) -> bool {
        self.walks
    }

    /// From values to what is made of them; a second time from the first loop variable whose back edge has more to say.
    fn spread_flags(&mut self, graph: &Graph) {
        if self.walks { self.spread::<true>(graph) } else { self.spread::<false>(graph) }
    }

    fn spread<const STIRS: bool>(&mut self, graph: &Graph) {
        self.spread_flags_from::<STIRS>(graph, 1);
        let flags = |id: Id| self.flags[id as usize];
        let late = self.phis.iter().copied().find(|phi| flags(graph.node(*phi).b) & !flags(*phi) != 0);
        if let Some(phi) = late {
            self.spread_flags_from::<STIRS>(graph, phi as usize);
        }
    }

    fn spread_flags_from<const STIRS: bool>(&mut self, graph: &Graph, first: usize) {
        for (index, node) in graph.nodes().iter().enumerate().skip(first) {
            let inherited = self.flags[node.a as usize] | self.flags[node.b as usize];
            self.flags[index] = match node.op {
                Op::Load | Op::Call => DATA | self.flags[index],
                Op::Const | Op::Param | Op::Global | Op::Compare | Op::Store | Op::Pass => 0,
                Op::Xor | Op::Mul | Op::RotR | Op::MulWide if STIRS && inherited & WALKED != 0 => inherited | STIRRED,
                // Counting bits, quotients and their like.
                Op::Opaque if STIRS => inherited & !STIRRED,
                _ => inherited,
            };
        }
    }

    /// Whether any mask was found.
    fn spread_masks(&mut self, graph: &Graph, constants: &[u32]) -> bool {
        let mut found = false;
        for (index, node) in graph.nodes().iter().enumerate().skip(1) {
            if self.flags[index] & DATA == 0 || self.masks[index] != 0 {
                continue;
            }
            self.masks[index] = self.window(graph, node, constants);
            found |= self.masks[index] != 0;
        }
        found
    }

    fn window(&self, graph: &Graph, node: &Node, constants: &[u32]) -> u32 {
        let mask = |id: Id| self.masks[id as usize];
        match node.op {
            Op::Load | Op::Call | Op::Const => return 0,
            Op::Phi | Op::Join => return if mask(node.a) != 0 { mask(node.a) } else { mask(node.b) },
            Op::Wrap | Op::Extend => return mask(node.a),
            _ => {}
        }
        let own = run(node.bits);
        if own != 0 {
            return own;
        }
        match node.op {
            // Scaled to the size of what stands there.
            Op::Shl | Op::Mul if mask(node.a) == RUN_TIME && graph.constant(node.b).is_some() => RUN_TIME,
            Op::RemU if graph.constant(node.b).is_none() && self.has(node.a, DATA) && !self.has(node.b, DATA) => {
                RUN_TIME
            }
            Op::Shl => {
                let amount = graph.constant(node.b).unwrap_or(63);
                run(u64::from(mask(node.a)).checked_shl(amount as u32).unwrap_or(0))
            }
            Op::And => self.and(graph, node, constants),
            _ => 0,
        }
    }

    /// A data-dependent word and a mask that is one of several constants, or does not come from data: a size handed in.
    fn and(&self, graph: &Graph, node: &Node, constants: &[u32]) -> u32 {
        let (x, y) = (self.has(node.a, DATA), self.has(node.b, DATA));
        let unknown = graph.constant(node.b).is_none();
        match (constants[node.a as usize], constants[node.b as usize]) {
            (0, mask) if mask != 0 && x && unknown => mask,
            (mask, 0) if mask != 0 && y => mask,
            _ if unknown && x != y => RUN_TIME,
            _ => 0,
        }
    }

    fn read_through_masks(&mut self, graph: &Graph) {
        for (index, node) in graph.nodes().iter().enumerate().skip(1) {
            if node.op == Op::Load && Terms::of(graph, node.a).variable().any(|id| self.masks[id as usize] != 0) {
                self.flags[index] |= MASKED;
            }
        }
    }

    /// What is stored to a place is what is read there, whenever that happens. Whether anything is.
    fn through_memory(&mut self, graph: &Graph) -> bool {
        let mut stored: Vec<(Place, u8, u32)> = Vec::new();
        for node in graph.nodes().iter().filter(|n| n.op == Op::Store) {
            let (flags, mask) = (self.flags[node.b as usize] & MASKED, self.masks[node.b as usize]);
            if flags != 0 || mask != 0 {
                stored.push((place(graph, node.a), flags, mask));
            }
        }
        if stored.is_empty() {
            return false;
        }
        davy_model::sort(&mut stored);
        let mut found = false;
        for (index, node) in graph.nodes().iter().enumerate().filter(|(_, n)| n.op == Op::Load) {
            let place = place(graph, node.a);
            let start = stored.partition_point(|(p, ..)| *p < place);
            for (_, flags, mask) in stored[start..].iter().take_while(|(p, ..)| *p == place) {
                self.flags[index] |= flags;
                self.masks[index] = self.masks[index].max(*mask);
                found = true;
            }
        }
        found
    }
}

fn phis(graph: &Graph) -> Vec<Id> {
    let nodes = graph.nodes().iter().enumerate();
    nodes.filter(|(_, node)| node.op == Op::Phi).map(|(index, _)| index as Id).collect()
}

/// A value and a distance from it.
type Place = (Id, u64);

fn place(graph: &Graph, address: Id) -> Place {
    let node = graph.node(address);
    match (node.op, graph.constant(node.b)) {
        (Op::Add, Some(offset)) => (node.a, offset),
        _ => (address, 0),
    }
}

/// Of each variable that may hold one of several constants: one that is a mask; 0 for all else.
fn constants(graph: &Graph) -> Vec<u32> {
    let mut constants = vec![0u32; graph.nodes().len()];
    let varies = |id: Id| matches!(graph.node(id).op, Op::Phi | Op::Join);
    if !graph.nodes().iter().any(|n| n.op == Op::And && (varies(n.a) || varies(n.b))) {
        return constants;
    }
    for _ in 0..2 {
        for (index, node) in graph.nodes().iter().enumerate().skip(1) {
            let either = constants[node.a as usize].max(constants[node.b as usize]);
            constants[index] = match node.op {
                Op::Const => run(node.k),
                Op::Phi | Op::Join => either,
                _ => 0,
            };
        }
    }
    constants
}

/// The bits, where they are one run that spans 8 KiB to 2 GiB (alignment masks reach further); otherwise 0.
fn run(bits: u64) -> u32 {
    let run = bits >> bits.trailing_zeros().min(63);
    let one_run = bits != 0 && run & run.wrapping_add(1) == 0;
    let confined = (13..=31).contains(&(64 - bits.leading_zeros())) && bits.count_ones() >= 6;
    if one_run && confined { bits as u32 } else { 0 }
}
