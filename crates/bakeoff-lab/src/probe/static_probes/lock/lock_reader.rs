//! What a reader of lock files can do, the same for every package manager.

use super::platform::Platform;
use semver::Version;
use std::collections::BTreeMap;
use std::path::Path;

/// Package to locked version, or why there is no evidence.
pub(super) type LockedVersions = Result<BTreeMap<String, String>, String>;

/// A reader of one format of lock files. Every function gets the text of the file; the errors say why there is no
/// evidence.
pub(crate) struct LockReader {
    /// Package to locked version, of the packages that this machine installs for that version of the runtime; of all
    /// where it is not known.
    pub(super) versions: fn(&str, Option<&Version>) -> LockedVersions,
    /// The names of the packages that a platform installs, given the contender's prepared folder. One that is installed
    /// at two places is there twice.
    pub(super) installed: fn(&str, &Platform, &Path) -> Result<Vec<String>, String>,
    /// The packages that need a compiler on a platform, or do not install there, given the folder of the lock file.
    pub(super) not_prebuilt: fn(&str, &Platform, &Path) -> Result<Vec<String>, String>,
    /// Which packages do not support that version of the runtime, in words; none where all do, or where the lock does
    /// not say.
    pub(super) refusal: fn(&str, &Version) -> Option<String>,
}
