//! What a script sets up: workers, sockets, modules, and whom it names as payee; and what its names speak of.

mod chunk;
mod control;
mod payout;
mod role;
mod share;
#[cfg(test)]
mod tests;
mod words;

use super::program::is_function;
use super::program::{Pass, Program};
use crate::Limits;
use crate::limits::SHAPE_SCOPES;
use chunk::Chunks;
use control::Controls;
use davy_model::{Extraction, Fact, FactName, Scope, ScopeKind};
use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, CallExpression, Expression, IdentifierReference, ObjectExpression, ObjectPropertyKind, PropertyKey,
};
use oxc_ast_visit::VisitJs;
use oxc_span::{GetSpan, Span};
use role::Roles;
use std::collections::BTreeMap;

/// Programs that speak of mining in several words, or hide what they speak of.
pub(super) const PASS: Pass = Pass { words: &WORDS, wants: speaks, read };

/// Parts of words of the vocabulary, in both cases of their first letter, and what a loader asks; the last two stand in
/// hidden names.
const WORDS: [&str; 20] = [
    "job_id",
    "jobId",
    "once",
    "job",
    "Job",
    "ining",
    "iner",
    "hrottle",
    "hreads",
    "tratum",
    "allet",
    "ite_key",
    "iteKey",
    "ash",
    "hares",
    "ool",
    "ifficulty",
    "hardwareConcurrency",
    "_0x",
    "\\x",
];

/// Words of the vocabulary that a program must hold before it is read, and hidden names that stand for them.
const LEAST_WORDS: usize = 3;
const LEAST_HIDDEN: u32 = 8;

fn speaks(counts: &[u32]) -> bool {
    let (open, hidden) = counts.split_at(counts.len().saturating_sub(2));
    let stands = |word: &str| WORDS.iter().zip(counts).any(|(known, count)| *known == word && *count > 0);
    // What is left of a loader when its own names are gone: it asks for the cores, and its worker's file is a miner.
    let fans_out = stands("hardwareConcurrency") && (stands("iner") || stands("ining"));
    // The keys of a share are all that a worker may have of the vocabulary.
    let shares = stands("once") && (stands("job_id") || stands("jobId"));
    open.iter().filter(|count| **count > 0).count() >= LEAST_WORDS
        || hidden.iter().any(|count| *count >= LEAST_HIDDEN)
        || fans_out
        || shares
}

/// What was found in one chunk: (name, value, text) to how often and where first.
type Found = BTreeMap<(FactName, u64, Option<&'static str>), (u32, u32)>;

struct Reader<'r, 'p, 'a> {
    program: &'r Program<'p, 'a>,
    chunks: Chunks<'r>,
    /// What is walked now, and all that is around it.
    around: Vec<AstKind<'a>>,
    found: Vec<Found>,
    /// By chunk, what is driven.
    driven: Vec<Controls<'r>>,
    roles: Roles<'r>,
}

fn read(program: &Program<'_, '_>, _: &Limits, out: &mut Extraction) {
    let chunks = Chunks::of(program.scoping.sizes());
    let around = Vec::new();
    let mut reader = Reader {
        program,
        chunks,
        around,
        found: Vec::new(),
        driven: Vec::new(),
        roles: Roles::of_a_text(program.text.len()),
    };
    reader.visit_program(program.tree);
    reader.finish(out);
}

impl<'r, 'a: 'r> VisitJs<'a> for Reader<'r, '_, 'a> {
    // Which kind it is is known wherever one of these is called: little is left of them for most.
    #[inline(always)]
    fn enter_node(&mut self, kind: AstKind<'a>) {
        self.around.push(kind);
        if self.chunks.enter(kind) {
            self.found.push(Found::new());
            self.driven.push(Controls::default());
        }
        self.node(kind);
    }

    #[inline(always)]
    fn leave_node(&mut self, kind: AstKind<'a>) {
        self.around.pop();
        self.chunks.leave(kind);
    }
}

