//! One runtime of contenders, and the search for it among the programs on `PATH`. It installs nothing, and knows no
//! particular language.

use semver::Version;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A runtime on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtime {
    /// Its name in manifests, as `node`.
    pub name: String,
    /// Its program, with all links and shims resolved.
    pub program: PathBuf,
    /// Its version.
    pub version: Version,
}

/// How a runtime is found: the names of its programs, and how they print their version.
pub(crate) struct RuntimeSearch {
    /// The names of programs, the preferred one first.
    pub(crate) programs: &'static [&'static str],
    /// The arguments with which a program prints its version.
    pub(crate) version_arguments: &'static [&'static str],
    /// Reads program and version from that output, given the path of the program.
    pub(crate) read_version: fn(&str, PathBuf) -> Option<(PathBuf, Version)>,
    /// What a user can do when it is missing.
    pub(crate) how_to_install: &'static str,
}

impl RuntimeSearch {
    /// Every program of the runtime on `PATH`, the preferred one first.
    pub(crate) fn find(&self, name: &str) -> Vec<Runtime> {
        let mut found: Vec<Runtime> = Vec::new();
        for runtime in self.programs.iter().filter_map(|program| self.run(name, program)) {
            // Several names may be links to one program.
            if !found.iter().any(|known| known.program == runtime.program) {
                found.push(runtime);
            }
        }
        found
    }

    fn run(&self, name: &str, program: &str) -> Option<Runtime> {
        let path = on_path(program)?;
        let output = Command::new(&path)
            .args(self.version_arguments)
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        // Java prints its properties to standard error.
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let (program, version) = (self.read_version)(&text, path)?;
        Some(Runtime {
            name: name.to_owned(),
            program,
            version,
        })
    }
}

/// Reads `PATH VERSION`; the path may contain spaces.
pub(crate) fn path_and_version(text: &str, _: PathBuf) -> Option<(PathBuf, Version)> {
    let (path, version) = text.trim().rsplit_once(' ')?;
    Some((PathBuf::from(path), Version::parse(version).ok()?))
}

/// Reads the properties that `java -XshowSettings:properties` prints.
pub(crate) fn java_properties(text: &str, path: PathBuf) -> Option<(PathBuf, Version)> {
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

/// Whether it is an executable file.
pub(crate) fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::{java_properties, path_and_version};
    use semver::Version;
    use std::path::PathBuf;

    #[test]
    fn printed_versions_are_read() {
        let read = |text: &str| path_and_version(text, PathBuf::new());
        assert_eq!(
            read("/opt/my python/bin/python3 3.11.7\n"),
            Some((
                PathBuf::from("/opt/my python/bin/python3"),
                Version::new(3, 11, 7)
            ))
        );
        assert_eq!(read("nonsense"), None);
        let java = "Property settings:\n    java.home = /usr/lib/jvm/21\n    java.version = 21.0.2\n";
        assert_eq!(
            java_properties(java, PathBuf::from("/usr/bin/java")),
            Some((PathBuf::from("/usr/lib/jvm/21/bin/java"), Version::new(21, 0, 2)))
        );
    }
}
