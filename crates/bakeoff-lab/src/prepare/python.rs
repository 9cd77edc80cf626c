//! Installs Python packages: a virtual environment with exactly the wheels of the lock file, each checked against its
//! hash. With `uv` if it is installed, else with `pip`. It compiles nothing: a package without a wheel for this machine
//! is a fault.

use super::install::Installer;
use crate::fault::of_lab;
use crate::runtime::on_path;
use bakeoff_core::evidence::{Fault, Stage};
use std::path::Path;

/// The environment's folder below the contender's.
const ENVIRONMENT: &str = ".venv";

/// Installs the packages of `lock`, a requirements file with hashes.
pub(crate) fn install(installer: &Installer<'_>, lock: &str) -> Result<(), Fault> {
    let wheels = [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-deps",
        "-r",
        lock,
    ];
    environment(installer, &wheels)
}

/// Installs one package of the registry, without a lock file.
pub(super) fn install_package(installer: &Installer<'_>, package: &str) -> Result<(), Fault> {
    environment(installer, &["--only-binary", ":all:", package])
}

fn environment(installer: &Installer<'_>, what: &[&str]) -> Result<(), Fault> {
    let python = installer.runtime.program.as_path();
    let inside = installer.folder.join(ENVIRONMENT).join("bin/python");
    let inside_text = inside
        .to_str()
        .ok_or_else(|| of_lab(Stage::Prepare, "the cache's path is not UTF-8"))?;
    if let Some(uv) = on_path("uv") {
        let python_text = python
            .to_str()
            .ok_or_else(|| of_lab(Stage::Prepare, "python's path is not UTF-8"))?;
        installer.run("uv venv", &uv, &["venv", "--python", python_text, ENVIRONMENT])?;
        let pip = ["pip", "install", "--compile-bytecode", "--python", inside_text];
        installer.run("uv pip install", &uv, &[pip.as_slice(), what].concat())
    } else {
        make_with_pip(installer, python)?;
        let pip = [
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
        ];
        installer.run("pip install", &inside, &[pip.as_slice(), what].concat())
    }
}

fn make_with_pip(installer: &Installer<'_>, python: &Path) -> Result<(), Fault> {
    installer
        .run("python -m venv", python, &["-m", "venv", ENVIRONMENT])
        .map_err(|mut fault| {
            // Debian ships Python without `ensurepip`.
            if fault.log.iter().any(|line| line.contains("ensurepip")) {
                fault.owner = bakeoff_core::evidence::Owner::User;
                fault
                    .message
                    .push_str("; install the system's package `python3-venv`, or `uv`");
            }
            fault
        })
}
