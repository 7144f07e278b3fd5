//! Addresses of sockets and pools that a program holds, as literals or as strings that evaluation found.

use super::Strings;
use crate::limits::LAYER_ADDRESSES;
use crate::request;
use crate::script::program::Program;
use davy_model::{Fact, FactName};
use oxc_ast::ast::{
    ArrowFunctionExpression, Function, MethodDefinition, ObjectProperty, Statement, StringLiteral, TemplateElement,
    VariableDeclarator,
};
use oxc_ast_visit::{VisitJs, walk_js as walk};
use oxc_span::{GetSpan, Span};
use oxc_syntax::scope::ScopeFlags;

/// What stands in every text that names such an address as a literal.
const MARKS: [&str; 4] = ["ws://", "wss://", "stratum", "daemon+"];

/// Hosts that are named, each with its places.
#[derive(Debug, Default)]
struct Named {
    /// Host, whether by a pool's scheme, first place, places.
    hosts: Vec<(String, bool, u32, u32)>,
    /// Where the scheme of such an address may end, or an escape may hide that.
    schemes: Vec<u32>,
}

/// Offsets of colons behind what may be one of the schemes, in any case, and of all backslashes.
fn schemes(text: &[u8]) -> Vec<u32> {
    let may_end = |at: usize| match text[..at] {
        [.., b'w' | b'W', b's' | b'S'] | [.., b'w' | b'W', b's' | b'S', b's' | b'S'] => true,
        [.., last] => text[at..].starts_with(b"://") && b"mpls".contains(&last.to_ascii_lowercase()),
        [] => false,
    };
    let ends = memchr::memchr2_iter(b':', b'\\', text).filter(|at| text[*at] == b'\\' || may_end(*at));
    ends.map(|at| at as u32).collect()
}

impl Named {
    fn take(&mut self, text: &str, at: u32) {
        let Some((host, pool)) = request::named(text) else { return };
        if let Some(known) = self.hosts.iter_mut().find(|known| known.0 == host && known.1 == pool) {
            known.3 = known.3.saturating_add(1);
        } else if self.hosts.len() < LAYER_ADDRESSES {
            self.hosts.push((host, pool, at, 1));
        }
    }
}

impl Named {
    /// Whether an address may stand there.
    fn may_stand(&self, span: Span) -> bool {
        super::stands_in(&self.schemes, span)
    }
}

/// Most of a program holds no such address.
impl<'a> VisitJs<'a> for Named {
    fn visit_statement(&mut self, it: &Statement<'a>) {
        if self.may_stand(it.span()) {
            walk::walk_statement(self, it);
        }
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        if self.may_stand(it.span) {
            walk::walk_variable_declarator(self, it);
        }
    }

    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        if self.may_stand(it.span) {
            walk::walk_function(self, it, flags);
        }
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        if self.may_stand(it.span) {
            walk::walk_arrow_function_expression(self, it);
        }
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        if self.may_stand(it.span) {
            walk::walk_method_definition(self, it);
        }
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        if self.may_stand(it.span) {
            walk::walk_object_property(self, it);
        }
    }

    fn visit_string_literal(&mut self, it: &StringLiteral<'a>) {
        self.take(&it.value, it.span.start);
    }

    fn visit_template_element(&mut self, it: &TemplateElement<'a>) {
        self.take(it.value.cooked.as_deref().unwrap_or_default(), it.span.start);
    }
}

/// The facts about named hosts.
pub(super) fn facts(program: &Program<'_, '_>, strings: &Strings) -> Vec<Fact> {
    let mut named = Named::default();
    if MARKS.iter().any(|mark| program.text.contains(mark)) {
        named.schemes = schemes(program.text.as_bytes());
        named.visit_program(program.tree);
    }
    for (start, text) in strings.iter() {
        named.take(text, start);
    }
    let fact = |(host, pool, start, count)| Fact {
        name: FactName::NamedHost,
        value: u64::from(pool),
        count,
        text: Some(host),
        location: program.location(start),
    };
    named.hosts.into_iter().map(fact).collect()
}
