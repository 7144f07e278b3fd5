//! Source maps: the sources that they hold.

use crate::gap::{End, lost};
use crate::walk::{Entry, Level, Walk};
use davy_model::GapReason;
use serde::Deserialize;

/// The fields that hold sources.
#[derive(Deserialize)]
struct Map {
    #[serde(default)]
    sources: Vec<Option<String>>,
    #[serde(default, rename = "sourcesContent")]
    contents: Option<Vec<Option<String>>>,
    /// Maps inside of an index map.
    #[serde(default)]
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    #[serde(default)]
    map: Option<Map>,
}

/// Reads the sources of a map. A map without them holds nothing that is read.
pub(crate) fn read(walk: &mut Walk<'_>, level: &mut Level, bytes: &[u8]) -> Result<(), End> {
    match serde_json::from_slice::<Map>(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(map) => sources(walk, level, map),
        Err(error) => Err(End::Lost(lost(GapReason::Undecodable, format!("it is no source map: {error}")))),
    }
}

fn sources(walk: &mut Walk<'_>, level: &mut Level, map: Map) -> Result<(), End> {
    let names = map.sources.into_iter().chain(std::iter::repeat(None));
    for (index, (content, name)) in map.contents.into_iter().flatten().zip(names).enumerate() {
        let Some(content) = content else { continue };
        // Bundlers write `webpack:///./src/a.js`; a source beside the map may stand above it.
        let name = name.unwrap_or_default();
        let name = name.split_once("://").map_or(name.as_str(), |(_, path)| path);
        let path = crate::name::inside(name.as_bytes()).0;
        let path = if path.is_empty() { format!("source-{index}.js") } else { path };
        walk.entry(level, Entry::file(path, None), &mut content.as_bytes())?;
    }
    for map in map.sections.into_iter().filter_map(|section| section.map) {
        sources(walk, level, map)?;
    }
    Ok(())
}
