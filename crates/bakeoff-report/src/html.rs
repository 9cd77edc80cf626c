//! The report as one page: everything is inside, nothing comes from a network, and it is readable with scripts off.
//! Each section is a file here and a template of the same name; templates escape texts of others. The page computes no
//! result: its script adds up the scores that the core supplies.

mod answer;
pub(crate) mod axis;
mod claims;
mod criteria;
mod embed;
mod estimates;
mod field;
mod findings;
mod flips;
mod latency;
mod launch_axis;
mod launches;
mod measured;
pub(crate) mod palette;
mod panel;
mod plot;
mod priorities;
mod probe_curves;
mod prose;
mod reading;
mod serverless;
mod tiers;
mod timeline;
mod unbroken;
mod warm_up;

use crate::document::Document;
use crate::error::RenderError;
use crate::field::field;
use answer::Answer;
use askama::Template;
use claims::Claims;
use criteria::{Charts, Section};
use embed::Embedded;
use estimates::MetricGroup;
use field::Field;
use findings::Findings;
use flips::Flips;
use measured::Measured;
use palette::{Palette, SHAPES};
use priorities::Priorities;
use reading::Reading;
use serverless::ServerlessSection;
use tiers::TierSection;

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

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: String,
    style: &'static str,
    script: &'static str,
    palette: &'a Palette,
    shapes: &'static [&'static str],
    answer: Answer,
    field: Field,
    priorities: Priorities,
    flips: Flips,
    sections: Vec<Section>,
    serverless: Option<ServerlessSection>,
    findings: Findings,
    claims: Claims,
    tiers: Vec<TierSection>,
    measured: Measured,
    estimates: Vec<MetricGroup>,
    readings: Embedded,
    scores: Embedded,
}

/// The page.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = field(document);
    let palette = Palette::of(document, &field);
    let charts = Charts::of(document, &field, &palette);
    let readings: Vec<&Reading> = charts.plots().map(|plot| &plot.reading).collect();
    let page = Page {
        title: format!("{}: which backend? – bakeoff", document.brief.name),
        style: STYLE,
        script: SCRIPT,
        palette: &palette,
        shapes: SHAPES,
        answer: Answer::of(document, &field, &palette),
        field: Field::of(document, &field, &palette),
        priorities: Priorities::of(document, &field, &palette),
        flips: Flips::of(document, &palette),
        readings: Embedded::of(&readings)?,
        scores: Embedded::of(&priorities::Scores::of(document, &field, &palette))?,
        sections: criteria::sections(document, &field, &palette, charts),
        serverless: ServerlessSection::of(document, &field, &palette),
        findings: Findings::of(document, &palette),
        claims: Claims::of(document),
        tiers: TierSection::all(document, &palette),
        measured: Measured::of(document, &field, &palette),
        estimates: estimates::groups(document, &field, &palette),
    };
    Ok(unbroken::unbroken(&page.render()?))
}
