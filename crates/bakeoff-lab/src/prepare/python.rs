//! Installs Python packages: a virtual environment with exactly the wheels of the lock file, each checked against its
//! hash. With `uv` if it is installed, else with `pip`. It compiles only what the manifest lists: any other package
//! without a wheel for this machine is a fault.

use super::install::{Installed, Installer};
use crate::fault::of_lab;
use crate::runtime::{Runtime, on_path};
use bakeoff_core::evidence::{Fault, Owner, Stage};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The environment's folder below the contender's.
pub(crate) const ENVIRONMENT: &str = ".venv";

/// What `uv` and `pip` print where a package does not support the interpreter. A lock file does not say it.
const OTHER_PYTHON: &[&str] = &["does not satisfy Python", "requires a different Python"];

/// `uv` where it is installed, else `pip`.
pub(crate) fn installer() -> &'static str {
    on_path("uv").map_or("pip", |_| "uv")
}

/// The wheels that `pip` has fetched for an install, below the contender's folder; `uv` keeps its own.
const WHEELS: &str = ".wheels";

/// The wheels for another platform, below the folder of their install.
pub(super) const WHEELS_ELSEWHERE: &str = "wheels";

/// The platform of a page, as the tags of wheels have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherPlatform {
    /// The version of its Python, as `3.14`.
    pub(crate) python: String,
    /// The tag of its platform.
    pub(crate) platform: String,
}

/// How `pip` is run; its command stands behind the first two words.
const PIP: [&str; 6] = [
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--no-input",
    "--progress-bar",
    "off",
];

/// Installs the packages of `lock`, a requirements file with hashes: from what this machine keeps of them, after
/// fetching what it lacks. A package that is built from its sources needs others of the registry, so its time includes
/// the network's.
pub(crate) fn install(installer: &Installer<'_>, lock: &str) -> Result<Installed, Fault> {
    let installed = install_timed(installer, lock)?;
    keep_bytecode(installer);
    Ok(installed)
}

/// Compiles the contender's own modules, which Python otherwise does at the first start and keeps beside them: each
/// launch has a working folder of its own, so every start would be a first one. Best effort, as there: a module that
/// does not compile may be one that no server imports.
fn keep_bytecode(installer: &Installer<'_>) {
    let python = installer.folder.join(ENVIRONMENT).join("bin/python");
    let not_packages = format!("/{}/", ENVIRONMENT.replace('.', "[.]"));
    let _ = installer.run(
        "python -m compileall",
        &python,
        &["-m", "compileall", "-q", "-x", &not_packages, "."],
    );
}

fn install_timed(installer: &Installer<'_>, lock: &str) -> Result<Installed, Fault> {
    let wheels = [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-deps",
        "-r",
        lock,
    ];
    let built = installer.from_source.iter();
    let built = built.flat_map(|package| ["--no-binary", package.as_str()]);
    let what: Vec<&str> = wheels.into_iter().chain(built).collect();
    let environment = Environment::create(installer)?;
    let made = environment.took;
    let timed = |what: &[&str]| {
        let began = Instant::now();
        environment.install(what).map(|()| began.elapsed())
    };
    if !installer.from_source.is_empty() {
        return Ok(Installed {
            took: made + timed(&what)?,
            without_network: false,
        });
    }
    let kept = environment.fetch(&what)?;
    let took = made + timed(&kept)?;
    environment.forget_wheels();
    Ok(Installed {
        took,
        without_network: true,
    })
}

/// Installs one package of the registry, without a lock file.
pub(super) fn install_package(installer: &Installer<'_>, package: &str) -> Result<(), Fault> {
    Environment::create(installer)?.install(&["--only-binary", ":all:", package])
}

