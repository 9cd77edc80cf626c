//! Latency by percentile on the axis that users of HdrHistogram know: each step to the right is one nine more. Response
//! time stands beside service time on one scale, for all requests and for each scenario. It draws the points of the
//! judgement and smooths nothing.

use super::axis::{Axis, percent};
use super::palette::{Mark, Named, Palette};
use super::plot::{Frame, Labels, Level, Plot};
use super::reading::{Row as Values, Stop};
use crate::document::Document;
use crate::field::FieldRow;
use crate::wording;
use askama::Template;
use bakeoff_core::evidence::{CurveKind, Label};
use bakeoff_core::judgement::LatencyCurve;
use bakeoff_core::words::number::{self, Quantity};
use std::collections::BTreeSet;

/// The percentiles of the tables.
const COLUMNS: [(f64, &str); 5] = [
    (0.5, "p50"),
    (0.9, "p90"),
    (0.99, "p99"),
    (0.999, "p99.9"),
    (1.0, "maximum"),
];
/// About how many symbols a curve gets; each contender's stand elsewhere, so that none hides another.
const SYMBOLS: usize = 6;
/// The last percentile of the charts.
const LAST: f64 = 0.9999;
/// The percentile at which the line of values begins: the one that the brief limits.
const START: f64 = 0.99;
/// A required level further above the curves than this factor is not drawn.
const LEVEL_REACH: f64 = 3.0;

#[derive(Template)]
#[template(path = "latency.html")]
pub(super) struct Latency {
    scenarios: Vec<Scenario>,
}

impl askama::filters::HtmlSafe for Latency {}

/// All requests, or those of one scenario.
struct Scenario {
    text: String,
    charts: Vec<Chart>,
}

/// One kind of latency: its chart and its numbers.
struct Chart {
    kind: &'static str,
    sentence: &'static str,
    plot: Plot,
    rows: Vec<Row>,
}

struct Row {
    named: Named,
    count: String,
    cells: Vec<String>,
}

/// A curve with the mark that it is drawn with.
struct Drawn<'a> {
    mark: &'a Mark,
    curve: &'a LatencyCurve,
    /// (nines, ms), as far as the chart reaches.
    points: Vec<(f64, f64)>,
}

impl Latency {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Self {
        let labels = labels(&document.judgement.curves);
        let scenarios = labels.iter().enumerate();
        let scenario = |(slot, label): (usize, &Label)| Scenario {
            text: match label {
                Label::All => "all requests".to_owned(),
                Label::Scenario(id) => id.clone(),
            },
            charts: charts(document, field, palette, label, slot),
        };
        Latency {
            scenarios: scenarios
                .map(scenario)
                .filter(|scenario| !scenario.charts.is_empty())
                .collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.scenarios.is_empty()
    }

    pub(super) fn plots(&self) -> impl Iterator<Item = &Plot> {
        let charts = self.scenarios.iter().flat_map(|scenario| &scenario.charts);
        charts.map(|chart| &chart.plot)
    }

    fn heads(&self) -> Vec<&'static str> {
        COLUMNS.iter().map(|(_, head)| *head).collect()
    }
}

/// All labels, that of all requests first.
fn labels(curves: &[LatencyCurve]) -> Vec<Label> {
    let labels: BTreeSet<&Label> = curves.iter().map(|curve| &curve.label).collect();
    labels.into_iter().cloned().collect()
}

