//! What the values of a function amount to: masked addresses, wide multiplies, rotations, table look-ups, constants.

use super::amounts;
use super::buckets;
use super::chain_shapes;
use super::feedback;
use super::mixers;
use super::numbers;
use super::part::Part;
use super::tables::Known;
use super::taints::{DATA, MASKED, Taints};
use super::value::{Graph, Id, Node, Op, UNKNOWN, Width};
use super::{padding, purpose, windows};
use davy_model::FactName;
use std::collections::BTreeMap;

/// Facts of one part of a function (see [`super::outline::Outline`]).
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct PartFacts {
    /// (name, value) to (sites, first site).
    pub(crate) facts: BTreeMap<(FactName, u64), (u32, u32)>,
    /// Constants of known tables in code: (table) to (entries seen as bits, first site).
    pub(crate) constants: BTreeMap<u8, (u128, u32)>,
    /// Addresses that loads and calls name as constants, for tables in data: address to first site.
    pub(crate) addresses: BTreeMap<u64, u32>,
    /// Values computed, and how many of them mix bits as hashes do.
    pub(crate) computed: u32,
    pub(crate) mixed: u32,
    /// Whether the part tries nonces, in a function that calls what hashes from a loop.
    tries: bool,
}

/// Facts of one function, by part.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    pub(crate) parts: Vec<PartFacts>,
    /// The part around each part.
    parents: Vec<Option<u32>>,
}

/// Addresses named by code are kept for tables only; below this they are small numbers.
pub(super) const SMALLEST_ADDRESS: u64 = 64;

/// Exclusive-ors of one part that are a hash's whatever else stands there: Keccak's round has 76, half of that is enough.
const MANY_XORS: u32 = 38;

/// Distinct addresses kept for one part: more than any hash has tables.
const ADDRESSES: usize = 4096;

impl Shapes {
    pub(crate) fn with_parts(parts: &[Part]) -> Self {
        let parents = parts.iter().map(|p| p.parent).collect();
        Self { parts: vec![PartFacts::default(); parts.len()], parents }
    }

    /// Adds what a graph shows.
    pub(crate) fn read(&mut self, graph: &Graph, known: &Known<'_>) {
        let taints = Taints::of(graph, &self.parents);
        let chained = chain_shapes::is_worthwhile(graph);
        let mut products = Vec::new();
        let mut multiplies = false;
        for (index, node) in graph.nodes().iter().enumerate().skip(1) {
            let id = index as Id;
            let origin = graph.origin(id);
            let Some(part) = self.parts.get_mut(origin.part as usize) else { continue };
            part.weigh(graph, node);
            if chained {
                chain_shapes::read(part, graph, node, origin.at);
            }
            multiplies |= node.op == Op::Mul && node.width == Width::W64;
            part.mixer(graph, node, &taints, origin.at, multiplies);
            windows::read(part, graph, node, origin.at);
            match node.op {
                Op::Const => part.constant(node.k, origin.at, known),
                Op::RotR => part.rotation(graph, node, origin.at, known),
                Op::Or if node.width == Width::W32 => part.funnel(graph, node, origin.at),
                Op::Xor => part.exclusive_or(graph, node, &taints, origin.at),
                Op::Load | Op::Store | Op::Pass => part.access(graph, node, &taints, origin.at, known),
                Op::Mul if is_half_product(graph, node) => products.push(id),
                Op::MulWide if node.k == 0 => part.wide(&taints, node, origin.at),
                Op::Add if multiplies && node.width != Width::W32 => {
                    part.multiply_add(graph, node, origin.at);
                }
                Op::Compare if origin.part > 0 => part.bound(graph, node, origin.at),
                Op::Phi => part.countdown(graph, node, origin.at),
                _ => {}
            }
        }
        self.wide_multiplies(graph, &taints, &products);
        for (part, name, value, at) in purpose::read(graph, &self.parents)
            .into_iter()
            .chain(buckets::read(graph, &self.parents))
            .chain(feedback::read(graph, &self.parents, &taints))
            .chain(numbers::read(graph, known))
        {
            if let Some(facts) = self.parts.get_mut(part as usize) {
                facts.add(name, value, at);
            }
        }
        chain_shapes::close(&mut self.parts, graph);
    }

    /// Notes which loops try nonces outside of their own frame, in a function that calls what hashes: whether a result is found
    /// may be known without a bound (a cycle in a graph, a set of strings that collide).
    pub(crate) fn note_tries(&mut self) {
        for part in &mut self.parts {
            let stored = part.facts.keys().any(|(name, value)| *name == FactName::NonceStore && *value == 0);
            part.tries |= stored;
        }
    }

