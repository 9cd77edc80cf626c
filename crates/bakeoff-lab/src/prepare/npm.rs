//! Installs Node.js packages: exactly those of `package-lock.json`, without development dependencies, which only a
//! build has while it runs.

use super::install::{Installed, Installer, run_commands};
use crate::fault::of_user;
use crate::runtime::{is_executable, on_path};
use bakeoff_core::evidence::{Fault, Stage};
use std::path::PathBuf;
use std::time::Instant;

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

/// Runs `npm ci`, which knows the name of its lock file itself: with npm's own cache alone, after filling that where it
/// lacks a package.
pub(crate) fn install(installer: &Installer<'_>, _lock: &str) -> Result<Installed, Fault> {
    let npm = npm_of(installer)
        .ok_or_else(|| of_user(Stage::Prepare, "`npm` is not on PATH: install it beside Node.js"))?;
    let quiet = [
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        // A contender's own settings may leave lock files out, and without one nothing is installed here.
        "--package-lock",
        // npm waits for more than two minutes between its retries; without a network each contender would.
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
    ];
    let run = |step: &str, arguments: &[&str]| installer.run(step, &npm, &[arguments, &quiet].concat());
    let dev = if installer.build.is_empty() {
        "--omit=dev"
    } else {
        "--include=dev"
    };
    let mut began = Instant::now();
    if run("npm ci", &["ci", dev, "--offline"]).is_err() {
        // What a package runs when it is installed belongs to the install, and not to the fetching.
        run("npm ci", &["ci", dev, "--ignore-scripts"])?;
        began = Instant::now();
        // It removes what is installed first.
        run("npm ci", &["ci", dev, "--offline"])?;
    }
    if !installer.build.is_empty() {
        run_commands(installer, installer.build)?;
        run("npm prune", &["prune", "--omit=dev", "--offline"])?;
    }
    Ok(Installed {
        took: began.elapsed(),
        without_network: true,
    })
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
