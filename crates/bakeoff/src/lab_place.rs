//! The lab of this user on this machine: opens it for a brief. Does not measure.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::interrupt::Interrupt;
use crate::preparing::cache;
use bakeoff_lab::{Config, EventSink, Lab, ResourceLimits, Runtimes, TierChoice};
use std::path::PathBuf;

/// A lab with its cache's path and the machine's runtimes, which must outlive it.
pub(crate) struct LabPlace {
    cache: PathBuf,
    runtimes: Runtimes,
}

impl LabPlace {
    /// The cache of this user, on the machine with these runtimes.
    #[must_use]
    pub(crate) fn of_user(runtimes: &Runtimes) -> LabPlace {
        LabPlace {
            cache: cache(),
            runtimes: runtimes.clone(),
        }
    }

    /// Opens the lab for a brief and this many launches at the same time: ends what an earlier bakeoff left, and starts
    /// database and upstream.
    ///
    /// # Errors
    /// A service that does not start, too little memory for the launches, or an interrupt.
    pub(crate) fn open<'a>(
        &'a self,
        file: &'a BriefFile,
        events: &'a dyn EventSink,
        interrupt: &'a Interrupt,
        isolation: TierChoice,
        launches: usize,
    ) -> Result<Lab<'a>, Failure> {
        let config = Config {
            brief: &file.brief,
            scenarios: &file.domain.scenarios,
            own_rows: file.own_rows.as_deref(),
            own_services: &file.own_services,
            cache: &self.cache,
            cluster_cache: &self.cache,
            runtimes: &self.runtimes,
            events,
            stop: interrupt.flag(),
            limits: ResourceLimits::for_this_machine(launches),
            isolation,
            launches,
        };
        Lab::open(config).map_err(Failure::of_lab)
    }
}
