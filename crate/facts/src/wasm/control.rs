//! Variables and blocks: which value a local has on which path, and where paths meet.
//!
//! One undo log serves all of it. Every change is logged with the value before; a branch remembers how long the log was,
//! and at the end of its block the variables changed since then have two possible values.

use super::live::Live;
use super::seen::Seen;
use super::value::{Graph, Id, Op, UNKNOWN};
use super::walk::carry;
use crate::limits;

/// What kind of block is open.
#[derive(Debug)]
pub(crate) enum Kind {
    Block,
    /// A loop, with its variables and their values at its head.
    Loop(Vec<(usize, Id)>),
    If,
    /// The second half of an `if`: what the first half changed, and whether its end was reached.
    Else {
        then: Vec<(usize, Id)>,
        alive: bool,
    },
    /// A block whose entry is not understood (legacy exception handling, a loop inside an inlined leaf).
    Opaque,
    /// A block in code that cannot be reached.
    Dead,
}

#[derive(Debug)]
struct Block {
    kind: Kind,
    /// Height of the operand stack below the block's parameters.
    height: usize,
    results: usize,
    /// Length of the log when the block began.
    mark: usize,
    /// Shortest log at a branch out of the block.
    branch: Option<usize>,
    /// Results that branches out of the block, or the first half of an `if`, have left so far.
    left: Vec<Id>,
    part: u32,
    /// Counts loops in the order in which they were opened; 0 for other blocks.
    serial: u32,
}

/// The variables of the functions that are being read, and the blocks that are open.
#[derive(Debug, Default)]
pub(crate) struct Control {
    variables: Vec<Id>,
    /// Slots of the shadow stack; their numbers as variables begin at [`SLOTS`]. They outlive an inlined callee.
    slots: Vec<Id>,
    log: Vec<(usize, Id)>,
    blocks: Vec<Block>,
    /// Open loops in which slots may change, and how many were opened so far.
    loops: Vec<usize>,
    opened: u32,
    dead: bool,
    seen: Seen,
    /// How long the locals of the function that is read are needed, and the number of the first of them.
    live: Live,
    first: usize,
}

/// Number of the first slot among the variables: beyond any local.
pub(super) const SLOTS: usize = 1 << 31;

impl Control {
    pub(crate) fn clear(&mut self) {
        self.variables.clear();
        self.slots.clear();
        self.log.clear();
        self.blocks.clear();
        self.loops.clear();
        self.opened = 0;
        self.dead = false;
        self.live = Live::default();
    }

    /// The variables from here on are those of a function that needs them so long.
    pub(crate) fn lives(&mut self, live: Live) {
        self.first = self.variables.len();
        self.live = live;
    }

    /// A variable's value where two paths meet. One that nothing reads any more needs none.
    fn join(&self, graph: &mut Graph, variable: usize, a: Id, b: Id) -> Id {
        let needed = variable.checked_sub(self.first).is_none_or(|local| self.live.is_read_from(local, graph.here.at));
        if needed { graph.join(a, b) } else { UNKNOWN }
    }

    pub(crate) fn len(&self) -> usize {
        self.variables.len()
    }

    pub(crate) fn depth(&self) -> usize {
        self.blocks.len()
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead
    }

    pub(crate) fn part(&self) -> u32 {
        self.blocks.last().map_or(0, |b| b.part)
    }

    /// Height below which the operand stack belongs to outer blocks.
    pub(crate) fn floor(&self) -> usize {
        self.blocks.last().map_or(0, |b| b.height)
    }

    pub(crate) fn add(&mut self, value: Id) {
        self.variables.push(value);
    }

    /// Adds a slot; gives its number as a variable.
    pub(crate) fn add_slot(&mut self, value: Id) -> usize {
        self.slots.push(value);
        SLOTS + self.slots.len() - 1
    }

    fn cell(&mut self, variable: usize) -> Option<&mut Id> {
        match variable.checked_sub(SLOTS) {
            Some(slot) => self.slots.get_mut(slot),
            None => self.variables.get_mut(variable),
        }
    }

    pub(crate) fn get(&self, variable: usize) -> Id {
        let cell = match variable.checked_sub(SLOTS) {
            Some(slot) => self.slots.get(slot),
            None => self.variables.get(variable),
        };
        cell.copied().unwrap_or(UNKNOWN)
    }

    pub(crate) fn set(&mut self, variable: usize, value: Id) {
        let Some(cell) = self.cell(variable) else { return };
        let before = std::mem::replace(cell, value);
        if before != value {
            self.log.push((variable, before));
        }
    }

    /// Replaces a variable by its value at a loop's head.
    pub(crate) fn head(&mut self, graph: &mut Graph, variable: usize) -> (usize, Id) {
        let outside = self.get(variable);
        let phi = graph.fresh(Op::Phi, graph.node(outside).width, outside, UNKNOWN, 0);
        self.set(variable, phi);
        (variable, phi)
    }

