//! What a patch costs: the tokens, files and packages in which two versions of a contender differ.

use super::outcome::ChangeSize;
use super::tokens::{difference, tokens};
use crate::prepare::ContenderSource;
use crate::probe::static_probes::lock::versions;
use bakeoff_core::contender::Contender;
use semver::Version;
use std::collections::BTreeSet;

/// A version of a contender.
#[derive(Debug, Clone, Copy)]
pub(super) struct Revision<'r> {
    /// Its manifest.
    pub(super) contender: &'r Contender,
    /// Its files.
    pub(super) source: &'r ContenderSource,
}

/// What leads from one version to the other, installed for that version of the runtime. Lock files are made by a tool,
/// so their tokens do not count; the packages that they gain are listed.
pub(super) fn size(before: Revision<'_>, after: Revision<'_>, runtime: &Version) -> ChangeSize {
    let all = before.source.files().iter().chain(after.source.files());
    let paths: BTreeSet<&str> = all.map(|file| file.path.as_str()).collect();
    let mut size = ChangeSize {
        packages: added_packages(before, after, runtime),
        ..ChangeSize::default()
    };
    for path in paths {
        let (old, new) = (before.source.get(path), after.source.get(path));
        if old == new || is_lock(path, before.contender) || is_lock(path, after.contender) {
            continue;
        }
        size.files += 1;
        size.tokens += difference(&tokens_of(path, old), &tokens_of(path, new));
    }
    size
}

fn tokens_of(path: &str, bytes: Option<&[u8]>) -> Vec<String> {
    bytes.map_or_else(Vec::new, |bytes| tokens(path, &String::from_utf8_lossy(bytes)))
}

/// The lock file of the manifest, or one that another setting of the contender takes.
fn is_lock(path: &str, contender: &Contender) -> bool {
    contender.prepare.lock.as_deref() == Some(path)
        || path.ends_with(".lock")
        || path.ends_with("package-lock.json")
}

/// The packages that only the later lock file has.
fn added_packages(before: Revision<'_>, after: Revision<'_>, runtime: &Version) -> Vec<String> {
    let of = |revision: Revision<'_>| versions(revision.contender, revision.source, Some(runtime));
    let earlier = of(before);
    let later = of(after).into_keys();
    later.filter(|package| !earlier.contains_key(package)).collect()
}

#[cfg(test)]
mod tests;
