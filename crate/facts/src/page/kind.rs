//! What the `type` of a script element means.

/// What a script element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScriptKind {
    Classic,
    Module,
    ImportMap,
    /// A shader's text, which a script of the page hands to the graphics card.
    Shader,
    /// Data: its text is the page's.
    Data,
}

/// Media types of JavaScript (HTML standard, "JavaScript MIME type").
const JAVASCRIPT: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// From the attributes `type` and `language`.
pub(super) fn of(kind: Option<&str>, language: Option<&str>) -> ScriptKind {
    let kind = match (kind, language) {
        (None, None | Some("")) | (Some(""), _) => return ScriptKind::Classic,
        (None, Some(language)) => format!("text/{language}"),
        (Some(kind), _) => kind.trim().to_owned(),
    };
    let kind = kind.to_ascii_lowercase();
    match kind.as_str() {
        "module" => ScriptKind::Module,
        "importmap" => ScriptKind::ImportMap,
        _ if JAVASCRIPT.contains(&kind.as_str()) => ScriptKind::Classic,
        // Loaders mark what they run later: `3f2a-text/javascript`, `text/babel`.
        _ if ["javascript", "babel", "ecmascript"].iter().any(|end| kind.ends_with(end)) => ScriptKind::Classic,
        _ if kind.ends_with("-module") => ScriptKind::Module,
        _ if ["shader", "glsl", "wgsl"].iter().any(|word| kind.contains(word)) => ScriptKind::Shader,
        _ => ScriptKind::Data,
    }
}

/// Whether a media type is that of JavaScript.
pub(super) fn is_javascript(media: &str) -> bool {
    JAVASCRIPT.contains(&media)
}

/// The targets of an import map: every text that stands as a value and is an address.
pub(super) fn import_targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let mut parts = text.split('"');
    // Outside, inside, outside, …: escapes in addresses are not followed.
    while let (Some(before), Some(inside)) = (parts.next(), parts.next()) {
        let is_value = before.trim_end().ends_with(':');
        let is_address = ["./", "../", "/", "http://", "https://"].iter().any(|start| inside.starts_with(start));
        // Maps of packages also name folders and descriptions.
        if is_value && is_address && !inside.ends_with('/') && !inside.ends_with(".json") {
            targets.push(inside.to_owned());
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_mean_what_browsers_take_them_for() {
        assert_eq!(of(None, None), ScriptKind::Classic);
        assert_eq!(of(Some(""), Some("vbscript")), ScriptKind::Classic);
        assert_eq!(of(None, Some("JavaScript1.2")), ScriptKind::Classic);
        assert_eq!(of(None, Some("vbscript")), ScriptKind::Data);
        assert_eq!(of(Some(" Text/JavaScript "), None), ScriptKind::Classic);
        assert_eq!(of(Some("MODULE"), None), ScriptKind::Module);
        assert_eq!(of(Some("application/json"), None), ScriptKind::Data);
        assert_eq!(of(Some("x-shader/x-fragment"), None), ScriptKind::Shader);
        assert_eq!(of(Some("a1b2-text/javascript"), None), ScriptKind::Classic);
    }

    #[test]
    fn import_maps_give_their_targets() {
        let map = r#"{"imports": {"x": "./x.js", "y/": "/y/", "z": "https://cdn.example/z.js"}, "scopes": {"/a/": {"x": "../b.js"}}}"#;
        assert_eq!(import_targets(map), ["./x.js", "https://cdn.example/z.js", "../b.js"]);
        assert!(import_targets("\"").is_empty());
    }
}
