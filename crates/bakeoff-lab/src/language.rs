//! The languages of contenders, one row each: how to find the runtime, start and install a contender, and read its lock
//! and its source. A new language is a row here, a row of `bakeoff_core::contender::LANGUAGES`, and the data about its
//! family in `data/`. A contender of an unknown language can run too, with commands of its own and less evidence.

mod start_facts;
mod warm_needs;

pub(crate) use warm_needs::WarmNeeds;

use crate::prepare::install::{Installed, Installer};
use crate::prepare::provide::{BUN_FROM_NPM, DENO_FROM_NPM, NODE_FROM_NPM, PYTHON_BY_UV, Provision};
use crate::prepare::{maven as maven_install, npm as npm_install, python as python_install};
use crate::probe::static_probes::code::grammar::{Grammar, JAVA, JAVASCRIPT, PYTHON, TYPESCRIPT};
use crate::probe::static_probes::lock::lock_reader::LockReader;
use crate::probe::static_probes::lock::{maven as maven_lock, npm as npm_lock, python as python_lock};
use crate::probe::static_probes::python_environment::site_packages;
use crate::runtime::{RuntimeSearch, first_version, java_properties, keepers, path_and_version};
use bakeoff_core::contender::Tool;
use bakeoff_core::evidence::Fault;
use std::path::{Path, PathBuf};
use warm_needs::{COMPILED, CPYTHON, CRUBY, DOTNET, HOTSPOT, JSC, UNKNOWN, V8};

/// One row of the table.
pub(crate) struct Language {
    /// The name of its runtime in manifests, and of its family in data and reports.
    pub(crate) id: &'static str,
    /// How the lab finds its runtime.
    pub(crate) runtime: RuntimeSearch<'static>,
    /// The version that the contenders of the default field need; none where none of them has it.
    pub(crate) shipped_version: Option<&'static str>,
    /// How bakeoff provides the runtime where a machine has none that is supported; none where it cannot.
    pub(crate) provision: Option<&'static Provision>,
    /// The program for `{ID}` in a start command, given the contender's folder and the runtime's program.
    pub(crate) program: fn(&Path, &Path) -> PathBuf,
    /// The folder of installed scripts below the contender's, for `{bin}` in a start command.
    pub(crate) scripts: &'static str,
    /// The packages; none without a tool that the lab knows.
    pub(crate) packages: Option<Packages>,
    /// What runs a module of it on a page; none where nothing does without a compiler.
    pub(crate) on_page: Option<OnPage>,
    /// The grammars of its source; none where source is not counted.
    pub(crate) grammars: &'static [&'static Grammar],
    /// What it needs to become warm.
    pub(crate) warm: WarmNeeds,
    /// Reads what it prints of itself at the start; none where it prints nothing.
    pub(crate) start_facts: Option<fn(&str) -> Vec<String>>,
}

/// What runs a module on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnPage {
    /// The browser itself, after a bundler has made one script of it.
    Bundled,
    /// Pyodide: CPython, compiled to WebAssembly.
    Pyodide,
}

