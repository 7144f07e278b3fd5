//! What the elements of a page mean: children, references and facts, in the order of the page.

use super::kind::{self, ScriptKind};
use super::token::{Attribute, Tag};
use super::{over_limit, value};
use crate::reference::{Base, join};
use crate::script::text;
use crate::{limits, shader};
use davy_model::{Artifact, ArtifactKind, Extraction, Fact, FactName, ReferenceKind};
use std::borrow::Cow;
use std::ops::Range;

/// Attributes whose value a browser may take for an address.
const ADDRESSES: [&str; 9] = ["href", "src", "action", "formaction", "data", "xlink:href", "to", "from", "values"];

/// What was found so far.
#[derive(Debug)]
pub(super) struct Collector<'a> {
    source: &'a [u8],
    path: &'a str,
    base: Option<Base>,
    children: Vec<(usize, Artifact<'static>)>,
    /// How many children of each kind there are: scripts, handlers, frames, shaders.
    numbers: [usize; 4],
    /// Texts of handlers that have been met, sorted: a list of a thousand rows has one handler a thousand times.
    handlers: Vec<Vec<u8>>,
    references: Vec<(usize, ReferenceKind, String)>,
    /// What is no longer the page's own text.
    taken: Vec<Range<usize>>,
    /// Where code of each kind stands first, and how often.
    inline: [Option<(usize, u32)>; 3],
    policies: Vec<(usize, String)>,
    over_limit: Option<String>,
}

/// Inline code in the words of [`FactName::InlineScript`].
const CLASSIC: usize = 0;
const HANDLER: usize = 2;

impl<'a> Collector<'a> {
    pub(super) fn new(source: &'a [u8], path: &'a str) -> Self {
        Self {
            source,
            path,
            base: None,
            children: Vec::new(),
            numbers: [0; 4],
            handlers: Vec::new(),
            references: Vec::new(),
            taken: Vec::new(),
            inline: [None; 3],
            policies: Vec::new(),
            over_limit: None,
        }
    }

    /// Reads what any start tag may carry: handlers, addresses, documents.
    pub(super) fn attributes(&mut self, tag: &Tag, name: &str) {
        if tag.over_limit {
            self.over_limit =
                Some(format!("a tag has more than {} attributes; the others were not read", limits::ATTRIBUTES));
        }
        for attribute in &tag.attributes {
            let key = self.key(attribute);
            if key.starts_with("on") && key.len() > 3 {
                let code = value::decoded(self.raw(attribute)).into_owned().into_bytes();
                self.handler(attribute, code);
            } else if ADDRESSES.contains(&key.as_str()) {
                let address = value::address(self.raw(attribute));
                if let Some(code) = value::javascript(&address) {
                    self.handler(attribute, code);
                }
            }
        }
        match name {
            "base" => self.base(tag),
            "link" => self.link(tag),
            "meta" => self.meta(tag),
            "iframe" | "frame" | "embed" | "object" => self.frame(tag, name),
            _ => {}
        }
    }

    /// A script element of HTML, with the place of its text.
    pub(super) fn script(&mut self, tag: &Tag, content: Range<usize>) {
        let word = |name| self.attribute(tag, name).map(|a| value::decoded(self.raw(a)).into_owned());
        let kind = kind::of(word("type").as_deref(), word("language").as_deref());
        if let Some(source) = self.attribute(tag, "src").cloned() {
            return self.named_script(&source, kind);
        }
        let text = &self.source[content.clone()];
        if text.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        match kind {
            ScriptKind::Classic | ScriptKind::Module => {
                self.count(usize::from(kind == ScriptKind::Module), content.start);
                self.child(content, text.to_vec(), ArtifactKind::Script);
            }
            ScriptKind::Shader if shader::dialect(text).is_some() => {
                self.child(content, text.to_vec(), ArtifactKind::Shader);
            }
            ScriptKind::ImportMap => {
                for target in kind::import_targets(&String::from_utf8_lossy(text)) {
                    self.refer(content.start, ReferenceKind::Module, &target);
                }
            }
            // What no browser runs is the page's text.
            ScriptKind::Shader | ScriptKind::Data => {}
        }
    }

