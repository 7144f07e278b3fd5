//! Our scopes against a compiler's.

use super::*;
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;

/// Where names stand, in the order of the tree: bindings with their symbols, references with theirs.
#[derive(Default)]
struct Names {
    bindings: Vec<(u32, Option<SymbolId>)>,
    references: Vec<(u32, Option<ReferenceId>)>,
}

impl<'a> VisitJs<'a> for Names {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::BindingIdentifier(id) => self.bindings.push((id.span.start, id.symbol_id.get())),
            AstKind::IdentifierReference(id) => self.references.push((id.span.start, id.reference_id.get())),
            _ => {}
        }
    }
}

/// What each reference means, by where that is declared first, and whether it writes; and in which function it stands.
type Meant = Vec<(u32, Option<u32>, u32)>;

fn meant(names: &Names, symbol_of: impl Fn(ReferenceId) -> Option<usize>, writes: impl Fn(usize) -> usize) -> Meant {
    let mut firsts = std::collections::BTreeMap::new();
    for (start, id) in &names.bindings {
        if let Some(id) = id {
            firsts.entry(id.index()).or_insert(*start);
        }
    }
    let first = |symbol: usize| firsts.get(&symbol).copied();
    let one = |(start, id): &(u32, Option<ReferenceId>)| {
        let symbol = id.and_then(&symbol_of);
        (*start, symbol.and_then(first), symbol.map_or(0, &writes) as u32)
    };
    names.references.iter().map(one).collect()
}

fn ours(text: &str) -> Meant {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::unambiguous()).parse();
    let scoping = Scoping::of(&parsed.program);
    let mut names = Names::default();
    names.visit_program(&parsed.program);
    assert!(names.bindings.iter().all(|(_, id)| id.is_some()), "{text}");
    let writes: Vec<u32> = scoping.symbols().map(|(_, writes)| writes).collect();
    meant(&names, |reference| scoping.symbol_of(reference), |symbol| writes[symbol] as usize)
}

fn theirs(text: &str) -> Meant {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::unambiguous()).parse();
    let semantic = SemanticBuilder::new().build(&parsed.program).semantic;
    let scoping = semantic.scoping();
    let mut names = Names::default();
    names.visit_program(&parsed.program);
    let writes = |symbol| {
        scoping.get_resolved_references(SymbolId::from_usize(symbol)).filter(|reference| reference.is_write()).count()
    };
    let symbol_of = |reference| scoping.get_reference(reference).symbol_id().map(SymbolId::index);
    meant(&names, symbol_of, writes)
}

/// Names that a compiler gives another meaning than the language are left out: what parameters refer to is never what the
/// body declares, even where nobody else declares it.
#[test]
fn names_mean_what_a_compiler_takes_them_for() {
    for text in [
        "a = b; var a; let b = a + c; { let a = 1; a++; var d = a } d",
        "var w; function f(x, y = x, z = w) { var w; x = y; return function g() { return g + w } } f(w)",
        "(function f(f) { f = 1 }); (function g() { var g; g }); (function h() { h = 2 })",
        "class A { m() { return A } static s = A; static { var A; A = 1 } } (class B extends B { x = B }); B; A",
        "if (x) { function f() { f } } f(); { { let f = 1; f } }",
        "'use strict'; { function f() {} f() } f()",
        "{ let f; { function f() {} } } f",
        "for (let i = 0, n = i; i < n; i++) (() => i)(); i; for (var j in i) j; for (k of j) k; for (const m of m) m",
        "try { e } catch (e) { e = 1; let x = e } e; try {} catch ({ a, b: [c = a] }) { c } c; try {} catch { e }",
        "({ a, b: c, ...d } = e); [f, g = a, ...h.i] = j; k.l = m; n[o] = p; ({ q = r } = s); var a, c, d, f, g, k, n, q",
        "var { a, b: [c, ...d], e = a } = a, i, f = (g, { h = i } = j, ...k) => { var i; return g + h + i + k }; a += c; --e",
        "import m, { n as o } from 'x'; import * as p from 'y'; export { o as q, m }; export default p; export const r = o",
        "switch (a) { case b: let a = 1; function b() {} default: a } a; b; l: for (;;) break l",
        "with (a) { b } var a, b; new.target; arguments; delete a.b; a?.b?.[c]; async function* c() { yield c } `${c}`",
        "var f = class { [f]() { return f } get f() { return super.f } #p = f }, async = async (await) => async",
        "function a() { return b; function b() {} } function b() {} a.b = function c() { c() }; c",
    ] {
        assert_eq!(ours(text), theirs(text), "{text}");
    }
}

#[test]
fn scopes_belong_to_functions() {
    let allocator = Allocator::default();
    let text = "var a; (b => { { let c = a + b } })(); function d() { try {} catch (e) { a = e } }";
    let parsed = Parser::new(&allocator, text, SourceType::unambiguous()).parse();
    let scoping = Scoping::of(&parsed.program);
    let parents: Vec<_> = scoping.scopes().map(|scope| (scoping.parent(scope), scoping.is_function(scope))).collect();
    let outer = |scope| (Some(scope), false);
    let expected = [(None, false), (Some(0), true), outer(1), (Some(0), true), outer(3), outer(3), outer(5)];
    assert_eq!(parents, expected);
    assert_eq!(scoping.scopes_len(), 7);
    assert_eq!(scoping.symbols_len(), 5);
    assert_eq!(scoping.symbols().collect::<Vec<_>>(), [(0, 1), (1, 0), (2, 0), (0, 0), (5, 0)]);
    assert_eq!(scoping.uses().collect::<Vec<_>>(), [(0, 2), (1, 2), (0, 6), (4, 6)]);
}
