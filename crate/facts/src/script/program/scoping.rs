//! Which variable a name means: scopes, the symbols that are declared in them, and the references to these.
//!
//! One walk numbers them and writes the numbers into the tree; a second pass, over the numbers alone, says which symbol
//! each reference means. Names are numbers too, and the symbol that a name means at the moment stands at its number: so
//! a reference costs the same however deep it stands. Kept is what is asked later, twenty bytes for a scope, a symbol and
//! a reference together.

use super::interner::Interner;
use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentTargetPropertyIdentifier, BindingIdentifier, CatchParameter, Class, FormalParameters, Function,
    IdentifierReference, Program, SimpleAssignmentTarget, VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{VisitJs, walk_js as walk};
use oxc_syntax::reference::ReferenceId;
use oxc_syntax::scope::{ScopeFlags, ScopeId};
use oxc_syntax::symbol::SymbolId;
use std::cell::Cell;

/// None of the numbers.
const NONE: u32 = u32::MAX;

/// A scope; each has a higher number than the one around it.
#[derive(Debug, Clone, Copy)]
struct Scope {
    /// The one around it.
    parent: u32,
    is_function: bool,
}

/// A declared variable, function, class or import.
#[derive(Debug, Clone, Copy)]
struct Symbol {
    scope: u32,
    /// References that write to it; its declaration is none.
    writes: u32,
}

/// A name that stands for a value.
#[derive(Debug, Clone, Copy)]
struct Reference {
    symbol: u32,
    scope: u32,
}

/// Scopes, symbols and references of a program, and how large its functions are.
#[derive(Debug)]
pub(in crate::script) struct Scoping {
    scopes: Vec<Scope>,
    symbols: Vec<Symbol>,
    references: Vec<Reference>,
    sizes: Vec<u32>,
}

/// Whether a node is one of which [`Scoping::sizes`] tells.
#[inline(always)]
pub(in crate::script) fn is_measured(kind: AstKind<'_>) -> bool {
    is_function(kind) || matches!(kind, AstKind::Program(_))
}

/// Whether a node is a function, or a class.
#[inline(always)]
pub(in crate::script) fn is_function(kind: AstKind<'_>) -> bool {
    matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) | AstKind::Class(_))
}

impl Scoping {
    /// Reads a program, and writes the numbers of scopes, symbols and references into its tree.
    pub(in crate::script) fn of(program: &Program<'_>) -> Self {
        let mut collector = Collector::default();
        collector.visit_program(program);
        collector.resolve()
    }

    /// How many scopes there are; the program's own is the first.
    pub(in crate::script) fn scopes_len(&self) -> usize {
        self.scopes.len()
    }

    /// All scopes, each behind the one around it.
    pub(in crate::script) fn scopes(&self) -> impl Iterator<Item = usize> + use<> {
        0..self.scopes.len()
    }

    /// The scope around a scope.
    pub(in crate::script) fn parent(&self, scope: usize) -> Option<usize> {
        self.scopes.get(scope).map(|scope| scope.parent).filter(|parent| *parent != NONE).map(|parent| parent as usize)
    }

    /// Whether a scope is a function's.
    pub(in crate::script) fn is_function(&self, scope: usize) -> bool {
        self.scopes.get(scope).is_some_and(|scope| scope.is_function)
    }

    /// How many symbols there are.
    pub(in crate::script) fn symbols_len(&self) -> usize {
        self.symbols.len()
    }

    /// Scope of each symbol, and how many references write to it.
    pub(in crate::script) fn symbols(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.symbols.iter().map(|symbol| (symbol.scope as usize, symbol.writes))
    }

    /// The scope in which a symbol is declared.
    pub(in crate::script) fn scope_of(&self, symbol: usize) -> usize {
        self.symbols.get(symbol).map_or(0, |symbol| symbol.scope as usize)
    }

    /// The symbol that a reference means; none for a global that the program does not declare.
    pub(in crate::script) fn symbol_of(&self, reference: ReferenceId) -> Option<usize> {
        let symbol = self.references.get(reference.index())?.symbol;
        (symbol != NONE).then_some(symbol as usize)
    }