    /// A script element of SVG: its text has character references and CDATA sections.
    pub(super) fn foreign_script(&mut self, tag: &Tag, content: Range<usize>) {
        if let Some(source) = self.attribute(tag, "href").or_else(|| self.attribute(tag, "xlink:href")).cloned() {
            return self.named_script(&source, ScriptKind::Classic);
        }
        let text = value::decoded(&self.source[content.clone()]).replace("<![CDATA[", "").replace("]]>", "");
        if !text.trim().is_empty() {
            self.count(CLASSIC, content.start);
            self.child(content, text.into_bytes(), ArtifactKind::Script);
        }
    }

    fn named_script(&mut self, source: &Attribute, kind: ScriptKind) {
        let kind = match kind {
            ScriptKind::Classic => ReferenceKind::Script,
            ScriptKind::Module => ReferenceKind::Module,
            _ => return,
        };
        let address = value::address(self.raw(source));
        match value::data(&address) {
            Some(data) => {
                self.count(usize::from(kind == ReferenceKind::Module), source.value.start);
                self.child(source.value.clone(), data.bytes, ArtifactKind::Script);
            }
            None => self.refer(source.value.start, kind, &address),
        }
    }

    fn base(&mut self, tag: &Tag) {
        let Some(address) = self.attribute(tag, "href").map(|a| value::address(self.raw(a))) else { return };
        let scheme = crate::reference::scheme(&address).unwrap_or_default().to_ascii_lowercase();
        if self.base.is_none() && scheme != "javascript" && scheme != "data" {
            self.base = Some(Base::new(join(&Base::default(), &address).unwrap_or_default()));
        }
    }

