//! The steps of an install: each runs a command in the contender's folder until it exits or the user interrupts. Also
//! the install by the manifest's own commands, for stacks without a tool that the lab knows.

use crate::event::{Event, EventSink};
use crate::fault::{LOG_LINES, interrupted, of_contender, of_user, with_log};
use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Supervised};
use crate::runtime::{Runtime, on_path};
use bakeoff_core::evidence::{Fault, Stage};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

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

/// The context of an install.
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
    /// Commands that build what was installed.
    pub(super) build: &'a [Vec<String>],
}

impl Installer<'_> {
    /// Runs one command until it exits.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        step: &str,
        program: &Path,
        arguments: &[S],
    ) -> Result<(), Fault> {
        self.events.event(Event::Preparing {
            contender: self.contender.to_owned(),
            step: step.to_owned(),
        });
        let tool = Program::new(program, self.folder).arguments(arguments);
        let process = tool.start(LabInstance::this()).map_err(|error| {
            of_user(
                Stage::Prepare,
                format!("{step}: `{}` does not start: {error}", program.display()),
            )
        })?;
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(interrupted());
            }
            match process.exited() {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(failure(&format!("{step}: {status}"), &process)),
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
            on_path(program).unwrap_or_else(|| PathBuf::from(program))
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
