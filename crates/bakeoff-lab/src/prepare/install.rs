//! One step of an install: a command that is run in the contender's folder, watched, and ended when the user
//! interrupts.

use super::STAGE;
use crate::event::{Event, Watch};
use crate::fault::{LOG_LINES, interrupted, of_contender, of_user, with_log};
use crate::process::owner::Owner;
use crate::process::{Launch, Supervised};
use crate::runtime::Runtime;
use bakeoff_core::evidence::Fault;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often a running step is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Words in an installer's output that tell that the network is missing, not that the contender is wrong.
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

/// What every step of an install needs to know.
pub(super) struct Installer<'a> {
    /// Whose install it is.
    pub(super) contender: &'a str,
    /// Where it happens.
    pub(super) folder: &'a Path,
    /// The contender's runtime.
    pub(super) runtime: &'a Runtime,
    /// Who is told.
    pub(super) watch: &'a dyn Watch,
    /// The user's interrupt.
    pub(super) stop: &'a AtomicBool,
}

impl Installer<'_> {
    /// Runs one command to its end.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        step: &str,
        program: &Path,
        arguments: &[S],
    ) -> Result<(), Fault> {
        self.watch.event(Event::Preparing {
            contender: self.contender.to_owned(),
            step: step.to_owned(),
        });
        let launch = Launch::new(program, self.folder).arguments(arguments);
        let process = launch.start(Owner::this()).map_err(|error| {
            of_user(
                STAGE,
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
                None => thread::sleep(LOOK),
            }
        }
    }
}

fn failure(message: &str, process: &Supervised) -> Fault {
    // The reader of the log may lag behind the end of the process by a moment.
    thread::sleep(LOOK);
    let text = process.log().text();
    let offline = NETWORK_WORDS.iter().any(|word| text.contains(word));
    let fault = if offline {
        of_user(
            STAGE,
            format!("{message}; the package registry cannot be reached"),
        )
    } else {
        of_contender(STAGE, message)
    };
    with_log(fault, process.log().last_lines(LOG_LINES))
}
