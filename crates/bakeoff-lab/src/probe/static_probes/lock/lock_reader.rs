//! What a reader of lock files can do, the same for every package manager.

use super::platform::Platform;
use std::collections::BTreeMap;
use std::path::Path;

/// A reader of one format of lock files. Every function gets the text of the file; the errors say why there is no
/// evidence.
pub(crate) struct LockReader {
    /// Package to locked version.
    pub(super) versions: fn(&str) -> Result<BTreeMap<String, String>, String>,
    /// The number of packages that a platform installs, given the contender's prepared folder.
    pub(super) count: fn(&str, &Platform, &Path) -> Result<usize, String>,
    /// The packages that need a compiler on a platform, or do not install there.
    pub(super) not_prebuilt: fn(&str, &Platform) -> Result<Vec<String>, String>,
}
