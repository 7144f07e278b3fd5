//! Rules under test over those that are there.

use super::files::{NAMESPACES, SCORING};
use super::{Problem, RuleFile, Trial, compile, files};
use std::path::Path;

/// Reads a folder of rules under test and compiles them over others.
pub(crate) fn read(others: Vec<RuleFile>, folder: &Path) -> Result<Trial, Vec<Problem>> {
    let mut all = others;
    let (mut added, mut replaced) = (Vec::new(), Vec::new());
    for mut file in files::read_trial(folder)? {
        let old = all.iter().position(|other| other.path == file.path);
        if let Some(id) = file.path.strip_suffix(".toml").filter(|id| is_rule(id)) {
            if old.is_some() { &mut replaced } else { &mut added }.push(id.to_owned());
        }
        match old {
            Some(index) => {
                if file.path == SCORING {
                    file.text = joined(&all[index].text, &file.text).map_err(|why| vec![Problem::new(SCORING, why)])?;
                }
                all[index] = file;
            }
            None => all.push(file),
        }
    }
    Ok(Trial { compiled: compile(&all)?, added, replaced })
}

fn is_rule(id: &str) -> bool {
    id.split_once('/').is_some_and(|(namespace, _)| NAMESPACES.contains(&namespace))
}

/// A scoring file with the settings of another one put over its own.
fn joined(below: &str, above: &str) -> Result<String, String> {
    let mut below: toml::Table = below.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let above: toml::Table = above.parse().map_err(|error: toml::de::Error| error.to_string())?;
    for (name, value) in above {
        match (below.get_mut(&name), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => old.extend(new),
            (_, value) => drop(below.insert(name, value)),
        }
    }
    toml::to_string(&below).map_err(|error| error.to_string())
}
