//! Metrics of a lock file: how many packages, with those that the brief's needs add, and on which platforms all of the
//! lock's install without a compiler. No network: a lock has nothing about wheels, so that comes from a dated snapshot
//! that ships with the program.

pub(crate) mod lock_reader;
mod marker;
pub(crate) mod maven;
pub(crate) mod npm;
mod npm_range;
mod platform;
pub(crate) mod python;
pub(crate) mod wheels;

use super::needs;
use super::subject::{Subject, counted};
use crate::language::{of_runtime, packages_of};
use crate::prepare::ContenderSource;
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::Observation;
use bakeoff_core::words::number;
use lock_reader::LockReader;
use platform::{PLATFORMS, Platform};
use semver::Version;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;

/// Package to locked version, of the packages that this machine installs for that version of the runtime; of all in the
/// lock where it is not known. Empty where there is no readable lock.
#[must_use]
pub fn versions(
    contender: &Contender,
    source: &ContenderSource,
    runtime: Option<&Version>,
) -> BTreeMap<String, String> {
    let text = text_of(contender, source);
    let versions = reader(contender).map(|reader| (reader.versions)(&text, runtime));
    versions.and_then(Result::ok).unwrap_or_default()
}

/// Which packages of the lock do not support that version of the runtime, in words; none where all do, or the lock does
/// not say.
pub(crate) fn refusal(contender: &Contender, source: &ContenderSource, version: &Version) -> Option<String> {
    // What a package says of Node.js says nothing of Bun, which npm installs for as well.
    let own = of_runtime(&contender.runtime.name)?.packages.as_ref()?.tool;
    if Some(own) != contender.prepare.tool {
        return None;
    }
    (reader(contender)?.refusal)(&text_of(contender, source), version)
}

/// The lock file; empty where there is none.
fn text_of<'s>(contender: &Contender, source: &'s ContenderSource) -> Cow<'s, str> {
    let lock = contender.prepare.lock.as_ref();
    let bytes = lock.and_then(|lock| source.get(lock));
    bytes.map(String::from_utf8_lossy).unwrap_or_default()
}

/// `dependencies`: the packages that this machine installs from the lock, indirect ones included, and those that the
/// brief's needs add.
pub(super) fn dependencies(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let here = platform()?;
    let locked = installed(subject)?;
    let added = needs::added(subject, &locked)?;
    let note = format!(
        "{} of the contract{} ({} on {}; snapshot of {})",
        number::count(locked.len(), "package"),
        added.beside(&number::grouped(added.packages as u64)),
        if subject.contender.prepare.is_nothing() {
            "it needs its runtime alone"
        } else {
            "the lock file"
        },
        here.name,
        added.snapshot
    );
    let count = locked.len() + added.packages;
    Ok(vec![counted("dependencies", count as f64, note)])
}

/// The names of the packages that this machine installs from the lock.
pub(super) fn installed(subject: &Subject<'_>) -> Result<Vec<String>, String> {
    if subject.contender.prepare.is_nothing() {
        return Ok(Vec::new());
    }
    let reader = reader(subject.contender).ok_or(NO_READER)?;
    (reader.installed)(&lock_text(subject)?, platform()?, subject.prepared_dir)
}

fn platform() -> Result<&'static Platform, String> {
    let unknown = "this machine is none of the platforms that locks are read for";
    Platform::here().ok_or_else(|| unknown.to_owned())
}

/// `platforms_prebuilt`: the share of [`PLATFORMS`] on which every package installs without a compiler.
pub(super) fn platforms(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    if subject.contender.prepare.is_nothing() {
        let note = "it needs its runtime alone".to_owned();
        return Ok(vec![counted("platforms_prebuilt", 1.0, note)]);
    }
    let reader = reader(subject.contender).ok_or(NO_READER)?;
    let text = lock_text(subject)?;
    let lock = subject.contender.prepare.lock.as_deref().unwrap_or_default();
    let path = subject.source_dir.join(lock);
    let folder = path.parent().unwrap_or(subject.source_dir);
    let each = |platform| Ok((platform, (reader.not_prebuilt)(&text, platform, folder)?));
    let missing: Vec<(&Platform, Vec<String>)> = PLATFORMS.iter().map(each).collect::<Result<_, String>>()?;
    Ok(vec![counted(
        "platforms_prebuilt",
        share(&missing),
        missing_wheels_sentence(&missing),
    )])
}

/// The reason for a contender whose packages no reader knows.
const NO_READER: &str = "its own commands install it, so its dependencies are unknown";

fn reader(contender: &Contender) -> Option<&'static LockReader> {
    packages_of(contender.prepare.tool?)?.lock
}

fn share(missing: &[(&Platform, Vec<String>)]) -> f64 {
    missing.iter().filter(|(_, packages)| packages.is_empty()).count() as f64 / missing.len() as f64
}

/// `6 of 7; not windows-arm64 (asyncpg)`.
fn missing_wheels_sentence(missing: &[(&Platform, Vec<String>)]) -> String {
    let held = missing.iter().filter(|(_, packages)| packages.is_empty()).count();
    let not: Vec<String> = missing
        .iter()
        .filter(|(_, packages)| !packages.is_empty())
        .map(|(platform, packages)| format!("; not {} ({})", platform.name, packages.join(", ")))
        .collect();
    format!("{held} of {}{}", missing.len(), not.concat())
}

fn lock_text(subject: &Subject<'_>) -> Result<String, String> {
    let lock = subject
        .contender
        .prepare
        .lock
        .as_ref()
        .ok_or("its manifest names no lock file")?;
    fs::read_to_string(subject.source_dir.join(lock))
        .map_err(|error| format!("the lock file `{lock}` cannot be read: {error}"))
}
