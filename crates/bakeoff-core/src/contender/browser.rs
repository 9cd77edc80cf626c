//! `[browser]`: the contender's own validation of request bodies as a page runs it, or why no page can. The lab
//! bundles, serves and runs it.

use serde::{Deserialize, Serialize};

/// The contender's own validation in a browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Browser {
    /// The module that exports `check(scenario, body)`, relative to the folder.
    pub module: Option<String>,
    /// Files of the contender that the module imports, relative to the folder, where nothing bundles them.
    pub files: Vec<String>,
    /// Packages of the lock file that the module imports, indirect ones included, where nothing bundles them.
    pub packages: Vec<String>,
    /// Why no page can run it, as the rest of a sentence.
    pub cannot: Option<String>,
}