    pub(crate) fn open(&mut self, kind: Kind, height: usize, parameters: usize, results: usize, part: u32) {
        let kind = if self.dead { Kind::Dead } else { kind };
        let floor = self.floor();
        let height = height.saturating_sub(parameters).max(floor);
        self.blocks.push(Block {
            kind,
            height,
            results,
            mark: self.log.len(),
            branch: None,
            left: Vec::new(),
            part,
            serial: 0,
        });
    }

    /// The loop that was opened last may change slots.
    pub(crate) fn changes_slots(&mut self) {
        self.opened += 1;
        if let Some(block) = self.blocks.last_mut().filter(|b| matches!(b.kind, Kind::Loop(_))) {
            block.serial = self.opened;
            self.loops.push(self.blocks.len() - 1);
        }
    }

    /// How many loops that change slots were opened so far.
    pub(crate) fn opened(&self) -> u32 {
        self.opened
    }

    /// A slot is read for the first time since `seen` loops were opened: in those still open it is a loop variable.
    pub(crate) fn enter_slot(&mut self, graph: &mut Graph, variable: usize, seen: u32) {
        for at in self.loops.len().saturating_sub(limits::SLOT_LOOPS)..self.loops.len() {
            let index = self.loops[at];
            let has_room = |block: &Block| matches!(&block.kind, Kind::Loop(heads) if heads.len() < limits::LOOP_HEADS);
            if self.blocks.get(index).is_some_and(|b| b.serial > seen && has_room(b)) {
                let head = self.head(graph, variable);
                if let Some(Block { kind: Kind::Loop(heads), .. }) = self.blocks.get_mut(index) {
                    heads.push(head);
                }
            }
        }
    }

    /// A branch to the block `depth` levels out, with the block's results on top of the stack.
    pub(crate) fn branch(&mut self, graph: &mut Graph, stack: &[Id], depth: u32) {
        let Some(index) = self.blocks.len().checked_sub(1 + depth as usize) else { return };
        let now = self.log.len();
        self.leave_results(graph, stack, index);
        let block = &mut self.blocks[index];
        block.branch = Some(block.branch.map_or(now, |b| b.min(now)));
        if let Kind::Loop(phis) = &self.blocks[index].kind {
            for (variable, phi) in phis {
                let value = self.get(*variable);
                if value != *phi {
                    graph.close_phi(*phi, value);
                }
            }
        }
    }

    /// What follows cannot be reached.
    pub(crate) fn die(&mut self) {
        self.dead = true;
    }

    /// Joins the results on top of the stack with those that other ways out of a block have left.
    fn leave_results(&mut self, graph: &mut Graph, stack: &[Id], index: usize) {
        let floor = self.floor();
        let Some(block) = self.blocks.get_mut(index).filter(|b| (1..=limits::RESULTS).contains(&b.results)) else {
            return;
        };
        if matches!(block.kind, Kind::Loop(_) | Kind::Dead) {
            return;
        }
        let Some(start) = stack.len().checked_sub(block.results).filter(|s| *s >= floor) else { return };
        if block.left.is_empty() {
            block.left.extend_from_slice(&stack[start..]);
        } else {
            block.left.iter_mut().zip(&stack[start..]).for_each(|(left, now)| *left = graph.join(*left, *now));
        }
    }

    pub(crate) fn take_else(&mut self, graph: &mut Graph, stack: &mut Vec<Id>) {
        if !self.dead {
            self.leave_results(graph, stack, self.blocks.len().saturating_sub(1));
        }
        let Some(block) = self.blocks.last_mut() else { return };
        if !matches!(block.kind, Kind::If) {
            return;
        }
        let (mark, height) = (block.mark, block.height);
        let then = self.undo(mark);
        if let Some(block) = self.blocks.last_mut() {
            block.kind = Kind::Else { then, alive: !self.dead };
            // Branches out of the first half left a log that no longer exists.
            block.branch = block.branch.map(|b| b.min(mark));
        }
        self.dead = false;
        stack.truncate(height);
    }

    /// A handler: reached from anywhere in its block.
    pub(crate) fn revive(&mut self, graph: &mut Graph, stack: &mut Vec<Id>) {
        if !self.dead {
            self.leave_results(graph, stack, self.blocks.len().saturating_sub(1));
        }
        let Some(block) = self.blocks.last() else { return };
        if matches!(block.kind, Kind::Dead) {
            return;
        }
        let (mark, height) = (block.mark, block.height);
        self.meet(graph, mark);
        self.dead = false;
        stack.truncate(height);
    }

    /// Takes back every change since `mark` and gives what the changed variables held.
    fn undo(&mut self, mark: usize) -> Vec<(usize, Id)> {
        let mut held = Vec::new();
        self.seen.start();
        while self.log.len() > mark {
            let Some((variable, before)) = self.log.pop() else { break };
            if self.seen.is_new(variable) {
                held.push((variable, self.get(variable)));
            }
            if let Some(cell) = self.cell(variable) {
                *cell = before;
            }
        }
        held
    }

    /// Variables changed since `mark` may also have the value they had then.
    fn meet(&mut self, graph: &mut Graph, mark: usize) {
        for index in mark..self.compress(mark) {
            let (variable, before) = self.log[index];
            let both = self.join(graph, variable, before, self.get(variable));
            if let Some(cell) = self.cell(variable) {
                *cell = both;
            }
        }
    }

