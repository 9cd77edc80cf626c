//! The program as a user runs it: in its own folder, with its output and its exit code.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A folder that is a user's working directory.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the folder, with the folders above it.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Copies a brief of the repository here.
    pub(crate) fn brief(&self, name: &str) {
        self.write(
            name,
            &fs::read_to_string(repository().join("briefs").join(name)).unwrap(),
        );
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        // Another build of the program can be put to the same tests.
        let program = std::env::var_os("BAKEOFF_TEST_PROGRAM");
        let program = program.unwrap_or_else(|| env!("CARGO_BIN_EXE_bakeoff").into());
        let mut command = Command::new(program);
        command
            .args(args)
            .env("BAKEOFF_CACHE", cache())
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Said {
        let output = self.command(args).output().unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that is given these lines on stdin.
    pub(crate) fn run_answering(&self, args: &[&str], answers: &str) -> Said {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(answers.as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a command whose stderr goes to a file of the folder.
    pub(crate) fn start(&self, args: &[&str], log: &str) -> Child {
        let file = fs::File::create(self.path().join(log)).unwrap();
        self.command(args)
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }
}

/// The folder of prepared contenders of all tests, also those of the lab: nothing of theirs is left in the user's.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

impl Said {
    /// The JSON on stdout.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("stdout is no JSON: {error}\n{}\n{}", self.out, self.err))
    }
}

/// Whether a run came to its end: with an answer, or without one since a short budget holds too few launches for it.
pub(crate) fn has_ended(code: Option<i32>) -> bool {
    matches!(code, Some(0 | 4))
}

/// The names of all contenders of the repository, in order.
pub(crate) fn contenders() -> Vec<String> {
    let folders = fs::read_dir(repository().join("contenders")).unwrap();
    let folders = folders
        .map(Result::unwrap)
        .filter(|entry| entry.path().join("contender.toml").is_file());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Processes that carry the lab's mark of that bakeoff process: they were started by it, directly or not.
pub(crate) fn left_behind_by(pid: u32) -> Vec<String> {
    let middle = format!("-{pid}-");
    let mut left = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        let marked = environment
            .split(|byte| *byte == 0)
            .filter_map(|variable| variable.strip_prefix(b"BAKEOFF_RUN="))
            .any(|mark| String::from_utf8_lossy(mark).contains(&middle));
        if marked {
            let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            left.push(String::from_utf8_lossy(&command).replace('\0', " "));
        }
    }
    left
}