    /// Nodes of the tree that belong to the program, and to each function and class, in the order in which they begin.
    pub(in crate::script) fn sizes(&self) -> &[u32] {
        &self.sizes
    }

    /// Symbol and scope of every reference that means one.
    pub(in crate::script) fn uses(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let declared = self.references.iter().filter(|reference| reference.symbol != NONE);
        declared.map(|reference| (reference.symbol as usize, reference.scope as usize))
    }
}

/// How names are declared that are read next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Declares {
    /// In the scope that is read.
    #[default]
    Here,
    /// In the function that is read, as `var` does.
    Function,
    /// In the scope that is read, as a function expression does with its own name: whatever else has the name hides it.
    Itself,
    /// In the scope that comes next, as a class expression does.
    Within,
}

/// What stands between references.
#[derive(Debug, Clone, Copy)]
enum Event {
    Enter(u32),
    /// The parameters of a function are over: what else it declares is seen from here on only.
    Body(u32),
    Leave(u32),
}

/// A scope while it is read.
#[derive(Debug, Clone, Copy)]
struct Open {
    flags: ScopeFlags,
    /// The function, or program, that it belongs to.
    function: u32,
    /// The last symbol that is declared in it.
    last: u32,
    /// The last that is seen as soon as it is entered: of a function whose parameters hold references, its last parameter.
    first: u32,
    is_split: bool,
}

/// A symbol while it is read.
#[derive(Debug, Clone, Copy)]
struct Declared {
    name: u32,
    /// The one before it in the same scope.
    before: u32,
    /// The one of this name that it hides.
    hides: u32,
    /// Whether it was declared as [`Declares::Itself`].
    itself: bool,
}

/// Numbers everything, in the order of the text.
#[derive(Default)]
struct Collector<'a> {
    names: Interner<'a>,
    /// By name: the innermost symbol in an open scope.
    innermost: Vec<u32>,
    scopes: Vec<Scope>,
    open: Vec<Open>,
    symbols: Vec<Symbol>,
    declared: Vec<Declared>,
    /// Each with the number of its name where its symbol will stand.
    references: Vec<Reference>,
    /// References that write.
    writes: Vec<u32>,
    /// How many references stand before each.
    events: Vec<(u32, Event)>,
    /// The scope that is read.
    here: u32,
    declares: Declares,
    /// A name of the scope that comes next.
    within: Option<&'a BindingIdentifier<'a>>,
    is_write: bool,
    nodes: u32,
    sizes: Vec<u32>,
    /// Of what is open: place among the sizes, and nodes before.
    sized: Vec<(u32, u32)>,
}

impl<'a> Collector<'a> {
    fn event(&mut self, event: Event) {
        self.events.push((self.references.len() as u32, event));
    }

    fn name(&mut self, name: &'a str) -> u32 {
        let number = self.names.number(name);
        if number as usize >= self.innermost.len() {
            self.innermost.push(NONE);
        }
        number
    }

    /// The function, or program, around what is read.
    fn function(&self) -> u32 {
        self.open[self.here as usize].function
    }

    /// Symbols of one name hide one another in the order of their scopes: the one outside of `scope`, or in it, and the one
    /// further inside before it.
    fn find(&self, name: u32, scope: u32) -> (u32, u32) {
        let (mut inner, mut at) = (NONE, self.innermost[name as usize]);
        while at != NONE && self.symbols[at as usize].scope > scope {
            (inner, at) = (at, self.declared[at as usize].hides);
        }
        (inner, at)
    }

    fn is_declared(&self, name: u32, scope: u32) -> bool {
        let (_, found) = self.find(name, scope);
        found != NONE && self.symbols[found as usize].scope == scope
    }

