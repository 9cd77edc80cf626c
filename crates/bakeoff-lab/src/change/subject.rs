//! A contender with its patches, and the key of what is known of them.

use super::patches::Patches;
use crate::prepare::ContenderSource;
use crate::runtime::Runtime;
use bakeoff_core::contender::Contender;
use bakeoff_core::scenario::{Change, Scenario};
use std::collections::BTreeMap;

/// A contender whose changes are checked.
#[derive(Debug, Clone, Copy)]
pub struct ChangeSubject<'c> {
    /// Its manifest.
    pub contender: &'c Contender,
    /// Its files, without the patches.
    pub source: &'c ContenderSource,
    /// Its patches.
    pub patches: &'c Patches,
    /// What runs it.
    pub runtime: &'c Runtime,
}

impl ChangeSubject<'_> {
    /// A key from everything that the outcome of a change depends on: the contender's files and manifest, the patch,
    /// the cases of the change and of the contract, the runtime, and this version of bakeoff.
    pub(super) fn key(&self, change: &Change, scenarios: &BTreeMap<String, Scenario>) -> String {
        let circumstances = [
            format!("{:?}", self.contender),
            format!("{} {}", self.runtime.name, self.runtime.version),
            env!("CARGO_PKG_VERSION").to_owned(),
            format!("{:?}", self.patches.text(&change.id)),
            format!("{change:?}"),
            format!("{scenarios:?}"),
        ];
        self.source.key(&circumstances.join("\n"))
    }
}
