//! Addresses of sockets and pools that a program holds, as literals or as strings that evaluation found.

use super::Strings;
use crate::limits::LAYER_ADDRESSES;
use crate::request;
use crate::script::program::Program;
use davy_model::{Fact, FactName};
use oxc_ast::ast::{StringLiteral, TemplateElement};
use oxc_ast_visit::Visit;

/// What stands in every text that names such an address as a literal.
const MARKS: [&str; 4] = ["ws://", "wss://", "stratum", "daemon+"];

/// Hosts that are named, each with its places.
#[derive(Debug, Default)]
struct Named {
    /// Host, whether by a pool's scheme, first place, places.
    hosts: Vec<(String, bool, u32, u32)>,
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

impl<'a> Visit<'a> for Named {
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