/// Fetches the wheels of `lock`, a requirements file with hashes, for another platform. Only `pip` fetches without
/// installing, so it comes with an environment of its own, which goes afterwards.
pub(super) fn fetch_elsewhere(
    installer: &Installer<'_>,
    lock: &str,
    platform: &OtherPlatform,
) -> Result<(), Fault> {
    let python = installer.runtime.program.as_path();
    match on_path("uv") {
        Some(uv) => installer.run(
            "uv venv",
            &uv,
            &["venv", "--seed", "--python", text(python)?, ENVIRONMENT],
        )?,
        None => make_with_pip(installer, python)?,
    }
    let abi = format!("cp{}", platform.python.replace('.', ""));
    let what = [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-deps",
        "--implementation",
        "cp",
        "--python-version",
        &platform.python,
        "--abi",
        &abi,
        "--platform",
        &platform.platform,
        "-d",
        WHEELS_ELSEWHERE,
        "-r",
        lock,
    ];
    let pip = [&PIP[..2], &["download"], &PIP[2..], &what].concat();
    let environment = installer.folder.join(ENVIRONMENT);
    let fetched = installer.run("pip download", &environment.join("bin/python"), &pip);
    // Best effort: what is left of it takes space in the cache and nothing else.
    let _ = fs::remove_dir_all(environment);
    fetched
}

/// A new virtual environment, and what fills it.
struct Environment<'i> {
    installer: &'i Installer<'i>,
    /// Its interpreter.
    python: PathBuf,
    uv: Option<PathBuf>,
    /// How long it took to make.
    took: Duration,
}

impl<'i> Environment<'i> {
    fn create(installer: &'i Installer<'i>) -> Result<Environment<'i>, Fault> {
        let began = Instant::now();
        let python = installer.runtime.program.as_path();
        let uv = on_path("uv");
        match &uv {
            Some(uv) => installer.run("uv venv", uv, &["venv", "--python", text(python)?, ENVIRONMENT])?,
            None => make_with_pip(installer, python)?,
        }
        Ok(Environment {
            installer,
            python: installer.folder.join(ENVIRONMENT).join("bin/python"),
            uv,
            took: began.elapsed(),
        })
    }

    fn install(&self, what: &[&str]) -> Result<(), Fault> {
        let installer = self.installer;
        let installed = match &self.uv {
            Some(uv) => {
                let python = text(&self.python)?;
                let pip = ["pip", "install", "--compile-bytecode", "--python", python];
                installer.run("uv pip install", uv, &[pip.as_slice(), what].concat())
            }
            None => {
                let pip = [&PIP[..2], &["install"], &PIP[2..], what].concat();
                installer.run("pip install", &self.python, &pip)
            }
        };
        installed.map_err(|fault| explained(fault, installer.runtime))
    }

    /// Fetches what this machine lacks of the packages; the arguments that install them without a network.
    fn fetch<'w>(&self, what: &[&'w str]) -> Result<Vec<&'w str>, Fault> {
        if let Some(uv) = &self.uv {
            // Into another folder, so that the environment stays as it is.
            let python = text(&self.python)?;
            let pip = ["pip", "install", "--python", python, "--target", WHEELS];
            let fetched = self
                .installer
                .run("uv pip install", uv, &[pip.as_slice(), what].concat());
            fetched.map_err(|fault| explained(fault, self.installer.runtime))?;
            self.forget_wheels();
            return Ok([&["--offline"], what].concat());
        }
        let pip = [&PIP[..2], &["download"], &PIP[2..], &["-d", WHEELS], what].concat();
        let fetched = self.installer.run("pip download", &self.python, &pip);
        fetched.map_err(|fault| explained(fault, self.installer.runtime))?;
        Ok([&["--no-index", "--find-links", WHEELS], what].concat())
    }

    /// Best effort: what is left of them takes space in the cache and nothing else.
    fn forget_wheels(&self) {
        let _ = fs::remove_dir_all(self.installer.folder.join(WHEELS));
    }
}

fn text(path: &Path) -> Result<&str, Fault> {
    path.to_str().ok_or_else(|| {
        of_lab(
            Stage::Prepare,
            format!("the path `{}` is not UTF-8", path.display()),
        )
    })
}

/// What `uv` and `pip` print where a package has sources only.
const NO_WHEEL: &[&str] = &[
    "Building from source is disabled",
    "has no usable wheels",
    "No matching distribution found for",
];

