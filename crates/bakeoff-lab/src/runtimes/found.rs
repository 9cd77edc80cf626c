//! A program that was found and is, or names, a runtime. Where it was found, and what it said of itself; whether it is
//! taken is decided elsewhere.

use crate::runtime::Runtime;
use std::path::PathBuf;

/// A program that was found where runtimes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The runtime's name in manifests.
    pub name: String,
    /// The program as it was found; that of the runtime itself is in `outcome`.
    pub program: PathBuf,
    /// The place, for a reader: `PATH`, the name of a version manager, `bakeoff` for one that it provided.
    pub place: String,
    /// The release line that bakeoff provided; none for the machine's own.
    pub provided: Option<String>,
    /// The runtime, or why it cannot be started.
    pub outcome: Result<Runtime, String>,
}

impl Found {
    /// The path for a reader: of the runtime itself, where it can be started.
    #[must_use]
    pub fn path(&self) -> &PathBuf {
        self.outcome
            .as_ref()
            .map_or(&self.program, |runtime| &runtime.program)
    }
}

/// Each runtime once: of several programs that start the same file, the first. Programs that cannot be started stay.
pub(super) fn each_once(all: Vec<Found>) -> Vec<Found> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut kept = Vec::new();
    for found in all {
        if let Ok(runtime) = &found.outcome {
            let file = runtime.program.canonicalize();
            let file = file.unwrap_or_else(|_| runtime.program.clone());
            if files.contains(&file) {
                continue;
            }
            files.push(file);
        }
        kept.push(found);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Found, each_once};
    use crate::runtime::Runtime;
    use semver::Version;

    #[test]
    fn a_runtime_stands_once_where_it_was_found_first() {
        let found = |place: &str, program: Option<&str>| Found {
            name: "node".to_owned(),
            program: format!("/shims/{place}").into(),
            place: place.to_owned(),
            provided: None,
            outcome: program
                .map(|program| Runtime {
                    name: "node".to_owned(),
                    program: program.into(),
                    version: Version::new(22, 1, 0),
                })
                .ok_or_else(|| "it cannot start".to_owned()),
        };
        let kept = each_once(vec![
            found("PATH", Some("/nowhere/node-22")),
            found("broken", None),
            found("nvm", Some("/nowhere/node-22")),
            found("also broken", None),
            found("fnm", Some("/nowhere/other")),
        ]);
        let places: Vec<&str> = kept.iter().map(|found| found.place.as_str()).collect();
        assert_eq!(places, ["PATH", "broken", "also broken", "fnm"]);
    }
}
