//! `bakeoff selftest`: the instrument proves itself on servers whose behaviour is known exactly. Deliberately only where its
//! parts go.

mod statistics;

use crate::exit::{Exit, Failure};
use clap::Args;

/// Prove the instrument on servers whose behaviour is known exactly
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff selftest --statistics                  how often planted differences are found; eight minutes\n  \
                        bakeoff selftest --statistics --anew --sessions 20   every session measured anew: hours"
)]
pub(crate) struct Selftest {
    #[command(flatten)]
    statistics: statistics::Statistics,
}

impl Selftest {
    /// Runs the part that was asked for.
    ///
    /// # Errors
    /// Nothing was asked for, or a server could not be measured.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        self.statistics.run().unwrap_or_else(|| {
            Err(Failure::usage(
                "nothing was asked for",
                "`bakeoff selftest --statistics` plants servers and tells how often their differences are found",
            ))
        })
    }
}
