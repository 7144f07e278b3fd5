//! Images of containers, as `docker save` and OCI tools write them: layers over one another, of which what is on top counts.
//!
//! Layers are read from the top down: what an upper one holds or takes away is not there in those below it.

use crate::gap::{End, lost};
use crate::walk::{Entry, Level, Walk};
use crate::{ReadSeek, limits, name};
use davy_model::GapReason;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, SeekFrom};

/// What a layer's file takes away: `.wh.NAME`, or all of a folder that stood there before.
const WHITEOUT: &str = ".wh.";
const OPAQUE: &str = ".wh..wh..opq";

/// Where the entries of the outer tar stand: first byte and length.
type Places = BTreeMap<String, (u64, u64)>;

/// An image: its name, and where it holds its settings and its layers, the lowest first.
pub(crate) struct Image {
    name: String,
    settings: Option<String>,
    layers: Vec<String>,
}

/// What `docker save` writes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Saved {
    #[serde(default)]
    config: Option<String>,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

/// An index or manifest of OCI.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    manifests: Vec<Descriptor>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
}

impl Descriptor {
    fn path(&self) -> String {
        format!("blobs/{}", self.digest.replacen(':', "/", 1))
    }
}

/// Whether a tar that begins so may hold an image.
pub(crate) fn may_begin(head: &[u8]) -> bool {
    let name = head.get(..100).unwrap_or_default();
    let end = name.iter().position(|&byte| byte == 0).unwrap_or(name.len());
    begins_image(&name::inside(&name[..end]).0)
}

/// The images that a tar holds, and where its entries stand; none in any other tar.
pub(crate) fn find(file: &mut dyn ReadSeek) -> Option<(Vec<Image>, Places)> {
    let places = places(file)?;
    let saved = json::<Vec<Saved>>(file, &places, "manifest.json").unwrap_or_default();
    let mut images: Vec<Image> = saved
        .into_iter()
        .map(|saved| Image {
            name: saved.repo_tags.and_then(|tags| tags.into_iter().next()).unwrap_or_default(),
            settings: saved.config,
            layers: saved.layers,
        })
        .collect();
    if images.is_empty() {
        let index: Listed = json(file, &places, "index.json")?;
        manifests(file, &places, index, 0, &mut images);
    }
    (!images.is_empty()).then_some((images, places))
}

/// Follows an index to its manifests; indices may stand in one another.
fn manifests(file: &mut dyn ReadSeek, places: &Places, index: Listed, depth: u32, images: &mut Vec<Image>) {
    for descriptor in index.manifests {
        let Some(listed) = json::<Listed>(file, places, &descriptor.path()) else { continue };
        if listed.layers.is_empty() && depth < 4 {
            manifests(file, places, listed, depth + 1, images);
            continue;
        }
        // What is attested of an image lies beside it, and is none.
        let layers: Vec<String> =
            listed.layers.iter().filter(|layer| layer.media_type.contains("tar")).map(Descriptor::path).collect();
        if !layers.is_empty() && images.len() < limits::IMAGES {
            let settings = listed.config.map(|config| config.path());
            images.push(Image { name: descriptor.digest, settings, layers });
        }
    }
}

/// Where entries stand; none where the first of them is not one that images begin with.
fn places(file: &mut dyn ReadSeek) -> Option<Places> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let mut archive = tar::Archive::new(file);
    let mut places = Places::new();
    for entry in archive.entries_with_seek().ok()?.raw(true) {
        // An image that was cut is read as any other tar.
        let entry = entry.ok()?;
        let path = name::inside(&entry.path_bytes()).0;
        if places.is_empty() && !begins_image(&path) {
            return None;
        }
        if places.len() >= limits::IMAGE_ENTRIES {
            return None;
        }
        let size = entry.header().entry_size().ok()?;
        places.insert(path, (entry.raw_file_position(), size));
    }
    Some(places)
}

fn begins_image(path: &str) -> bool {
    let first = path.split(['/', '.']).next().unwrap_or_default();
    let hash = first.len() == 64 && first.bytes().all(|byte| byte.is_ascii_hexdigit());
    hash || matches!(path, "oci-layout" | "index.json" | "manifest.json" | "repositories") || first == "blobs"
}

fn json<T: for<'de> Deserialize<'de>>(file: &mut dyn ReadSeek, places: &Places, path: &str) -> Option<T> {
    let &(start, length) = places.get(path)?;
    file.seek(SeekFrom::Start(start)).ok()?;
    serde_json::from_reader(std::io::BufReader::new(file.take(length.min(limits::MANIFEST_BYTES)))).ok()
}

