//! Ctrl-C: the first asks the work to stop and keeps everything, the second ends the program at once. Deliberately only a flag: who works
//! looks at it.

use crate::exit::Failure;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user asked to stop.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens for SIGINT and SIGTERM.
    ///
    /// # Errors
    /// The signal handlers cannot be set.
    pub(crate) fn listen() -> Result<Interrupt, Failure> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // The order matters: the second signal finds the flag set by the first and ends the program.
            flag::register_conditional_shutdown(
                signal,
                i32::from(crate::exit::Exit::Interrupted.code()),
                Arc::clone(&asked),
            )
            .and_then(|_| flag::register(signal, Arc::clone(&asked)))
            .map_err(|error| {
                Failure::lab(
                    format!("cannot listen for signals: {error}"),
                    "report this with your system's name",
                )
            })?;
        }
        Ok(Interrupt { asked })
    }

    /// Whether the user asked to stop.
    #[must_use]
    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// The flag, for those who work.
    #[must_use]
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.asked
    }
}
