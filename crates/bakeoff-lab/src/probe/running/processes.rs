//! `usl_processes_contention`, `usl_processes_coherency` and `usl_processes_peak`: the rate of computing requests with
//! a rising number of processes, each with a processor of its own, and the Universal Scalability Law fitted to it.
//! Never more processes than processors, because beyond that the machine levels off and not the contender. So it needs
//! at least three processors, for a law with three parameters.

use super::multicore::{self, Started};
use crate::probe::kit::usl::usl_observations;
use crate::probe::kit::{Context, NoEvidence};
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_core::usl::{self, Fit};

/// The most levels; each costs a start.
const LEVELS: usize = 5;

/// How often each level is measured, to see the scatter.
const TIMES: usize = 2;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let problem = multicore::problem(context)?;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for processes in levels(context.lab.cores.all().len()) {
        let started = Started::new(context, processes, problem)?;
        for _ in 0..TIMES {
            if context.lab.interrupted() {
                return Err("interrupted".into());
            }
            let rate = started.rate_rps(context)?;
            if rate.serving < processes {
                let serving = rate.serving;
                return Err(format!("{serving} of {processes} processes served the clients").into());
            }
            points.push((processes as f64, rate.rps));
        }
    }
    let fit = usl::fit_with_intervals(&points, context.seed)
        .ok_or("the law does not fit the rates of the processes")?;
    Ok(observations(&points, &fit))
}

/// Numbers of processes up to `processors`: all of them when they are few, else in even ratios.
fn levels(processors: usize) -> Vec<usize> {
    let most = processors.max(1);
    if most <= LEVELS {
        return (1..=most).collect();
    }
    let steps = (LEVELS - 1) as f64;
    let mut levels: Vec<usize> = (0..LEVELS)
        .map(|step| (most as f64).powf(step as f64 / steps).round() as usize)
        .collect();
    levels.dedup();
    levels
}

fn observations(points: &[(f64, f64)], fit: &Fit) -> Vec<Observation> {
    let most = points.iter().map(|(processes, _)| *processes).fold(1.0, f64::max);
    let metrics = [
        "usl_processes_contention",
        "usl_processes_coherency",
        "usl_processes_peak",
    ];
    let note = format!("1 to {most} processes, each on a processor of its own");
    usl_observations(metrics, points, fit, most, &note, &[Caution::SharedCores])
}

#[cfg(test)]
mod tests {
    use super::{levels, observations};
    use bakeoff_core::usl;

    #[test]
    fn few_processors_give_every_level_and_many_give_even_ratios() {
        assert_eq!(levels(3), [1, 2, 3]);
        assert_eq!(levels(4), [1, 2, 3, 4]);
        assert_eq!(levels(8), [1, 2, 3, 5, 8]);
        assert_eq!(levels(64), [1, 3, 8, 23, 64]);
    }

    #[test]
    fn a_known_law_is_found_with_its_curve() {
        let law = usl::Law {
            one: 300.0,
            contention: 0.05,
            coherency: 0.02,
        };
        let rate = |n: f64, error: f64| (n, law.rate(n) * error);
        let points: Vec<(f64, f64)> = [1.0, 2.0, 3.0, 5.0, 8.0]
            .into_iter()
            .flat_map(|n| [rate(n, 1.001), rate(n, 0.999)])
            .collect();
        let found = observations(&points, &usl::fit_with_intervals(&points, 1).unwrap());
        let values: Vec<f64> = found.iter().map(|one| one.value).collect();
        assert!(
            (values[0] - 0.05).abs() < 0.01 && (values[1] - 0.02).abs() < 0.005,
            "{values:?}"
        );
        assert!((values[2] - law.peak(8.0)).abs() < 0.5, "{values:?}");
        let curve = &found[2].detail.as_ref().unwrap().points;
        assert!((curve[0].x - 1.0).abs() < 1e-9 && (curve[curve.len() - 1].x - 8.0).abs() < 1e-9);
    }
}
