//! What a lock file tells: which packages, how many, and on which platforms all of them install without a
//! compiler. Deliberately without network: what a lock does not say about wheels comes from a dated snapshot
//! that ships with the program.

mod marker;
mod npm;
mod platform;
mod python;
mod wheels;

use super::python_environment::python_minor;
use super::subject::{Subject, counted};
use crate::prepare::ContenderSource;
use bakeoff_core::contender::{Contender, Tool};
use bakeoff_core::evidence::Observation;
use platform::{PLATFORMS, Platform};
use std::collections::BTreeMap;
use std::fs;

/// Package to locked version, of everything that the lock names; empty where there is no lock that can be
/// read.
#[must_use]
pub fn versions(contender: &Contender, source: &ContenderSource) -> BTreeMap<String, String> {
    let text = contender
        .prepare
        .lock
        .as_ref()
        .and_then(|lock| source.get(lock))
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    let packages = match contender.prepare.tool {
        Some(Tool::Npm) => {
            npm::read(&text).map(|packages| packages.into_iter().map(|p| (p.name, p.version)).collect())
        }
        Some(Tool::Python) => Ok(python::read(&text)
            .into_iter()
            .map(|pin| (pin.name, pin.version))
            .collect()),
        None => Ok(BTreeMap::new()),
    };
    packages.unwrap_or_default()
}

/// `dependencies`: the packages that are installed on this machine, the indirect ones included.
pub(super) fn dependencies(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let text = lock_text(subject)?;
    let here = Platform::here().ok_or("this machine is none of the platforms that locks are read for")?;
    let count = match subject.contender.prepare.tool {
        Some(Tool::Npm) => npm::read(&text)?
            .iter()
            .filter(|package| package.runs_on(here))
            .count(),
        Some(Tool::Python) => {
            let minor = python_minor(subject.prepared_dir).unwrap_or(python::OLDEST_MINOR);
            python::read(&text)
                .iter()
                .filter(|pin| pin.needed_on(here, minor))
                .count()
        }
        None => return Err("commands of its own install it, so what belongs to it is not known".to_owned()),
    };
    Ok(vec![counted(
        "dependencies",
        count as f64,
        format!("packages in the lock file that {} installs", here.name),
    )])
}

/// `platforms_prebuilt`: the share of [`PLATFORMS`] on which every package installs without a compiler.
pub(super) fn platforms(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let text = lock_text(subject)?;
    let missing: Vec<(&Platform, Vec<String>)> = match subject.contender.prepare.tool {
        Some(Tool::Npm) => {
            let packages = npm::read(&text)?;
            PLATFORMS
                .iter()
                .map(|platform| (platform, npm::not_prebuilt(&packages, platform)))
                .collect()
        }
        Some(Tool::Python) => {
            let pins = python::read(&text);
            let wheels = wheels::shipped();
            let each = |platform| Ok((platform, python::not_prebuilt(&pins, platform, wheels)?));
            PLATFORMS.iter().map(each).collect::<Result<_, String>>()?
        }
        None => return Err("commands of its own install it, so what it needs is not known".to_owned()),
    };
    Ok(vec![counted(
        "platforms_prebuilt",
        share(&missing),
        missing_wheels_sentence(&missing),
    )])
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
