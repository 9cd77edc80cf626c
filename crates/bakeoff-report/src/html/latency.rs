//! Latency by percentile on the axis that users of HdrHistogram know: each step to the right is one nine more. Response
//! time beside service time, on one scale. Deliberately only the points that the judgement gives: nothing is smoothed.

use super::chart::{ChartOption, dash, extent, frame, rounded};
use super::mark::{Mark, Marks, Named};
use crate::contender::FieldRow;
use crate::document::Document;
use crate::{number, wording};
use askama::Template;
use bakeoff_core::evidence::{CurveKind, Label as CurveLabel};
use bakeoff_core::judgement::LatencyCurve;
use serde_json::{Value, json};
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
const SYMBOLS: usize = 9;
/// The last percentile of the drawings.
const LAST: f64 = 0.9999;

#[derive(Template)]
#[template(path = "latency.html")]
pub(super) struct Latency {
    labels: Vec<Label>,
    tables: Vec<Table>,
    curves: Vec<Drawn>,
}

impl askama::filters::HtmlSafe for Latency {}

/// A scenario, or all of them.
struct Label {
    slot: usize,
    text: String,
}

/// The numbers of one drawing.
struct Table {
    kind: &'static str,
    sentence: &'static str,
    rows: Vec<Row>,
}

struct Row {
    named: Named,
    label: usize,
    count: String,
    cells: Vec<String>,
}

/// A curve with the mark that it is drawn with.
struct Drawn {
    mark: Mark,
    label: usize,
    kind: CurveKind,
    points: Vec<(f64, f64)>,
}

impl Latency {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Self {
        let labels = labels(&document.judgement.curves);
        let slot = |label: &CurveLabel| labels.iter().position(|known| known == label).unwrap_or(0);
        let curves = || {
            let of = |entrant: &FieldRow<'_>| {
                let name = entrant.name.to_owned();
                document
                    .judgement
                    .curves
                    .iter()
                    .filter(move |curve| curve.contender == name)
            };
            field.iter().flat_map(of).filter(|curve| !curve.points.is_empty())
        };
        let table = |kind, sentence| Table {
            kind: wording::curve_kind(kind),
            sentence,
            rows: curves()
                .filter(|curve| curve.kind == kind)
                .map(|curve| row(curve, marks, slot(&curve.label)))
                .collect(),
        };
        Latency {
            tables: vec![
                table(
                    CurveKind::Response,
                    "from the instant at which the request was due",
                ),
                table(CurveKind::Service, "from the instant at which it was sent"),
            ],
            curves: curves()
                .filter_map(|curve| drawn(curve, marks, slot(&curve.label)))
                .collect(),
            labels: labels
                .iter()
                .enumerate()
                .map(|(slot, text)| Label {
                    slot,
                    text: text.to_string(),
                })
                .collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.curves.is_empty()
    }

    fn heads(&self) -> Vec<&'static str> {
        COLUMNS.iter().map(|(_, head)| *head).collect()
    }

    /// What the page's script draws: one option for each label and kind.
    pub(super) fn options(&self, document: &Document<'_>) -> Vec<ChartOption> {
        let mut options = Vec::new();
        for label in &self.labels {
            for kind in [CurveKind::Response, CurveKind::Service] {
                let mine = || self.curves.iter().filter(|curve| curve.label == label.slot);
                let shown: Vec<&Drawn> = mine().filter(|curve| curve.kind == kind).collect();
                if shown.is_empty() {
                    continue;
                }
                let (low, high) = extent(mine().flat_map(|curve| &curve.points));
                options.push(ChartOption {
                    label: Some(label.slot),
                    chart: wording::curve_kind(kind),
                    option: option(&shown, low, high, document.brief.load.slo.p99_ms),
                });
            }
        }
        options
    }
}

/// All labels, that of all requests first.
fn labels(curves: &[LatencyCurve]) -> Vec<CurveLabel> {
    let labels: BTreeSet<&CurveLabel> = curves.iter().map(|curve| &curve.label).collect();
    labels.into_iter().cloned().collect()
}

