//! Installing a contender: once, into a cache whose key is everything the result depends on; afterwards
//! without network. Safe when two bakeoffs run at once, repaired when an earlier try was cut off.
//! Deliberately without opinion on what is installed: that stands in the contender's lock file.

mod commands;
mod folder;
mod install;
mod npm;
mod python;
mod source;

pub use source::{ContenderSource, SourceFile};

use crate::event::{Event, Origin, Watch};
use crate::fault::{interrupted, of_contender, of_lab};
use crate::runtime::Runtime;
use bakeoff_core::contender::{Contender, Tool};
use bakeoff_core::evidence::{Fault, Stage};
use folder::{Folder, Record};
use install::Installer;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The stage of every fault of this module.
const STAGE: Stage = Stage::Prepare;

/// A contender that is ready to be started.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Its manifest.
    pub contender: Contender,
    /// Where it and its dependencies lie.
    pub folder: PathBuf,
    /// What runs it.
    pub runtime: Runtime,
    /// How long the install took, whenever that was, in seconds.
    pub install_s: f64,
    /// When it was installed, RFC 3339, UTC.
    pub installed: String,
    /// Whether it was installed now or earlier.
    pub from: Origin,
}

/// Installs `contender` from `source` into `cache`, or finds it there.
///
/// # Errors
/// A fault of the contender when its own files do not install, of the user when the machine or the network
/// lacks something, of the lab when the cache cannot be written.
pub fn prepare(
    contender: &Contender,
    source: &ContenderSource,
    runtime: &Runtime,
    cache: &Path,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Prepared, Fault> {
    let key = source.key(&format!(
        "{} {} {:?}",
        runtime.name, runtime.version, contender.prepare
    ));
    let folder = Folder::open(cache, &contender.name, &key, stop)?;
    let (record, from) = match folder.record() {
        Some(record) => (record, Origin::Cache),
        None => (
            install_into(&folder, contender, source, runtime, watch, stop)?,
            Origin::Installed,
        ),
    };
    let prepared = Prepared {
        contender: contender.clone(),
        folder: folder.path().to_owned(),
        runtime: runtime.clone(),
        install_s: record.install_s,
        installed: record.installed,
        from,
    };
    watch.event(Event::Prepared {
        contender: contender.name.clone(),
        seconds: prepared.install_s,
        from,
    });
    Ok(prepared)
}

/// A virtual environment in the cache with one package of the registry, for the lab itself; returns the folder that
/// holds it.
///
/// # Errors
/// As [`prepare`].
pub(crate) fn environment_in_cache(
    cache: &Path,
    package: &str,
    runtime: &Runtime,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<PathBuf, Fault> {
    let key = ContenderSource::default().key(&format!("{package} {}", runtime.version));
    let folder = Folder::open(cache, &package.replace("==", "-"), &key, stop)?;
    if folder.record().is_none() {
        let failed = |error| of_lab(STAGE, format!("`{}`: {error}", folder.path().display()));
        folder.clear().map_err(failed)?;
        let installer = Installer {
            contender: package,
            folder: folder.path(),
            runtime,
            watch,
            stop,
        };
        let began = Instant::now();
        python::install_package(&installer, package)?;
        folder.finish(began.elapsed()).map_err(failed)?;
    }
    Ok(folder.path().to_owned())
}

fn install_into(
    folder: &Folder,
    contender: &Contender,
    source: &ContenderSource,
    runtime: &Runtime,
    watch: &dyn Watch,
    stop: &AtomicBool,
) -> Result<Record, Fault> {
    folder
        .clear()
        .map_err(|error| of_lab(STAGE, format!("`{}`: {error}", folder.path().display())))?;
    source
        .write_to(folder.path())
        .map_err(|error| of_lab(STAGE, format!("`{}`: {error}", folder.path().display())))?;
    let installer = Installer {
        contender: &contender.name,
        folder: folder.path(),
        runtime,
        watch,
        stop,
    };
    let began = Instant::now();
    match contender.prepare.tool {
        Some(Tool::Npm) => npm::install(&installer)?,
        Some(Tool::Python) => python::install(&installer, lock_of(contender)?)?,
        None => commands::install(&installer, &contender.prepare.commands)?,
    }
    if stop.load(Ordering::Relaxed) {
        return Err(interrupted());
    }
    folder
        .finish(began.elapsed())
        .map_err(|error| of_lab(STAGE, format!("`{}`: {error}", folder.path().display())))
}

fn lock_of(contender: &Contender) -> Result<&str, Fault> {
    let missing = || {
        of_contender(
            STAGE,
            "`prepare.lock` is missing: name the requirements file with hashes",
        )
    };
    contender.prepare.lock.as_deref().ok_or_else(missing)
}
