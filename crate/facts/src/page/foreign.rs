//! SVG and MathML inside of a page: where their rules hold, a script is read with tags and CDATA sections in it.

use crate::limits;

/// Start tags at which a browser leaves foreign content (HTML standard, 13.2.6.5).
const LEAVES: [&str; 44] = [
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// Foreign elements in which HTML is written.
const HTML_INSIDE: [&str; 9] = ["foreignobject", "desc", "title", "annotation-xml", "mi", "mo", "mn", "ms", "mtext"];

/// The foreign elements that are open.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    open: Vec<String>,
}

impl Foreign {
    /// Whether what comes next is foreign content.
    pub(super) fn is_inside(&self) -> bool {
        self.open.last().is_some_and(|name| !HTML_INSIDE.contains(&name.as_str()))
    }

    /// Takes a start tag, its name in lower case. Says whether it is a foreign element.
    pub(super) fn start(&mut self, name: &str, self_closing: bool) -> bool {
        let inside = self.is_inside();
        if inside && LEAVES.contains(&name) {
            while self.is_inside() {
                self.open.pop();
            }
            return false;
        }
        if !inside && name != "svg" && name != "math" {
            return false;
        }
        // Browsers open no more than 512 elements inside of each other.
        if !self_closing && self.open.len() < limits::FOREIGN_DEPTH {
            self.open.push(name.to_owned());
        }
        true
    }

    /// Takes an end tag, its name in lower case.
    pub(super) fn end(&mut self, name: &str) {
        if let Some(index) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(index);
        } else if self.is_inside() && matches!(name, "p" | "br") {
            while self.is_inside() {
                self.open.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_inside_of_foreign_content_is_html() {
        let mut foreign = Foreign::default();
        assert!(!foreign.start("div", false));
        assert!(foreign.start("svg", false) && foreign.is_inside());
        assert!(foreign.start("foreignobject", false) && !foreign.is_inside());
        assert!(!foreign.start("script", false));
        foreign.end("foreignobject");
        assert!(foreign.start("script", true) && foreign.is_inside());
        assert!(!foreign.start("p", false) && !foreign.is_inside(), "a paragraph leaves");
    }

    #[test]
    fn what_is_open_is_bounded() {
        let mut foreign = Foreign::default();
        for _ in 0..10_000 {
            foreign.start("svg", false);
        }
        assert_eq!(foreign.open.len(), limits::FOREIGN_DEPTH);
    }
}