    fn link(&mut self, tag: &Tag) {
        let word = |name| self.attribute(tag, name).map(|a| value::decoded(self.raw(a)).to_ascii_lowercase());
        let (relations, purpose) = (word("rel").unwrap_or_default(), word("as").unwrap_or_default());
        let is = |relation: &str| relations.split_ascii_whitespace().any(|r| r == relation);
        let kind = match purpose.as_str() {
            _ if is("modulepreload") => ReferenceKind::Module,
            "script" if is("preload") => ReferenceKind::Script,
            "worker" | "sharedworker" if is("preload") => ReferenceKind::Worker,
            "fetch" if is("preload") => ReferenceKind::Data,
            _ => return,
        };
        if let Some(target) = self.attribute(tag, "href").cloned() {
            let address = value::address(self.raw(&target));
            self.refer(target.value.start, kind, &address);
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let word = |name| self.attribute(tag, name).map(|a| value::decoded(self.raw(a)).into_owned());
        let sets_policy = word("http-equiv").is_some_and(|w| w.trim().eq_ignore_ascii_case("content-security-policy"));
        if let Some(policy) = word("content").filter(|_| sets_policy && self.policies.len() < limits::PAGE_POLICIES) {
            let shown = policy.chars().take(limits::ADDRESS_SHOWN).collect();
            self.policies.push((tag.place.start, shown));
        }
    }

    fn frame(&mut self, tag: &Tag, name: &str) {
        if let Some(document) = self.attribute(tag, "srcdoc").filter(|_| name == "iframe").cloned() {
            let bytes = value::decoded(self.raw(&document)).into_owned().into_bytes();
            return self.child(document.value, bytes, ArtifactKind::Page);
        }
        let Some(source) = self.attribute(tag, if name == "object" { "data" } else { "src" }).cloned() else { return };
        let address = value::address(self.raw(&source));
        match value::data(&address) {
            Some(data) if kind::is_javascript(&data.media) => {}
            Some(data) if data.media.contains("html") || data.media.contains("xml") => {
                self.child(source.value, data.bytes, ArtifactKind::Page);
            }
            Some(_) => {}
            None if value::javascript(&address).is_some() || address.starts_with("about:") => {}
            None => self.refer(source.value.start, ReferenceKind::Frame, &address),
        }
    }

    fn handler(&mut self, attribute: &Attribute, code: Vec<u8>) {
        if code.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.count(HANDLER, attribute.value.start);
        match self.handlers.binary_search(&code) {
            Ok(_) => self.taken.push(attribute.value.clone()),
            Err(place) => {
                if self.handlers.len() < limits::PAGE_CHILDREN {
                    self.handlers.insert(place, code.clone());
                }
                self.numbered(attribute.value.clone(), code, ArtifactKind::Script, HANDLERS);
            }
        }
    }

    fn count(&mut self, kind: usize, place: usize) {
        let (_, count) = self.inline[kind].get_or_insert((place, 0));
        *count = count.saturating_add(1);
    }

    fn child(&mut self, place: Range<usize>, bytes: Vec<u8>, kind: ArtifactKind) {
        let names = match kind {
            ArtifactKind::Page => FRAMES,
            ArtifactKind::Shader => SHADERS,
            _ => SCRIPTS,
        };
        self.numbered(place, bytes, kind, names);
    }

    fn numbered(&mut self, place: Range<usize>, bytes: Vec<u8>, kind: ArtifactKind, (number, stem, ending): Names) {
        if self.children.len() >= limits::PAGE_CHILDREN {
            self.over_limit = Some(format!(
                "the page holds more than {} scripts and documents; the others were not read",
                limits::PAGE_CHILDREN
            ));
            return;
        }
        let ending = match kind {
            ArtifactKind::Shader => shader::dialect(&bytes).map_or(ending, shader::Dialect::ending),
            _ => ending,
        };
        let path = format!("{}!/{stem}-{}.{ending}", self.path, self.numbers[number]);
        self.numbers[number] += 1;
        self.children.push((place.start, Artifact { path, kind, bytes: Cow::Owned(bytes) }));
        self.taken.push(place);
    }

    fn refer(&mut self, place: usize, kind: ReferenceKind, address: &str) {
        let base = self.base.clone().unwrap_or_default();
        let Some(address) = join(&base, address).filter(|a| a.len() as u64 <= limits::ADDRESS_BYTES) else { return };
        self.references.push((place, kind, address));
    }

    /// The first attribute of this name.
    fn attribute<'t>(&self, tag: &'t Tag, name: &str) -> Option<&'t Attribute> {
        tag.attributes.iter().find(|a| self.source[a.name.clone()].eq_ignore_ascii_case(name.as_bytes()))
    }

    fn key(&self, attribute: &Attribute) -> String {
        String::from_utf8_lossy(&self.source[attribute.name.clone()]).to_ascii_lowercase()
    }

    fn raw(&self, attribute: &Attribute) -> &'a [u8] {
        &self.source[attribute.value.clone()]
    }

    /// Hands everything over and gives the page without what became a child: blanks stand in its place, so that every
    /// line keeps its number.
    pub(super) fn finish(mut self, out: &mut Extraction) -> Cow<'a, [u8]> {
        self.facts(out);
        let places: Vec<usize> = self.children.iter().map(|(place, _)| *place).collect();
        out.places.extend(text::lines(self.source, &places));
        out.children.extend(std::mem::take(&mut self.children).into_iter().map(|(_, child)| child));
        out.references.extend(crate::reference::located(self.source, std::mem::take(&mut self.references)));
        out.gaps.extend(self.over_limit.take().map(over_limit));
        if self.taken.is_empty() {
            return Cow::Borrowed(self.source);
        }
        let mut rest = self.source.to_vec();
        for range in self.taken {
            rest[range].iter_mut().filter(|c| **c != b'\n').for_each(|c| *c = b' ');
        }
        Cow::Owned(rest)
    }

    fn facts(&self, out: &mut Extraction) {
        let firsts: Vec<usize> = self.inline.iter().map(|kind| kind.map_or(0, |(first, _)| first)).collect();
        let lines = text::lines(self.source, &firsts);
        let mut found = Vec::new();
        for (value, (kind, location)) in self.inline.iter().zip(lines).enumerate() {
            let Some((_, count)) = *kind else { continue };
            found.push(Fact { name: FactName::InlineScript, value: value as u64, count, text: None, location });
        }
        let places: Vec<usize> = self.policies.iter().map(|(place, _)| *place).collect();
        for ((_, policy), location) in self.policies.iter().zip(text::lines(self.source, &places)) {
            found.push(Fact { name: FactName::PagePolicy, value: 0, count: 1, text: Some(policy.clone()), location });
        }
        let Some(scope) = out.scopes.first_mut() else { return };
        scope.facts.extend(found);
        davy_model::sort_by(&mut scope.facts, |a, b| a.order(b));
        scope.facts.dedup_by(|a, b| a.order(b).is_eq());
    }
}

/// Where the numbers of a kind of child are counted, and how its name begins and ends.
type Names = (usize, &'static str, &'static str);
const SCRIPTS: Names = (0, "script", "js");
const HANDLERS: Names = (1, "handler", "js");
const FRAMES: Names = (2, "frame", "html");
const SHADERS: Names = (3, "shader", "glsl");
