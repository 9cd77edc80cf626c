//! What pages need: the bundler and Pyodide, installed from the lock file that ships with the program; one script of a
//! contender's module; the wheels of its packages for Pyodide. It opens no browser.

use super::folder::Folder;
use super::install::{Installed, Installer};
use super::python::{self, OtherPlatform};
use super::source::{ContenderSource, SourceFile};
use super::{npm, python::WHEELS_ELSEWHERE};
use crate::event::EventSink;
use crate::fault::of_lab;
use crate::runtime::Runtime;
use bakeoff_core::evidence::{Fault, Stage};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The packages and their lock file.
const KIT: [(&str, &str); 2] = [
    ("package.json", include_str!("../../data/browser/package.json")),
    (
        "package-lock.json",
        include_str!("../../data/browser/package-lock.json"),
    ),
];

/// The name of the kit in the cache, and of the wheels for pages.
const KIT_NAME: &str = "browser";

/// The file of the wheels' names, versions and hashes.
const REQUIREMENTS: &str = "requirements.lock";

/// Where installs go, and who watches.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    /// The cache.
    pub(crate) cache: &'p Path,
    /// Receives the events.
    pub(crate) events: &'p dyn EventSink,
    /// The user's interrupt.
    pub(crate) stop: &'p AtomicBool,
}

/// The files of the kit.
pub(crate) fn kit_source() -> ContenderSource {
    ContenderSource::new(KIT.map(|(path, text)| SourceFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }))
}

/// Installs the kit, or finds it installed; returns the folder of its packages.
///
/// # Errors
/// As [`super::prepare`].
pub(crate) fn kit(place: Place<'_>, node: &Runtime) -> Result<PathBuf, Fault> {
    let folder = in_cache(place, KIT_NAME, &kit_source(), node, |installer| {
        npm::install(installer, "package-lock.json")
    })?;
    Ok(folder.join(npm::FOLDER))
}

/// Fetches the wheels of these requirements, which have hashes, for the platform of a page, or finds them in the cache;
/// returns their folder. `python` fetches them and need not be of the same version.
///
/// # Errors
/// As [`super::prepare`].
pub(crate) fn wheels(
    place: Place<'_>,
    contender: &str,
    requirements: &str,
    platform: &OtherPlatform,
    python: &Runtime,
) -> Result<PathBuf, Fault> {
    let files = [
        (REQUIREMENTS, requirements.to_owned()),
        ("platform", format!("{platform:?}")),
    ];
    let source = ContenderSource::new(files.map(|(path, text)| SourceFile {
        path: path.to_owned(),
        bytes: text.into_bytes(),
    }));
    let name = format!("{KIT_NAME}-{contender}");
    let folder = in_cache(place, &name, &source, python, |installer| {
        let began = Instant::now();
        python::fetch_elsewhere(installer, REQUIREMENTS, platform)?;
        Ok(Installed::since(began))
    })?;
    Ok(folder.join(WHEELS_ELSEWHERE))
}

/// Makes one script of `entry` and all that it imports, below `folder`, whose packages it may import.
///
/// # Errors
/// A fault of the contender with what the bundler printed.
pub(crate) fn bundle(
    place: Place<'_>,
    contender: &str,
    kit: &Path,
    node: &Runtime,
    (entry, folder, out): (&Path, &Path, &Path),
) -> Result<(), Fault> {
    let out = format!("--outfile={}", out.display());
    let entry = entry.display().to_string();
    installer(place, contender, folder, node).run(
        "esbuild",
        &kit.join(".bin/esbuild"),
        &[
            entry.as_str(),
            "--bundle",
            "--minify",
            "--format=esm",
            "--platform=browser",
            "--log-level=warning",
            out.as_str(),
        ],
    )
}

/// A folder of the cache with these files, filled by `fill` unless it is complete.
fn in_cache(
    place: Place<'_>,
    name: &str,
    source: &ContenderSource,
    runtime: &Runtime,
    fill: impl FnOnce(&Installer<'_>) -> Result<Installed, Fault>,
) -> Result<PathBuf, Fault> {
    // The runtime only fetches: another one of the same kind makes the same files.
    let key = source.key(&runtime.name);
    let folder = Folder::open(place.cache, name, &key, place.stop)?;
    if folder.record().is_none() {
        let failed = |error| of_lab(Stage::Prepare, format!("`{}`: {error}", folder.path().display()));
        folder.clear().map_err(failed)?;
        source.write_to(folder.path()).map_err(failed)?;
        let installed = fill(&installer(place, name, folder.path(), runtime))?;
        folder.finish(installed, 0, None).map_err(failed)?;
    }
    Ok(folder.path().to_owned())
}

fn installer<'i>(
    place: Place<'i>,
    contender: &'i str,
    folder: &'i Path,
    runtime: &'i Runtime,
) -> Installer<'i> {
    Installer {
        contender,
        folder,
        runtime,
        events: place.events,
        stop: place.stop,
        from_source: &[],
        build: &[],
    }
}

/// The requirements of these packages in a lock file of `uv` or `pip-tools`, with their hashes and without conditions:
/// they are for another platform. `version` gives the locked version of a package.
///
/// # Errors
/// A package that the lock file does not have, in words.
pub(crate) fn requirements_of(
    lock: &str,
    packages: &[String],
    version: impl Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let mut requirements = String::new();
    for package in packages {
        let missing = || format!("its lock file has no `{package}`, which [browser] of its manifest lists");
        let pin = format!("{package}=={}", version(package).ok_or_else(missing)?);
        let mut lines = lock.lines().skip_while(|line| !is_pin(line, &pin));
        lines.next().ok_or_else(missing)?;
        let hashes: Vec<&str> = lines
            .map(|line| line.trim().trim_end_matches('\\').trim())
            .take_while(|line| line.starts_with("--hash="))
            .collect();
        requirements.push_str(&format!("{pin} {}\n", hashes.join(" ")));
    }
    Ok(requirements)
}

/// Whether a line of a lock file begins with that pin and says nothing else before a condition or the line's end.
fn is_pin(line: &str, pin: &str) -> bool {
    let rest = line.strip_prefix(pin);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ';', '\\']))
}

/// The wheels in a folder, by name.
///
/// # Errors
/// The operating system's reason.
pub(crate) fn wheels_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut wheels = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "whl") {
            wheels.push(path);
        }
    }
    wheels.sort();
    Ok(wheels)
}

#[cfg(test)]
mod tests {
    use super::requirements_of;

    const LOCK: &str = "\
# made by uv
django==5.2.19 ; python_full_version < '3.12' \\
    --hash=sha256:11
django==6.1.3 ; python_full_version >= '3.12' \\
    --hash=sha256:22 \\
    --hash=sha256:33
    # via shop
sqlparse==0.6.1 \\
    --hash=sha256:44
";

    #[test]
    fn requirements_are_those_of_the_lock_without_conditions() {
        let version = |package: &str| {
            let versions = [("django", "6.1.3"), ("sqlparse", "0.6.1")];
            let of = versions.iter().find(|(name, _)| *name == package);
            of.map(|(_, version)| (*version).to_owned())
        };
        let of = |packages: &[&str]| {
            let packages: Vec<String> = packages.iter().map(|name| (*name).to_owned()).collect();
            requirements_of(LOCK, &packages, version)
        };
        assert_eq!(
            of(&["sqlparse", "django"]).unwrap(),
            "sqlparse==0.6.1 --hash=sha256:44\ndjango==6.1.3 --hash=sha256:22 --hash=sha256:33\n"
        );
        assert!(of(&["flask"]).unwrap_err().contains("no `flask`"));
    }
}
