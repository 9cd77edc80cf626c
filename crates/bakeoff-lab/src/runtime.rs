//! One runtime of contenders, and what a language's row says of the search for it. It searches nothing itself:
//! [`places`] lists programs, [`ask`] starts them.

pub(crate) mod ask;
pub(crate) mod keepers;
pub(crate) mod places;

use semver::Version;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A runtime on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runtime {
    /// Its name in manifests, as `node`.
    pub name: String,
    /// Its program, with all links and shims resolved.
    pub program: PathBuf,
    /// Its version. Build metadata says what another build than the usual one is, as `3.14.0+free-threaded`.
    pub version: Version,
}

/// How a runtime is found: where it may be, and how it prints its version.
pub(crate) struct RuntimeSearch<'s> {
    /// The names of programs on `PATH`, the preferred one first.
    pub(crate) programs: &'s [&'s str],
    /// The folders in which people keep versions of it.
    pub(crate) keepers: &'static [Keeper],
    /// The arguments with which a program prints its version.
    pub(crate) version_arguments: &'s [&'s str],
    /// Reads program and version from that output, given the path of the program.
    pub(crate) read_version: fn(&str, &Path) -> Option<(PathBuf, Version)>,
    /// What a user can do when it is missing.
    pub(crate) how_to_install: &'s str,
}

/// A tool that keeps several versions side by side, or a folder of the system that does.
#[derive(Debug)]
pub(crate) struct Keeper {
    /// Its name for a reader.
    pub(crate) name: &'static str,
    /// The folders that it may use, the first that exists counts.
    pub(crate) folders: &'static [Folder],
    /// The programs below that folder; `*` stands for any one folder.
    pub(crate) programs: &'static str,
}

/// A folder that the environment decides on.
#[derive(Debug)]
pub(crate) enum Folder {
    /// Below the folder that a variable names; an empty path is the folder itself.
    Variable(&'static str, &'static str),
    /// Below the home folder.
    Home(&'static str),
    /// Of the system.
    System(&'static str),
}

impl Runtime {
    /// `PATH` with the runtime's folder first, so that scripts which search for it find this one.
    pub(crate) fn path_with_it_first(&self) -> OsString {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = self.program.parent().map(Path::to_owned);
        let folders: Vec<PathBuf> = own.into_iter().chain(std::env::split_paths(&path)).collect();
        std::env::join_paths(folders).unwrap_or(path)
    }

    /// The program of that name as a script would find it: beside the runtime, else on `PATH`.
    pub(crate) fn find_beside_it(&self, program: &str) -> Option<PathBuf> {
        let beside = self.program.parent().map(|folder| folder.join(program));
        let beside = beside.filter(|program| is_executable(program));
        beside.or_else(|| on_path(program))
    }
}

/// Reads the first version in what a program prints of itself, as `go version go1.26.1 linux/amd64`: numbers with
/// points between them, behind letters or in front of some.
pub(crate) fn first_version(text: &str, path: &Path) -> Option<(PathBuf, Version)> {
    let mut words = text.split(|c: char| c.is_whitespace() || "(),;:".contains(c));
    let version = words.find_map(version_in)?;
    Some((path.to_owned(), version))
}

fn version_in(word: &str) -> Option<Version> {
    let from = word.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = word[from..].split('.').map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse::<u64>().ok()
    });
    let (first, second) = (numbers.next()??, numbers.next()??);
    Some(Version::new(first, second, numbers.next().flatten().unwrap_or(0)))
}

/// Reads `PATH VERSION` in the last line that has this form; the path may contain spaces.
pub(crate) fn path_and_version(text: &str, _: &Path) -> Option<(PathBuf, Version)> {
    text.lines().rev().find_map(|line| {
        let (path, version) = line.trim().rsplit_once(' ')?;
        Some((PathBuf::from(path), Version::parse(version).ok()?))
    })
}

/// Reads the properties that `java -XshowSettings:properties` prints.
pub(crate) fn java_properties(text: &str, path: &Path) -> Option<(PathBuf, Version)> {
    let property = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix("= "))
    };
    let mut numbers = property("java.version ")?
        .split(['.', '_', '-', '+'])
        .map_while(|part| part.parse().ok());
    let mut next = || numbers.next().unwrap_or(0);
    let version = Version::new(next(), next(), next());
    let home = property("java.home ").map(|home| Path::new(home).join("bin/java"));
    Some((home.unwrap_or_else(|| path.to_owned()), version))
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
    use super::{Runtime, first_version, java_properties, path_and_version};
    use semver::Version;
    use std::path::{Path, PathBuf};

    #[test]
    fn printed_versions_are_read() {
        let read = |text: &str| path_and_version(text, Path::new(""));
        let python = Some((
            PathBuf::from("/opt/my python/bin/python3"),
            Version::new(3, 11, 7),
        ));
        assert_eq!(read("/opt/my python/bin/python3 3.11.7\n"), python);
        assert_eq!(
            read("a warning of 2 lines\nanother\n/opt/my python/bin/python3 3.11.7\n\n"),
            python
        );
        assert_eq!(read("nonsense"), None);
        let java = "Property settings:\n    java.home = /usr/lib/jvm/21\n    java.version = 21.0.2\n";
        assert_eq!(
            java_properties(java, Path::new("/usr/bin/java")),
            Some((PathBuf::from("/usr/lib/jvm/21/bin/java"), Version::new(21, 0, 2)))
        );
    }

    #[test]
    fn the_first_version_in_a_sentence_is_read() {
        let read = |text: &str| first_version(text, Path::new("/x")).map(|(_, version)| version.to_string());
        for (text, version) in [
            ("1.4.5\n", "1.4.5"),
            ("go version go1.26.1 linux/amd64", "1.26.1"),
            (
                "deno 2.9.6 (stable, release, x86_64-unknown-linux-gnu)\nv8 14.2.231.17",
                "2.9.6",
            ),
            (
                "ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]",
                "3.1.2",
            ),
            ("PHP 8.2.29 (cli) (built: Jul  3 2025 16:16:05) (NTS)", "8.2.29"),
            ("a warning of 2 lines\nv0.15", "0.15.0"),
        ] {
            assert_eq!(read(text).as_deref(), Some(version), "{text}");
        }
        assert_eq!(read("no version here, on x86_64 in 2026-11-30"), None);
    }

    #[test]
    fn the_folder_of_a_runtime_stands_first() {
        let runtime = Runtime {
            name: "node".to_owned(),
            program: PathBuf::from("/opt/node 24/bin/node"),
            version: Version::new(24, 22, 3),
        };
        let path = runtime.path_with_it_first();
        let first = std::env::split_paths(&path).next();
        assert_eq!(first, Some(PathBuf::from("/opt/node 24/bin")));
    }
}
