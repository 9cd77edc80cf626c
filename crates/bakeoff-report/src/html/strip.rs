//! Blocks in time: a lane for each contender with its trials where they ran, and beneath them what disturbed the machine.
//! Deliberately one time axis for all, so that a disturbance stands under the trials that it met.

use super::findings::named;
use super::lane::{Axis, Tick, percent};
use super::mark::{Marks, Named};
use crate::contender::FieldRow;
use crate::document::Document;
use crate::number;
use askama::Template;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Environment, GateOutcome, Trial};

#[derive(Template)]
#[template(path = "strip.html")]
pub(super) struct Strip {
    lanes: Vec<Lane>,
    blocks: Vec<String>,
    disturbances: Vec<Disturbance>,
    ticks: Vec<Tick>,
}

impl askama::filters::HtmlSafe for Strip {}

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
/// The least that a disturbance's lane reaches up to, so that next to nothing looks like next to nothing.
const LEAST: f64 = 0.05;

impl Strip {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Option<Self> {
        let trials = &document.run.trials;
        let end = trials
            .iter()
            .map(|trial| trial.at_s + trial.seconds)
            .filter(|s| s.is_finite())
            .fold(0.0, f64::max);
        if end <= 0.0 {
            return None;
        }
        let axis = Axis::from_zero(end);
        let entrants = document.entrants(field).into_iter();
        let lanes = entrants
            .map(|entrant| lane(document, marks, &entrant, &axis))
            .filter(|lane| !lane.bars.is_empty());
        Some(Strip {
            lanes: lanes.collect(),
            blocks: block_starts(trials).into_iter().map(|s| axis.at(s)).collect(),
            disturbances: [
                disturbance("machine slower than at its best", trials, &axis, slower(trials)),
                disturbance("machine stood still", trials, &axis, |e| e.stalled_share),
                disturbance("steal", trials, &axis, |e| e.steal_share),
                disturbance("server waited", trials, &axis, |e| e.server_run_delay_share),
                disturbance("generator waited", trials, &axis, |e| e.generator_run_delay_share),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ticks: axis.time_ticks(number::duration_s),
        })
    }
}

fn lane(document: &Document<'_>, marks: &Marks, entrant: &Entrant, axis: &Axis) -> Lane {
    let trials = document
        .run
        .trials
        .iter()
        .filter(|trial| trial.entrant == *entrant);
    Lane {
        named: named(document, marks, entrant),
        slot: marks.get(entrant.name()).map_or(0, |mark| mark.slot),
        bars: trials.map(|trial| bar(trial, axis)).collect(),
    }
}

fn bar(trial: &Trial, axis: &Axis) -> Bar {
    let missed: Vec<String> = trial
        .gates
        .iter()
        .filter(|gate| gate.outcome == GateOutcome::Failed)
        .map(|gate| format!("not: {} ({})", gate.gate, gate.measured))
        .collect();
    let failed = !missed.is_empty() || !trial.faults.is_empty();
    let mut words = format!(
        "block {}, from {} for {}",
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
        width: percent(width(trial, axis)),
        class: if failed { "failed" } else { "held" },
        words,
    }
}

fn width(trial: &Trial, axis: &Axis) -> f64 {
    (axis.percent(trial.at_s + trial.seconds) - axis.percent(trial.at_s)).max(0.15)
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

/// By which share the yardstick's work took longer than in the best trial of the run.
fn slower(trials: &[Trial]) -> impl Fn(&Environment) -> Option<f64> {
    let told = trials.iter().filter_map(|trial| trial.environment.yardstick_ms);
    let best_ms = told.fold(f64::INFINITY, f64::min);
    move |environment| Some(environment.yardstick_ms? / best_ms - 1.0)
}

fn disturbance(
    title: &'static str,
    trials: &[Trial],
    axis: &Axis,
    share: impl Fn(&Environment) -> Option<f64>,
) -> Option<Disturbance> {
    let seen: Vec<(&Trial, f64)> = trials
        .iter()
        .filter_map(|trial| Some((trial, share(&trial.environment).filter(|s| s.is_finite())?)))
        .collect();
    if seen.is_empty() {
        return None;
    }
    let highest = seen.iter().map(|(_, share)| *share).fold(0.0, f64::max);
    let full = highest.max(LEAST);
    let bars = seen.iter().map(|(trial, share)| {
        let height = (share / full * HEIGHT).clamp(0.0, HEIGHT);
        Height {
            from: axis.at(trial.at_s),
            width: percent(width(trial, axis)),
            top: format!("{:.1}", HEIGHT - height),
            height: format!("{height:.1}"),
            words: format!("{title} {}", number::in_table(*share, "share")),
        }
    });
    Some(Disturbance {
        title,
        highest: number::in_table(highest, "share"),
        bars: bars.collect(),
    })
}