/// Reads images, one after the other.
pub(crate) fn read(
    walk: &mut Walk<'_>,
    level: &mut Level,
    file: &mut dyn ReadSeek,
    (images, places): (Vec<Image>, Places),
) -> Result<(), End> {
    let many = images.len() > 1;
    let mut known: BTreeSet<Vec<String>> = BTreeSet::new();
    for image in images {
        if !known.insert(image.layers.clone()) {
            continue;
        }
        let prefix = if many { format!("{}/", name::inside(image.name.as_bytes()).0) } else { String::new() };
        level.layers = Some(Layers { prefix, ..Layers::default() });
        let end = layers(walk, level, file, &image, &places);
        level.layers = None;
        end?;
    }
    Ok(())
}

fn layers(
    walk: &mut Walk<'_>,
    level: &mut Level,
    file: &mut dyn ReadSeek,
    image: &Image,
    places: &Places,
) -> Result<(), End> {
    // The command that an image runs stands in its settings.
    if let Some((path, &(start, length))) = image.settings.as_ref().and_then(|path| places.get_key_value(path)) {
        file.seek(SeekFrom::Start(start))?;
        walk.entry(level, Entry::file(path.clone(), Some(length)), &mut (&mut *file).take(length))?;
    }
    for path in image.layers.iter().rev() {
        let Some(&(start, length)) = places.get(path) else {
            level.lose(lost(GapReason::NoBody, format!("the image does not hold its layer {path}")));
            continue;
        };
        file.seek(SeekFrom::Start(start))?;
        let mut layer = (&mut *file).take(length);
        match crate::gzip::layer(walk, level, &mut layer) {
            Err(End::Lost(gap)) => level.lose(gap),
            Err(End::Left) => return Err(End::Left),
            Ok(()) => {}
        }
        if let Some(layers) = &mut level.layers {
            layers.end();
        }
    }
    Ok(())
}

/// What the layers above hold and take away, by the hashes of paths.
#[derive(Default)]
pub(crate) struct Layers {
    /// What paths of this image begin with, where there are several.
    pub(crate) prefix: String,
    held: BTreeSet<u64>,
    gone: BTreeSet<u64>,
    emptied: BTreeSet<u64>,
    /// The same of the layer that is being read: it says nothing about itself.
    own: [Vec<u64>; 3],
}

impl Layers {
    /// Whether an entry is there when the image runs.
    pub(crate) fn shows(&mut self, path: &str) -> bool {
        let (folder, last) = path.rsplit_once('/').unwrap_or(("", path));
        let [held, gone, emptied] = &mut self.own;
        if last == OPAQUE {
            emptied.push(hash(folder));
            return false;
        }
        if let Some(name) = last.strip_prefix(WHITEOUT) {
            gone.push(hash(&if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }));
            return false;
        }
        let covered = self.held.contains(&hash(path)) || self.gone.contains(&hash(path));
        let above = || path.match_indices('/').map(|(at, _)| &path[..at]);
        let hidden = covered
            || above().any(|folder| self.gone.contains(&hash(folder)) || self.emptied.contains(&hash(folder)))
            || self.emptied.contains(&hash(""));
        if !hidden && self.held.len() + held.len() < limits::IMAGE_FILES {
            held.push(hash(path));
        }
        !hidden
    }

    /// The layer has ended; the next is below it.
    fn end(&mut self) {
        let [held, gone, emptied] = &mut self.own;
        self.held.extend(held.drain(..));
        self.gone.extend(gone.drain(..));
        self.emptied.extend(emptied.drain(..));
    }
}

fn hash(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Layers;

    #[test]
    fn upper_layers_cover_and_take_away() {
        let mut layers = Layers::default();
        for path in ["app/a.js", "app/.wh.b.js", "lib/.wh..wh..opq", "lib/new.js", "x/.wh.y"] {
            assert_eq!(layers.shows(path), !path.contains(".wh."), "{path}");
        }
        layers.end();
        for (path, shown) in [
            ("app/a.js", false),
            ("app/b.js", false),
            ("app/c.js", true),
            ("lib/old.js", false),
            ("lib/deep/old.js", false),
            ("x/y/z.js", false),
            ("x/yy.js", true),
        ] {
            assert_eq!(layers.shows(path), shown, "{path}");
        }
    }
}