/// Response and service times of one label, on one scale.
fn charts(
    document: &Document<'_>,
    field: &[FieldRow<'_>],
    palette: &Palette,
    label: &Label,
    slot: usize,
) -> Vec<Chart> {
    let of = |row: &FieldRow<'_>| {
        let name = row.name.to_owned();
        let curves = document.judgement.curves.iter();
        curves.filter(move |curve| curve.contender == name && curve.label == *label)
    };
    let drawn: Vec<Drawn<'_>> = field
        .iter()
        .flat_map(of)
        .filter(|curve| !curve.points.is_empty())
        .filter_map(|curve| drawn(curve, palette))
        .collect();
    let slo_ms = document.brief.load.slo.p99_ms;
    let high = drawn
        .iter()
        .flat_map(|drawn| &drawn.points)
        .map(|(_, ms)| *ms)
        .fold(0.0, f64::max);
    let level_ms = (slo_ms <= high * LEVEL_REACH).then_some(slo_ms);
    let points = drawn.iter().flat_map(|drawn| &drawn.points);
    let level_point = level_ms.map(|ms| (0.0, ms));
    let frame = Frame::around(
        Axis::linear(0.0, last_nine(&drawn)),
        points.chain(level_point.iter()),
    );
    let kinds = [
        (CurveKind::Response, "from the instant when the request was due"),
        (CurveKind::Service, "from the instant when the request was sent"),
    ];
    let chart = |(kind, sentence): (CurveKind, &'static str)| {
        let mine: Vec<&Drawn<'_>> = drawn.iter().filter(|drawn| drawn.curve.kind == kind).collect();
        let words = wording::curve_kind(kind);
        (!mine.is_empty()).then(|| Chart {
            kind: words,
            sentence,
            plot: plot(frame, &mine, level_ms, format!("{words}-{slot}"), palette),
            rows: mine.iter().map(|drawn| row(drawn.curve, palette)).collect(),
        })
    };
    kinds.into_iter().filter_map(chart).collect()
}

fn plot(frame: Frame, drawn: &[&Drawn<'_>], level_ms: Option<f64>, id: String, palette: &Palette) -> Plot {
    let title = |drawn: &Drawn<'_>| {
        let at_start = at(&drawn.curve.points, START);
        let value = at_start.map(|ms| format!(": {} at p99", Quantity::new(ms, "ms").in_table()));
        format!("{}{}", drawn.mark.title, value.unwrap_or_default())
    };
    let curves = drawn
        .iter()
        .map(|drawn| frame.curve(drawn.mark, &drawn.points, title(drawn)));
    let symbols = drawn.iter().flat_map(|drawn| {
        let every = drawn.points.len().div_ceil(SYMBOLS).max(1);
        let own = drawn.points.iter().skip(drawn.mark.slot % every).step_by(every);
        own.map(|point| frame.symbol(drawn.mark, *point))
    });
    let labels = Labels {
        id,
        title: "Latency by percentile".to_owned(),
        unit: "ms",
        x_name: "percentile",
        x_ticks: frame.x.chart_ticks((0..=4).map(f64::from).collect(), percentile),
        shade: None,
        level: level_ms.map(|ms| Level {
            y: percent(frame.top_percent(ms)),
            words: format!("required at p99: {}", Quantity::new(ms, "ms").as_set()),
        }),
    };
    let (curves, symbols) = (curves.collect(), symbols.collect());
    Plot::new(frame, labels, curves, symbols, values(frame, drawn), palette)
}

/// The stops, each contender's values at them, and the stop at which reading begins.
fn values(frame: Frame, drawn: &[&Drawn<'_>]) -> (Vec<Stop>, Vec<Values>, usize) {
    let mut quantiles: Vec<f64> = drawn
        .iter()
        .flat_map(|drawn| &drawn.curve.points)
        .map(|(quantile, _)| *quantile)
        .filter(|quantile| *quantile <= LAST && is_stop(*quantile))
        .collect();
    quantiles.sort_by(f64::total_cmp);
    quantiles.dedup();
    let value = |drawn: &Drawn<'_>, quantile: f64| {
        let points = &drawn.curve.points;
        let point = points.iter().find(|(own, _)| (own - quantile).abs() < 1e-9);
        point.map(|(_, ms)| Quantity::new(*ms, "ms").in_table())
    };
    let rows = drawn.iter().map(|drawn| Values {
        name: drawn.curve.contender.clone(),
        values: quantiles.iter().map(|quantile| value(drawn, *quantile)).collect(),
    });
    let rows = rows.collect();
    let start = quantiles.iter().rposition(|quantile| *quantile <= START + 1e-9);
    let stop = |quantile: &f64| Stop {
        at: frame.x.percent(nines(*quantile)),
        head: match percentile(nines(*quantile)) {
            _ if *quantile == 0.0 => "fastest".to_owned(),
            text => format!("p{}", text.trim_end_matches(" %")),
        },
    };
    (quantiles.iter().map(stop).collect(), rows, start.unwrap_or(0))
}