/// A step that compiles a contender's own code.
pub(crate) type Compile = fn(&Installer<'_>) -> Result<(), Fault>;

/// The packages of a language.
pub(crate) struct Packages {
    /// The tool's name in manifests.
    pub(crate) tool: Tool,
    /// The name of what installs them on this machine.
    pub(crate) installer: fn() -> &'static str,
    /// Installs the packages of a lock file.
    pub(crate) install: fn(&Installer<'_>, &str) -> Result<Installed, Fault>,
    /// Compiles the contender's own code, after its packages are there; none where the runtime reads the source.
    pub(crate) compile: Option<Compile>,
    /// The folder that holds all that is installed, below the contender's.
    pub(crate) folder: &'static str,
    /// The folder of the installed packages, given the contender's.
    pub(crate) installed_in: fn(&Path) -> Result<PathBuf, String>,
    /// Reads the lock file; none where no reader exists.
    pub(crate) lock: Option<&'static LockReader>,
}

/// Prints path and version: a pre-release with its stage, and in the build metadata what is not the usual CPython, as
/// the wheels of a lock file do not fit it.
const PYTHON_VERSION: &str = "\
import sys
version, stage, serial = '.'.join(map(str, sys.version_info[:3])), sys.version_info[3], sys.version_info[4]
version += '' if stage == 'final' else '-' + stage + '.' + str(serial)
if sys.implementation.name != 'cpython':
    version += '+' + sys.implementation.name
elif 't' in getattr(sys, 'abiflags', ''):
    version += '+free-threaded'
sys.stdout.write(sys.executable + ' ' + version)
";

/// Every language.
pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        id: "node",
        runtime: RuntimeSearch {
            programs: &["node", "nodejs"],
            keepers: keepers::NODE,
            version_arguments: &["-p", "process.execPath + ' ' + process.versions.node"],
            read_version: path_and_version,
            how_to_install: "install Node.js from https://nodejs.org or with the system's package manager",
        },
        shipped_version: Some(">=20"),
        provision: Some(&NODE_FROM_NPM),
        program: |_, runtime| runtime.to_owned(),
        scripts: "node_modules/.bin",
        packages: Some(Packages {
            tool: Tool::Npm,
            installer: || "npm",
            install: npm_install::install,
            compile: None,
            folder: npm_install::FOLDER,
            installed_in: |folder| Ok(folder.join(npm_install::FOLDER)),
            lock: Some(&npm_lock::READER),
        }),
        on_page: Some(OnPage::Bundled),
        grammars: &[&JAVASCRIPT, &TYPESCRIPT],
        warm: V8,
        start_facts: None,
    },
    Language {
        provision: Some(&BUN_FROM_NPM),
        scripts: "node_modules/.bin",
        on_page: Some(OnPage::Bundled),
        ..on_path(
            "bun",
            &["bun"],
            &["--version"],
            "install Bun from https://bun.com",
            JSC,
        )
    },
    Language {
        provision: Some(&DENO_FROM_NPM),
        scripts: "node_modules/.bin",
        on_page: Some(OnPage::Bundled),
        ..on_path(
            "deno",
            &["deno"],
            &["--version"],
            "install Deno from https://deno.com",
            V8,
        )
    },
    Language {
        id: "python",
        runtime: RuntimeSearch {
            programs: &[
                "python3",
                "python3.15",
                "python3.14",
                "python3.13",
                "python3.12",
                "python3.11",
                "python3.10",
                "python",
            ],
            keepers: keepers::PYTHON,
            version_arguments: &["-c", PYTHON_VERSION],
            read_version: path_and_version,
            how_to_install: "install Python from https://www.python.org or with the system's package manager",
        },
        shipped_version: Some(">=3.11"),
        provision: Some(&PYTHON_BY_UV),
        program: |folder, runtime| {
            // A contender without packages has no environment and runs on the runtime itself.
            let inside = folder.join(".venv/bin/python");
            if inside.exists() {
                inside
            } else {
                runtime.to_owned()
            }
        },
        scripts: ".venv/bin",
        packages: Some(Packages {
            tool: Tool::Python,
            installer: python_install::installer,
            install: python_install::install,
            compile: None,
            folder: python_install::ENVIRONMENT,
            installed_in: site_packages,
            lock: Some(&python_lock::READER),
        }),
        on_page: Some(OnPage::Pyodide),
        grammars: &[&PYTHON],
        warm: CPYTHON,
        start_facts: None,
    },
    Language {
        id: "java",
        runtime: RuntimeSearch {
            programs: &["java"],
            keepers: keepers::JAVA,
            version_arguments: &["-XshowSettings:properties", "-version"],
            read_version: java_properties,
            how_to_install: "install a JDK, for example from https://adoptium.net",
        },
        shipped_version: None,
        provision: None,
        program: |_, runtime| runtime.to_owned(),
        scripts: "bin",
        packages: Some(Packages {
            tool: Tool::Maven,
            installer: || "maven",
            install: maven_install::install,
            compile: Some(maven_install::compile),
            folder: maven_install::FOLDER,
            installed_in: |folder| Ok(folder.join(maven_install::FOLDER)),
            lock: Some(&maven_lock::READER),
        }),
        on_page: None,
        grammars: &[&JAVA],
        warm: HOTSPOT,
        start_facts: Some(start_facts::of_hotspot),
    },
    on_path(
        "go",
        &["go"],
        &["version"],
        "install Go from https://go.dev or with the system's package manager",
        COMPILED,
    ),
    on_path(
        "ruby",
        &["ruby"],
        &["--version"],
        "install Ruby from https://www.ruby-lang.org or with the system's package manager",
        CRUBY,
    ),
    on_path(
        "php",
        &["php"],
        &["--version"],
        "install PHP from https://www.php.net or with the system's package manager",
        CRUBY,
    ),
    on_path(
        "dotnet",
        &["dotnet"],
        &["--version"],
        "install .NET from https://dotnet.microsoft.com",
        DOTNET,
    ),
];