    /// Adds paddings of SHA-256 that are stored: lengths in bits, and where.
    pub(crate) fn padded(&mut self, found: &[(u64, u32)]) {
        if let Some(part) = self.parts.first_mut() {
            found.iter().for_each(|(bits, at)| part.add(FactName::FixedPadding, *bits, *at));
        }
    }

    /// Four products of the halves of the same two words are one 64×64→128 multiply.
    fn wide_multiplies(&mut self, graph: &Graph, taints: &Taints, products: &[Id]) {
        let mut edges: Vec<(Id, Id, Id)> = Vec::new();
        for id in products.iter().copied() {
            let node = graph.node(id);
            edges.push((node.a.min(node.b), node.a.max(node.b), id));
        }
        let mut used = vec![false; edges.len()];
        for first in 0..edges.len() {
            if used[first] {
                continue;
            }
            let Some(square) = square(&edges, &used, first) else { continue };
            square.iter().for_each(|e| used[*e] = true);
            let (a, b, id) = edges[first];
            let masked = u64::from(taints.has(a, MASKED) || taints.has(b, MASKED));
            let origin = graph.origin(id);
            if let Some(part) = self.parts.get_mut(origin.part as usize) {
                part.add(FactName::Mul128, masked, origin.at);
            }
        }
    }
}

/// Indices of the four edges a0·b0, a0·b1, a1·b0, a1·b1, the first given. Looks at near edges only: the four stand
/// together in every build, and the work stays linear.
fn square(edges: &[(Id, Id, Id)], used: &[bool], first: usize) -> Option<[usize; 4]> {
    const NEAR: usize = 12;
    let (x, y, _) = edges[first];
    let near: Vec<usize> = (first + 1..edges.len().min(first + NEAR)).filter(|e| !used[*e]).collect();
    let other = |edge: usize, end: Id| match edges[edge] {
        (a, b, _) if a == end => Some(b),
        (a, b, _) if b == end => Some(a),
        _ => None,
    };
    for (a0, b0) in [(x, y), (y, x)] {
        for e1 in &near {
            let Some(b1) = other(*e1, a0).filter(|b1| *b1 != b0) else { continue };
            for e2 in near.iter().filter(|e| *e != e1) {
                let Some(a1) = other(*e2, b0).filter(|a1| *a1 != a0) else { continue };
                let last = near.iter().find(|e| *e != e1 && *e != e2 && other(**e, a1) == Some(b1));
                if let Some(e3) = last {
                    return Some([first, *e1, *e2, *e3]);
                }
            }
        }
    }
    None
}

/// A 64-bit product of two factors of at most 32 bits, neither constant.
pub(super) fn is_half_product(graph: &Graph, node: &Node) -> bool {
    let half = |id: Id| graph.constant(id).is_none() && graph.node(id).bits <= 0xffff_ffff;
    node.width == Width::W64 && half(node.a) && half(node.b)
}

/// The terms of a sum, constants apart.
pub(super) struct Terms {
    ids: [Id; 8],
    count: usize,
    constant: u64,
}

impl Terms {
    pub(super) fn of(graph: &Graph, sum: Id) -> Self {
        let mut terms = Self { ids: [UNKNOWN; 8], count: 0, constant: 0 };
        let mut open = [UNKNOWN; 8];
        open[0] = sum;
        let mut left = 1;
        let mut steps = 0;
        while left > 0 {
            left -= 1;
            steps += 1;
            let id = open[left];
            let node = graph.node(id);
            match node.op {
                Op::Const => terms.constant = terms.constant.wrapping_add(node.k),
                Op::Add if left + 2 <= open.len() && steps < 32 => {
                    open[left] = node.b;
                    open[left + 1] = node.a;
                    left += 2;
                }
                Op::Extend | Op::Wrap if steps < 32 && node.bits.count_ones() >= 32 => {
                    open[left] = node.a;
                    left += 1;
                }
                // (x & mask) | 8 and (x & mask) ^ 16 are sums in all but name.
                Op::Or | Op::Xor if steps < 32 && graph.constant(node.b).is_some() => {
                    open[left] = node.a;
                    left += 1;
                }
                _ if terms.count < terms.ids.len() => {
                    terms.ids[terms.count] = id;
                    terms.count += 1;
                }
                _ => {}
            }
        }
        terms
    }

    /// The sum of the constants among them.
    pub(super) fn constant(&self) -> u64 {
        self.constant
    }

    pub(super) fn variable(&self) -> impl Iterator<Item = Id> + '_ {
        self.ids[..self.count].iter().copied()
    }
}

