//! Starts a program that may be a runtime, and reads its version: a shim may name a version that it cannot start. Each
//! start has a time limit. It does not search.

use super::RuntimeSearch;
use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Supervised};
use semver::Version;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

/// The longest that a program may take: shims of version managers take some seconds on a busy machine.
const LIMIT: Duration = Duration::from_secs(10);

/// How long the log's reader may lag behind the end of the process.
const LAG: Duration = Duration::from_millis(200);

/// The polling interval.
const POLL: Duration = Duration::from_millis(5);

/// The longest reason, in characters.
const LONGEST_REASON: usize = 160;

/// The runtime's own program, with its version.
///
/// # Errors
/// Why it cannot be started, in words.
pub(crate) fn ask(search: &RuntimeSearch<'_>, program: &Path) -> Result<(PathBuf, Version), String> {
    ask_within(search, program, LIMIT)
}

fn ask_within(
    search: &RuntimeSearch<'_>,
    program: &Path,
    limit: Duration,
) -> Result<(PathBuf, Version), String> {
    // A shim may choose the version by the folder from which it is called: that of the user.
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let started = Program::new(program, folder)
        .arguments(search.version_arguments.iter().copied())
        .start(LabInstance::this());
    let process = started.map_err(|error| error.to_string())?;
    let status = exit_within(&process, limit)
        .ok_or_else(|| format!("it does not print its version within {} s", limit.as_secs_f64()))?;
    let until = Instant::now() + LAG;
    loop {
        let text = process.log().text();
        if status.success()
            && let Some(found) = (search.read_version)(&text, program)
        {
            return Ok(found);
        }
        let has_failed = !status.success() && !text.trim().is_empty();
        if has_failed || Instant::now() >= until {
            return Err(reason(&text, status));
        }
        thread::sleep(POLL);
    }
}

fn exit_within(process: &Supervised, limit: Duration) -> Option<ExitStatus> {
    let until = Instant::now() + limit;
    loop {
        match process.exited() {
            Some(status) => return Some(status),
            None if Instant::now() >= until => return None,
            None => thread::sleep(POLL),
        }
    }
}

/// Its first line, or how it ended where it printed none.
fn reason(text: &str, status: ExitStatus) -> String {
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => line.chars().take(LONGEST_REASON).collect(),
        None => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ask, ask_within};
    use crate::runtime::{RuntimeSearch, path_and_version};
    use semver::Version;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    const SEARCH: RuntimeSearch<'static> = RuntimeSearch {
        programs: &[],
        keepers: &[],
        version_arguments: &["--which", "version"],
        read_version: path_and_version,
        how_to_install: "",
    };

    fn script(folder: &Path, lines: &str) -> PathBuf {
        let path = folder.join("program");
        fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn a_program_says_its_own_path_and_version() {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), "echo a warning >&2; echo \"/real/$2 24.22.3\"");
        assert_eq!(
            ask(&SEARCH, &program),
            Ok((PathBuf::from("/real/version"), Version::new(24, 22, 3)))
        );
    }

    #[test]
    fn what_cannot_be_started_has_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let check = |lines: &str, expected: &str| {
            let program = script(folder.path(), lines);
            let reason = ask(&SEARCH, &program).unwrap_err();
            assert!(reason.contains(expected), "`{expected}` is not in `{reason}`");
        };
        check(
            "echo; echo 'pyenv: python3.13: command not found'; echo more; exit 127",
            "pyenv: python3.13: command not found",
        );
        check("exit 3", "exit status: 3");
        check("echo 'no version here'", "no version here");
        let missing = ask(&SEARCH, &folder.path().join("nothing")).unwrap_err();
        assert!(missing.contains("No such file"), "{missing}");
    }

    #[test]
    fn one_that_never_ends_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), "sleep 60");
        let reason = ask_within(&SEARCH, &program, Duration::from_millis(100)).unwrap_err();
        assert_eq!(reason, "it does not print its version within 0.1 s");
    }
}
