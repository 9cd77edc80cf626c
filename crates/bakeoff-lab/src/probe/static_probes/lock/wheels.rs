//! The snapshot of wheels: for each pinned package the platform tags of its wheels, which a lock of hashes
//! does not tell. Deliberately made by a script beside it (`data/wheels.py`) and not by hand; a package that
//! is not in it is no evidence.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

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
    /// Reads a snapshot that the program brings along.
    pub(super) fn of(text: &str) -> Wheels {
        toml::from_str(text).expect("a test reads the snapshot that ships")
    }
}

/// The one that ships with the program.
pub(super) fn shipped() -> &'static Wheels {
    static SHIPPED: LazyLock<Wheels> =
        LazyLock::new(|| Wheels::of(include_str!("../../../../data/wheels.toml")));
    &SHIPPED
}

#[cfg(test)]
mod tests {
    use super::super::python;
    use super::shipped;

    /// The snapshot is as old as the locks: it knows every package that the shipped contenders pin.
    #[test]
    fn every_pin_of_the_shipped_contenders_is_known() {
        let contenders = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contenders");
        let mut pins = 0;
        for folder in std::fs::read_dir(contenders).unwrap().flatten() {
            let Ok(lock) = std::fs::read_to_string(folder.path().join("requirements.lock")) else {
                continue;
            };
            for pin in python::read(&lock) {
                let key = format!("{}=={}", pin.name, pin.version);
                let refresh = "refresh it: python3 crates/bakeoff-lab/data/wheels.py contenders/python-*/requirements.lock";
                assert!(
                    shipped().wheels.contains_key(&key),
                    "`{key}` of {} is not in wheels.toml; {refresh}",
                    folder.path().display()
                );
                pins += 1;
            }
        }
        assert!(pins > 40, "{pins} pins");
    }
}
