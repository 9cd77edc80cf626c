//! The folders that add to what is inside the program, and the files in them. It knows nothing of what they hold.

use crate::exit::Failure;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folders that may add to what is embedded, each once.
pub(super) fn folders(beside: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in [Path::new("."), beside] {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        let known = folders
            .iter()
            .any(|other| other.canonicalize().ok() == folder.canonicalize().ok());
        if !known {
            folders.push(folder.to_owned());
        }
    }
    folders
}

/// The entries of a folder, in the order of names; none if there is no such folder.
pub(super) fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(
        format!("cannot read `{}`: {error}", path.display()),
        "does it exist, and may you read it?",
    )
}
