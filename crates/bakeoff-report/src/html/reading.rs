//! The line of values under a chart. The page is made with the values at one place of the x axis, so that print and a
//! page without scripts are complete; the page's script replaces them by those at the place that pointer or arrow keys
//! choose. Every value comes with its unit from here: the script formats nothing.

use super::palette::{Named, Palette};
use serde::Serialize;

/// A place on the x axis at which values can be read.
pub(super) struct Stop {
    /// In percent of the axis.
    pub(super) at: f64,
    /// The words before the values, as `p99` or `16 clients`.
    pub(super) head: String,
}

/// A contender's values, one for each stop; none where its curve has no point.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) values: Vec<Option<String>>,
}

/// All values of a chart, and where reading starts.
#[derive(Serialize)]
pub(super) struct Reading {
    /// The id of the chart's element, without `chart-`.
    pub(super) chart: String,
    start: usize,
    stops: Vec<(f64, String)>,
    rows: Vec<Vec<Option<String>>>,
    #[serde(skip)]
    shown: Vec<Shown>,
}

/// A contender's value at the start.
pub(super) struct Shown {
    pub(super) named: Named,
    /// Empty where its curve has no point.
    pub(super) value: String,
}

impl Reading {
    /// `start` is the stop at which the line of values begins.
    pub(super) fn new(
        chart: String,
        stops: Vec<Stop>,
        rows: Vec<Row>,
        start: usize,
        palette: &Palette,
    ) -> Reading {
        let start = start.min(stops.len().saturating_sub(1));
        let shown = rows.iter().map(|row| Shown {
            named: Named::of(palette, &row.name),
            value: row.values.get(start).cloned().flatten().unwrap_or_default(),
        });
        Reading {
            chart,
            start,
            shown: shown.collect(),
            stops: stops
                .into_iter()
                .map(|stop| ((stop.at * 100.0).round() / 100.0, stop.head))
                .collect(),
            rows: rows.into_iter().map(|row| row.values).collect(),
        }
    }

    /// The words before the values at the start.
    pub(super) fn head(&self) -> &str {
        self.stops.get(self.start).map_or("", |(_, head)| head)
    }

    /// Where the start lies, in percent of the axis.
    pub(super) fn at(&self) -> f64 {
        self.stops.get(self.start).map_or(0.0, |(at, _)| *at)
    }

    /// The values at the start.
    pub(super) fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// The same as one sentence, for readers who listen.
    pub(super) fn words(&self) -> String {
        let known = self.shown.iter().filter(|shown| !shown.value.is_empty());
        let values: Vec<String> = known
            .map(|shown| format!("{} {}", shown.named.title, shown.value))
            .collect();
        format!("{}: {}", self.head(), values.join(", "))
    }
}
