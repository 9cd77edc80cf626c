//! Ctrl-C, a terminal that closes, or a request to end: the first signal requests a stop and keeps all evidence, the
//! second ends the program at once. The signal only sets a flag; the work reads it.

use crate::exit::Failure;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The request of the user to stop.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    requested: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens for SIGINT, SIGTERM and SIGHUP.
    ///
    /// # Errors
    /// The signal handlers cannot be set.
    pub(crate) fn listen() -> Result<Interrupt, Failure> {
        let requested = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // The order matters: the second signal finds the flag set by the first and ends the program.
            flag::register_conditional_shutdown(
                signal,
                i32::from(crate::exit::Exit::Interrupted.code()),
                Arc::clone(&requested),
            )
            .and_then(|_| flag::register(signal, Arc::clone(&requested)))
            .map_err(|error| {
                Failure::lab(
                    format!("cannot listen for signals: {error}"),
                    "report this with your system's name",
                )
            })?;
        }
        Ok(Interrupt { requested })
    }

    /// True if the user requested a stop.
    #[must_use]
    pub(crate) fn requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed)
    }

    /// The flag, for loops that run long.
    #[must_use]
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.requested
    }
}

#[cfg(test)]
mod tests {
    use super::Interrupt;
    use nix::sys::signal::{Signal, raise};

    #[test]
    fn a_terminal_that_closes_is_a_request_to_stop() {
        let interrupt = Interrupt::listen().unwrap();
        assert!(!interrupt.requested());
        raise(Signal::SIGHUP).unwrap();
        assert!(interrupt.requested());
    }
}
