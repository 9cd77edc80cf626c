//! Keeps what is known of changes in the cache, beside the prepared folders: a check of all takes minutes, and nothing
//! in it changes from run to run.

use super::outcome::{ChangeOutcome, ChangeState};
use super::subject::ChangeSubject;
use crate::error::LabError;
use bakeoff_core::scenario::{Change, Scenario};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is known of all changes of a contender, in the order of their ids.
///
/// # Errors
/// Why not all are known, in words for a reader.
pub fn known(
    cache: &Path,
    subject: &ChangeSubject<'_>,
    changes: &BTreeMap<String, Change>,
    scenarios: &BTreeMap<String, Scenario>,
) -> Result<Vec<ChangeOutcome>, String> {
    if changes.is_empty() {
        return Err("no standard change is defined".to_owned());
    }
    let patched: Vec<&str> = subject.patches.ids().collect();
    let missing = changes.keys().filter(|id| !patched.contains(&id.as_str()));
    let missing: Vec<String> = missing.map(|id| format!("`{id}.patch`")).collect();
    if missing.len() == changes.len() {
        return Err("its folder has no `changes`, the patches for the standard changes".to_owned());
    }
    if !missing.is_empty() {
        return Err(format!("its folder `changes` lacks {}", missing.join(", ")));
    }
    let read = |change| kept(cache, subject, change, scenarios);
    let outcomes: Option<Vec<ChangeOutcome>> = changes.values().map(read).collect();
    outcomes.ok_or_else(|| {
        let name = &subject.contender.name;
        format!("its changes have not been checked as they are now: a run without `--skip-changes` does it, and so does \
             `bakeoff check {name} --changes`")
    })
}

/// The changes of a contender that have a patch and of which nothing is kept, in the order of their ids; none where a
/// patch is missing, since then no check leads to a price.
pub fn unknown<'c>(
    cache: &Path,
    subject: &ChangeSubject<'_>,
    changes: &'c BTreeMap<String, Change>,
    scenarios: &BTreeMap<String, Scenario>,
) -> Vec<&'c Change> {
    let patched: Vec<&str> = subject.patches.ids().collect();
    if changes.keys().any(|id| !patched.contains(&id.as_str())) {
        return Vec::new();
    }
    let is_unknown = |change: &&Change| kept(cache, subject, change, scenarios).is_none();
    changes.values().filter(is_unknown).collect()
}

/// What is kept of a change.
fn kept(
    cache: &Path,
    subject: &ChangeSubject<'_>,
    change: &Change,
    scenarios: &BTreeMap<String, Scenario>,
) -> Option<ChangeOutcome> {
    let bytes = fs::read(place(cache, subject, change, scenarios)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Keeps an outcome, unless it is about this machine.
///
/// # Errors
/// The cache cannot be written.
pub(super) fn keep(
    cache: &Path,
    subject: &ChangeSubject<'_>,
    change: &Change,
    scenarios: &BTreeMap<String, Scenario>,
    outcome: &ChangeOutcome,
) -> Result<(), LabError> {
    if matches!(
        outcome.state,
        ChangeState::NotChecked { .. } | ChangeState::Missing
    ) {
        return Ok(());
    }
    let path = place(cache, subject, change, scenarios);
    write(&path, outcome).map_err(|error| LabError::Cache(format!("`{}`: {error}", path.display())))
}

/// A rename is the last step, so that a kill before it leaves no half file.
fn write(path: &Path, outcome: &ChangeOutcome) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let partial = path.with_extension("partial");
    fs::write(&partial, serde_json::to_vec_pretty(outcome)?)?;
    fs::rename(partial, path)
}

fn place(
    cache: &Path,
    subject: &ChangeSubject<'_>,
    change: &Change,
    scenarios: &BTreeMap<String, Scenario>,
) -> PathBuf {
    let key = subject.key(change, scenarios);
    let name = format!("{}-{}-{key}.json", subject.contender.name, change.id);
    cache.join("changes").join(name)
}

#[cfg(test)]
mod tests;