fn row(curve: &LatencyCurve, marks: &Marks, label: usize) -> Row {
    let cell = |(quantile, _): &(f64, &str)| match at(&curve.points, *quantile) {
        Some(ms) => number::significant(ms, 3),
        None => "too few".to_owned(),
    };
    Row {
        named: Named::of(marks, &curve.contender),
        label,
        count: number::count(curve.count),
        cells: COLUMNS.iter().map(cell).collect(),
    }
}

/// The first point at or beyond a quantile; the maximum stands for no quantile but its own.
fn at(points: &[(f64, f64)], quantile: f64) -> Option<f64> {
    let reached = |(q, _): &&(f64, f64)| *q >= quantile - 1e-9 && (*q < 1.0 || quantile >= 1.0);
    points.iter().find(reached).map(|(_, ms)| *ms)
}

fn drawn(curve: &LatencyCurve, marks: &Marks, label: usize) -> Option<Drawn> {
    let mark = marks.get(&curve.contender)?.clone();
    let inside = |(q, ms): &&(f64, f64)| (0.0..=LAST).contains(q) && *ms > 0.0 && ms.is_finite();
    let points: Vec<(f64, f64)> = curve
        .points
        .iter()
        .filter(inside)
        .map(|(q, ms)| (nines(*q), rounded(*ms)))
        .collect();
    Some(Drawn {
        mark,
        label,
        kind: curve.kind,
        points,
    })
}

/// How many nines: 0.9 is 1, 0.99 is 2.
fn nines(quantile: f64) -> f64 {
    rounded(-(1.0 - quantile).log10() + 0.0)
}

fn option(curves: &[&Drawn], low: f64, high: f64, slo_ms: f64) -> Value {
    let series: Vec<Value> = curves.iter().map(|curve| series(curve)).collect();
    // Where the curves leave room: above the line on the left when they rise to it, beneath it on the right when they start near it.
    let position = if slo_ms * slo_ms > low * high {
        "insideStartTop"
    } else {
        "insideEndBottom"
    };
    let limit = json!({
        "name": "limit", "type": "line", "data": [], "silent": true,
        "markLine": {
            "symbol": "none", "animation": false,
            "lineStyle": { "color": "--ink", "width": 1, "type": "dotted" },
            "label": { "color": "--soft", "position": position, "formatter": format!("required at p99: {} ms", number::exact(slo_ms)) },
            "data": if slo_ms <= high * 3.0 { json!([{ "yAxis": slo_ms }]) } else { json!([]) },
        },
    });
    let top = if slo_ms <= high * 3.0 {
        high.max(slo_ms * 1.2)
    } else {
        high
    };
    let series = series.into_iter().chain([limit]).collect();
    let mut option = frame("nines", last_nine(curves), low, top, series);
    option["xAxis"]["interval"] = json!(1);
    option
}

/// A little beyond the last point.
fn last_nine(curves: &[&Drawn]) -> f64 {
    let nines = curves
        .iter()
        .flat_map(|curve| &curve.points)
        .map(|(nines, _)| *nines);
    rounded(nines.fold(1.0, f64::max) + 0.08)
}

fn series(curve: &Drawn) -> Value {
    let every = curve.points.len().div_ceil(SYMBOLS).max(1);
    let point = |(place, (nines, ms)): (usize, &(f64, f64))| {
        if place % every == curve.mark.slot % every {
            json!({ "value": [nines, ms], "symbol": format!("path://{}", curve.mark.path()) })
        } else {
            json!([nines, ms])
        }
    };
    json!({
        "name": curve.mark.title,
        "color": format!("--m{}", curve.mark.slot),
        "symbolSize": 8,
        "showAllSymbol": true,
        "lineStyle": { "width": 2, "type": dash(&curve.mark) },
        "data": curve.points.iter().enumerate().map(point).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::{at, nines};

    #[test]
    fn each_nine_is_one_step() {
        assert_eq!([0.0, 0.9, 0.99, 0.999].map(nines), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn the_maximum_is_no_percentile() {
        let points = [(0.5, 2.0), (0.99, 9.0), (1.0, 80.0)];
        assert_eq!(at(&points, 0.9), Some(9.0));
        assert_eq!(at(&points, 0.999), None);
        assert_eq!(at(&points, 1.0), Some(80.0));
    }
}
