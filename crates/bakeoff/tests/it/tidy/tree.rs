//! The files of this repository, as text. It knows where things are, and no rule about them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The crates of the workspace.
pub(super) const CRATES: [&str; 5] = [
    "bakeoff-core",
    "bakeoff-load",
    "bakeoff-lab",
    "bakeoff-report",
    "bakeoff",
];

/// Folders that hold no source of ours.
const NOT_OURS: [&str; 6] = [
    "target",
    "node_modules",
    ".git",
    ".bakeoff",
    ".venv",
    "__pycache__",
];

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Every file below a folder with one of these endings, as (path from the root, text), in order.
pub(super) fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_file() {
                found.push(path);
            } else if path.is_dir() && !NOT_OURS.contains(&name.as_str()) {
                walk(&path, found);
            }
        }
    }
    let root = root();
    let mut paths = Vec::new();
    walk(&root.join(folder), &mut paths);
    paths.sort();
    let shown = |path: &Path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
    paths
        .iter()
        .map(|path| (shown(path), path))
        .filter(|(shown, _)| endings.iter().any(|ending| shown.ends_with(ending)))
        .filter_map(|(shown, path)| Some((shown, fs::read_to_string(path).ok()?)))
        .collect()
}

/// The source files of a crate: path relative to its `src` → text.
pub(super) fn sources(crate_name: &str) -> BTreeMap<String, String> {
    let folder = format!("crates/{crate_name}/src");
    files(&folder, &[".rs"])
        .into_iter()
        .map(|(path, text)| (path[folder.len() + 1..].to_owned(), text))
        .collect()
}

/// Whether a file holds tests and nothing else.
pub(super) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

pub(super) fn assert_none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}
