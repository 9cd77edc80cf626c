//! `usl_contention`, `usl_coherency` and `usl_peak`: the throughput of a closed loop with a rising number of clients,
//! and the Universal Scalability Law fitted to it. Half of the levels are measured on the way up and half on the way
//! down, so that a drift of the machine does not look like a slope. Over clients; [`super::processes`] is about
//! processes.

use crate::probe::kit::capacity::closed_rps;
use crate::probe::kit::usl::usl_observations;
use crate::probe::kit::{Context, NoEvidence};
use bakeoff_core::evidence::Observation;
use bakeoff_core::usl::{self, Fit};

/// Numbers of clients; a peak above the last is reported as the last.
const LEVELS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let points = climb(context)?;
    let fit = usl::fit_with_intervals(&points, context.seed)
        .ok_or("the law does not fit the throughput of the closed loop")?;
    Ok(observations(context, &points, &fit))
}

/// The throughput at every level: half of them on the way up, the highest, and the others on the way down.
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
        1 => "on one processor, so contention is mostly for the processor itself".to_owned(),
        _ => format!("on {cores} processors"),
    };
    let most = LEVELS[LEVELS.len() - 1] as f64;
    let metrics = ["usl_contention", "usl_coherency", "usl_peak"];
    let mut observations = usl_observations(metrics, points, fit, most, &note, &[]);
    if let Some(peak) = observations.last_mut().filter(|peak| peak.value >= most) {
        peak.note = Some(format!("{note}; no peak up to {most} clients"));
    }
    observations
}