impl PartFacts {
    /// How much the part shows that a rule could ask for; 0 for plain arithmetic. Parts are ranked by it where a module
    /// has more than can be handed on, so it grows with what is rare in lawful code and hard to do without when mining.
    pub(crate) fn interest(&self) -> u32 {
        let count = |name: FactName| {
            let named = self.facts.range((name, 0)..=(name, u64::MAX));
            named.map(|(_, (count, _))| *count).sum::<u32>()
        };
        let (masked, wide) = (count(FactName::MaskedAddress), count(FactName::Mul128));
        let walk = if masked > 1 && wide > 0 { 64 } else { masked.min(8) + 2 * wide.min(4) };
        let tries = count(FactName::NonceStore).min(1) * count(FactName::TargetCompare).min(1);
        let rotations = count(FactName::Rotation32) + count(FactName::Rotation64) + count(FactName::Funnel32) / 2;
        let entries = self.constants.values().map(|(bits, _)| bits.count_ones()).sum::<u32>();
        // Keccak's lanes, where a table holds the amounts of all rotations but one.
        let lanes = if rotations > 0 && count(FactName::Xor) >= MANY_XORS { 4 } else { 0 };
        walk + 32 * tries
            + 4 * u32::from(self.tries)
            + lanes
            + mixers::interest(&self.facts)
            + rotations.min(32) / 2
            + count(FactName::ByteLookup).min(32) / 2
            + 8 * count(FactName::MultiplyAdd).min(2)
            + 8 * count(FactName::BucketXor).min(4)
            + chain_shapes::interest(count)
            + 2 * count(FactName::PairJoin).min(4)
            + 2 * entries.min(8)
    }

    pub(crate) fn add(&mut self, name: FactName, value: u64, at: u32) {
        let (count, first) = self.facts.entry((name, value)).or_insert((0, at));
        *count += 1;
        *first = (*first).min(at);
    }

    fn weigh(&mut self, graph: &Graph, node: &Node) {
        match node.op {
            Op::Const | Op::Phi | Op::Join | Op::Param | Op::Global | Op::Call | Op::Opaque | Op::Pass | Op::Pair => {}
            Op::Xor | Op::RotR | Op::MulWide => {
                self.computed += 1;
                self.mixed += 1;
            }
            // Half of a 64-bit rotation in code lowered to 32-bit words.
            Op::Or if is_funnel(graph, node) => {
                self.computed += 1;
                self.mixed += 1;
            }
            _ => self.computed += 1,
        }
    }

    pub(super) fn constant(&mut self, value: u64, at: u32, known: &Known<'_>) {
        let tables = known.tables;
        if let Some(bits) = padding::folded(tables, value) {
            self.add(FactName::FixedPadding, bits, at);
        }
        for (table, entry) in tables.constant(value) {
            let (entries, first) = self.constants.entry(table).or_insert((0, at));
            *entries |= 1 << entry.min(127);
            *first = (*first).min(at);
        }
        self.address(value, at, known);
    }

    pub(super) fn address(&mut self, value: u64, at: u32, known: &Known<'_>) {
        if value >= SMALLEST_ADDRESS && known.is_placed(value) && self.addresses.len() < ADDRESSES {
            self.addresses.entry(value).or_insert(at);
        }
    }

    fn rotation(&mut self, graph: &Graph, node: &Node, at: u32, known: &Known<'_>) {
        let amount = graph.constant(node.b);
        let name = if node.width.bits() == 32 { FactName::Rotation32 } else { FactName::Rotation64 };
        self.add(name, amount.unwrap_or(0), at);
        if amount.is_none() {
            // One place may turn by any of a table's amounts: each is told, and none counted as often as there are places.
            for amount in amounts::looked_up(graph, node, known) {
                self.facts.entry((name, amount)).or_insert((1, at));
            }
        }
    }

    fn funnel(&mut self, graph: &Graph, node: &Node, at: u32) {
        if is_funnel(graph, node) {
            let right = [node.a, node.b].into_iter().map(|id| graph.node(id)).find(|side| side.op == Op::ShrU);
            let amount = right.and_then(|side| graph.constant(side.b)).unwrap_or(0);
            self.add(FactName::Funnel32, amount, at);
        }
    }

    fn exclusive_or(&mut self, graph: &Graph, node: &Node, taints: &Taints, at: u32) {
        if graph.constant(node.b).is_none() {
            let from_table = taints.has(node.a, MASKED) || taints.has(node.b, MASKED);
            self.add(FactName::Xor, u64::from(from_table), at);
        }
    }

    fn access(&mut self, graph: &Graph, node: &Node, taints: &Taints, at: u32, known: &Known<'_>) {
        let terms = Terms::of(graph, node.a);
        for id in terms.variable() {
            if let Some(mask) = taints.term_mask(graph, id) {
                self.step(node.op, mask, taints.is_step(id, mask), at);
            }
            if let Some(mask) = taints.mask(id) {
                self.add(FactName::MaskedAddress, mask, at);
            } else if node.op == Op::Load && is_byte_index(graph, id, node.k, taints) {
                self.add(FactName::ByteLookup, node.k, at);
                self.mixed += 1;
            }
        }
        if terms.count > 0 {
            self.address(terms.constant, at, known);
        }
    }

