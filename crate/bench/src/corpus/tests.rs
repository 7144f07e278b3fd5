//! The whole bench on two files.

use super::report;
use davy_model::Level;

#[test]
fn copies_count_once_and_every_label_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let module = wat::parse_str("(module (func (export \"f\") (result i32) i32.const 1))").unwrap();
    let mut named = module.clone();
    named.extend([0, 2, 1, b'x']);
    for (path, bytes) in [("a.wasm", &module), ("b.wasm", &named)] {
        std::fs::write(folder.path().join(path), bytes).unwrap();
    }
    std::fs::write(
        folder.path().join("manifest.csv"),
        "path,label,family,origin\na.wasm,mining,cryptonight,one\nb.wasm,mining,cn,two\na.wasm,lawful,\"tools, small\",\n",
    )
    .unwrap();
    let report = report(folder.path(), &[], true).unwrap();
    assert_eq!((report.files, report.distinct), (3, 1));
    let [family] = report.families.as_slice() else { panic!("one family") };
    assert_eq!((family.name.as_str(), family.files, family.distinct, family.origins), ("cryptonight", 2, 1, 2));
    assert_eq!((family.clean, family.wrong[0].level), (1, Level::Clean));
    assert_eq!(report.lawful[0].name, "tools, small");
    assert_eq!(report.in_conflict, ["a.wasm"]);
    assert_eq!(report.left_out[0].missed.len(), 1);
}
