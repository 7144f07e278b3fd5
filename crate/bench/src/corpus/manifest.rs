//! What a folder holds: `manifest.json`, `manifest.csv`, or sub-folders `mining/FAMILY` and `lawful/CLASS`.

use crate::families::Families;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::path::Path;

/// One file to score.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// From the folder.
    pub(crate) path: String,
    /// Whether its purpose is to mine.
    pub(crate) mines: bool,
    /// Its family of algorithms, or its class when it is lawful.
    pub(crate) family: String,
    /// Who wrote it, where the manifest says so: recall over one author's code says little.
    pub(crate) origin: Option<String>,
    /// What its page is like: `pool` when it holds a job channel.
    pub(crate) context: Option<String>,
    /// Algorithms, one of which must be named; those of its family when the manifest names none.
    pub(crate) algorithms: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    #[serde(alias = "file", alias = "name")]
    path: String,
    label: Option<String>,
    family: Option<String>,
    class: Option<String>,
    #[serde(alias = "author")]
    origin: Option<String>,
    context: Option<String>,
    algorithms: Vec<String>,
    // How xtask describes the modules it built.
    group: Option<String>,
    case: Option<String>,
    expect: Expect,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Expect {
    algorithms: Vec<String>,
}

/// A list of entries, bare or under a name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Json {
    Bare(Vec<Entry>),
    Named {
        #[serde(alias = "modules", alias = "entries", alias = "samples")]
        files: Vec<Entry>,
    },
}

/// Reads what a folder holds.
pub(crate) fn read(folder: &Path, families: &Families) -> Result<Vec<Item>> {
    let (json, csv) = (folder.join("manifest.json"), folder.join("manifest.csv"));
    let text = |path: &Path| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let entries = if json.is_file() {
        match serde_json::from_str(&text(&json)?).with_context(|| format!("{} is no manifest", json.display()))? {
            Json::Bare(entries) | Json::Named { files: entries } => entries,
        }
    } else if csv.is_file() {
        from_csv(&text(&csv)?)?
    } else {
        from_folders(folder)?
    };
    if entries.is_empty() {
        bail!("{} holds nothing to score", folder.display());
    }
    entries.into_iter().map(|entry| item(entry, families)).collect()
}

fn item(entry: Entry, families: &Families) -> Result<Item> {
    let word = entry.label.as_deref().or(entry.group.as_deref()).unwrap_or_default().to_ascii_lowercase();
    let mines = match word.as_str() {
        "mining" | "miner" | "malware" | "malicious" | "evasion" | "1" => true,
        "lawful" | "benign" | "lookalike" | "near-miss" | "0" => false,
        _ => bail!("{}: the label {word:?} is neither mining nor lawful", entry.path),
    };
    let (first, second) = if mines { (entry.family, entry.class) } else { (entry.class, entry.family) };
    let named = entry.algorithms.into_iter().chain(entry.expect.algorithms).collect::<Vec<_>>();
    let family = first.or(second).or(entry.case).filter(|word| !word.is_empty()).unwrap_or_else(|| "unnamed".into());
    // A disguise's case is called by the disguise; what it must name tells the family.
    let known = families.name_of(&family).or_else(|| named.first().and_then(|name| families.name_of(name)));
    let family = if mines { known.unwrap_or(&family).to_owned() } else { family };
    let usual = if mines { families.get(&family).ok().and_then(|family| family.context.clone()) } else { None };
    let full = |word: Option<String>| word.filter(|word| !word.is_empty());
    Ok(Item {
        path: entry.path,
        mines,
        family,
        origin: full(entry.origin),
        context: full(entry.context).or(usual),
        algorithms: named,
    })
}

fn from_csv(text: &str) -> Result<Vec<Entry>> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let headings = cells(lines.next().context("the manifest is empty")?);
    lines
        .map(|line| {
            let mut entry = Entry::default();
            for (heading, cell) in headings.iter().zip(cells(line)) {
                match heading.trim().to_ascii_lowercase().as_str() {
                    "path" | "file" | "name" => entry.path = cell,
                    "label" => entry.label = Some(cell),
                    "family" => entry.family = Some(cell),
                    "class" => entry.class = Some(cell),
                    "origin" | "author" => entry.origin = Some(cell),
                    "context" => entry.context = Some(cell),
                    "algorithms" | "algorithm" => {
                        entry.algorithms =
                            cell.split([' ', ';']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
                    }
                    _ => {}
                }
            }
            Ok(entry)
        })
        .collect()
}

/// The cells of a line; a quote inside quotes is written twice.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    let mut letters = line.trim_end_matches('\r').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                add(&mut cells, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => add(&mut cells, letter),
        }
    }
    cells
}

fn add(cells: &mut [String], letter: char) {
    if let Some(last) = cells.last_mut() {
        last.push(letter);
    }
}

/// `LABEL/FAMILY/..`: the first folder is the label, the second the family or class.
fn from_folders(folder: &Path) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot walk {}", folder.display()))?;
        let ending = entry.path().extension().and_then(|ending| ending.to_str());
        if !entry.file_type().is_file() || !matches!(ending, Some("wasm" | "js" | "mjs" | "cjs" | "html")) {
            continue;
        }
        let path = entry.path().strip_prefix(folder)?;
        let parts: Vec<String> =
            path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let family = (parts.len() > 2).then(|| parts[1].clone());
        entries.push(Entry { path: parts.join("/"), label: parts.first().cloned(), family, ..Entry::default() });
    }
    Ok(entries)
}
