//! What runs contenders: Node.js, Python, Java, found on this machine with their versions. Nothing is
//! installed here.

use bakeoff_core::contender;
use semver::{Version, VersionReq};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A runtime that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtime {
    /// `node`, `python` or `java`.
    pub name: String,
    /// Its program, with all links and shims resolved.
    pub program: PathBuf,
    /// Its version.
    pub version: Version,
}

/// A runtime that a contender needs and this machine lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("needs {what}: {found}")]
pub struct Unavailable {
    /// Runtime and version, as `node >=20`.
    pub what: String,
    /// What is there instead.
    pub found: String,
    /// What to do.
    pub how_to_install: String,
}

/// All runtimes of this machine, by name; of several, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtimes {
    found: Vec<Runtime>,
}

/// A kind of runtime: which programs to look for, and how they tell their path and version.
struct Kind {
    name: &'static str,
    programs: &'static [&'static str],
    ask: &'static [&'static str],
    install: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "node",
        programs: &["node", "nodejs"],
        ask: &["-p", "process.execPath + ' ' + process.versions.node"],
        install: "install Node.js from https://nodejs.org or with the system's package manager",
    },
    Kind {
        name: "python",
        programs: &[
            "python3",
            "python3.14",
            "python3.13",
            "python3.12",
            "python3.11",
            "python",
        ],
        ask: &[
            "-c",
            "import sys; print(sys.executable, '.'.join(map(str, sys.version_info[:3])))",
        ],
        install: "install Python from https://www.python.org or with the system's package manager",
    },
    Kind {
        name: "java",
        programs: &["java"],
        ask: &["-XshowSettings:properties", "-version"],
        install: "install a JDK, for example from https://adoptium.net",
    },
];

impl Runtimes {
    /// ServerUse every runtime on `PATH` who it is.
    #[must_use]
    pub fn find() -> Runtimes {
        let mut found: Vec<Runtime> = Vec::new();
        for kind in KINDS {
            for program in kind.programs {
                if let Some(runtime) = ask(kind, program)
                    && !found.iter().any(|known| known.program == runtime.program)
                {
                    found.push(runtime);
                }
            }
        }
        Runtimes { found }
    }

    /// The runtime that serves `wanted`: the first on `PATH` whose version fits.
    ///
    /// # Errors
    /// What is missing and how to get it.
    pub fn get(&self, wanted: &contender::Runtime) -> Result<&Runtime, Unavailable> {
        let requirement = VersionReq::parse(&wanted.version).unwrap_or(VersionReq::STAR);
        let of_name = || self.found.iter().filter(|runtime| runtime.name == wanted.name);
        of_name()
            .find(|runtime| requirement.matches(&runtime.version))
            .ok_or_else(|| {
                let there: Vec<String> = of_name().map(|runtime| runtime.version.to_string()).collect();
                Unavailable {
                    what: format!("{} {}", wanted.name, wanted.version),
                    found: if there.is_empty() {
                        format!("no `{}` is on PATH", wanted.name)
                    } else {
                        format!("only {} is on PATH", there.join(", "))
                    },
                    how_to_install: KINDS.iter().find(|kind| kind.name == wanted.name).map_or_else(
                        || format!("install `{}`", wanted.name),
                        |kind| kind.install.to_owned(),
                    ),
                }
            })
    }

    /// Name to version, of each name the first on `PATH`.
    #[must_use]
    pub fn versions(&self) -> BTreeMap<String, String> {
        let mut versions = BTreeMap::new();
        for runtime in &self.found {
            versions
                .entry(runtime.name.clone())
                .or_insert_with(|| runtime.version.to_string());
        }
        versions
    }

    /// All that were found.
    pub fn iter(&self) -> impl Iterator<Item = &Runtime> {
        self.found.iter()
    }
}

fn ask(kind: &Kind, program: &str) -> Option<Runtime> {
    let path = on_path(program)?;
    let output = Command::new(&path)
        .args(kind.ask)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let (program, version) = if kind.name == "java" {
        java_answer(&text, path)?
    } else {
        plain_answer(&text)?
    };
    Some(Runtime {
        name: kind.name.to_owned(),
        program,
        version,
    })
}

/// `PATH VERSION`; the path may hold spaces.
fn plain_answer(text: &str) -> Option<(PathBuf, Version)> {
    let (path, version) = text.trim().rsplit_once(' ')?;
    Some((PathBuf::from(path), Version::parse(version).ok()?))
}

/// The properties that `java -XshowSettings:properties` prints.
fn java_answer(text: &str, path: PathBuf) -> Option<(PathBuf, Version)> {
    let property = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix("= "))
    };
    let mut numbers = property("java.version ")?
        .split(['.', '_', '-', '+'])
        .map_while(|part| part.parse().ok());
    let mut next = || numbers.next().unwrap_or(0);
    let version = Version::new(next(), next(), next());
    let program = property("java.home ").map_or(path, |home| Path::new(home).join("bin/java"));
    Some((program, version))
}

/// The first executable of that name on `PATH`.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|candidate| is_executable(candidate))
}

/// Whether it is a file that somebody may execute.
pub(crate) fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::{Runtime, Runtimes, java_answer, plain_answer};
    use bakeoff_core::contender;
    use semver::Version;
    use std::path::PathBuf;

    #[test]
    fn answers_are_read() {
        assert_eq!(
            plain_answer("/opt/my python/bin/python3 3.11.7\n"),
            Some((
                PathBuf::from("/opt/my python/bin/python3"),
                Version::new(3, 11, 7)
            ))
        );
        assert_eq!(plain_answer("nonsense"), None);
        let java = "Property settings:\n    java.home = /usr/lib/jvm/21\n    java.version = 21.0.2\n";
        assert_eq!(
            java_answer(java, PathBuf::from("/usr/bin/java")),
            Some((PathBuf::from("/usr/lib/jvm/21/bin/java"), Version::new(21, 0, 2)))
        );
    }

    #[test]
    fn a_missing_or_old_runtime_is_said_with_what_to_install() {
        let runtimes = Runtimes {
            found: vec![Runtime {
                name: "node".into(),
                program: "/usr/bin/node".into(),
                version: Version::new(18, 1, 0),
            }],
        };
        let wanted = |name: &str, version: &str| contender::Runtime {
            name: name.into(),
            version: version.into(),
        };
        assert!(runtimes.get(&wanted("node", ">=18")).is_ok());
        let old = runtimes.get(&wanted("node", ">=20")).unwrap_err();
        assert_eq!(old.to_string(), "needs node >=20: only 18.1.0 is on PATH");
        let missing = runtimes.get(&wanted("python", ">=3.11")).unwrap_err();
        assert_eq!(missing.to_string(), "needs python >=3.11: no `python` is on PATH");
        assert!(missing.how_to_install.contains("python.org"));
    }
}
