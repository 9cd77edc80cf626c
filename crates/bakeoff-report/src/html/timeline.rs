//! Launches and trials in time: a lane for each contender, and under the lanes what disturbed the machine. All share
//! one time axis, so that a disturbance stands under the trials that it hit.

use super::axis::{Axis, Tick, percent};
use super::palette::{Named, Palette};
use crate::document::Document;
use crate::field::{FieldRow, entrants};
use crate::launches::ends_at_s;
use askama::Template;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Environment, GateOutcome, Launch, Trial, slower_than_best};
use bakeoff_core::words::number::{self, Quantity};

#[derive(Template)]
#[template(path = "timeline.html")]
pub(super) struct Timeline {
    lanes: Vec<Lane>,
    blocks: Vec<String>,
    disturbances: Vec<Disturbance>,
    ticks: Vec<Tick>,
}

impl askama::filters::HtmlSafe for Timeline {}

struct Lane {
    named: Named,
    slot: usize,
    bars: Vec<Bar>,
}

struct Bar {
    from: String,
    width: String,
    class: &'static str,
    words: String,
}

/// One kind of disturbance over time.
struct Disturbance {
    title: &'static str,
    highest: String,
    bars: Vec<Height>,
}

struct Height {
    from: String,
    width: String,
    top: String,
    height: String,
    words: String,
}

/// Height of a disturbance's lane, in px.
const HEIGHT: f64 = 28.0;
/// The height below which a bar is not seen and not drawn.
const VISIBLE: f64 = 0.3;
/// The top of a disturbance's lane stands for at least this share, so that a small disturbance looks small.
const LEAST: f64 = 0.05;

impl Timeline {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Option<Self> {
        let trials = &document.run.trials;
        let end = ends_at_s(document.run);
        if end <= 0.0 {
            return None;
        }
        let axis = Axis::from_zero(end);
        let lanes = entrants(document, field)
            .into_iter()
            .map(|entrant| lane(document, palette, &entrant, &axis))
            .filter(|lane| !lane.bars.is_empty());
        Some(Timeline {
            lanes: lanes.collect(),
            blocks: block_starts(trials).into_iter().map(|s| axis.at(s)).collect(),
            disturbances: [
                disturbance(
                    "machine slower than in its best trial",
                    trials,
                    &axis,
                    slower_than_best(trials),
                ),
                disturbance(
                    "machine stalled",
                    trials,
                    &axis,
                    shares(trials, |e| e.stalled_share),
                ),
                disturbance(
                    "taken by the hypervisor",
                    trials,
                    &axis,
                    shares(trials, |e| e.steal_share),
                ),
                disturbance(
                    "server waited for a processor",
                    trials,
                    &axis,
                    shares(trials, |e| e.server_run_delay_share),
                ),
                disturbance(
                    "generator waited for a processor",
                    trials,
                    &axis,
                    shares(trials, |e| e.generator_run_delay_share),
                ),
                disturbance(
                    "servers at rest used a processor",
                    trials,
                    &axis,
                    shares(trials, |e| e.resting_cores),
                ),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ticks: axis.time_ticks(number::duration_s),
        })
    }
}

fn lane(document: &Document<'_>, palette: &Palette, entrant: &Entrant, axis: &Axis) -> Lane {
    let run = document.run;
    let launches = run.launches.iter().filter(|launch| launch.entrant == *entrant);
    let trials = run.trials.iter().filter(|trial| trial.entrant == *entrant);
    Lane {
        named: Named::of_entrant(document, palette, entrant),
        slot: palette.get(entrant.name()).map_or(0, |mark| mark.slot),
        bars: launches
            .enumerate()
            .flat_map(|(index, launch)| launch_bars(index + 1, launch, axis))
            .chain(trials.map(|trial| bar(trial, axis)))
            .collect(),
    }
}

/// The start of a launch until it was warm and at rest, and its end.
fn launch_bars(number: usize, launch: &Launch, axis: &Axis) -> Vec<Bar> {
    let bar = |what: &str, at_s: f64, seconds: f64, is_sound: bool| Bar {
        from: axis.at(at_s),
        width: percent(width(at_s, seconds, axis)),
        class: if is_sound { "launch" } else { "failed" },
        words: format!(
            "launch {number}, {what}, at {}, for {}",
            number::duration_s(at_s),
            number::duration_s(seconds)
        ),
    };
    let start = bar(
        "start and warm-up",
        launch.at_s,
        launch.seconds,
        launch.faults.is_empty(),
    );
    let end = launch.end.as_ref().filter(|end| end.seconds > 0.0);
    let end = end.map(|end| bar("end", end.at_s, end.seconds, end.faults.is_empty()));
    [Some(start), end].into_iter().flatten().collect()
}

fn bar(trial: &Trial, axis: &Axis) -> Bar {
    let missed: Vec<String> = trial
        .gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Failed)
        .map(|gate| format!("failed check: {} ({})", gate.gate, gate.measured))
        .collect();
    let failed = !missed.is_empty() || !trial.faults.is_empty();
    let mut words = format!(
        "block {} at {}, for {}",
        trial.block + 1,
        number::duration_s(trial.at_s),
        number::duration_s(trial.seconds)
    );
    for reason in missed
        .into_iter()
        .chain(trial.faults.iter().map(|fault| fault.message.clone()))
    {
        words.push_str("; ");
        words.push_str(&reason);
    }
    Bar {
        from: axis.at(trial.at_s),
        width: percent(width(trial.at_s, trial.seconds, axis)),
        class: if failed { "failed" } else { "held" },
        words,
    }
}

fn width(at_s: f64, seconds: f64, axis: &Axis) -> f64 {
    (axis.percent(at_s + seconds) - axis.percent(at_s)).max(0.15)
}

fn block_starts(trials: &[Trial]) -> Vec<f64> {
    let mut starts: Vec<(u32, f64)> = Vec::new();
    for trial in trials {
        match starts.iter_mut().find(|(block, _)| *block == trial.block) {
            Some((_, start)) => *start = start.min(trial.at_s),
            None => starts.push((trial.block, trial.at_s)),
        }
    }
    starts.into_iter().map(|(_, start)| start).collect()
}

/// That share of every trial, where it was recorded.
fn shares(trials: &[Trial], share: fn(&Environment) -> Option<f64>) -> Vec<Option<f64>> {
    trials.iter().map(|trial| share(&trial.environment)).collect()
}

fn disturbance(
    title: &'static str,
    trials: &[Trial],
    axis: &Axis,
    shares: Vec<Option<f64>>,
) -> Option<Disturbance> {
    let seen: Vec<(&Trial, f64)> = trials
        .iter()
        .zip(shares)
        .filter_map(|(trial, share)| Some((trial, share.filter(|share| share.is_finite())?)))
        .collect();
    if seen.is_empty() {
        return None;
    }
    let highest = seen.iter().map(|(_, share)| *share).fold(0.0, f64::max);
    let full = highest.max(LEAST);
    let bars = seen.iter().filter_map(|(trial, share)| {
        let height = (share / full * HEIGHT).clamp(0.0, HEIGHT);
        (height >= VISIBLE).then(|| Height {
            from: axis.at(trial.at_s),
            width: percent(width(trial.at_s, trial.seconds, axis)),
            top: format!("{:.1}", HEIGHT - height),
            height: format!("{height:.1}"),
            words: Quantity::new(*share, "share").in_table(),
        })
    });
    Some(Disturbance {
        title,
        highest: Quantity::new(highest, "share").in_table(),
        bars: bars.collect(),
    })
}
