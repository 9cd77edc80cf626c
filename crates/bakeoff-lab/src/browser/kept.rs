//! Keeps what is known of a contender in a browser in the cache, beside the prepared folders: it changes with the
//! contender, the browser and the machine, and all of them are in its key.

use super::outcome::BrowserOutcome;
use super::subject::BrowserSubject;
use crate::error::LabError;
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is kept of a contender; none where nothing is, though a page could run it here.
///
/// # Errors
/// Why no page runs it here, in words for a reader.
pub fn known(
    cache: &Path,
    subject: &BrowserSubject<'_>,
    scenarios: &BTreeMap<String, Scenario>,
) -> Result<Option<BrowserOutcome>, String> {
    subject.module()?;
    if let Err(reason) = subject.browser {
        return Err(reason.clone());
    }
    let bytes = fs::read(place(cache, subject, scenarios)).ok();
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Keeps an outcome.
///
/// # Errors
/// The cache cannot be written.
pub(super) fn keep(
    cache: &Path,
    subject: &BrowserSubject<'_>,
    scenarios: &BTreeMap<String, Scenario>,
    outcome: &BrowserOutcome,
) -> Result<(), LabError> {
    let path = place(cache, subject, scenarios);
    write(&path, outcome).map_err(|error| LabError::Cache(format!("`{}`: {error}", path.display())))
}

/// A rename is the last step, so that a kill before it leaves no half file.
fn write(path: &Path, outcome: &BrowserOutcome) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let partial = path.with_extension("partial");
    fs::write(&partial, serde_json::to_vec_pretty(outcome)?)?;
    fs::rename(partial, path)
}

fn place(cache: &Path, subject: &BrowserSubject<'_>, scenarios: &BTreeMap<String, Scenario>) -> PathBuf {
    let name = format!("{}-{}.json", subject.contender.name, subject.key(scenarios));
    cache.join("browser").join(name)
}
