//! Warm servers: how a launch becomes warm, how it wakes from a rest, and what its first second after a rest costs.
//! [`up`] is the warm-up: calls of every path, the brief's rate until a level holds, a pause, and the level again. It
//! starts and stops no server, and does not let it rest.
//!
//! | room | what is in it |
//! |---|---|
//! | `deadline`, `compilers` | the end of the time; the share of the compilers' threads |
//! | `driver`, `window` | loads in a closed loop and at a rate; what they cost the server, window by window |
//! | `closed_loop` | calls of every path, and the brief's mix until the compilers are idle |
//! | `hold` | the rate until a level holds before and after a pause |
//! | `gate` | whether a launch settled, and whether a trial came back to its level |
//! | `waking`, `after_rest` | the load that wakes a server; its first second before that |
//!
//! Whether a series of windows is one level is decided in `bakeoff_core::steady`, whether a launch kept it in
//! `bakeoff_core::drift`.

mod after_rest;
mod closed_loop;
mod compilers;
mod deadline;
mod driver;
mod gate;
mod hold;
mod waking;
mod window;

pub(crate) use after_rest::first_second_after_rest;
pub(crate) use waking::{WakeTerms, wake};

use crate::lab::Lab;
use crate::language::WarmNeeds;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::evidence::{Fault, GateResult, Observation, WarmClass, WarmPhase, WarmUp};
use bakeoff_core::plan::LaunchBudget;
use bakeoff_core::steady::{NOISE_BEFOREHAND, class, settled_from};
use bakeoff_load::Failure;
use closed_loop::{PathQuota, call_every_path, drive_mix};
use deadline::Deadline;
use driver::Driver;
use hold::{Held, HoldTerms, until_it_holds};
use window::Window;

/// The share of the time for a warm-up that its closed loop may take.
const CLOSED_LOOP_SHARE: f64 = 0.6;

/// Below this rate a brief is too slow to warm anything up, in requests a second: then it is the share of what the
/// closed loop carried.
const SLOW_RPS: f64 = 200.0;
const SHARE_OF_CARRIED: f64 = 0.5;

/// The largest share of what the closed loop carried that counts as a rate that the server holds.
const HELD_SHARE: f64 = 0.9;

/// What a reader of a warm-up should know.
const SATURATED: &str = "its closed loop saturated the server once";

/// The terms of a warm-up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WarmTerms {
    /// The seed of its loads.
    pub(crate) seed: u64,
    /// The time of its parts: `LaunchBudget` of the scheduled launch.
    pub(crate) budget: LaunchBudget,
    /// Whether it warms up on the brief's processors alone, as a user's server does.
    pub(crate) is_first: bool,
}

/// A server after its warm-up.
pub(crate) struct Warmed {
    /// The way to the steady state.
    pub(crate) warm_up: WarmUp,
    /// `warmup_s` and `warmup_requests` of a launch that settled on the brief's processors alone; else empty.
    pub(crate) observations: Vec<Observation>,
    /// The gate of the steady state.
    pub(crate) gate: GateResult,
    /// Responses that broke the contract, in order.
    pub(crate) wrong: Vec<Failure>,
}

/// Warms a started server up and leaves the rows of the database restored.
///
/// # Errors
/// The contender does not serve the mix, its server exited or does not respond, the generator or the database failed,
/// or the user interrupted.
pub(crate) fn up(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    terms: &WarmTerms,
) -> Result<Warmed, Fault> {
    let mix = lab.mix(prepared)?;
    let mut driver = Driver::new(lab, prepared, server, terms.seed);
    let needs = driver.needs();
    let limit_s = terms.budget.warm_max_s * needs.patience;
    let deadline = Deadline::after_s(limit_s);
    let alone = is_alone(lab, needs, terms);
    if !alone {
        server.run_on(&lab.cores.all());
    }
    let called = Deadline::after_s(limit_s * CLOSED_LOOP_SHARE);
    let quota = PathQuota::of_warm_up(needs, driver.clients());
    let rounds = call_every_path(&mut driver, &mix, lab.config.scenarios, &quota, called)
        .map(|()| driver.windows().len());
    let carried = rounds.and_then(|rounds| Ok((rounds, drive_mix(&mut driver, &mix, limit_s, called)?)));
    if !alone {
        // Also after a fault: the server's end must not disturb the generator's processors.
        server.run_on(&lab.cores.server);
    }
    let (rounds, carried_rps) = carried?;
    server.restore_rows(lab)?;
    let hold = HoldTerms {
        rate_rps: settle_rate_rps(lab.config.brief.load.peak_rps, carried_rps),
        pause: needs.pause.mul_f64(terms.budget.pause_share),
        deadline,
    };
    let held = until_it_holds(lab, &mut driver, &mix, &hold)?;
    server.restore_rows(lab)?;
    let (windows, wrong) = driver.into_parts();
    let began = held.map(|held| beginning(&windows, rounds, &held));
    let warm_up = WarmUp {
        class: class_of(&windows, rounds, held.as_ref()),
        windows: windows.iter().map(|window| window.seen).collect(),
        requests: began.map(|began| began.requests),
        level: held.map(|held| held.level),
    };
    let startup_s = server.startup().as_secs_f64();
    Ok(Warmed {
        observations: began
            .filter(|_| alone)
            .map_or_else(Vec::new, |began| began.observations(startup_s)),
        gate: gate::of_launch(&warm_up, limit_s),
        warm_up,
        wrong,
    })
}

