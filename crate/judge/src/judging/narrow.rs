//! The narrowest of the scopes in which a rule matches: a caller is not named when what it calls already matches.

use super::condition::View;
use davy_model::{Scope, ScopeKind};

/// Where a rule matched, as later rules ask for it.
pub(crate) struct Matched {
    any: bool,
    /// Indices of the functions in which it matched, ascending; empty for rules about the artifact.
    functions: Vec<u32>,
}

impl Matched {
    /// From the scopes that matched, narrowest only.
    pub(crate) fn of<'a>(kind: ScopeKind, scopes: impl Iterator<Item = &'a Scope>) -> Self {
        let mut matched = Self { any: false, functions: Vec::new() };
        for scope in scopes {
            matched.any = true;
            if !matches!(kind, ScopeKind::Page | ScopeKind::Artifact) {
                matched.functions.extend(scope.own);
            }
        }
        davy_model::sort(&mut matched.functions);
        matched.functions.dedup();
        matched
    }

    /// Whether it matched anywhere in the artifact.
    pub(crate) fn any(&self) -> bool {
        self.any
    }

    /// Whether it matched in this scope: anywhere for the artifact's own, else in a function that belongs to it.
    pub(crate) fn within(&self, scope: &Scope) -> bool {
        match scope.kind {
            ScopeKind::Page | ScopeKind::Artifact => self.any,
            ScopeKind::Function | ScopeKind::Loop => meet(&self.functions, &scope.functions),
        }
    }
}

/// Keeps the scopes that contain no other matching one, narrowest first.
///
/// A scope holds all that its functions call, so it contains another exactly when the other's own function belongs to
/// it. Loops of one function stand beside each other and are all kept.
pub(crate) fn narrowest(mut views: Vec<View<'_>>) -> Vec<View<'_>> {
    davy_model::sort_by(&mut views, |a, b| {
        (a.scope.functions.len(), &a.scope.location).cmp(&(b.scope.functions.len(), &b.scope.location))
    });
    let mut roots: Vec<u32> = Vec::new();
    views.retain(|view| {
        let own = view.scope.own;
        if view.scope.functions.iter().any(|f| Some(*f) != own && roots.binary_search(f).is_ok()) {
            return false;
        }
        if let Some(own) = own
            && let Err(place) = roots.binary_search(&own)
        {
            roots.insert(place, own);
        }
        true
    });
    views
}

/// Whether two ascending lists share a member; costs the shorter one's length times the logarithm of the longer's.
fn meet(a: &[u32], b: &[u32]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.iter().any(|f| long.binary_search(f).is_ok())
}