/// Whether a percentile is one of those that can be read: every fifth of a nine and the quartiles. Each of the
/// judgement's tenths would make twice the bytes and steps narrower than a finger.
fn is_stop(quantile: f64) -> bool {
    let fifths = nines(quantile) * 5.0;
    (fifths - fifths.round()).abs() < 0.01 || [0.5, 0.75].contains(&quantile)
}

fn row(curve: &LatencyCurve, palette: &Palette) -> Row {
    let cell = |(quantile, _): &(f64, &str)| match at(&curve.points, *quantile) {
        Some(ms) => Quantity::new(ms, "ms").bare(),
        None => "too few".to_owned(),
    };
    Row {
        named: Named::of(palette, &curve.contender),
        count: number::grouped(curve.count),
        cells: COLUMNS.iter().map(cell).collect(),
    }
}

/// The first point at or beyond a quantile; the maximum stands for no quantile but its own.
fn at(points: &[(f64, f64)], quantile: f64) -> Option<f64> {
    let reached = |(q, _): &&(f64, f64)| *q >= quantile - 1e-9 && (*q < 1.0 || quantile >= 1.0);
    points.iter().find(reached).map(|(_, ms)| *ms)
}

fn drawn<'a>(curve: &'a LatencyCurve, palette: &'a Palette) -> Option<Drawn<'a>> {
    let inside = |(q, ms): &&(f64, f64)| (0.0..=LAST).contains(q) && *ms > 0.0 && ms.is_finite();
    Some(Drawn {
        mark: palette.get(&curve.contender)?,
        curve,
        points: curve
            .points
            .iter()
            .filter(inside)
            .map(|(q, ms)| (nines(*q), *ms))
            .collect(),
    })
}

/// How many nines: 0.9 is 1, 0.99 is 2.
fn nines(quantile: f64) -> f64 {
    -(1.0 - quantile).log10() + 0.0
}

/// The percentile of a number of nines: 2 is `99 %`, 3 is `99.9 %`.
fn percentile(nines: f64) -> String {
    let whole = (nines - nines.round()).abs() < 1e-6;
    // One decimal for each nine beyond the second, and one more between two nines.
    let decimals = (nines - 1e-6).ceil() as i32 - 2;
    let decimals = decimals.max(0) + i32::from(!whole);
    let text = format!("{:.*}", decimals as usize, 100.0 - 100.0 * 10f64.powf(-nines));
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    format!("{text} %")
}

/// A little beyond the last point.
fn last_nine(curves: &[Drawn<'_>]) -> f64 {
    let points = curves.iter().flat_map(|curve| &curve.points);
    points.map(|(nines, _)| *nines).fold(1.0, f64::max) + 0.08
}

#[cfg(test)]
mod tests {
    use super::{at, is_stop, nines, percentile};

    #[test]
    fn each_nine_is_one_step() {
        for (quantile, want) in [(0.0, 0.0), (0.9, 1.0), (0.99, 2.0), (0.999, 3.0)] {
            assert!((nines(quantile) - want).abs() < 1e-9);
        }
    }

    #[test]
    fn a_percentile_has_the_digits_that_tell_it_from_its_neighbours() {
        let texts = [0.0, 1.0, 2.0, 3.0, 4.0, 0.5, 2.4].map(percentile);
        assert_eq!(
            texts,
            ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "68.4 %", "99.6 %"]
        );
    }

    #[test]
    fn every_fifth_of_a_nine_can_be_read() {
        assert!([0.0, 0.5, 0.75, 0.9, 0.99, 0.999].into_iter().all(is_stop));
        assert!(!is_stop(0.949_881));
    }

    #[test]
    fn the_maximum_is_no_percentile() {
        let points = [(0.5, 2.0), (0.99, 9.0), (1.0, 80.0)];
        assert_eq!(at(&points, 0.9), Some(9.0));
        assert_eq!(at(&points, 0.999), None);
        assert_eq!(at(&points, 1.0), Some(80.0));
    }
}
