//! Whether a runtime begins from a state that was made before its start, read from its flags. It does not know what the
//! state holds.

/// Flags that name such a state: HotSpot's cache of loaded and linked classes [JEP 483, JEP 514] and its older archive
/// of classes [JEP 310], a process restored from a checkpoint [crac.org], and V8's snapshot of a heap
/// [nodejs.org/api/cli.html, `--snapshot-blob`].
const FLAGS: [&str; 4] = [
    "-XX:AOTCache=",
    "-XX:SharedArchiveFile=",
    "-XX:CRaCRestoreFrom=",
    "--snapshot-blob=",
];

/// Whether these flags of a runtime make it begin from a prepared state.
#[must_use]
pub fn starts_prepared(flags: &[String]) -> bool {
    let names = |flag: &String| FLAGS.iter().any(|begins| flag.starts_with(begins));
    flags.iter().any(names)
}

#[cfg(test)]
mod tests {
    use super::starts_prepared;

    #[test]
    fn a_flag_that_names_a_state_makes_a_prepared_start_and_one_that_makes_the_state_does_not() {
        let prepared = |flag: &str| starts_prepared(&["-Xlog:gc+init".to_owned(), flag.to_owned()]);
        assert!(prepared("-XX:AOTCache=app.aot"));
        assert!(prepared("--snapshot-blob=app.blob"));
        assert!(!prepared("-XX:AOTCacheOutput=app.aot"));
        assert!(!prepared("--no-opt"));
    }
}
