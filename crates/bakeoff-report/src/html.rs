//! The report as one page: everything inside, nothing from a network, readable with scripts off. Each section is a file
//! here and a template of the same name; templates escape whatever others wrote. Deliberately computes no result: what
//! the page's script computes from sliders, it says.

mod answer;
mod chart;
mod criteria;
mod drawing;
mod embed;
mod estimates;
mod field;
mod findings;
mod flips;
mod lane;
mod latency;
mod mark;
mod measured;
mod panel;
mod priorities;
mod prose;
mod strip;
mod warm_up;

use crate::document::Document;
use crate::format::RenderError;
use answer::Answer;
use askama::Template;
use criteria::Section;
use drawing::Drawing;
use embed::Embedded;
use estimates::MetricGroup;
use field::Field;
use findings::Findings;
use flips::Flips;
use mark::{Marks, SHAPES};
use measured::Measured;
use priorities::Priorities;
use warm_up::WarmUp;

const STYLE: &str = concat!(
    include_str!("../assets/page.css"),
    include_str!("../assets/chart.css"),
    include_str!("../assets/media.css")
);
const SCRIPT: &str = concat!(
    include_str!("../assets/estimate.js"),
    include_str!("../assets/priorities.js"),
    include_str!("../assets/charts.js")
);
const ECHARTS: &str = include_str!("../assets/echarts.common.min.js");

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    style: &'static str,
    script: &'static str,
    /// The chart library; none when there is no chart to draw.
    echarts: Option<String>,
    marks: &'a Marks,
    shapes: &'static [&'static str],
    answer: Answer,
    field: Field,
    priorities: Priorities,
    flips: Flips,
    sections: Vec<Section>,
    findings: Findings,
    measured: Measured,
    estimates: Vec<MetricGroup>,
    charts: Embedded,
    scores: Embedded,
}

/// The chart library as a script element may hold it: its own end tags, which stand in string literals, are written as escapes.
fn library() -> String {
    ECHARTS.replace("</", "<\\/")
}

/// The page.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = document.field();
    let marks = Marks::of(document, &field);
    let curves = latency::Latency::of(document, &field, &marks);
    let warm_up = WarmUp::of(document, &field, &marks);
    let mut charts = curves.options(document);
    charts.extend(warm_up.as_ref().map(WarmUp::option));
    let drawings = Drawing::all(document, &field, &marks);
    charts.extend(drawings.iter().map(Drawing::option));
    let page = Page {
        title: format!("{}: which backend? – bakeoff", document.brief.name),
        style: STYLE,
        script: SCRIPT,
        echarts: (!charts.is_empty()).then(library),
        marks: &marks,
        shapes: SHAPES,
        answer: Answer::of(document, &field, &marks),
        field: Field::of(document, &field, &marks),
        priorities: Priorities::of(document, &field, &marks),
        flips: Flips::of(document, &marks),
        charts: Embedded::of(&charts)?,
        scores: Embedded::of(&priorities::Scores::of(document, &field))?,
        sections: criteria::sections(document, &field, &marks, curves, warm_up, drawings),
        findings: Findings::of(document, &marks),
        measured: Measured::of(document, &field, &marks),
        estimates: estimates::groups(document, &field, &marks),
    };
    Ok(page.render()?)
}