/// The fault with what it means.
fn explained(fault: Fault, runtime: &Runtime) -> Fault {
    let mut fault = of_the_runtime(fault, runtime);
    let says_so = |line: &String| NO_WHEEL.iter().any(|words| line.contains(words));
    if fault.is_at(Stage::Prepare) && fault.log.iter().any(says_so) {
        fault.message.push_str(
            "; a package may have no wheel for this machine: list it in `from_source` of [prepare] to have it built",
        );
    }
    fault
}

/// A package that does not support the interpreter is no fault of the contender: it is not available on this machine.
fn of_the_runtime(fault: Fault, runtime: &Runtime) -> Fault {
    // A tool breaks its lines where it likes.
    let words = fault.log.iter().flat_map(|line| line.split_whitespace());
    let text = words.collect::<Vec<_>>().join(" ");
    let says_so = OTHER_PYTHON.iter().any(|words| text.contains(words));
    if !says_so && !pip_left_it_out(&text) {
        return fault;
    }
    let Runtime { name, version, .. } = runtime;
    Fault {
        owner: Owner::User,
        at: Stage::Runtime.into(),
        message: format!(
            "unavailable here: its packages do not support {name} {version}; `bakeoff list runtimes` shows what this machine has"
        ),
        ..fault
    }
}

/// Whether `pip` found the very version of the lock, and left it out for its interpreter. It lists others that it left
/// out beside any failure.
fn pip_left_it_out(text: &str) -> bool {
    let missing = text.split_once("No matching distribution found for ");
    let pin = missing.and_then(|(_, rest)| rest.split_whitespace().next()?.split_once("=="));
    pin.is_some_and(|(_, version)| text.contains(&format!(" {version} Requires-Python")))
}

fn make_with_pip(installer: &Installer<'_>, python: &Path) -> Result<(), Fault> {
    installer
        .run("python -m venv", python, &["-m", "venv", ENVIRONMENT])
        .map_err(|mut fault| {
            // Debian ships Python without `ensurepip`.
            if fault.log.iter().any(|line| line.contains("ensurepip")) {
                fault.owner = Owner::User;
                fault
                    .message
                    .push_str("; install the system's package `python3-venv`, or `uv`");
            }
            fault
        })
}

#[cfg(test)]
mod tests {
    use super::explained;
    use crate::fault::{of_contender, with_log};
    use crate::runtime::Runtime;
    use bakeoff_core::evidence::{Owner, Stage};
    use semver::Version;

    #[test]
    fn packages_that_need_another_python_make_a_contender_unavailable_and_nothing_else_does() {
        let runtime = Runtime {
            name: "python".to_owned(),
            program: "/usr/bin/python3".into(),
            version: Version::new(3, 11, 7),
        };
        let check = |log: &[&str]| {
            let log = log.iter().map(|line| (*line).to_owned()).collect();
            let fault = with_log(of_contender(Stage::Prepare, "pip install: exit status: 1"), log);
            explained(fault, &runtime)
        };
        let by_uv = check(&[
            "  × No solution found when resolving dependencies:",
            "  ╰─▶ Because the current Python version (3.11.7) does not satisfy",
            "      Python>=3.12 and django==6.1.3 depends on Python>=3.12, we can conclude",
        ]);
        assert!(by_uv.is_at(Stage::Runtime), "{by_uv:?}");
        assert_eq!(by_uv.owner, Owner::User);
        assert!(by_uv.message.contains("do not support python 3.11.7"));
        let by_pip = check(&[
            "ERROR: Ignored the following versions that require a different python version: 6.1.3 Requires-Python >=3.12",
            "ERROR: No matching distribution found for django==6.1.3",
        ]);
        assert!(by_pip.is_at(Stage::Runtime), "{by_pip:?}");
        let other = check(&["ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"]);
        assert!(other.is_at(Stage::Prepare) && other.owner == Owner::Contender);
        let no_wheel = check(&[
            "ERROR: Ignored the following versions that require a different python version: 6.1.3 Requires-Python >=3.12",
            "ERROR: No matching distribution found for django==5.2.19",
        ]);
        assert!(no_wheel.is_at(Stage::Prepare), "{no_wheel:?}");
        assert!(
            no_wheel.message.contains("list it in `from_source`"),
            "{no_wheel:?}"
        );
    }
}