    /// The symbol of that name in a scope: a new one, or the one that is there.
    fn declare(&mut self, name: u32, scope: u32, itself: bool) -> u32 {
        let (inner, found) = self.find(name, scope);
        let mut hides = found;
        if found != NONE && self.symbols[found as usize].scope == scope {
            if !self.declared[found as usize].itself {
                return found;
            }
            hides = self.declared[found as usize].hides;
        }
        let symbol = self.symbols.len() as u32;
        let before = std::mem::replace(&mut self.open[scope as usize].last, symbol);
        self.symbols.push(Symbol { scope, writes: 0 });
        self.declared.push(Declared { name, before, hides, itself });
        match inner {
            NONE => self.innermost[name as usize] = symbol,
            inner => self.declared[inner as usize].hides = symbol,
        }
        symbol
    }

    fn bind(&mut self, id: &BindingIdentifier<'a>, scope: u32, itself: bool) {
        let name = self.name(id.name.as_str());
        let symbol = self.declare(name, scope, itself);
        id.symbol_id.set(Some(SymbolId::from_usize(symbol as usize)));
    }

    /// Declares a function by its name in the scope around it. Outside of strict code a block's functions are the whole
    /// function's, unless that has something else of the name.
    fn bind_function(&mut self, function: &Function<'a>, id: &BindingIdentifier<'a>) {
        let flags = self.open[self.here as usize].flags;
        let is_plain = !function.r#async && !function.generator;
        let mut scope = self.here;
        if is_plain && !flags.is_var() && !flags.is_strict_mode() {
            let outer = self.function();
            let name = self.name(id.name.as_str());
            if !self.is_declared(name, self.here) && !self.is_declared(name, outer) {
                scope = outer;
            }
        }
        self.bind(id, scope, false);
    }

    fn with_declares(&mut self, declares: Declares, read: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.declares, declares);
        read(self);
        self.declares = before;
    }

    /// Says which symbol each reference means.
    fn resolve(mut self) -> Scoping {
        self.innermost.fill(NONE);
        let mut at = 0;
        let mut here = NONE;
        for (until, event) in std::mem::take(&mut self.events) {
            for reference in &mut self.references[at..until as usize] {
                reference.scope = here;
                reference.symbol = self.innermost[reference.symbol as usize];
            }
            at = until as usize;
            match event {
                Event::Enter(scope) => {
                    here = scope;
                    self.show(self.open[scope as usize].first, NONE);
                }
                Event::Body(scope) => {
                    let Open { last, first, .. } = self.open[scope as usize];
                    self.show(last, first);
                }
                Event::Leave(scope) => {
                    here = self.scopes[scope as usize].parent;
                    self.hide(self.open[scope as usize].last);
                }
            }
        }
        for reference in self.writes {
            let symbol = self.references.get(reference as usize).map_or(NONE, |reference| reference.symbol);
            if let Some(symbol) = self.symbols.get_mut(symbol as usize) {
                symbol.writes += 1;
            }
        }
        let Self { mut scopes, mut symbols, mut references, mut sizes, .. } = self;
        // They are kept as long as the tree.
        scopes.shrink_to_fit();
        symbols.shrink_to_fit();
        references.shrink_to_fit();
        sizes.shrink_to_fit();
        Scoping { scopes, symbols, references, sizes }
    }

    /// Brings symbols of a scope into view, from `last` back to the one behind `until`.
    fn show(&mut self, last: u32, until: u32) {
        let mut at = last;
        while at != until {
            let Declared { name, before, itself, .. } = self.declared[at as usize];
            let hides = self.innermost[name as usize];
            let scope_of = |symbol: u32| self.symbols.get(symbol as usize).map(|symbol| symbol.scope);
            if !itself || scope_of(hides) != scope_of(at) {
                self.declared[at as usize].hides = hides;
                self.innermost[name as usize] = at;
            }
            at = before;
        }
    }

    /// Takes symbols of a scope out of view.
    fn hide(&mut self, last: u32) {
        let mut at = last;
        while at != NONE {
            let Declared { name, before, hides, .. } = self.declared[at as usize];
            if self.innermost[name as usize] == at {
                self.innermost[name as usize] = hides;
            }
            at = before;
        }
    }
}

