//! The steps of an install: each runs a command in the install's folder until it exits, its time is over, or the user
//! interrupts. Also the install by the manifest's own commands, for stacks without a tool that the lab knows.

use crate::event::{Event, EventSink};
use crate::fault::{LOG_LINES, interrupted, of_contender, of_user, with_log};
use crate::process::lab_instance::LabInstance;
use crate::process::program::Environment;
use crate::process::{Program, Supervised};
use crate::runtime::Runtime;
use bakeoff_core::evidence::{Fault, Stage};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The polling interval of a running step.
const POLL: Duration = Duration::from_millis(10);

/// Words in an installer's output that show a missing network rather than a broken contender.
const NETWORK_WORDS: &[&str] = &[
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "network request",
    "Temporary failure in name resolution",
    "Name or service not known",
    "Connection refused",
    "Failed to establish a new connection",
    "dns error",
    "error sending request",
];

/// How long an install took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Installed {
    /// Its duration.
    pub(crate) took: Duration,
    /// Whether all packages were on this machine before it began: what was installed here earlier decides what has to
    /// be fetched, so that no two contenders could be compared by a time that includes it.
    pub(crate) without_network: bool,
}

impl Installed {
    /// Of an install that began then, and fetched what this machine lacked.
    pub(crate) fn since(began: Instant) -> Installed {
        Installed {
            took: began.elapsed(),
            without_network: false,
        }
    }
}

/// The context of an install of a contender.
pub(crate) struct Installer<'a> {
    /// The contender's name.
    pub(super) contender: &'a str,
    /// The folder of the install.
    pub(super) folder: &'a Path,
    /// The contender's runtime.
    pub(super) runtime: &'a Runtime,
    /// Receives the events.
    pub(super) events: &'a dyn EventSink,
    /// The user's interrupt.
    pub(super) stop: &'a AtomicBool,
    /// Packages that may be built from their sources.
    pub(super) from_source: &'a [String],
    /// Commands that build what was installed.
    pub(super) build: &'a [Vec<String>],
}

/// Runs steps in a folder.
pub(crate) struct Steps<'a> {
    /// What is installed, for a reader.
    pub(super) subject: &'a str,
    /// Where it is installed.
    pub(super) folder: &'a Path,
    /// Variables besides this process's own.
    pub(super) variables: Vec<(String, OsString)>,
    /// Receives the events.
    pub(super) events: &'a dyn EventSink,
    /// The user's interrupt.
    pub(super) stop: &'a AtomicBool,
}

impl Installer<'_> {
    /// Runs one command until it exits. Scripts that search `PATH` for the runtime find the contender's: npm is one.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        step: &str,
        program: &Path,
        arguments: &[S],
    ) -> Result<(), Fault> {
        let steps = Steps {
            subject: self.contender,
            folder: self.folder,
            variables: vec![("PATH".to_owned(), self.runtime.path_with_it_first())],
            events: self.events,
            stop: self.stop,
        };
        steps.run(step, program, arguments, None)
    }
}

impl Steps<'_> {
    /// Runs one command until it exits, at most for `limit`.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        step: &str,
        program: &Path,
        arguments: &[S],
        limit: Option<Duration>,
    ) -> Result<(), Fault> {
        self.events.event(Event::Preparing {
            contender: self.subject.to_owned(),
            step: step.to_owned(),
        });
        let mut tool = Program::new(program, self.folder).arguments(arguments);
        tool.environment = Environment::InheritedWith(self.variables.clone());
        let process = tool.start(LabInstance::this()).map_err(|error| {
            of_user(
                Stage::Prepare,
                format!("{step}: `{}` does not start: {error}", program.display()),
            )
        })?;
        let until = limit.map(|limit| Instant::now() + limit);
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(interrupted());
            }
            match process.exited() {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(failure(&format!("{step}: {status}"), &process)),
                None if until.is_some_and(|until| Instant::now() >= until) => {
                    let seconds = limit.unwrap_or_default().as_secs();
                    return Err(of_user(
                        Stage::Prepare,
                        format!("{step}: not done within {seconds} s"),
                    ));
                }
                None => thread::sleep(POLL),
            }
        }
    }
}

/// Installs by the manifest's own commands, one after the other; without commands there is nothing to install.
pub(super) fn run_commands(installer: &Installer<'_>, commands: &[Vec<String>]) -> Result<(), Fault> {
    for command in commands {
        let Some((program, arguments)) = command.split_first() else {
            continue;
        };
        let is_runtime = program == &format!("{{{}}}", installer.runtime.name);
        let program = if is_runtime {
            installer.runtime.program.clone()
        } else {
            let found = installer.runtime.find_beside_it(program);
            found.unwrap_or_else(|| PathBuf::from(program))
        };
        installer.run(&command.join(" "), &program, arguments)?;
    }
    Ok(())
}

fn failure(message: &str, process: &Supervised) -> Fault {
    // The reader of the log may lag behind the end of the process by a moment.
    thread::sleep(POLL);
    let text = process.log().text();
    let offline = NETWORK_WORDS.iter().any(|word| text.contains(word));
    let fault = if offline {
        of_user(
            Stage::Prepare,
            format!("{message}; the package registry is unreachable"),
        )
    } else {
        of_contender(Stage::Prepare, message)
    };
    with_log(fault, process.log().last_lines(LOG_LINES))
}
