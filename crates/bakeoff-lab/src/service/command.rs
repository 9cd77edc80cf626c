//! Runs a command of a service to its end, within a time limit.

use crate::error::LabError;
use crate::process::Program;
use crate::process::lab_instance::LabInstance;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a command may take.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// The polling interval.
const POLL: Duration = Duration::from_millis(5);

/// Runs a program until it exits; `name` is what a reader calls it, and `failed` makes an error of a reason.
pub(super) fn run(
    program: &Program,
    name: &str,
    failed: &dyn Fn(String) -> LabError,
    stop: &AtomicBool,
) -> Result<(), LabError> {
    let process = program
        .start(LabInstance::this())
        .map_err(|error| failed(format!("`{name}` does not start: {error}")))?;
    let until = Instant::now() + LIMIT;
    loop {
        match process.exited() {
            Some(status) if status.success() => return Ok(()),
            Some(status) => {
                // The reader of the log may lag behind the end of the process by a moment.
                thread::sleep(POLL);
                let log = process.log().last_lines(8).join("\n  ");
                return Err(failed(format!("`{name}` failed ({status}):\n  {log}")));
            }
            None if stop.load(Ordering::Relaxed) => return Err(LabError::Interrupted),
            None if Instant::now() >= until => return Err(failed(format!("`{name}` hangs"))),
            None => thread::sleep(POLL),
        }
    }
}
