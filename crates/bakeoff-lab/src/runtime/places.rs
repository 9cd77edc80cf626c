//! Where runtimes are on a machine: the folders of `PATH`, and those of version managers and of the system. It lists
//! programs and starts none.

use super::{Folder, Keeper, RuntimeSearch, is_executable};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

/// The place of a program that `PATH` leads to.
const PATH: &str = "PATH";

/// What decides where things are: variables, and the root of the file system.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    variables: BTreeMap<OsString, OsString>,
    root: PathBuf,
}

/// A program that may be a runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its path, links not resolved.
    pub(crate) program: PathBuf,
    /// The place in which it was found, for a reader.
    pub(crate) place: &'static str,
}

impl Surroundings {
    /// Those of this process.
    pub(crate) fn of_this_process() -> Surroundings {
        Surroundings {
            variables: std::env::vars_os().collect(),
            root: PathBuf::from("/"),
        }
    }

    /// The value of a variable; none where it is empty.
    fn variable(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(OsStr::new(name))?;
        Some(value.as_os_str()).filter(|value| !value.is_empty())
    }

    fn folder(&self, folder: &Folder) -> Option<PathBuf> {
        match folder {
            Folder::Variable(name, below) => Some(PathBuf::from(self.variable(name)?).join(below)),
            Folder::Home(below) => Some(PathBuf::from(self.variable("HOME")?).join(below)),
            Folder::System(path) => Some(self.root.join(path.trim_start_matches('/'))),
        }
    }

    /// The folder of a keeper: the first that exists.
    fn folder_of(&self, keeper: &Keeper) -> Option<PathBuf> {
        let mut folders = keeper.folders.iter().filter_map(|folder| self.folder(folder));
        folders.find(|folder| folder.is_dir())
    }
}

/// The programs that may be a runtime, those on `PATH` first. A file that several links lead to is there once.
/// `name` is how the file of the runtime itself begins, as `python` of `python3.13`.
pub(crate) fn candidates(name: &str, search: &RuntimeSearch<'_>, around: &Surroundings) -> Vec<Candidate> {
    let path = around.variable("PATH").unwrap_or_default();
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    let on_path = folders.flat_map(|folder| {
        let programs = search.programs.iter();
        programs
            .map(|program| (folder.join(program), PATH))
            .collect::<Vec<_>>()
    });
    let kept = search.keepers.iter().flat_map(|keeper| {
        let folder = around.folder_of(keeper);
        let programs = folder.map_or_else(Vec::new, |folder| expand(&folder, keeper.programs));
        programs.into_iter().map(|program| (program, keeper.name))
    });
    let mut found: Vec<Candidate> = Vec::new();
    let mut files: Vec<PathBuf> = Vec::new();
    for (program, place) in on_path.chain(kept) {
        if !is_executable(&program) {
            continue;
        }
        let file = file_of(name, &program);
        if !files.contains(&file) {
            files.push(file);
            found.push(Candidate { program, place });
        }
    }
    found
}

/// The file that a link leads to. Shims of several programs can be links to one tool that looks at the link's name, so
/// only a file with the runtime's own name counts as the same.
fn file_of(name: &str, program: &Path) -> PathBuf {
    let is_its_own = |file: &PathBuf| {
        let file = file.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(name)
    };
    let resolved = program.canonicalize().ok().filter(is_its_own);
    resolved.unwrap_or_else(|| program.to_owned())
}

/// The paths below a folder that fit a pattern and exist, in the order of their names. A part of the pattern that is
/// `*`, or ends with one, stands for any one folder that begins so.
pub(crate) fn expand(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut paths = vec![folder.to_owned()];
    for part in pattern.split('/') {
        paths = match part.strip_suffix('*') {
            None => paths.into_iter().map(|path| path.join(part)).collect(),
            Some(begin) => paths.iter().flat_map(|path| listing(path, begin)).collect(),
        };
    }
    paths.retain(|path| path.exists());
    paths
}

fn listing(folder: &Path, begin: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(begin))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}

