//! The runtimes of this machine, found by the table of languages. It installs nothing.

use crate::language::{LANGUAGES, of_runtime};
use crate::runtime::Runtime;
use bakeoff_core::contender;
use semver::VersionReq;
use std::collections::BTreeMap;

/// A runtime that a contender needs and this machine lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("needs {what}: {found}")]
pub struct Unavailable {
    /// Runtime and version, as `node >=20`.
    pub what: String,
    /// The versions on this machine, in words.
    pub found: String,
    /// What the user can do.
    pub how_to_install: String,
}

/// All runtimes of this machine, in the order of the languages; of several versions, the preferred one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtimes {
    found: Vec<Runtime>,
}

impl Runtimes {
    /// Searches `PATH` and runs every runtime to read its version.
    #[must_use]
    pub fn find() -> Runtimes {
        let languages = LANGUAGES.iter();
        let found = languages.flat_map(|language| language.runtime.find(language.id));
        Runtimes {
            found: found.collect(),
        }
    }

    /// The first runtime on `PATH` with the right name and version.
    ///
    /// # Errors
    /// What is missing and how to get it.
    pub fn get(&self, wanted: &contender::Runtime) -> Result<&Runtime, Unavailable> {
        let requirement = VersionReq::parse(&wanted.version).unwrap_or(VersionReq::STAR);
        let of_name = || self.found.iter().filter(|runtime| runtime.name == wanted.name);
        of_name()
            .find(|runtime| requirement.matches(&runtime.version))
            .ok_or_else(|| {
                let others: Vec<String> = of_name().map(|runtime| runtime.version.to_string()).collect();
                Unavailable {
                    what: format!("{} {}", wanted.name, wanted.version),
                    found: if others.is_empty() {
                        format!("no `{}` is on PATH", wanted.name)
                    } else {
                        format!("only {} is on PATH", others.join(", "))
                    },
                    how_to_install: of_runtime(&wanted.name).map_or_else(
                        || format!("install `{}`", wanted.name),
                        |language| language.runtime.how_to_install.to_owned(),
                    ),
                }
            })
    }

    /// Name to version, of each name the first on `PATH`.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<String, String> {
        let mut versions = BTreeMap::new();
        for runtime in &self.found {
            versions
                .entry(runtime.name.clone())
                .or_insert_with(|| runtime.version.to_string());
        }
        versions
    }

    /// All runtimes.
    pub fn iter(&self) -> impl Iterator<Item = &Runtime> {
        self.found.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Runtimes;
    use crate::runtime::Runtime;
    use bakeoff_core::contender;
    use semver::Version;

    #[test]
    fn a_missing_or_old_runtime_has_an_install_hint() {
        let runtimes = Runtimes {
            found: vec![Runtime {
                name: "node".into(),
                program: "/usr/bin/node".into(),
                version: Version::new(18, 1, 0),
            }],
        };
        let wanted = |name: &str, version: &str| contender::Runtime {
            name: name.into(),
            version: version.into(),
        };
        assert!(runtimes.get(&wanted("node", ">=18")).is_ok());
        let old = runtimes.get(&wanted("node", ">=20")).unwrap_err();
        assert_eq!(old.to_string(), "needs node >=20: only 18.1.0 is on PATH");
        let missing = runtimes.get(&wanted("python", ">=3.11")).unwrap_err();
        assert_eq!(missing.to_string(), "needs python >=3.11: no `python` is on PATH");
        assert!(missing.how_to_install.contains("python.org"));
    }
}