impl<'a> VisitJs<'a> for Collector<'a> {
    #[inline(always)]
    fn enter_node(&mut self, kind: AstKind<'a>) {
        if is_measured(kind) {
            self.sized.push((self.sizes.len() as u32, self.nodes));
            self.sizes.push(0);
        }
        self.nodes += 1;
    }

    #[inline(always)]
    fn leave_node(&mut self, kind: AstKind<'a>) {
        if is_measured(kind)
            && let Some((place, before)) = self.sized.pop()
        {
            self.sizes[place as usize] = self.nodes - before;
        }
    }

    fn enter_scope(&mut self, flags: ScopeFlags, scope_id: &Cell<Option<ScopeId>>) {
        let scope = self.scopes.len() as u32;
        let (parent, strict) = match self.open.get(self.here as usize) {
            Some(open) => (self.here, open.flags & ScopeFlags::StrictMode),
            None => (NONE, ScopeFlags::empty()),
        };
        let function = if flags.is_var() || parent == NONE { scope } else { self.function() };
        self.scopes.push(Scope { parent, is_function: flags.is_function() });
        self.open.push(Open { flags: flags | strict, function, last: NONE, first: NONE, is_split: false });
        scope_id.set(Some(ScopeId::from_usize(scope as usize)));
        self.here = scope;
        self.event(Event::Enter(scope));
        if let Some(id) = self.within.take() {
            self.bind(id, scope, false);
        }
    }

    fn leave_scope(&mut self) {
        let scope = self.here;
        let open = &mut self.open[scope as usize];
        if !open.is_split {
            open.first = open.last;
        }
        let last = open.last;
        self.hide(last);
        self.event(Event::Leave(scope));
        self.here = self.scopes[scope as usize].parent;
    }

    fn visit_binding_identifier(&mut self, id: &BindingIdentifier<'a>) {
        self.nodes += 1;
        // Names of functions and classes are declared before they are visited.
        if id.symbol_id.get().is_some() {
            return;
        }
        match self.declares {
            Declares::Here => self.bind(id, self.here, false),
            Declares::Function => self.bind(id, self.function(), false),
            Declares::Itself => self.bind(id, self.here, true),
            Declares::Within => self.within = Some(self.alloc(id)),
        }
    }

    fn visit_identifier_reference(&mut self, id: &IdentifierReference<'a>) {
        self.nodes += 1;
        let number = self.references.len() as u32;
        if std::mem::take(&mut self.is_write) {
            self.writes.push(number);
        }
        let symbol = self.name(id.name.as_str());
        self.references.push(Reference { symbol, scope: NONE });
        id.reference_id.set(Some(ReferenceId::from_usize(number as usize)));
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        self.is_write = matches!(target, SimpleAssignmentTarget::AssignmentTargetIdentifier(_));
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_assignment_target_property_identifier(&mut self, target: &AssignmentTargetPropertyIdentifier<'a>) {
        self.is_write = true;
        walk::walk_assignment_target_property_identifier(self, target);
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        let is_var = declaration.kind == VariableDeclarationKind::Var;
        let declares = if is_var { Declares::Function } else { Declares::Here };
        self.with_declares(declares, |collector| walk::walk_variable_declaration(collector, declaration));
    }

    fn visit_catch_parameter(&mut self, parameter: &CatchParameter<'a>) {
        self.with_declares(Declares::Here, |collector| walk::walk_catch_parameter(collector, parameter));
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        match &function.id {
            Some(id) if function.is_declaration() => self.bind_function(function, id),
            _ => {}
        }
        self.with_declares(Declares::Itself, |collector| walk::walk_function(collector, function, flags));
    }

    fn visit_formal_parameters(&mut self, parameters: &FormalParameters<'a>) {
        let before = self.references.len();
        self.with_declares(Declares::Here, |collector| walk::walk_formal_parameters(collector, parameters));
        if self.references.len() > before {
            let scope = self.here;
            let open = &mut self.open[scope as usize];
            (open.first, open.is_split) = (open.last, true);
            self.event(Event::Body(scope));
        }
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        match &class.id {
            Some(id) if class.is_declaration() => self.bind(id, self.here, false),
            _ => {}
        }
        self.with_declares(Declares::Within, |collector| walk::walk_class(collector, class));
    }
}

#[cfg(test)]
mod tests;
