//! The way to the steady state: CPU time a request in short windows from the first request on, a line for each process that
//! was started. Deliberately every line, so that one sees how alike restarts are.

use super::chart::{ChartOption, dash, extent, frame, rounded};
use super::mark::{Marks, Named};
use crate::contender::FieldRow;
use crate::document::Document;
use crate::wording;
use askama::Template;
use bakeoff_core::evidence::{Trial, WarmClass};
use serde_json::{Value, json};

const CLASSES: [WarmClass; 4] = [
    WarmClass::Warm,
    WarmClass::Flat,
    WarmClass::SlowingDown,
    WarmClass::NoSteadyState,
];

#[derive(Template)]
#[template(path = "warm_up.html")]
pub(super) struct WarmUp {
    heads: Vec<&'static str>,
    rows: Vec<Row>,
    lines: Vec<Line>,
}

impl askama::filters::HtmlSafe for WarmUp {}

/// How often a contender's warm-up went which way.
struct Row {
    named: Named,
    counts: Vec<String>,
}

/// One process's windows: (seconds, µs).
struct Line {
    name: String,
    slot: usize,
    dash: Value,
    points: Vec<(f64, f64)>,
}

impl WarmUp {
    /// None when no trial has a warm-up.
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], marks: &Marks) -> Option<Self> {
        let trials = |name: &str| {
            let name = name.to_owned();
            document
                .run
                .trials
                .iter()
                .filter(move |trial| trial.entrant.is_contender(&name) && trial.warm_up.is_some())
        };
        let seen = || {
            field
                .iter()
                .filter(|entrant| trials(entrant.name).next().is_some())
        };
        let lines: Vec<Line> = seen()
            .flat_map(|entrant| {
                trials(entrant.name)
                    .filter_map(|trial| line(trial, marks))
                    .collect::<Vec<_>>()
            })
            .collect();
        if lines.is_empty() {
            return None;
        }
        let count = |name: &str, class: WarmClass| {
            let n = trials(name)
                .filter(|trial| trial.warm_up.as_ref().is_some_and(|warm| warm.class == class))
                .count();
            if n == 0 { "–".to_owned() } else { n.to_string() }
        };
        let row = |entrant: &FieldRow<'_>| Row {
            named: Named::of(marks, entrant.name),
            counts: CLASSES
                .into_iter()
                .map(|class| count(entrant.name, class))
                .collect(),
        };
        Some(WarmUp {
            heads: CLASSES.into_iter().map(wording::warm_class).collect(),
            rows: seen().map(row).collect(),
            lines,
        })
    }

    /// What the page's script draws.
    pub(super) fn option(&self) -> ChartOption {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let (low, high) = extent(points());
        let last = points().map(|(s, _)| *s).fold(0.0, f64::max);
        let series = self.lines.iter().map(series).collect();
        let mut option = frame("seconds", rounded(last * 1.02), low, high, series);
        option["tooltip"]["trigger"] = json!("item");
        ChartOption {
            label: None,
            chart: "warm-up",
            option,
        }
    }
}

fn line(trial: &Trial, marks: &Marks) -> Option<Line> {
    let mark = marks.get(trial.entrant.name())?;
    let windows = &trial.warm_up.as_ref()?.windows;
    let sound = windows
        .iter()
        .filter(|window| window.cpu_us > 0.0 && window.cpu_us.is_finite() && window.at_s >= 0.0);
    let points: Vec<(f64, f64)> = sound
        .map(|window| (rounded(window.at_s), rounded(window.cpu_us)))
        .collect();
    let name = format!("{}, block {}", mark.title, trial.block + 1);
    (!points.is_empty()).then(|| Line {
        name,
        slot: mark.slot,
        dash: dash(mark),
        points,
    })
}

fn series(line: &Line) -> Value {
    json!({
        "name": line.name,
        "color": format!("--m{}", line.slot),
        "symbol": "circle",
        "symbolSize": 3,
        "showAllSymbol": true,
        "lineStyle": { "width": 1.25, "type": line.dash, "opacity": 0.7 },
        "emphasis": { "focus": "series", "lineStyle": { "width": 2.5, "opacity": 1 } },
        "data": line.points,
    })
}
