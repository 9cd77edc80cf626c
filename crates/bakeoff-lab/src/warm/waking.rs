//! Waking: a burst of every path, then the rate of the launch's settled level, until two windows lie within its noise.
//! Waking is tested as warm-up is: who does not come back is not warm in the trial that follows.

use super::closed_loop::{PathQuota, call_every_path};
use super::deadline::Deadline;
use super::driver::{Driver, Next, Rate};
use super::gate;
use super::window::Window;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::evidence::{Fault, GateResult, SettledLevel, WakeUp, WarmPhase, WarmWindow};
use bakeoff_core::plan::LaunchBudget;
use bakeoff_load::Failure;

/// Windows at the brief's rate of a launch that never settled, so that its report shows where it stands.
const UNSETTLED_WINDOWS: usize = 2;

/// The terms of waking a launch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WakeTerms {
    /// The seed of its loads.
    pub(crate) seed: u64,
    /// The time of its parts: `LaunchBudget` of the scheduled launch.
    pub(crate) budget: LaunchBudget,
    /// The settled level; none when the launch never settled.
    pub(crate) level: Option<SettledLevel>,
    /// The rest before, in seconds.
    pub(crate) rested_s: f64,
    /// The share of one processor that it used while it rested.
    pub(crate) resting_cores: f64,
    /// Whether it was paused while it rested.
    pub(crate) paused: bool,
}

/// A server after it woke.
pub(crate) struct Woken {
    /// How it woke.
    pub(crate) wake_up: WakeUp,
    /// The gate of the steady state for the trial that follows.
    pub(crate) gate: GateResult,
    /// Responses that broke the contract, in order.
    pub(crate) wrong: Vec<Failure>,
}

/// Wakes a rested server and leaves the rows of the database restored.
///
/// # Errors
/// The contender does not serve the mix, its server exited or does not respond, the generator or the database failed,
/// or the user interrupted.
pub(crate) fn wake(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    terms: &WakeTerms,
) -> Result<Woken, Fault> {
    let mix = lab.mix(prepared)?;
    let mut driver = Driver::new(lab, prepared, server, terms.seed);
    let quota = PathQuota::of_burst(driver.needs());
    let burst_ends = Deadline::after_s(terms.budget.wake_max_s);
    call_every_path(&mut driver, &mix, lab.config.scenarios, &quota, burst_ends)?;
    let burst_requests = driver.requests();
    let rate = Rate {
        rps: terms
            .level
            .map_or(lab.config.brief.load.peak_rps, |level| level.rate_rps),
        phase: WarmPhase::AtRate,
        time: Deadline::after_s(terms.budget.wake_max_s).left(),
    };
    driver.at_rate(&mix, &rate, &mut |windows| {
        let costs = costs(windows);
        let is_over = match &terms.level {
            Some(level) => gate::has_returned(&costs, level),
            None => costs.len() >= UNSETTLED_WINDOWS,
        };
        if is_over { Next::Enough } else { Next::GoOn }
    })?;
    server.restore_rows(lab)?;
    let (windows, wrong) = driver.into_parts();
    let costs = costs(&windows);
    let wake_up = WakeUp {
        rested_s: terms.rested_s,
        resting_cores: terms.resting_cores,
        paused: terms.paused,
        burst_requests,
        windows: at_rate(&windows).collect(),
        returned: terms
            .level
            .is_some_and(|level| gate::has_returned(&costs, &level)),
    };
    Ok(Woken {
        gate: gate::of_trial(&wake_up, terms.level.as_ref()),
        wake_up,
        wrong,
    })
}

/// The windows at the rate: those of the burst show another cost.
fn at_rate(windows: &[Window]) -> impl Iterator<Item = WarmWindow> {
    let seen = windows.iter().map(|window| window.seen);
    seen.filter(|window| window.phase == WarmPhase::AtRate)
}

fn costs(windows: &[Window]) -> Vec<f64> {
    at_rate(windows).map(|window| window.cpu_us).collect()
}
