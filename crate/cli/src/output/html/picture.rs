//! The picture: every file a rectangle as large as its bytes, in the colour of its level.

use super::escaped;
use super::treemap::{Cell, fill};
use crate::output::text;
use davy_model::Level;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Files of each level that have a rectangle of their own; the others of that level share one. More cannot be told apart.
const EACH: usize = 120;
/// The picture's size in its own units, which a wide window shows as pixels.
const SPACE: Cell = Cell { x: 0.0, y: 0.0, width: 1080.0, height: 420.0 };
/// A rectangle is named when a word fits into it.
const NAMED: (f64, f64) = (60.0, 22.0);
/// Width of a letter on average, at the size of the names.
const LETTER: f64 = 7.5;
/// The least share of the picture that a file which mines has, so that it can be seen and pointed at.
const LEAST: f64 = 0.004;

/// Files as they were seen.
#[derive(Default)]
pub(crate) struct Picture {
    /// For each level the largest files, and the rest of them.
    levels: BTreeMap<Level, Files>,
}

#[derive(Default)]
struct Files {
    /// By bytes; the smallest goes first when there are too many.
    largest: BTreeMap<(u64, String), ()>,
    rest: (u64, u64),
}

/// One rectangle.
struct Tile {
    level: Level,
    weight: f64,
    name: String,
    title: String,
}

impl Picture {
    /// Adds a file.
    pub(crate) fn add(&mut self, path: &str, bytes: u64, level: Level) {
        let files = self.levels.entry(level).or_default();
        files.largest.insert((bytes, path.to_owned()), ());
        if files.largest.len() > EACH
            && let Some(((bytes, _), ())) = files.largest.pop_first()
        {
            files.rest = (files.rest.0 + bytes, files.rest.1 + 1);
        }
    }

    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut tiles = self.tiles();
        if tiles.is_empty() {
            return Ok(());
        }
        let total: f64 = tiles.iter().map(|tile| tile.weight).sum();
        for tile in tiles.iter_mut().filter(|tile| tile.level >= Level::Suspicious) {
            tile.weight = tile.weight.max(total * LEAST);
        }
        tiles.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.title.cmp(&b.title)));
        let weights: Vec<f64> = tiles.iter().map(|tile| tile.weight).collect();
        let (width, height) = (SPACE.width, SPACE.height);
        writeln!(out, "<h2>Where the weight lies</h2>")?;
        let label = "Files as rectangles, as large as their bytes, in the colours of their levels";
        writeln!(out, "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\">")?;
        for (tile, cell) in tiles.iter().zip(fill(&weights, SPACE)) {
            draw(tile, &cell, out)?;
        }
        writeln!(out, "</svg>\n<p class=\"key\">")?;
        for level in self.levels.keys().rev() {
            let word = text::level(*level);
            writeln!(out, "<span class=\"{word}\">{word}</span>")?;
        }
        writeln!(out, "</p>")
    }

    fn tiles(&self) -> Vec<Tile> {
        let mut tiles = Vec::new();
        for (&level, files) in &self.levels {
            let tile = |bytes: u64, name: &str, title: String| {
                // An empty file has no area, and none is no rectangle.
                Tile { level, weight: bytes.max(1) as f64, name: name.to_owned(), title }
            };
            for (bytes, path) in files.largest.keys() {
                let name = path.rsplit('/').next().unwrap_or(path);
                tiles.push(tile(*bytes, name, format!("{path}: {}, {}", text::bytes(*bytes), text::level(level))));
            }
            let (bytes, count) = files.rest;
            if count > 0 {
                let name = format!("{count} more");
                tiles.push(tile(bytes, &name, format!("{name} files, {}, {}", text::bytes(bytes), text::level(level))));
            }
        }
        tiles
    }
}

fn draw(tile: &Tile, cell: &Cell, out: &mut dyn Write) -> io::Result<()> {
    let Cell { x, y, width, height } = cell;
    write!(out, "<g class=\"{}\"><title>{}</title>", text::level(tile.level), escaped(&tile.title))?;
    write!(out, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>")?;
    if *width >= NAMED.0 && *height >= NAMED.1 {
        // Both numbers are small and positive.
        let fits = ((width - 14.0) / LETTER) as usize;
        let name: String = if tile.name.chars().count() > fits {
            tile.name.chars().take(fits.saturating_sub(1)).chain(['…']).collect()
        } else {
            tile.name.clone()
        };
        write!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 7.0, y + 17.0, escaped(&name))?;
    }
    writeln!(out, "</g>")
}
