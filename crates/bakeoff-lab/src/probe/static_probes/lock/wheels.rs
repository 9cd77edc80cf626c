//! The snapshot of wheels: for each pinned package the platform tags of its wheels, which a lock with hashes does not
//! contain. The script `data/wheels.py` writes it. A package that is missing gives no evidence.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The name of the snapshot beside a lock file.
pub(crate) const FILE: &str = "wheels.toml";

/// The snapshot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wheels {
    /// `YYYY-MM-DD`.
    pub(super) date: String,
    /// `name==version` to platform tags.
    pub(super) wheels: BTreeMap<String, Vec<String>>,
}

impl Wheels {
    /// Parses the shipped snapshot.
    pub(super) fn of(text: &str) -> Wheels {
        toml::from_str(text).expect("a test reads the snapshot that ships")
    }
}

/// The snapshot beside a lock file in that folder, if there is one.
///
/// # Errors
/// What is wrong with it.
pub(super) fn beside(folder: &Path) -> Result<Option<Wheels>, String> {
    let path = folder.join(FILE);
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(None);
    };
    let wheels: Result<Wheels, toml::de::Error> = toml::from_str(&text);
    wheels
        .map(Some)
        .map_err(|error| format!("`{}`: {}", path.display(), error.message()))
}

/// The snapshot that ships with the program.
pub(super) fn shipped() -> &'static Wheels {
    static SHIPPED: LazyLock<Wheels> =
        LazyLock::new(|| Wheels::of(include_str!("../../../../data/wheels.toml")));
    &SHIPPED
}

#[cfg(test)]
mod tests {
    use super::super::python;
    use super::shipped;
    use crate::prepare::ContenderSource;
    use std::path::Path;

    /// A new pin without a refreshed snapshot would silently become missing evidence.
    #[test]
    fn the_snapshot_has_every_pin_of_the_shipped_contenders() {
        let contenders = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contenders");
        let source = ContenderSource::read(Path::new(contenders)).unwrap();
        let mut pins = 0;
        // The tests of a contender are not installed where it runs.
        let locks = source
            .files()
            .iter()
            .filter(|file| file.path.ends_with("requirements.lock"));
        for file in locks {
            for pin in python::read(std::str::from_utf8(&file.bytes).unwrap()) {
                let key = format!("{}=={}", pin.name, pin.version);
                let refresh = "refresh it as crates/bakeoff-lab/data/wheels.py says";
                assert!(
                    shipped().wheels.contains_key(&key),
                    "`{key}` of {} is not in wheels.toml; {refresh}",
                    file.path
                );
                pins += 1;
            }
        }
        assert!(pins > 40, "{pins} pins");
    }
}
