//! Installs Node.js packages: exactly those of `package-lock.json`, without development dependencies, which only a
//! build has while it runs.

use super::install::{Installer, run_commands};
use crate::fault::of_user;
use crate::runtime::{is_executable, on_path};
use bakeoff_core::evidence::{Fault, Stage};
use std::path::PathBuf;

/// The folder of installed packages below the contender's.
pub(crate) const FOLDER: &str = "node_modules";

/// The arguments of an install that writes the lock file alone, without the places that packages came from.
pub(super) const LOCK_ONLY: &[&str] = &[
    "--package-lock-only",
    "--ignore-scripts",
    "--omit-lockfile-registry-resolved",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
];

/// Runs `npm ci`, which knows the name of its lock file itself.
pub(crate) fn install(installer: &Installer<'_>, _lock: &str) -> Result<(), Fault> {
    let npm = npm_of(installer)
        .ok_or_else(|| of_user(Stage::Prepare, "`npm` is not on PATH: install it beside Node.js"))?;
    let quiet = [
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        // npm waits for more than two minutes between its retries; without a network each contender would.
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
    ];
    if installer.build.is_empty() {
        return installer.run("npm ci", &npm, &[&["ci", "--omit=dev"][..], &quiet].concat());
    }
    installer.run("npm ci", &npm, &[&["ci", "--include=dev"][..], &quiet].concat())?;
    run_commands(installer, installer.build)?;
    installer.run(
        "npm prune",
        &npm,
        &[&["prune", "--omit=dev"][..], &quiet].concat(),
    )
}

/// The `npm` beside the runtime, else the one on `PATH`.
fn npm_of(installer: &Installer<'_>) -> Option<PathBuf> {
    let beside = installer
        .runtime
        .program
        .parent()
        .map(|folder| folder.join("npm"));
    beside.filter(|npm| is_executable(npm)).or_else(|| on_path("npm"))
}
