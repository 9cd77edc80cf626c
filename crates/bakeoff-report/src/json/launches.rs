//! The launches of `results.json`: each with what it took, its warm-up in figures, its blocks and how it ended.

use crate::document::Document;
use crate::field::{entrants, field};
use crate::launches::{LaunchRow, launches};
use crate::wording;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{EndReason, SettledLevel, WarmClass};
use serde::Serialize;

/// One start of a contender or its twin.
#[derive(Serialize)]
pub(super) struct LaunchFigures<'a> {
    /// Counted from 0 in the order in which the launches of the run began.
    id: u32,
    /// The contender, or its twin as elsewhere in the evidence.
    contender: &'a Entrant,
    /// Counted from 0.
    round: u32,
    /// Seconds from the start of the measuring.
    at_s: f64,
    /// From its start until it was warm and at rest.
    seconds: f64,
    warm_up: Option<WarmUpFigures>,
    /// How the level changed while it was measured; none when it kept it.
    drift: Option<DriftFigures>,
    watched: WatchedFigures,
    /// The blocks in which it was measured, counted from 0.
    blocks: Vec<BlockFigures>,
    end: Option<EndFigures>,
}

#[derive(Serialize)]
struct WarmUpFigures {
    class: WarmClass,
    /// The end of its last window, in seconds from the first request, the pause included.
    seconds: Option<f64>,
    /// Requests until the last level began.
    requests: Option<u64>,
    /// CPU time a request, in µs: the settled level, or the last window where none was found.
    reached_cpu_us: Option<f64>,
    level: Option<SettledLevel>,
}

#[derive(Serialize)]
struct DriftFigures {
    /// `still-warming-up` or `slows-down-late`.
    kind: &'static str,
    /// The last level ÷ the one before it.
    ratio: f64,
}

/// What was watched of it; later nobody looked.
#[derive(Serialize)]
struct WatchedFigures {
    /// Correct responses of its loads.
    requests: u64,
    /// CPU time of the server in them, in seconds.
    cpu_s: f64,
}

#[derive(Serialize)]
struct BlockFigures {
    block: u32,
    /// CPU time a request, in µs.
    cpu_us: f64,
    /// Whether it had come back to its level after its rest.
    returned: bool,
    /// Whether it shows the launch's lasting level.
    counts: bool,
}

#[derive(Serialize)]
struct EndFigures {
    reason: EndReason,
    at_s: f64,
    seconds: f64,
}

/// All launches, contenders in the order of the field, then the twin.
pub(super) fn figures<'a>(document: &Document<'a>) -> Vec<LaunchFigures<'a>> {
    let entrants = entrants(document, &field(document)).into_iter();
    let own = entrants.flat_map(|entrant| launches(document.run, &entrant));
    own.map(|row| of(&row)).collect()
}

fn of<'a>(row: &LaunchRow<'a>) -> LaunchFigures<'a> {
    let launch = row.launch;
    let blocks = row.blocks().into_iter().map(|block| BlockFigures {
        block: block.block,
        cpu_us: block.cpu_us,
        returned: block.returned,
        counts: block.counts,
    });
    LaunchFigures {
        id: launch.id,
        contender: &launch.entrant,
        round: launch.round,
        at_s: launch.at_s,
        seconds: launch.seconds,
        warm_up: launch.warm_up.as_ref().map(|warm_up| WarmUpFigures {
            class: warm_up.class,
            seconds: warm_up.windows.last().map(|window| window.at_s),
            requests: warm_up.requests,
            reached_cpu_us: row.reached_us(),
            level: warm_up.level,
        }),
        drift: row.watched.drift.map(|drift| DriftFigures {
            kind: wording::drift_id(drift.kind),
            ratio: drift.ratio,
        }),
        watched: WatchedFigures {
            requests: row.watched.requests,
            cpu_s: row.watched.cpu_s,
        },
        blocks: blocks.collect(),
        end: launch.end.as_ref().map(|end| EndFigures {
            reason: end.reason,
            at_s: end.at_s,
            seconds: end.seconds,
        }),
    }
}
