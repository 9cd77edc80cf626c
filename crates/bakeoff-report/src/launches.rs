//! The launches of a run as documents show them: each with its warm-up, its blocks and how it ended. Whether a launch
//! was warm, and whether it came back after a rest, the lab found out; nothing is judged here.

use crate::wording;
use bakeoff_core::drift::{self, Watched};
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, Gate, GateOutcome, GateResult, Launch, Run, Trial, WarmClass};
use bakeoff_core::words::number::Quantity;

/// The metric by which warm-up and drift are watched.
const WATCHED: &str = "cpu_us_per_request";

/// Its unit.
pub(crate) const CPU_UNIT: &str = "µs";

/// A launch and the trials that measured it.
#[derive(Debug, Clone)]
pub(crate) struct LaunchRow<'a> {
    pub(crate) launch: &'a Launch,
    /// Counted from 1 among the launches of its entrant.
    pub(crate) number: usize,
    /// In the order of the blocks.
    pub(crate) trials: Vec<&'a Trial>,
    /// Whether it kept its level while it was measured, and which of its trials count.
    pub(crate) watched: Watched,
}

/// What a launch took in one of its blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MeasuredBlock {
    /// Counted from 0 through the run.
    pub(crate) block: u32,
    /// CPU time a request, in µs.
    pub(crate) cpu_us: f64,
    /// Whether it had come back to its level after its rest.
    pub(crate) returned: bool,
    /// Whether it was measured on the launch's lasting level.
    pub(crate) counts: bool,
}

/// The launches of an entrant in the order in which they began; empty in runs in which each trial was a launch of its
/// own.
pub(crate) fn launches<'a>(run: &'a Run, entrant: &Entrant) -> Vec<LaunchRow<'a>> {
    let own = run.launches.iter().filter(|launch| launch.entrant == *entrant);
    let row = |(index, launch): (usize, &'a Launch)| {
        let trials = trials(run, launch.id);
        LaunchRow {
            launch,
            number: index + 1,
            watched: drift::watch(Some(launch), &trials),
            trials,
        }
    };
    own.enumerate().map(row).collect()
}

fn trials(run: &Run, launch: u32) -> Vec<&Trial> {
    let own = run.trials.iter().filter(|trial| trial.launch == Some(launch));
    let mut own: Vec<&Trial> = own.collect();
    own.sort_by_key(|trial| (trial.block, trial.position));
    own
}

/// When the last trial or launch ended, in seconds from the start of the measuring.
pub(crate) fn ends_at_s(run: &Run) -> f64 {
    let trials = run.trials.iter().map(|trial| trial.at_s + trial.seconds);
    let launches = run.launches.iter().map(|launch| launch.at_s + launch.seconds);
    let ends = run.launches.iter().flat_map(|launch| &launch.end);
    trials
        .chain(launches)
        .chain(ends.map(|end| end.at_s + end.seconds))
        .filter(|s| s.is_finite())
        .fold(0.0, f64::max)
}

impl LaunchRow<'_> {
    /// What it took in each block in which that was observed.
    pub(crate) fn blocks(&self) -> Vec<MeasuredBlock> {
        let measured = |(place, trial): (usize, &&Trial)| {
            let mut seen = trial.observations.iter();
            let cpu_us = seen.find(|observation| observation.metric == WATCHED)?.value;
            (cpu_us.is_finite() && cpu_us > 0.0).then(|| MeasuredBlock {
                block: trial.block,
                cpu_us,
                returned: has_returned(trial),
                counts: self.watched.counts.get(place).copied().unwrap_or(true),
            })
        };
        self.trials.iter().enumerate().filter_map(measured).collect()
    }

    /// How many of its trials do not count because it had not come back to its level after the rest.
    pub(crate) fn not_returned(&self) -> usize {
        let trials = self.trials.iter().zip(&self.watched.counts);
        trials
            .filter(|(trial, counts)| !**counts && !has_returned(trial))
            .count()
    }

    /// Whether it came as far as a warm-up and had not settled when the time for it ended.
    pub(crate) fn is_not_warm(&self) -> bool {
        let class = self.launch.warm_up.as_ref().map(|warm_up| warm_up.class);
        class == Some(WarmClass::NoSteadyState)
    }

    /// CPU time a request at the end of the warm-up, in µs: the settled level, or the last window where none was found.
    pub(crate) fn reached_us(&self) -> Option<f64> {
        let warm_up = self.launch.warm_up.as_ref()?;
        let last = || warm_up.windows.last().map(|window| window.cpu_us);
        warm_up.level.map(|level| level.cpu_us).or_else(last)
    }

    /// The result of the check for a steady state, unless it passed.
    pub(crate) fn missed_steady_state(&self) -> Option<&GateResult> {
        let mut results = self.launch.gates.iter();
        results.find(|result| result.gate == Gate::SteadyState && result.outcome != GateOutcome::Passed)
    }

    /// How its warm-up went, how often it did not come back after a rest, whether it kept its level, and how it ended
    /// where that was not with its round.
    pub(crate) fn course(&self) -> String {
        let mut parts = vec![match &self.launch.warm_up {
            Some(warm_up) => wording::warm_class(warm_up.class).to_owned(),
            None => "no warm-up".to_owned(),
        }];
        if self.not_returned() > 0 {
            parts.push(format!(
                "not warm after {} of {} rests",
                self.not_returned(),
                self.trials.len()
            ));
        }
        if let Some(drift) = self.watched.drift {
            let ratio = Quantity::new(drift.ratio, "×").in_table();
            parts.push(format!("{}: {ratio}", wording::drift(drift.kind)));
        }
        match self.launch.end.as_ref().map(|end| end.reason) {
            Some(EndReason::Retired) => {}
            Some(reason) => parts.push(wording::launch_end(reason).to_owned()),
            None => parts.push("not ended".to_owned()),
        }
        parts.join("; ")
    }
}

fn has_returned(trial: &Trial) -> bool {
    trial.wake_up.as_ref().is_none_or(|wake_up| wake_up.returned)
}