/// A runtime that is found on `PATH`, whose contenders are installed by commands of their own.
const fn on_path(
    id: &'static str,
    programs: &'static [&'static str],
    version_arguments: &'static [&'static str],
    how_to_install: &'static str,
    warm: WarmNeeds,
) -> Language {
    Language {
        id,
        runtime: RuntimeSearch {
            programs,
            keepers: &[],
            version_arguments,
            read_version: first_version,
            how_to_install,
        },
        shipped_version: None,
        provision: None,
        program: |_, runtime| runtime.to_owned(),
        scripts: "bin",
        packages: None,
        on_page: None,
        grammars: &[],
        warm,
        start_facts: None,
    }
}

/// The language of a runtime, if the lab knows it.
pub(crate) fn of_runtime(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.id == name)
}

/// What a runtime printed of itself, given all that its server has printed.
pub(crate) fn start_facts(runtime: &str, log: &str) -> Vec<String> {
    let read = of_runtime(runtime).and_then(|language| language.start_facts);
    read.map_or_else(Vec::new, |read| read(log))
}

/// What a runtime needs to become warm, also one without a row.
pub(crate) fn warm_needs(runtime: &str) -> &'static WarmNeeds {
    of_runtime(runtime).map_or(&UNKNOWN, |language| &language.warm)
}

/// The packages of a tool.
pub(crate) fn packages_of(tool: Tool) -> Option<&'static Packages> {
    let mut packages = LANGUAGES.iter().filter_map(|language| language.packages.as_ref());
    packages.find(|packages| packages.tool == tool)
}

#[cfg(test)]
mod tests {
    use super::{LANGUAGES, packages_of, warm_needs};
    use bakeoff_core::contender::{self, Tool};

    #[test]
    fn every_runtime_has_what_it_needs_to_become_warm() {
        for (runtime, calls, burst) in [
            ("node", 3_000, 500),
            ("python", 200, 50),
            ("java", 20_000, 1_000),
            ("bun", 7_000, 500),
            ("deno", 3_000, 500),
            ("go", 200, 50),
            ("unheard-of", 3_000, 500),
        ] {
            let needs = warm_needs(runtime);
            assert_eq!((needs.calls, needs.burst), (calls, burst), "{runtime}");
            // The kernel keeps 15 bytes of a thread's name.
            assert!(
                needs.compiler_threads.iter().all(|name| name.len() <= 15),
                "{runtime}"
            );
        }
        assert!(warm_needs("java").pause > warm_needs("node").pause);
    }

    #[test]
    fn every_language_has_a_row_in_the_core_and_every_tool_its_packages() {
        for language in LANGUAGES {
            assert!(
                contender::LANGUAGES.iter().any(|row| row.id == language.id),
                "{}",
                language.id
            );
        }
        for tool in Tool::ALL {
            assert!(packages_of(tool).is_some(), "{tool:?}");
        }
    }
}
