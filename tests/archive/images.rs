//! Images of containers: layers over one another, as `docker save` and OCI tools write them.

use crate::harness::{Folder, finish, scan};
use crate::make::{gzip, miner, tar};
use crate::packages::line;
use serde_json::json;
use std::process::Command;

/// An image as `docker save` wrote it for long, its layers from the lowest to the highest.
pub(crate) fn docker(layers: &[Vec<u8>]) -> Vec<u8> {
    let names: Vec<String> = (0..layers.len()).map(|index| format!("{:064x}/layer.tar", index + 1)).collect();
    let settings = json!({"config": {"Cmd": ["node", "app.js"]}}).to_string();
    let manifest = json!([{"Config": "c.json", "RepoTags": ["a:1"], "Layers": names}]).to_string();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(String::as_str).zip(layers.iter().map(Vec::as_slice)).collect();
    files.push(("c.json", settings.as_bytes()));
    files.push(("manifest.json", manifest.as_bytes()));
    tar(&files)
}

/// The same in OCI's layout, its layers packed.
pub(crate) fn oci(layers: &[Vec<u8>]) -> Vec<u8> {
    let digest = |index: usize| format!("{:064x}", index + 1);
    let blobs: Vec<(String, Vec<u8>)> = layers
        .iter()
        .enumerate()
        .map(|(index, layer)| (format!("blobs/sha256/{}", digest(index)), gzip(layer)))
        .collect();
    let kind = "application/vnd.oci.image.layer.v1.tar+gzip";
    let listed: Vec<_> =
        (0..layers.len()).map(|i| json!({"mediaType": kind, "digest": format!("sha256:{}", digest(i))})).collect();
    let manifest = json!({"schemaVersion": 2, "layers": listed}).to_string();
    let index = json!({"schemaVersion": 2, "manifests": [{"digest": "sha256:m"}]}).to_string();
    let mut files: Vec<(&str, &[u8])> = vec![("oci-layout", b"{}"), ("index.json", index.as_bytes())];
    files.push(("blobs/sha256/m", manifest.as_bytes()));
    files.extend(blobs.iter().map(|(name, blob)| (name.as_str(), blob.as_slice())));
    tar(&files)
}

type Make = fn(&[Vec<u8>]) -> Vec<u8>;
const KINDS: [Make; 2] = [docker, oci];

#[test]
fn what_upper_layers_cover_or_take_away_is_not_there() {
    let miner = miner();
    let lower = tar(&[("app/a.js", b"x()"), ("app/m.wasm", &miner), ("old/m.wasm", &miner), ("lib/b.js", b"y()")]);
    let upper =
        tar(&[("app/m.wasm", b"\0asm\x01\0\0\0"), (".wh.old", b""), ("lib/.wh..wh..opq", b""), ("lib/c.js", b"z()")]);
    for make in KINDS {
        let folder = Folder::new();
        let run = scan(&folder.file("i.tar", make(&[lower.clone(), upper.clone()])));
        run.assert_code(0);
        let inner = ["i.tar!/app/m.wasm", "i.tar!/lib/c.js", "i.tar!/app/a.js", "i.tar"];
        assert_eq!(run.paths(folder.path()), inner);
        assert_eq!(line(&run, "m.wasm")["level"], "clean");
        assert_eq!(line(&run, "i.tar")["sha256"].as_str().map(str::len), Some(64));
    }
}

#[test]
fn a_miner_in_any_layer_that_shows_is_mining() {
    let miner = miner();
    let native = b"\x7fELF\x02\x01\x01\0\0\0\0".to_vec();
    let layers = [tar(&[("bin/tool", &native)]), tar(&[("srv/m.wasm", &miner)]), tar(&[("srv/.wh.x", b"")])];
    for make in KINDS {
        let folder = Folder::new();
        let run = scan(&folder.file("i.tar", make(&layers)));
        run.assert_code(1);
        assert_eq!(line(&run, "i.tar!/srv/m.wasm")["level"], "mining");
        assert_eq!(line(&run, "i.tar!/bin/tool")["gaps"][0]["reason"], "native");
        let image = line(&run, "i.tar");
        assert_eq!((&image["level"], &image["complete"]), (&json!("mining"), &json!(true)));
    }
}

#[test]
fn the_command_of_an_image_is_read() {
    let settings =
        json!({"config": {"Cmd": ["./app", "-o", "pool.example.net:443", "-u", "w", "-a", "rx/0"]}}).to_string();
    let manifest = json!([{"Config": "c.json", "Layers": ["l.tar"]}]).to_string();
    let layer = tar(&[("a.js", b"x()")]);
    let folder = Folder::new();
    let files: &[(&str, &[u8])] =
        &[("manifest.json", manifest.as_bytes()), ("c.json", settings.as_bytes()), ("l.tar", &layer)];
    let run = scan(&folder.file("i.tar", tar(files)));
    run.assert_code(0);
    assert_eq!(line(&run, "c.json")["evidence"][0]["rule"], "text/miner-settings");
}

#[test]
fn broken_and_hostile_images() {
    let layer = tar(&[("a.js", b"x()"), ("b.js", &[b' '; 3000])]);
    for make in KINDS {
        let whole = make(&[layer.clone(), layer.clone()]);
        let folder = Folder::new();
        let run = scan(&folder.file("cut.tar", &whole[..whole.len() * 2 / 3]));
        run.assert_code(3);
    }
    let missing = json!([{"Config": "c.json", "Layers": ["not-there", "../../l.tar"]}]).to_string();
    let deep = format!("[{{\"Layers\":{}", "[".repeat(100_000));
    let itself = json!({"manifests": [{"digest": "sha256:m"}]}).to_string();
    for files in [
        vec![("manifest.json", missing.as_bytes()), ("l.tar", layer.as_slice())],
        vec![("manifest.json", deep.as_bytes()), ("x.js", b"x(")],
        vec![("index.json", itself.as_bytes()), ("blobs/sha256/m", itself.as_bytes())],
    ] {
        let folder = Folder::new();
        let run = scan(&folder.file("i.tar", tar(&files)));
        assert!(matches!(run.code, 0 | 3), "{run:?}");
    }
}

#[test]
fn images_come_through_pipes_and_packed() {
    let lower = tar(&[("app/a.js", b"x()"), ("app/old.js", b"y()")]);
    let upper = tar(&[("app/.wh.old.js", b""), ("app/b.js", b"z()")]);
    let read = |options: &[&str], image: &[u8]| {
        finish(Command::new(crate::harness::binary()).arg("scan").args(options).arg("-"), image)
    };
    for make in KINDS {
        let image = make(&[lower.clone(), upper.clone()]);
        for (bytes, prefix) in [(image.clone(), "-!/"), (gzip(&image), "-!/")] {
            let run = read(&[], &bytes);
            run.assert_code(0);
            let paths = run.paths(std::path::Path::new("/"));
            assert_eq!(paths, [format!("{prefix}app/b.js"), format!("{prefix}app/a.js"), "-".to_owned()]);
        }
    }
    // One that does not fit is a tar with tars in it: more is read, nothing less.
    let run = read(&["--max-artifact-bytes", "4000"], &docker(&[lower, upper]));
    run.assert_code(0);
    for end in ["layer.tar!/app/a.js", "layer.tar!/app/old.js", "layer.tar!/app/b.js"] {
        assert_eq!(line(&run, end)["level"], "clean");
    }
}
