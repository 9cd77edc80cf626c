//! `usl_contention`, `usl_coherency` and `usl_peak`: the rate of a closed loop with more and more clients, and the Universal Scalability Law through
//! it. Every other number of clients is tried on the way up and the others on the way down, so that a drift of the machine is no slope.
//! Deliberately over clients; over processes it is the matter of [`super::processes`].

use super::NoEvidence;
use super::capacity::closed_rps;
use super::law;
use super::trial_table::Context;
use bakeoff_core::evidence::Observation;
use bakeoff_core::usl::{self, Fit};

/// Numbers of clients; the last is the most at which a peak is looked for.
const LEVELS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let points = climb(context)?;
    let fit =
        usl::fit_with_intervals(&points, context.seed).ok_or("no law fits the rates of the closed loop")?;
    Ok(observations(context, &points, &fit))
}

/// Rates at every level: some on the way up, the others on the way down, the last one in between.
fn climb(context: &Context<'_>) -> Result<Vec<(f64, f64)>, String> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let mut best_rps = 0.0_f64;
    let up = LEVELS.into_iter().step_by(2);
    let down = LEVELS.into_iter().rev().skip(1).step_by(2);
    for clients in up.chain(down) {
        if context.lab.interrupted() {
            return Err("interrupted".to_owned());
        }
        let rate = closed_rps(context, clients, best_rps)?;
        best_rps = best_rps.max(rate);
        points.push((clients as f64, rate));
    }
    Ok(points)
}

fn observations(context: &Context<'_>, points: &[(f64, f64)], fit: &Fit) -> Vec<Observation> {
    let cores = context.lab.cores.server.len();
    let note = match cores {
        1 => "on one processor, so that clients wait for the processor itself most of all".to_owned(),
        _ => format!("on {cores} processors"),
    };
    let most = LEVELS[LEVELS.len() - 1] as f64;
    let metrics = ["usl_contention", "usl_coherency", "usl_peak"];
    let mut told = law::told(metrics, points, fit, most, &note, &[]);
    if let Some(peak) = told.last_mut().filter(|peak| peak.value >= most) {
        peak.note = Some(format!("{note}; no peak up to {most} clients"));
    }
    told
}
