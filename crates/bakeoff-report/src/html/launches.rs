//! The launches of each contender: CPU time a request from the first request of the warm-up to the last block, one
//! chart for each contender and one line for each launch, with the settled level and its noise. All charts span the
//! same factor, so that shapes can be compared. It draws what the lab observed and judges nothing.

use super::axis::Axis;
use super::launch_axis::LaunchAxis;
use super::palette::{Mark, Named, Palette};
use super::plot::{Curve, Frame, Labels, Plot, Ring};
use super::reading::{Row as Values, Stop};
use crate::document::Document;
use crate::field::{FieldRow, entrants};
use crate::launches::{CPU_UNIT, LaunchRow, MeasuredBlock, launches};
use crate::wording;
use askama::Template;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{WarmPhase, WarmWindow};
use bakeoff_core::words::number::{self, Quantity};

/// A chart goes from the level divided by this to the level times that: one decade. A line beyond it lies at the edge.
const BELOW: f64 = 2.0;
const ABOVE: f64 = 5.0;
/// At how many places of the warm-up its values can be read.
const STOPS: u32 = 8;

#[derive(Template)]
#[template(path = "launches.html")]
pub(super) struct Launches {
    multiples: Vec<Multiple>,
    rows: Vec<Row>,
}

impl askama::filters::HtmlSafe for Launches {}

/// One contender's chart.
struct Multiple {
    named: Named,
    /// How many of its launches were not warm; empty where all were.
    note: String,
    plot: Plot,
}

/// One launch in numbers.
struct Row {
    named: Named,
    number: usize,
    requests: String,
    seconds: String,
    level: String,
    noise: String,
    at_pause: String,
    first: String,
    last: String,
    watched: String,
    course: String,
}

impl Launches {
    /// None in runs in which each trial was a launch of its own.
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Option<Self> {
        let run = document.run;
        if run.launches.is_empty() {
            return None;
        }
        let rows = entrants(document, field).into_iter().flat_map(|entrant| {
            let own = launches(run, &entrant).into_iter();
            own.map(move |launch| row(document, palette, &entrant, &launch))
        });
        Some(Launches {
            multiples: field
                .iter()
                .filter_map(|row| multiple(document, palette, row.name))
                .collect(),
            rows: rows.collect(),
        })
    }

    pub(super) fn plots(&self) -> impl Iterator<Item = &Plot> {
        self.multiples.iter().map(|multiple| &multiple.plot)
    }
}

/// The chart of a contender; none where no launch of it came to a window or a block.
fn multiple(document: &Document<'_>, palette: &Palette, name: &str) -> Option<Multiple> {
    let mark = palette.get(name)?;
    let own = launches(document.run, &Entrant::contender(name));
    let level_us = middle(own.iter().filter_map(LaunchRow::reached_us))
        .or_else(|| middle(own.iter().flat_map(LaunchRow::blocks).map(|block| block.cpu_us)))?;
    let cold = own.iter().filter(|row| row.is_not_warm()).count();
    Some(Multiple {
        named: Named::of(palette, name),
        note: match cold {
            0 => String::new(),
            _ => format!("not warm in {cold} of {}", wording::launches(own.len())),
        },
        plot: plot(document, palette, mark, &own, level_us),
    })
}

fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite() && *value > 0.0).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn plot(
    document: &Document<'_>,
    palette: &Palette,
    mark: &Mark,
    own: &[LaunchRow<'_>],
    level_us: f64,
) -> Plot {
    let last_s = own
        .iter()
        .flat_map(windows)
        .map(|window| window.at_s)
        .fold(0.0, f64::max);
    let trials = document.run.trials.iter();
    let blocks = trials.map(|trial| trial.block + 1).max().unwrap_or(0);
    let axis = LaunchAxis::new(last_s, blocks);
    let frame = Frame {
        x: LaunchAxis::whole(),
        y: Axis::doubling(level_us / BELOW, level_us * ABOVE),
    };
    let curves = own.iter().flat_map(|launch| curves(&axis, &frame, mark, launch));
    let rings = own.iter().flat_map(|launch| rings(&axis, &frame, launch));
    let labels = Labels {
        id: format!("launches-{}", mark.slot),
        title: format!("CPU time a request of {}, launch by launch", mark.title),
        unit: CPU_UNIT,
        x_name: "seconds of warm-up, then blocks",
        x_ticks: axis.ticks(),
        shade: Some(LaunchAxis::measured()),
        level: None,
    };
    let values = values(&axis, last_s, own);
    Plot::new(frame, labels, curves.collect(), Vec::new(), values, palette).with_rings(rings.collect())
}

/// The windows of a launch's warm-up that can be drawn.
fn windows<'a>(row: &LaunchRow<'a>) -> impl Iterator<Item = &'a WarmWindow> + use<'a> {
    let windows = row.launch.warm_up.iter().flat_map(|warm_up| &warm_up.windows);
    windows.filter(|window| window.cpu_us > 0.0 && window.cpu_us.is_finite() && window.at_s >= 0.0)
}

/// The noise around the level, the three parts of the warm-up, and the blocks.
fn curves(axis: &LaunchAxis, frame: &Frame, mark: &Mark, row: &LaunchRow<'_>) -> Vec<Curve> {
    let title = |what: &str| format!("launch {}, {what}", row.number);
    let part = |phase: WarmPhase| -> Vec<(f64, f64)> {
        let own = windows(row).filter(|window| window.phase == phase);
        own.map(|window| (axis.second(window.at_s), window.cpu_us))
            .collect()
    };
    let blocks = row.blocks();
    let points: Vec<(f64, f64)> = blocks
        .iter()
        .map(|block| (axis.block(block.block), block.cpu_us))
        .collect();
    let mut curves = Vec::new();
    if let (Some(level), Some((from, to))) = (level(row), span(axis, &blocks)) {
        let (low, high) = (level.0 * (1.0 - level.1), level.0 * (1.0 + level.1));
        curves.push(frame.band(
            mark,
            (from, to),
            (low, high),
            title("its level and the noise of a window"),
        ));
    }
    curves.push(frame.bound(mark, &part(WarmPhase::ClosedLoop)));
    curves.push(frame.curve(mark, &part(WarmPhase::AtRate), title("at the brief's rate")));
    curves.push(frame.curve(mark, &part(WarmPhase::AfterPause), title("after the pause")));
    curves.push(frame.curve(mark, &points, title("block by block")));
    curves.push(frame.dots(mark, &points));
    curves.retain(Curve::is_drawn);
    curves
}

/// The settled level in µs and its noise as a share of it.
fn level(row: &LaunchRow<'_>) -> Option<(f64, f64)> {
    let level = row.launch.warm_up.as_ref()?.level?;
    (level.cpu_us > 0.0).then_some((level.cpu_us, level.noise.clamp(0.0, 0.9)))
}

/// Where the blocks of a launch lie.
fn span(axis: &LaunchAxis, blocks: &[MeasuredBlock]) -> Option<(f64, f64)> {
    let (first, last) = (blocks.first()?, blocks.last()?);
    Some(axis.blocks(first.block, last.block))
}

/// A ring around each block that does not show the launch's lasting level.
fn rings(axis: &LaunchAxis, frame: &Frame, row: &LaunchRow<'_>) -> Vec<Ring> {
    let missed = row.blocks().into_iter().filter_map(|block| {
        let why = why_not_level(row, &block)?;
        let words = format!("launch {}, block {}: {why}", row.number, block.block + 1);
        Some(frame.ring((axis.block(block.block), block.cpu_us), words))
    });
    missed.collect()
}

