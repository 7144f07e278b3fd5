//! Host lists: one host a line, with where the knowledge comes from, when, and what the host does.

use super::files::HOSTS;
use super::{Problem, RuleFile};
use crate::ruleset::HostList;

/// Reads every list; what is wrong with a line is added to the problems.
pub(crate) fn read(files: &[&RuleFile], problems: &mut Vec<Problem>) -> HostList {
    let mut hosts: Vec<String> = Vec::new();
    for file in files.iter().filter(|f| f.path.starts_with(HOSTS)) {
        for (number, line) in file.text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line) {
                Ok(host) if hosts.iter().any(|h| h == host) => {
                    problems.push(Problem::new(&file.path, format!("line {}: `{host}` stands twice", number + 1)));
                }
                Ok(host) => hosts.push(host.to_owned()),
                Err(why) => problems.push(Problem::new(&file.path, format!("line {}: {why}", number + 1))),
            }
        }
        covered(file, &hosts, problems);
    }
    HostList::new(hosts)
}

/// `host  # source; date; role`.
fn entry(line: &str) -> Result<&str, String> {
    let (host, note) = line.split_once('#').ok_or("must end in `# source; date; role`")?;
    let note: Vec<&str> = note.split(';').map(str::trim).collect();
    let [source, date, role] = note[..] else { return Err("must end in `# source; date; role`".to_owned()) };
    if source.is_empty() || role.is_empty() {
        return Err("source and role must not be empty".to_owned());
    }
    if !is_date(date) {
        return Err(format!("`{date}` is not a date like 2025-03"));
    }
    let host = host.trim();
    if is_host(host) { Ok(host) } else { Err(format!("`{host}` is not a canonical host of two or more labels")) }
}

/// A year and a month.
fn is_date(text: &str) -> bool {
    let Some((year, month)) = text.split_once('-') else { return false };
    let number = |part: &str, length| (part.len() == length).then(|| part.parse::<u32>().ok()).flatten();
    number(year, 4).is_some() && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
}

/// Lower-case labels; never a single one, which would be a whole top-level domain, and never an address by number, which
/// changes hands.
fn is_host(text: &str) -> bool {
    let by_number = text.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    let label = |l: &str| {
        !l.is_empty() && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    !by_number && text.contains('.') && text.split('.').all(label)
}

/// An entry below another one says nothing and hides that the wider one was never weighed.
fn covered(file: &RuleFile, hosts: &[String], problems: &mut Vec<Problem>) {
    let list = HostList::new(hosts.to_vec());
    for host in hosts {
        let parent = host.split_once('.').and_then(|(_, parent)| list.entry_for(parent));
        if let Some(parent) = parent {
            problems.push(Problem::new(&file.path, format!("`{host}` is already covered by `{parent}`")));
        }
    }
}