#[cfg(test)]
impl Surroundings {
    /// A machine below `root`: its home, a `PATH` of these folders, and these further variables, all below it.
    pub(crate) fn below(root: &Path, path: &[&str], variables: &[(&str, &str)]) -> Surroundings {
        let below = |path: &str| root.join(path.trim_start_matches('/')).into_os_string();
        let folders = std::env::join_paths(path.iter().map(|folder| below(folder))).unwrap();
        let own = [
            (OsString::from("HOME"), below("home/me")),
            (OsString::from("PATH"), folders),
        ];
        let further = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), below(value)));
        Surroundings {
            variables: own.into_iter().chain(further).collect(),
            root: root.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Surroundings, candidates, expand};
    use crate::language::of_runtime;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    fn program(root: &Path, path: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What was found of a language: place and path below the root.
    fn found(root: &Path, language: &str, around: &Surroundings) -> Vec<(&'static str, String)> {
        let search = &of_runtime(language).unwrap().runtime;
        let below = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
        candidates(language, search, around)
            .into_iter()
            .map(|candidate| (candidate.place, below(&candidate.program)))
            .collect()
    }

    fn owned(expected: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        expected
            .iter()
            .map(|(place, path)| (*place, (*path).to_owned()))
            .collect()
    }

    #[test]
    fn every_place_of_node_is_searched() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        let expected = [
            ("PATH", "usr/bin/node"),
            ("nvm", "home/me/.nvm/versions/node/v22.23.3/bin/node"),
            ("nvm", "home/me/.nvm/versions/node/v24.22.3/bin/node"),
            (
                "fnm",
                "home/me/.local/share/fnm/node-versions/v20.1.0/installation/bin/node",
            ),
            ("volta", "home/me/.volta/tools/image/node/22.1.0/bin/node"),
            ("mise", "home/me/.local/share/mise/installs/node/24.1.0/bin/node"),
            ("asdf", "home/me/.asdf/installs/nodejs/18.0.0/bin/node"),
        ];
        for (_, path) in expected {
            program(root, path);
        }
        let around = Surroundings::below(root, &["/usr/bin", "/nothing/here"], &[]);
        assert_eq!(found(root, "node", &around), owned(&expected));
    }

    #[test]
    fn every_place_of_python_and_java_is_searched() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        let python = [
            ("PATH", "usr/bin/python3"),
            ("pyenv", "home/me/.pyenv/versions/3.13.0/bin/python"),
            (
                "mise",
                "home/me/.local/share/mise/installs/python/3.12.1/bin/python",
            ),
            ("asdf", "home/me/.asdf/installs/python/3.11.0/bin/python"),
            (
                "uv",
                "home/me/.local/share/uv/python/cpython-3.14.0-linux-x86_64-gnu/bin/python",
            ),
        ];
        let java = [
            ("PATH", "usr/bin/java"),
            ("JAVA_HOME", "opt/jdk/bin/java"),
            ("system", "usr/lib/jvm/temurin-25-jdk-amd64/bin/java"),
            ("SDKMAN", "home/me/.sdkman/candidates/java/25.0.1-tem/bin/java"),
            ("mise", "home/me/.local/share/mise/installs/java/21.0.2/bin/java"),
            ("asdf", "home/me/.asdf/installs/java/temurin-17.0.1/bin/java"),
        ];
        for (_, path) in python.iter().chain(&java) {
            program(root, path);
        }
        let around = Surroundings::below(root, &["/usr/bin"], &[("JAVA_HOME", "/opt/jdk")]);
        assert_eq!(found(root, "python", &around), owned(&python));
        assert_eq!(found(root, "java", &around), owned(&java));
    }

    #[test]
    fn variables_of_version_managers_decide_where_they_keep_versions() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        program(root, "home/me/.pyenv/versions/3.10.0/bin/python");
        program(root, "opt/pyenv/versions/3.13.0/bin/python");
        let around = Surroundings::below(root, &[], &[("PYENV_ROOT", "/opt/pyenv")]);
        assert_eq!(
            found(root, "python", &around),
            owned(&[("pyenv", "opt/pyenv/versions/3.13.0/bin/python")])
        );
    }

    #[test]
    fn links_to_one_file_count_once_and_shims_of_one_tool_do_not() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        program(root, "usr/bin/python3.11");
        symlink(root.join("usr/bin/python3.11"), root.join("usr/bin/python3")).unwrap();
        program(root, "usr/bin/mise");
        for shim in ["python3", "python3.13"] {
            fs::create_dir_all(root.join("shims")).unwrap();
            symlink(root.join("usr/bin/mise"), root.join("shims").join(shim)).unwrap();
        }
        let around = Surroundings::below(root, &["/shims", "/usr/bin"], &[]);
        assert_eq!(
            found(root, "python", &around),
            owned(&[
                ("PATH", "shims/python3"),
                ("PATH", "shims/python3.13"),
                ("PATH", "usr/bin/python3")
            ])
        );
    }

    #[test]
    fn a_pattern_names_what_exists() {
        let machine = tempfile::tempdir().unwrap();
        let root = machine.path();
        for path in ["a/v2/bin/x", "a/v1/bin/x", "a/other/bin/x", "a/v3/none"] {
            program(root, path);
        }
        assert_eq!(
            expand(root, "a/v*/bin/x"),
            [root.join("a/v1/bin/x"), root.join("a/v2/bin/x")]
        );
        assert_eq!(expand(root, "b/*/x"), [] as [std::path::PathBuf; 0]);
    }
}