    /// Keeps only the first change of each variable since `mark`, so that the log never outgrows the variables times
    /// the nesting. Branches out of open blocks that fell in between move back to `mark`: the variables may then have one
    /// more value than they do, never one less. Gives the new length of the log.
    fn compress(&mut self, mark: usize) -> usize {
        let start = mark.min(self.log.len());
        let mut kept = start;
        self.seen.start();
        for index in start..self.log.len() {
            let entry = self.log[index];
            if self.seen.is_new(entry.0) {
                self.log[kept] = entry;
                kept += 1;
            }
        }
        self.log.truncate(kept);
        for block in self.blocks.iter_mut().rev().take_while(|b| b.mark >= mark || b.branch.is_some_and(|p| p > mark)) {
            block.branch = block.branch.map(|position| position.min(mark));
        }
        self.log.len()
    }

    pub(crate) fn close(&mut self, graph: &mut Graph, stack: &mut Vec<Id>) {
        let fell_through = !self.dead;
        if fell_through {
            self.leave_results(graph, stack, self.blocks.len().saturating_sub(1));
        }
        let Some(mut block) = self.blocks.pop() else { return };
        self.loops.pop_if(|index| *index >= self.blocks.len());
        match &block.kind {
            Kind::Dead => return,
            Kind::Else { then, alive } => self.close_else(graph, block.mark, then, *alive),
            // Without an else, the condition may have skipped the block.
            Kind::If => self.close_if(graph, block.mark),
            Kind::Opaque => self.meet(graph, block.mark),
            Kind::Block | Kind::Loop(_) => {}
        }
        let reached_by_branch = !matches!(block.kind, Kind::Loop(_)) && block.branch.is_some();
        if let (true, Some(branch)) = (reached_by_branch, block.branch) {
            self.meet(graph, branch);
        }
        let both_dead = matches!(block.kind, Kind::Block | Kind::Loop(_) | Kind::Opaque) && !fell_through;
        self.dead = self.dead && both_dead && !reached_by_branch;
        // A loop ends only where its end is reached.
        if matches!(block.kind, Kind::Loop(_)) && fell_through && stack.len() >= block.height + block.results {
            block.left = stack.split_off(stack.len() - block.results);
        }
        stack.truncate(block.height);
        block.left.resize(block.results, UNKNOWN);
        stack.append(&mut block.left);
    }

    fn close_if(&mut self, graph: &mut Graph, mark: usize) {
        if self.dead {
            self.undo(mark);
        } else {
            self.meet(graph, mark);
        }
        self.dead = false;
    }

    fn close_else(&mut self, graph: &mut Graph, mark: usize, then: &[(usize, Id)], alive: bool) {
        if self.dead {
            // Only the first half comes this far: its values hold.
            self.undo(mark);
            then.iter().for_each(|(variable, value)| self.set(*variable, *value));
            self.dead = !alive;
            return;
        }
        if !alive {
            return;
        }
        // Only the second half changed these: the first half left them as they were before.
        let end = self.compress(mark);
        self.seen.start();
        for (variable, _) in then {
            self.seen.is_new(*variable);
        }
        for index in mark..end {
            let (variable, outside) = self.log[index];
            if self.seen.is_new(variable) {
                let both = self.join(graph, variable, outside, self.get(variable));
                if let Some(cell) = self.cell(variable) {
                    *cell = both;
                }
            }
        }
        for (variable, value) in then {
            let now = self.get(*variable);
            let both = self.join(graph, *variable, *value, now);
            self.set(*variable, both);
        }
    }

    pub(crate) fn truncate(&mut self, depth: usize) {
        self.blocks.truncate(depth);
        self.loops.retain(|index| *index < depth);
    }

    /// Begins an inlined callee; gives the length of the log, for [`Control::leave`].
    pub(crate) fn enter(&mut self) -> usize {
        self.dead = false;
        self.log.len()
    }

    /// Ends an inlined callee: its locals go, and with them their history.
    pub(crate) fn leave(&mut self, base: usize, mark: usize) {
        self.variables.truncate(base);
        let mut recent = self.log.split_off(mark.min(self.log.len()));
        recent.retain(|(variable, _)| *variable < base || *variable >= SLOTS);
        self.log.append(&mut recent);
        self.dead = false;
    }

    /// Moves to a new graph: what was read before is only remembered where it is constant.
    pub(crate) fn carry(&mut self, old: &Graph, new: &mut Graph) {
        for id in self.variables.iter_mut().chain(&mut self.slots) {
            *id = carry(*id, old, new);
        }
        for (_, id) in &mut self.log {
            *id = carry(*id, old, new);
        }
        for block in &mut self.blocks {
            block.left.iter_mut().for_each(|id| *id = carry(*id, old, new));
            match &mut block.kind {
                // The heads belong to the old graph; their back edges are lost with it.
                Kind::Loop(phis) => phis.clear(),
                Kind::Else { then, .. } => then.iter_mut().for_each(|(_, id)| *id = carry(*id, old, new)),
                _ => {}
            }
        }
    }
}