/// Why a block does not show a launch's lasting level; none where it does.
fn why_not_level(row: &LaunchRow<'_>, block: &MeasuredBlock) -> Option<&'static str> {
    if row.is_not_warm() {
        Some("not warm")
    } else if block.counts {
        None
    } else if block.returned {
        Some("before its last level")
    } else {
        Some("not warm after its rest")
    }
}

/// The stops, what each launch took at them, and the last stop, at which reading begins.
fn values(axis: &LaunchAxis, last_s: f64, own: &[LaunchRow<'_>]) -> (Vec<Stop>, Vec<Values>, usize) {
    let places: Vec<f64> = (1..=STOPS)
        .map(|step| last_s * f64::from(step) / f64::from(STOPS))
        .filter(|at_s| *at_s > 0.0)
        .collect();
    let measured: Vec<Vec<MeasuredBlock>> = own.iter().map(LaunchRow::blocks).collect();
    let mut blocks: Vec<u32> = measured.iter().flatten().map(|block| block.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let in_warm_up = places.iter().map(|at_s| Stop {
        at: axis.second(*at_s),
        head: format!("at {at_s:.1} s"),
    });
    let in_blocks = blocks.iter().map(|block| Stop {
        at: axis.block(*block),
        head: head(own, &measured, *block),
    });
    let stops: Vec<Stop> = in_warm_up.chain(in_blocks).collect();
    let rows = own.iter().zip(&measured).map(|(row, measured)| Values {
        name: format!("launch {}", row.number),
        values: places
            .iter()
            .map(|at_s| window_at(row, *at_s))
            .chain(blocks.iter().map(|block| value_in(measured, *block)))
            .collect(),
    });
    let last = stops.len().saturating_sub(1);
    (stops, rows.collect(), last)
}

/// `block 3`, with the reason where a launch was not on its level in it.
fn head(own: &[LaunchRow<'_>], measured: &[Vec<MeasuredBlock>], block: u32) -> String {
    let why = own.iter().zip(measured).find_map(|(row, blocks)| {
        let of_it = blocks.iter().find(|measured| measured.block == block)?;
        why_not_level(row, of_it)
    });
    let number = block + 1;
    why.map_or_else(
        || format!("block {number}"),
        |why| format!("block {number}, {why}"),
    )
}

/// What a launch took in its last window until then.
fn window_at(row: &LaunchRow<'_>, at_s: f64) -> Option<String> {
    let last = windows(row)
        .take_while(|window| window.at_s <= at_s + 1e-9)
        .last()?;
    Some(Quantity::new(last.cpu_us, CPU_UNIT).in_table())
}

fn value_in(blocks: &[MeasuredBlock], block: u32) -> Option<String> {
    let own = blocks.iter().find(|measured| measured.block == block)?;
    Some(Quantity::new(own.cpu_us, CPU_UNIT).in_table())
}

fn row(document: &Document<'_>, palette: &Palette, entrant: &Entrant, row: &LaunchRow<'_>) -> Row {
    let unknown = || number::UNKNOWN.to_owned();
    let us = |value: Option<f64>| value.map_or_else(unknown, |us| Quantity::new(us, CPU_UNIT).in_table());
    let warm_up = row.launch.warm_up.as_ref();
    let level = warm_up.and_then(|warm_up| warm_up.level);
    let settled = warm_up.and_then(|warm_up| warm_up.windows.last());
    let blocks = row.blocks();
    Row {
        named: Named::of_entrant(document, palette, entrant),
        number: row.number,
        requests: warm_up
            .and_then(|warm_up| warm_up.requests)
            .map_or_else(unknown, number::grouped),
        seconds: settled.map_or_else(unknown, |window| number::duration_s(window.at_s)),
        level: us(row.reached_us()),
        noise: level.map_or_else(unknown, |level| {
            format!("±{}", Quantity::new(level.noise, "share").in_prose())
        }),
        at_pause: level.map_or_else(unknown, |level| {
            Quantity::new(level.before_pause_ratio, "×").in_table()
        }),
        first: us(blocks.first().map(|block| block.cpu_us)),
        last: us(blocks.last().map(|block| block.cpu_us)),
        watched: format!(
            "{} requests, {} of CPU time",
            number::grouped(row.watched.requests),
            number::duration_s(row.watched.cpu_s)
        ),
        course: row.course(),
    }
}