impl<'r, 'a: 'r> Reader<'r, '_, 'a> {
    #[inline(always)]
    fn node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::IdentifierName(name) => self.name(name.name.as_str(), name.span.start),
            AstKind::IdentifierReference(name) => {
                self.name(name.name.as_str(), name.span.start);
                self.global(name);
            }
            AstKind::BindingIdentifier(name) => self.name(name.name.as_str(), name.span.start),
            AstKind::StringLiteral(text) => self.text(text.value.as_str(), text.span.start),
            AstKind::TemplateElement(text) => self.text(text.value.raw.as_str(), text.span.start),
            AstKind::CallExpression(call) => self.call(call),
            AstKind::NewExpression(call) => {
                let (at, first) = (call.span.start, call.arguments.first());
                match self.callee(&call.callee) {
                    Some(name) => self.made(&call.callee, name, at, first),
                    None => self.keyed(at, first),
                }
            }
            AstKind::StaticMemberExpression(member) => self.member(member.property.name.as_str(), member.span.start),
            AstKind::ComputedMemberExpression(member) => {
                self.evaluated(member.span);
                if let Some(name) = self.string(&member.expression) {
                    self.member(name, member.span.start);
                }
            }
            AstKind::ObjectExpression(object) => self.object(object),
            AstKind::BinaryExpression(whole) => self.evaluated(whole.span),
            AstKind::TemplateLiteral(whole) => self.evaluated(whole.span),
            _ => {}
        }
    }

    /// A string that only evaluation gives.
    fn evaluated(&mut self, span: Span) {
        if let Some(text) = self.program.string(span) {
            self.text(text, span.start);
        }
    }

    fn call(&mut self, call: &CallExpression<'a>) {
        let at = call.span.start;
        self.evaluated(call.span);
        if let Some(name) = self.callee(&call.callee) {
            self.called(call, name, at);
            self.drives(call, name);
        }
        self.posts_as_worker(&call.callee, at);
    }

    fn string(&self, expression: &Expression<'a>) -> Option<&'r str> {
        match expression.get_inner_expression() {
            Expression::StringLiteral(text) => Some(text.value.as_str()),
            inner => self.program.string(inner.span()).or_else(|| self.program.string(expression.span())),
        }
    }

    /// The last name of what is called.
    fn callee(&self, callee: &Expression<'a>) -> Option<&'r str> {
        match callee.get_inner_expression() {
            Expression::Identifier(name) => Some(name.name.as_str()),
            Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
            Expression::ComputedMemberExpression(member) => self.string(&member.expression),
            _ => None,
        }
    }

    fn name(&mut self, name: &'r str, at: u32) {
        let roles = self.roles.of(name);
        if roles == 0 {
            return;
        }
        for (bit, (role, _)) in words::ROLES.iter().enumerate() {
            // `throttle(f, 100)` spaces out calls: every library has one.
            if roles >> bit & 1 == 1 && (*role != "throttle" || words::sets(name) || !self.is_called()) {
                self.add(FactName::MiningWord, 0, Some(role), at);
            }
        }
    }

    /// What is so many levels around what is walked now.
    fn outer(&self, levels: usize) -> Option<AstKind<'a>> {
        self.around.len().checked_sub(1 + levels).and_then(|index| self.around.get(index)).copied()
    }

    /// Whether a name is itself what is called or imported, or the function that is declared.
    fn is_called(&self) -> bool {
        let (Some(name), Some(parent)) = (self.outer(0), self.outer(1)) else { return false };
        let calls = |kind: AstKind<'_>, callee: AstKind<'_>| match kind {
            AstKind::CallExpression(call) => call.callee.span() == callee.span(),
            _ => false,
        };
        matches!(parent, AstKind::Function(_) | AstKind::ImportSpecifier(_) | AstKind::ImportDefaultSpecifier(_))
            || calls(parent, name)
            || self.outer(2).is_some_and(|around| calls(around, parent))
    }

    fn text(&mut self, text: &'r str, at: u32) {
        self.name(text, at);
        if let Some(payee) = payout::payee(text) {
            self.add(FactName::Payee, 0, Some(payee), at);
        }
    }

    fn member(&mut self, name: &str, at: u32) {
        if name == "hardwareConcurrency" {
            self.add(FactName::CoresAsked, 0, None, at);
        }
    }

    fn called(&mut self, call: &CallExpression<'a>, name: &str, at: u32) {
        match name {
            "fetch" | "ajax" | "getJSON" | "XMLHttpRequest" | "sendBeacon" => {
                self.add(FactName::ServerAsked, 0, None, at);
            }
            "io" | "connect" if self.is_global(call) => self.add(FactName::SocketMade, 1, None, at),
            "instantiate" | "instantiateStreaming" | "compile" | "compileStreaming"
                if self.is_of(&call.callee, "WebAssembly") =>
            {
                self.add(FactName::ModuleBuilt, 0, None, at);
            }
            "importScripts" => self.add(FactName::WorkerSide, 0, None, at),
            _ => {}
        }
    }

    fn made(&mut self, callee: &Expression<'a>, name: &str, at: u32, first: Option<&Argument<'a>>) {
        match name {
            "Worker" | "SharedWorker" => {
                let value = u64::from(self.runs_often());
                let is_miner = self.address(first).is_some_and(words::is_of_a_miner);
                self.add(FactName::WorkerStarted, value, is_miner.then_some("miner"), at);
            }
            "WebSocket" | "WebTransport" | "EventSource" | "WebSocketStream" => {
                self.add(FactName::SocketMade, u64::from(name != "WebSocket"), None, at);
            }
            "XMLHttpRequest" => self.add(FactName::ServerAsked, 0, None, at),
            "Module" | "Instance" if self.is_of(callee, "WebAssembly") => self.add(FactName::ModuleBuilt, 0, None, at),
            _ => self.keyed(at, first),
        }
    }

    /// What a worker is started from: a text, or `new URL(text, import.meta.url)`.
    fn address(&self, first: Option<&Argument<'a>>) -> Option<&'r str> {
        let expression = first.and_then(Argument::as_expression)?;
        match expression.get_inner_expression() {
            Expression::NewExpression(url) if self.callee(&url.callee) == Some("URL") => {
                url.arguments.first().and_then(Argument::as_expression).and_then(|inner| self.string(inner))
            }
            _ => self.string(expression),
        }
    }

    /// `of.method(…)`, and a call into a module that Emscripten linked.
    fn drives(&mut self, call: &CallExpression<'a>, method: &'r str) {
        let of = match call.callee.get_inner_expression() {
            Expression::StaticMemberExpression(member) => &member.object,
            Expression::ComputedMemberExpression(member) => &member.object,
            _ => return,
        };
        let Some(of) = self.callee(of) else { return };
        let at = call.span.start;
        if of == "Module" && matches!(method, "_malloc" | "ccall" | "cwrap") {
            self.add(FactName::ModuleBuilt, 1, None, at);
        }
        let roles = self.roles.of(method);
        let first = || call.arguments.first().and_then(Argument::as_expression).and_then(|first| self.string(first));
        let kind = control::kind(method, roles, first);
        if let Some(driven) = self.driven.get_mut(self.chunks.here()).filter(|_| kind != 0) {
            driven.called(of, kind, at);
        }
    }

    /// An object with the names of a share.
    fn object(&mut self, object: &ObjectExpression<'a>) {
        let properties = object.properties.iter().filter_map(ObjectPropertyKind::as_property);
        let keys = properties.filter_map(|property| match &property.key {
            PropertyKey::StaticIdentifier(name) => Some(name.name.as_str()),
            key => key.as_expression().and_then(|key| self.string(key)),
        });
        if share::is_share(keys) {
            self.add(FactName::ShareObject, 0, None, object.span.start);
        }
    }

    /// Something is made with a key as services hand them out.
    fn keyed(&mut self, at: u32, first: Option<&Argument<'a>>) {
        let key = first.and_then(Argument::as_expression).and_then(|argument| self.string(argument));
        if key.is_some_and(payout::is_key) {
            self.add(FactName::Payee, 1, Some("key"), at);
        }
    }

    /// What is named at all may be called by somebody else: obfuscators hand functions to helpers that call them.
    fn global(&mut self, name: &IdentifierReference<'a>) {
        let fact = match name.name.as_str() {
            "postMessage" => FactName::WorkerSide,
            "fetch" => FactName::ServerAsked,
            _ => return,
        };
        if self.is_undeclared(name) {
            self.add(fact, 0, None, name.span.start);
        }
    }

    /// `self.postMessage(x)` speaks to who started this worker, as a bare `postMessage(x)` does.
    fn posts_as_worker(&mut self, callee: &Expression<'a>, at: u32) {
        let Expression::StaticMemberExpression(member) = callee.get_inner_expression() else { return };
        let of_self = matches!(&member.object, Expression::Identifier(of) if of.name == "self");
        if of_self && member.property.name == "postMessage" {
            self.add(FactName::WorkerSide, 0, None, at);
        }
    }

    /// Whether the callee of a call is a plain name that the script does not declare.
    fn is_global(&self, call: &CallExpression<'a>) -> bool {
        let Expression::Identifier(name) = call.callee.get_inner_expression() else { return false };
        self.is_undeclared(name)
    }

    fn is_undeclared(&self, name: &IdentifierReference<'a>) -> bool {
        let scoping = self.program.scoping;
        name.reference_id.get().is_some_and(|reference| scoping.symbol_of(reference).is_none())
    }

    /// Whether what is called is a member of a global of that name.
    fn is_of(&self, callee: &Expression<'a>, object: &str) -> bool {
        let callee = callee.get_inner_expression();
        let of = match callee {
            Expression::StaticMemberExpression(member) => &member.object,
            Expression::ComputedMemberExpression(member) => &member.object,
            _ => return false,
        };
        self.callee(of) == Some(object)
    }

    /// Whether what is walked stands in a loop, or in a function that is handed to a call, as `map` and `forEach` take them.
    fn runs_often(&self) -> bool {
        let Some(mut inner) = self.outer(0) else { return false };
        for outer in self.around.iter().rev().skip(1).take(MOST_AROUND) {
            match outer {
                AstKind::ForStatement(_)
                | AstKind::WhileStatement(_)
                | AstKind::DoWhileStatement(_)
                | AstKind::ForOfStatement(_)
                | AstKind::ForInStatement(_) => return true,
                AstKind::CallExpression(_) if is_function(inner) => return true,
                _ if is_function(inner) => return false,
                _ => inner = *outer,
            }
        }
        false
    }

    fn add(&mut self, name: FactName, value: u64, text: Option<&'static str>, at: u32) {
        let Some(found) = self.found.get_mut(self.chunks.here()) else { return };
        let (count, first) = found.entry((name, value, text)).or_insert((0, at));
        *count = count.saturating_add(1);
        *first = (*first).min(at);
    }

    /// A scope for each chunk that shows more than requests: those alone are in every program.
    fn finish(mut self, out: &mut Extraction) {
        for (found, driven) in self.found.iter_mut().zip(&self.driven) {
            if let Some((kinds, at)) = driven.most() {
                found.insert((FactName::MinerDriven, u64::from(kinds), None), (1, at));
            }
        }
        let told = |found: &Found| found.keys().any(|(name, ..)| *name != FactName::ServerAsked);
        let chunks = self.chunks.starts().zip(&self.found).filter(|(_, found)| told(found));
        for (start, found) in chunks.take(SHAPE_SCOPES) {
            let location = self.program.location(start);
            let fact = |((name, value, text), (count, at)): (&(FactName, u64, Option<&str>), &(u32, u32))| Fact {
                name: *name,
                value: *value,
                count: *count,
                text: text.map(str::to_owned),
                location: self.program.location(*at),
            };
            let mut facts: Vec<Fact> = found.iter().map(fact).collect();
            davy_model::sort_by(&mut facts, Fact::order);
            out.scopes.push(Scope { kind: ScopeKind::Function, location, own: None, functions: Vec::new(), facts });
        }
    }
}

/// Nodes around a call that are looked at for a loop.
const MOST_AROUND: usize = 64;
