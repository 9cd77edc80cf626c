//! The way to the steady state: CPU time a request in short windows from the first request on. Each process that was
//! started has a line of its own, so that a reader sees how alike restarts are.

use super::axis::Axis;
use super::palette::{Mark, Named, Palette};
use super::plot::{Frame, Labels, Plot};
use super::reading::{Row as Values, Stop};
use crate::document::Document;
use crate::field::FieldRow;
use crate::wording;
use askama::Template;
use bakeoff_core::evidence::{Trial, WarmClass};
use bakeoff_core::words::number::Quantity;

const CLASSES: [WarmClass; 4] = [
    WarmClass::Warm,
    WarmClass::Flat,
    WarmClass::SlowingDown,
    WarmClass::NoSteadyState,
];

/// At how many places of the chart its values can be read.
const STOPS: u32 = 20;
/// Room beyond the last window, as a factor.
const ROOM: f64 = 1.02;

#[derive(Template)]
#[template(path = "warm_up.html")]
pub(super) struct WarmUp {
    heads: Vec<&'static str>,
    rows: Vec<Row>,
    plot: Plot,
}

impl askama::filters::HtmlSafe for WarmUp {}

/// How often a contender's warm-up went which way.
struct Row {
    named: Named,
    counts: Vec<String>,
}

/// The processes of one contender, each as its windows: (seconds, µs).
struct Processes<'a> {
    name: &'a str,
    mark: &'a Mark,
    lines: Vec<(u32, Vec<(f64, f64)>)>,
}

impl WarmUp {
    /// None when no trial has a warm-up.
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Option<Self> {
        let processes: Vec<Processes<'_>> = field
            .iter()
            .filter_map(|row| processes(document, row.name, palette))
            .collect();
        if processes.is_empty() {
            return None;
        }
        let trials = || document.run.trials.iter();
        let count = |name: &str, class: WarmClass| {
            let own = trials().filter(|trial| trial.entrant.is_contender(name));
            let n = own
                .filter(|trial| trial.warm_up.as_ref().is_some_and(|warm| warm.class == class))
                .count();
            if n == 0 { "–".to_owned() } else { n.to_string() }
        };
        let row = |processes: &Processes<'_>| Row {
            named: Named::of(palette, processes.name),
            counts: CLASSES
                .into_iter()
                .map(|class| count(processes.name, class))
                .collect(),
        };
        Some(WarmUp {
            heads: CLASSES.into_iter().map(wording::warm_class).collect(),
            rows: processes.iter().map(row).collect(),
            plot: plot(&processes, palette),
        })
    }

    pub(super) const fn plot(&self) -> &Plot {
        &self.plot
    }
}

fn processes<'a>(document: &Document<'_>, name: &'a str, palette: &'a Palette) -> Option<Processes<'a>> {
    let trials = document
        .run
        .trials
        .iter()
        .filter(|trial| trial.entrant.is_contender(name));
    let lines: Vec<_> = trials.filter_map(line).collect();
    (!lines.is_empty()).then_some(Processes {
        name,
        mark: palette.get(name)?,
        lines,
    })
}

/// A trial's block and its windows.
fn line(trial: &Trial) -> Option<(u32, Vec<(f64, f64)>)> {
    let windows = trial.warm_up.as_ref()?.windows.iter();
    let sound =
        windows.filter(|window| window.cpu_us > 0.0 && window.cpu_us.is_finite() && window.at_s >= 0.0);
    let points: Vec<(f64, f64)> = sound.map(|window| (window.at_s, window.cpu_us)).collect();
    (!points.is_empty()).then_some((trial.block, points))
}

fn plot(processes: &[Processes<'_>], palette: &Palette) -> Plot {
    let lines = || {
        processes
            .iter()
            .flat_map(|own| own.lines.iter().map(move |line| (own.mark, line)))
    };
    let points = || lines().flat_map(|(_, (_, points))| points);
    let last_s = points().map(|(s, _)| *s).fold(0.0, f64::max) * ROOM;
    let frame = Frame::around(Axis::linear(0.0, last_s), points());
    let curves = lines().map(|(mark, (block, points))| {
        frame.curve(mark, points, format!("{}, block {}", mark.title, block + 1))
    });
    let labels = Labels {
        id: "warm-up".to_owned(),
        title: "CPU time a request during the warm-up".to_owned(),
        unit: "µs",
        x_name: "seconds since the first request",
        x_ticks: frame.x.chart_ticks(frame.x.round_values(), |value| {
            Quantity::new(value, "").as_set_bare()
        }),
        shade: None,
        level: None,
    };
    let curves = curves.collect();
    Plot::new(
        frame,
        labels,
        curves,
        Vec::new(),
        values(&frame.x, last_s, processes),
        palette,
    )
}

/// The stops, each contender's lowest and highest window at them, and the last stop, at which reading begins.
fn values(x: &Axis, last_s: f64, processes: &[Processes<'_>]) -> (Vec<Stop>, Vec<Values>, usize) {
    let places: Vec<f64> = (1..=STOPS)
        .map(|step| last_s * f64::from(step) / f64::from(STOPS))
        .collect();
    let stops = places.iter().map(|place| Stop {
        at: x.percent(*place),
        head: format!("at {place:.1} s"),
    });
    let rows = processes.iter().map(|own| Values {
        name: own.name.to_owned(),
        values: places.iter().map(|place| range(own, *place)).collect(),
    });
    (stops.collect(), rows.collect(), STOPS as usize - 1)
}

/// From the lowest to the highest of a contender's processes in their last window until then.
fn range(processes: &Processes<'_>, place: f64) -> Option<String> {
    let until = |points: &[(f64, f64)]| {
        points
            .iter()
            .take_while(|(s, _)| *s <= place)
            .last()
            .map(|(_, us)| *us)
    };
    let known: Vec<f64> = processes
        .lines
        .iter()
        .filter_map(|(_, points)| until(points))
        .collect();
    let low = known.iter().copied().min_by(f64::total_cmp)?;
    let high = known.iter().copied().max_by(f64::total_cmp)?;
    let (from, to) = (
        Quantity::new(low, "µs").bare(),
        Quantity::new(high, "µs").in_table(),
    );
    Some(if known.len() == 1 {
        to
    } else {
        format!("{from} to {to}")
    })
}