    /// A step of a walk over a region.
    fn step(&mut self, op: Op, mask: u64, walked: bool, at: u32) {
        if op == Op::Store {
            return self.add(FactName::MaskedStore, mask, at);
        }
        self.add(FactName::MaskedLoad, mask, at);
        if walked {
            self.add(FactName::ChainedAddress, mask, at);
            // A hash whose table is the scratchpad mixes by reading it.
            self.mixed += 1;
        }
    }

    fn wide(&mut self, taints: &Taints, node: &Node, at: u32) {
        let masked = taints.has(node.a, MASKED) || taints.has(node.b, MASKED);
        self.add(FactName::Mul128, u64::from(masked), at);
    }

    /// `a + b + 2·lo32(a)·lo32(b)`: a sum in which a doubled product of halves stands beside both whole words.
    fn multiply_add(&mut self, graph: &Graph, node: &Node, at: u32) {
        let terms = Terms::of(graph, node.a);
        let more = Terms::of(graph, node.b);
        let all = || terms.variable().chain(more.variable());
        let is_word = |root: Id| all().any(|t| graph.node(t).op != Op::Mul && whole(graph, t) == root);
        let found = all().filter_map(|t| product(graph, t)).any(|(a, b)| a != b && is_word(a) && is_word(b));
        if found {
            self.add(FactName::MultiplyAdd, 0, at);
        }
    }

    fn bound(&mut self, graph: &Graph, node: &Node, at: u32) {
        const SMALLEST_BOUND: u64 = 64;
        let constant = match (graph.constant(node.a), graph.constant(node.b)) {
            (Some(k), None) | (None, Some(k)) => k,
            _ => return,
        };
        if (SMALLEST_BOUND..1 << 32).contains(&constant) {
            self.add(FactName::LoopBound, constant, at);
        }
    }

    /// A loop variable that starts from a constant and is decremented.
    fn countdown(&mut self, graph: &Graph, node: &Node, at: u32) {
        const SMALLEST_BOUND: u64 = 64;
        let Some(start) = graph.constant(node.a).filter(|k| *k >= SMALLEST_BOUND && *k < 1 << 32) else { return };
        let back = graph.node(node.b);
        let step = graph.constant(back.b).unwrap_or(0);
        let falls = back.op == Op::Add && step >> (back.width.bits() - 1) & 1 == 1;
        if falls {
            self.add(FactName::LoopBound, start, at);
        }
    }
}

/// One byte of a data-dependent word, scaled to the entries of a table.
fn is_byte_index(graph: &Graph, id: Id, entry: u64, taints: &Taints) -> bool {
    let scale = match entry {
        1 => 0,
        4 => 2,
        8 => 3,
        16 => 4,
        _ => return false,
    };
    // Interleaved tables (two or four words an entry) scale by more than they load.
    let bits = graph.node(id).bits;
    (scale..=5).any(|s| bits == 0xff << s) && taints.has(id, DATA)
}

/// Two different words shifted towards each other by amounts that add up to a word.
fn is_funnel(graph: &Graph, node: &Node) -> bool {
    let (a, b) = (graph.node(node.a), graph.node(node.b));
    let opposite = matches!((a.op, b.op), (Op::Shl, Op::ShrU) | (Op::ShrU, Op::Shl));
    let amounts = graph.constant(a.b).zip(graph.constant(b.b));
    opposite && amounts.is_some_and(|(x, y)| x + y == u64::from(a.width.bits()))
}

/// The whole word behind a half, a doubling or a conversion.
pub(super) fn whole(graph: &Graph, id: Id) -> Id {
    let mut id = id;
    for _ in 0..6 {
        let node = graph.node(id);
        id = match node.op {
            Op::And | Op::Shl | Op::ShrU if graph.constant(node.b).is_some() => node.a,
            Op::Extend | Op::Wrap | Op::Pair => node.a,
            _ => return id,
        };
    }
    id
}

/// The whole words whose low halves are multiplied, where a term is such a product, doubled or not.
fn product(graph: &Graph, id: Id) -> Option<(Id, Id)> {
    let mut node = graph.node(id);
    for _ in 0..2 {
        if matches!(node.op, Op::Shl | Op::And) && graph.constant(node.b).is_some() {
            node = graph.node(node.a);
        }
    }
    (node.op == Op::Mul && graph.constant(node.b).is_none()).then(|| (whole(graph, node.a), whole(graph, node.b)))
}
