//! The table of exit statuses, cell by cell: what was found × what was asked to fail on × what could not be read.

use crate::harness::{Folder, davy};
use std::fs;
use std::path::{Path, PathBuf};

/// What lies in a folder, by the level at which it is judged.
const LEVELS: [&str; 4] = ["clean", "notice", "suspicious", "mining"];
/// Values of `--fail-on`, and the lowest of [`LEVELS`] that fails.
const FAIL_ON: [(&str, usize); 4] = [("notice", 1), ("suspicious", 2), ("mining", 3), ("never", 4)];

/// A file of each level, a module that is cut, and a folder with nothing to scan.
struct Inputs {
    folder: Folder,
    levels: Vec<PathBuf>,
    cut: PathBuf,
    nothing: PathBuf,
    missing: PathBuf,
}

fn inputs() -> Inputs {
    let folder = Folder::new();
    let shader = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/shader/sha256-search/shader.wgsl");
    let search = fs::read_to_string(shader).expect("the shader is there");
    let levels = vec![
        folder.file("clean.js", "f()"),
        folder.file("notice.js", "new WebSocket('wss://pool.example/stratum')"),
        folder.file("suspicious.wgsl", search),
        folder.file("mining.js", "new WebSocket('wss://ws001.coinhive.com/proxy')"),
    ];
    let cut = folder.file("cut.wasm", b"\0asm\x01\0\0\0\x01");
    folder.file("nothing/notes.txt", "hello");
    let (nothing, missing) = (folder.path().join("nothing"), folder.path().join("missing"));
    Inputs { folder, levels, cut, nothing, missing }
}

fn code(options: &[&str], paths: &[&Path]) -> i32 {
    let mut args: Vec<&std::ffi::OsStr> = vec!["scan".as_ref(), "--quiet".as_ref()];
    args.extend(options.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    args.extend(paths.iter().map(|path| path.as_os_str()));
    davy(&args).code
}

#[test]
fn every_level_against_every_bound_and_every_lack() {
    let inputs = inputs();
    for (level, file) in inputs.levels.iter().enumerate() {
        for (fail_on, least) in FAIL_ON {
            let found = level >= least;
            for (cut, missing, allowed) in [
                (false, false, false),
                (false, false, true),
                (true, false, false),
                (true, false, true),
                (false, true, false),
                (false, true, true),
                (true, true, false),
                (true, true, true),
            ] {
                let mut paths = vec![file.as_path()];
                paths.extend(cut.then_some(inputs.cut.as_path()));
                paths.extend(missing.then_some(inputs.missing.as_path()));
                let options: &[&str] =
                    if allowed { &["--allow-gaps", "--fail-on", fail_on] } else { &["--fail-on", fail_on] };
                let wanted = match (found, missing, cut && !allowed) {
                    (true, ..) => 1,
                    (_, true, _) => 2,
                    (.., true) => 3,
                    _ => 0,
                };
                let name = LEVELS[level];
                assert_eq!(code(options, &paths), wanted, "{name} {options:?} cut={cut} missing={missing}");
            }
        }
    }
}

#[test]
fn nothing_to_scan_and_broken_links() {
    let inputs = inputs();
    assert_eq!(code(&[], &[&inputs.nothing]), 3);
    assert_eq!(code(&["--allow-gaps"], &[&inputs.nothing]), 0);
    assert_eq!(code(&["--fail-on", "never"], &[&inputs.nothing]), 3);
    assert_eq!(code(&[], &[&inputs.nothing, &inputs.missing]), 2);
    assert_eq!(code(&[], &[&inputs.nothing, &inputs.levels[3]]), 1);
    assert_eq!(code(&[], &[&inputs.nothing, &inputs.levels[0]]), 0);
    #[cfg(unix)]
    {
        let link = inputs.folder.path().join("link.js");
        std::os::unix::fs::symlink(&inputs.missing, &link).expect("a link");
        assert_eq!(code(&[], &[&link]), 2, "a broken link given by name");
        // Inside a folder it is a gap.
        assert_eq!(code(&["--fail-on", "never"], &[inputs.folder.path()]), 3);
    }
}

#[test]
fn every_format_gives_the_same_status() {
    let inputs = inputs();
    for format in ["human", "json", "ndjson", "sarif", "junit", "cyclonedx", "html"] {
        let wanted: [(&Path, i32); 5] = [
            (&inputs.levels[0], 0),
            (&inputs.levels[3], 1),
            (&inputs.missing, 2),
            (&inputs.cut, 3),
            (&inputs.nothing, 3),
        ];
        for (path, wanted) in wanted {
            assert_eq!(code(&["--format", format], &[path]), wanted, "{format} {}", path.display());
        }
    }
}
