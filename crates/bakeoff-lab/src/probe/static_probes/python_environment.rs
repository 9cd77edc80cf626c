//! The virtual environment of an installed Python contender: where its packages are, and for which CPython. It installs
//! nothing.

use std::fs;
use std::path::{Path, PathBuf};

/// How deep below the prepared folder `site-packages` is searched.
const MAX_DEPTH: usize = 4;

/// The `site-packages` of the virtual environment in the prepared folder.
pub(crate) fn site_packages(prepared: &Path) -> Result<PathBuf, String> {
    let mut open = vec![prepared.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        {
            if entry.file_name() == "site-packages" {
                return Ok(entry.path());
            }
            let depth = entry
                .path()
                .strip_prefix(prepared)
                .map_or(0, |below| below.components().count());
            if depth < MAX_DEPTH {
                open.push(entry.path());
            }
        }
    }
    Err("there is no `site-packages` in the prepared folder".to_owned())
}

/// The minor version of the environment's CPython 3.
pub(crate) fn python_minor(prepared: &Path) -> Option<u32> {
    let packages = site_packages(prepared).ok()?;
    packages
        .parent()?
        .file_name()?
        .to_str()?
        .strip_prefix("python3.")?
        .parse()
        .ok()
}
