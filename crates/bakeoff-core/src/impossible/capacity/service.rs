//! The server idle with the generator well, and the processors of the lab's services busy: then the database or the
//! upstream was measured, by name. The scale is the busy share of those processors while the server had time to spare;
//! 0 where it had none.

use super::generator::use_of_limit;
use super::rests_on_capacity;
use crate::evidence::{Capacity, Service};
use crate::impossible::check::Check;
use crate::impossible::facts::{Facts, Machine, TrialFacts};
use crate::impossible::law::{Judged, Law, Possible, exactly};
use crate::metric::Metric;
use crate::range::Range;

/// A server below this share of its processors has time to spare.
const TIME_TO_SPARE: f64 = 0.5;

/// Processors above this share are full.
const FULL: f64 = 0.9;

/// The database was not the limit where the server's limit was measured.
pub(in crate::impossible) struct DatabaseNotTheLimit;

/// The upstream was not the limit where the server's limit was measured.
pub(in crate::impossible) struct UpstreamNotTheLimit;

impl Law for DatabaseNotTheLimit {
    fn check(&self) -> Check {
        Check::DatabaseNotTheLimit
    }

    fn judges(&self) -> Judged {
        rests_on_capacity()
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_most(FULL))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        busy_in_place_of_the_server(trial.capacity()?, Service::Database)
    }

    /// Each trial stands for itself, as with the generator.
    fn of_estimate(&self, _: &Metric, _: &Facts<'_>) -> Option<Range> {
        None
    }
}

impl Law for UpstreamNotTheLimit {
    fn check(&self) -> Check {
        Check::UpstreamNotTheLimit
    }

    fn judges(&self) -> Judged {
        rests_on_capacity()
    }

    fn possible(&self, _: &Machine) -> Option<Possible> {
        Some(Possible::at_most(FULL))
    }

    fn of_trial(&self, trial: &TrialFacts<'_>) -> Option<Range> {
        busy_in_place_of_the_server(trial.capacity()?, Service::Upstream)
    }

    /// Each trial stands for itself, as with the generator.
    fn of_estimate(&self, _: &Metric, _: &Facts<'_>) -> Option<Range> {
        None
    }
}

/// The busy share of the processors of the lab's services, if that service was the busiest of them, the server had time
/// to spare and the generator was well; else 0. None where nobody looked.
fn busy_in_place_of_the_server(capacity: &Capacity, service: Service) -> Option<Range> {
    let busy = capacity.services_busy_share?;
    let server_is_idle = capacity.server_cpu_share < TIME_TO_SPARE;
    let generator_is_well = use_of_limit(capacity) <= 1.0;
    let is_this = capacity.busiest_service == Some(service);
    Some(exactly(if server_is_idle && generator_is_well && is_this {
        busy
    } else {
        0.0
    }))
}
