//! Finds PostgreSQL's programs: on `PATH`, in the versioned folders of distributions, or in a Python package that
//! contains them. It builds nothing.

use crate::error::LabError;
use crate::event::EventSink;
use crate::prepare::environment_in_cache;
use crate::runtime::{is_executable, on_path};
use crate::runtimes::Runtimes;
use bakeoff_core::contender;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// The pinned Python package with PostgreSQL's programs.
const PACKAGE: &str = "pgserver==0.1.4";

/// The versions of Python for which it has wheels.
const PYTHON: &str = ">=3.9, <3.13";

/// Folders that hold one folder for each version, or the programs themselves.
const FOLDERS: &[&str] = &[
    "/usr/lib/postgresql",
    "/usr/pgsql",
    "/usr/local/pgsql",
    "/usr/local/opt/postgresql",
    "/opt/homebrew/opt/postgresql",
];

/// A folder with `initdb` and `postgres`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binaries {
    folder: PathBuf,
    origin: String,
}

impl Binaries {
    /// The programs of this machine, the newest version first.
    pub(crate) fn of_the_machine() -> Option<Binaries> {
        let on_path = on_path("initdb")
            .and_then(|path| path.canonicalize().ok())
            .and_then(|path| path.parent().map(Path::to_owned));
        on_path
            .into_iter()
            .chain(
                FOLDERS
                    .iter()
                    .flat_map(|folder| versions_below(Path::new(folder))),
            )
            .find(|folder| is_complete(folder))
            .map(|folder| Binaries {
                origin: "a temporary cluster by this machine's own PostgreSQL".to_owned(),
                folder,
            })
    }

    /// The programs of the Python package, which is installed into the cache when missing.
    pub(crate) fn of_the_package(
        cache: &Path,
        runtimes: &Runtimes,
        events: &dyn EventSink,
        stop: &AtomicBool,
    ) -> Result<Binaries, LabError> {
        let wanted = contender::Runtime::of("python", PYTHON);
        let runtime = runtimes.get(&wanted).map_err(|missing| {
            LabError::database(&format!(
                "none on this machine, and none from PyPI without a Python for it: {missing}"
            ))
        })?;
        let folder = environment_in_cache(cache, PACKAGE, runtime, events, stop).map_err(|fault| {
            let reason = fault.message;
            LabError::database(&format!(
                "none on this machine, and `{PACKAGE}` does not install: {reason}"
            ))
        })?;
        find_in_package(&folder).ok_or_else(|| {
            LabError::database(&format!("`{PACKAGE}` does not contain `initdb` and `postgres`"))
        })
    }

    /// The programs in a place where `user` can execute them: copied below `folder` when they lie in a private folder
    /// of another user.
    pub(crate) fn reachable_by(&self, user: Option<(u32, u32)>, folder: &Path) -> Result<Binaries, LabError> {
        let open_to_all = |path: &Path| {
            path.metadata()
                .is_ok_and(|data| data.permissions().mode() & 0o005 == 0o005)
        };
        let (Some(installed), Some(_)) = (self.folder.parent(), user) else {
            return Ok(self.clone());
        };
        if self.folder.ancestors().all(open_to_all) {
            return Ok(self.clone());
        }
        let copy = folder.join("postgresql");
        copy_tree(installed, &copy)
            .map_err(|error| LabError::database(&format!("`{}`: {error}", copy.display())))?;
        Ok(Binaries {
            folder: copy.join("bin"),
            origin: self.origin.clone(),
        })
    }

    /// The path of one of its programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Whether the server has the module that counts statements. A server does not start when it cannot load a module.
    pub(crate) fn can_count_statements(&self) -> bool {
        let modules = ["../lib", "../lib/postgresql"];
        modules
            .iter()
            .any(|modules| self.folder.join(modules).join("pg_stat_statements.so").is_file())
    }

    /// The origin, in words.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

/// `FOLDER/bin`, `FOLDER/VERSION/bin` and `FOLDER@VERSION/bin`, the newest version first.
fn versions_below(folder: &Path) -> Vec<PathBuf> {
    let name = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let siblings = folder
        .parent()
        .map(entries)
        .unwrap_or_default()
        .into_iter()
        .filter(|path| {
            path.file_name().is_some_and(|other| {
                other.to_string_lossy().starts_with(&format!("{name}@"))
                    || other.to_string_lossy().starts_with(&format!("{name}-"))
            })
        });
    let mut found: Vec<PathBuf> = entries(folder)
        .into_iter()
        .chain(siblings)
        .map(|path| path.join("bin"))
        .collect();
    found.sort_by_key(|path| std::cmp::Reverse(version_of(path)));
    found.insert(0, folder.join("bin"));
    found
}

/// Copies files with their permissions, folders, and links as links.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn version_of(path: &Path) -> u32 {
    let digits: String = path
        .parent()
        .and_then(Path::file_name)
        .map(|name| {
            name.to_string_lossy()
                .chars()
                .filter(char::is_ascii_digit)
                .collect()
        })
        .unwrap_or_default();
    digits.parse().unwrap_or(0)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect()
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres"]
        .iter()
        .all(|program| is_executable(&folder.join(program)))
}

/// `.venv/lib/pythonX.Y/site-packages/pgserver/pginstall/bin`.
fn find_in_package(folder: &Path) -> Option<Binaries> {
    entries(&folder.join(".venv/lib"))
        .into_iter()
        .map(|python| python.join("site-packages/pgserver/pginstall/bin"))
        .find(|bin| is_complete(bin))
        .map(|bin| Binaries {
            folder: bin,
            origin: format!("a temporary cluster by the Python package {PACKAGE}"),
        })
}