/// Whether it warms up on the brief's processors alone: the first launch, every one where the plan compares starts, and
/// every one that further processors would not help or that has none.
fn is_alone(lab: &Lab<'_>, needs: &WarmNeeds, terms: &WarmTerms) -> bool {
    terms.is_first || terms.budget.alone || !needs.compiles_beside || lab.cores.is_shared()
}

/// The rate at which a server settles, in requests a second: the brief's, unless that is slow or more than the server
/// holds.
fn settle_rate_rps(peak_rps: f64, carried_rps: f64) -> f64 {
    let is_held = peak_rps <= HELD_SHARE * carried_rps;
    if carried_rps <= 0.0 || (peak_rps >= SLOW_RPS && is_held) {
        peak_rps
    } else {
        SHARE_OF_CARRIED * carried_rps
    }
}

/// Where the settled level began.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Beginning {
    /// Correct responses before it.
    requests: u64,
    /// Seconds under load before it; pauses do not count.
    under_load_s: f64,
}

impl Beginning {
    /// What a user meets of the warm-up, from starting the process on.
    fn observations(self, startup_s: f64) -> Vec<Observation> {
        let observed = |metric: &str, value: f64| Observation {
            note: Some(SATURATED.to_owned()),
            ..Observation::new(metric, value)
        };
        vec![
            observed("warmup_s", startup_s + self.under_load_s),
            observed("warmup_requests", self.requests as f64),
        ]
    }
}

/// Where the level began that `held`: in the closed loop when it held from the first window at the rate on, for the
/// first `rounds` windows show what calls of all paths cost there.
fn beginning(windows: &[Window], rounds: usize, held: &Held) -> Beginning {
    let at_rate = windows
        .iter()
        .position(|window| window.seen.phase != WarmPhase::ClosedLoop);
    let from = if at_rate == Some(held.from) {
        settled_from(&costs(&windows[..rounds]), NOISE_BEFOREHAND).unwrap_or(held.from)
    } else {
        held.from
    };
    let before = from.checked_sub(1).map(|before| &windows[before]);
    Beginning {
        requests: before.map_or(0, |window| window.requests_until),
        under_load_s: before.map_or(0.0, |window| window.seen.at_s),
    }
}

/// How the warm-up went: by the windows at the rate, and by those of the closed loop where these are one level.
fn class_of(windows: &[Window], rounds: usize, held: Option<&Held>) -> WarmClass {
    let Some(held) = held else {
        return WarmClass::NoSteadyState;
    };
    let closed = windows
        .iter()
        .take_while(|window| window.seen.phase == WarmPhase::ClosedLoop)
        .count();
    let by_rate = class(&costs(&windows[closed..]), held.level.noise);
    let (Some(first), Some(last)) = (windows[..rounds].first(), windows[..rounds].last()) else {
        return by_rate;
    };
    let change = (last.seen.cpu_us / first.seen.cpu_us).ln();
    let noise = 2.0 * NOISE_BEFOREHAND;
    match by_rate {
        WarmClass::Flat if change < -noise => WarmClass::Warm,
        by_rate => by_rate,
    }
}

fn costs(windows: &[Window]) -> Vec<f64> {
    windows.iter().map(|window| window.seen.cpu_us).collect()
}

#[cfg(test)]
mod tests;
