//! A module that hides its tables until it runs, read again with its memory.

#[cfg(test)]
mod tests {
    use crate::{Limits, extract, extract_started};
    use davy_model::{Artifact, ArtifactKind, Extraction, FactName, Location};
    use std::borrow::Cow;

    /// SHA-256's first round constants, as FIPS 180-4 lists them, little-endian in memory at address 1024.
    const TABLE: [u32; 8] =
        [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5];

    fn has_table(extraction: &Extraction) -> bool {
        let facts = &extraction.scopes[0].facts;
        facts.iter().any(|f| f.name == FactName::Table && f.text.as_deref() == Some("sha256-k"))
    }

    #[test]
    fn tables_that_were_decrypted_at_start_are_found_in_memory() {
        let hidden: String =
            TABLE.iter().flat_map(|w| w.to_le_bytes()).map(|b| format!("\\{:02x}", b ^ 0x5a)).collect();
        let text = format!(r#"(module (memory 1) (data (i32.const 1024) "{hidden}") (func (export "f") (nop)))"#);
        let bytes = wat::parse_str(text).unwrap();
        let module = Artifact { path: String::new(), kind: ArtifactKind::Wasm, bytes: Cow::Borrowed(&bytes) };
        assert!(!has_table(&extract(&module, &Limits::default())));
        let mut memory = vec![0u8; 1 << 16];
        for (at, word) in TABLE.iter().enumerate() {
            memory[1024 + 4 * at..][..4].copy_from_slice(&word.to_le_bytes());
        }
        let started = extract_started(&module, &memory, &Limits::default());
        assert!(has_table(&started));
        let table = started.scopes[0].facts.iter().find(|f| f.name == FactName::Table).unwrap();
        assert_eq!(table.location, Location::Whole, "it stands nowhere in the file");
    }
}
