//! The six criteria, each with its finding, how the families compare, a figure, a table, and where the numbers come
//! from; then those that the brief adds. Which metrics stand in figure and table follows from the rows of the metrics:
//! those that a question about priorities would name, and those with a column of their own.

use super::comparing;
use super::figure::Figures;
use super::lanes::{Lane, Lanes, Mark};
use super::story::{Story, capital, paragraph, table, within};
use crate::adr::markdown::{code, inline};
use crate::wording;
use bakeoff_core::brief::BriefCriterion;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::metric::{METRICS, Metric, Scale};
use bakeoff_core::tiers::{Tiers, tiers};
use bakeoff_core::words::absence;
use bakeoff_core::words::number::{self, Quantity};
use bakeoff_core::words::tiers::{sentences, stage, times};

/// Metrics of a criterion in its figure and its table.
const SHOWN: usize = 4;

/// The section.
pub(super) fn criteria(story: &Story<'_, '_>, figures: &mut Figures) -> String {
    let mut text = "## The six criteria\n\n".to_owned();
    for criterion in story.document.brief.criteria() {
        text.push_str(&section(story, &criterion, figures));
    }
    text
}

fn section(story: &Story<'_, '_>, criterion: &BriefCriterion, figures: &mut Figures) -> String {
    let document = story.document;
    let weight = document.weight(&criterion.id).map_or_else(String::new, |weight| {
        format!(
            "It has {} of the weight ({} to {}). ",
            number::share(weight.share.value),
            number::share(weight.share.low),
            number::share(weight.share.high)
        )
    });
    let mut text = format!("### {}\n\n", capital(&inline(&criterion.words)));
    text.push_str(&paragraph(&format!("{} {weight}", criterion.sentence)));
    let finding = document.words.criteria.iter().find(|(id, _)| *id == criterion.id);
    text.push_str(&paragraph(&inline(finding.map_or("", |(_, finding)| finding))));
    let Some(founding) = criterion.founding else {
        return text;
    };
    let metrics = shown(story, founding);
    text.push_str(&families(story, &metrics));
    text.push_str(&figure(story, founding, &metrics, figures));
    text.push_str(&numbers(story, &metrics));
    text.push_str(&meanings(&metrics));
    match founding {
        Criterion::Speed => text.push_str(&compilers(story, figures)),
        Criterion::LearningCurve => text.push_str(&paragraph(
            "No human was timed. These are properties of the source code, of the installation and of the team.",
        )),
        _ => {}
    }
    text
}

/// The metrics of a criterion that figure and table show: first those that reports and questions name, then others, as
/// far as they have values that differ.
fn shown(story: &Story<'_, '_>, criterion: Criterion) -> Vec<&'static Metric> {
    let own = || METRICS.iter().filter(move |metric| metric.criterion == criterion);
    let has_values = |metric: &&Metric| {
        let mut values = story
            .measured()
            .filter_map(|row| story.document.estimate(row.name, metric.id)?.estimate);
        let first = values.next();
        first.is_some_and(|first| values.any(|value| value.value != first.value))
    };
    let is_named = |metric: &&Metric| metric.interview || metric.column.is_some();
    let named = own().filter(is_named);
    let others = own().filter(|metric| !is_named(metric));
    named.chain(others).filter(has_values).take(SHOWN).collect()
}

/// How the first two families compare on each metric, as a list.
fn families(story: &Story<'_, '_>, metrics: &[&'static Metric]) -> String {
    let families = story.families();
    let [one, other, ..] = &families[..] else {
        return String::new();
    };
    let items: String = metrics
        .iter()
        .filter_map(|metric| comparing::families(story, metric, one, other))
        .map(|(head, sentence)| format!("- **{}.** {}\n", inline(&head), inline(&sentence)))
        .collect();
    match items.is_empty() {
        true => items,
        false => format!("By family, every stack against every stack of the other:\n\n{items}\n"),
    }
}

fn figure(
    story: &Story<'_, '_>,
    criterion: Criterion,
    metrics: &[&'static Metric],
    figures: &mut Figures,
) -> String {
    let panels: Vec<Lanes<'_>> = metrics.iter().map(|metric| panel(story, metric)).collect();
    let titles: Vec<String> = metrics.iter().map(|metric| within(metric.title)).collect();
    figures.add(
        story,
        criterion.id(),
        &format!("{}: {}", capital(criterion.words()), number::list(&titles)),
        &panels,
    )
}

fn panel<'s>(story: &'s Story<'_, '_>, metric: &'static Metric) -> Lanes<'s> {
    let document = story.document;
    let unit = document.brief.unit_of(metric.id);
    let mut anchors = document.judgement.metrics.iter();
    let anchor = anchors.find(|one| one.metric == metric.id).map(|one| one.anchor);
    let marks = anchor.into_iter().flat_map(|(required, ideal)| {
        [("required", required), ("ideal", ideal)].map(|(words, value)| Mark { words, value })
    });
    let better = match metric.better {
        bakeoff_core::metric::Better::Lower => "lower is better",
        bakeoff_core::metric::Better::Higher => "higher is better",
    };
    let lanes = story.measured().map(|row| {
        let estimate = document.estimate(row.name, metric.id);
        let value = estimate.and_then(|estimate| estimate.estimate);
        let missing = estimate.and_then(|estimate| estimate.missing.as_ref());
        Lane {
            name: row.name,
            title: row.title.clone(),
            is_reference: row.is_reference(),
            value,
            words: value.map_or_else(
                || wording::absent(missing).to_owned(),
                |range| Quantity::new(range.value, unit).in_table(),
            ),
        }
    });
    Lanes {
        title: format!("{}, {better}", metric.title),
        scale: metric.scale,
        unit,
        marks: marks.collect(),
        is_share: unit == "share",
        lanes: lanes.collect(),
    }
}

/// One row a contender: each value with its interval, and the launches that it rests on.
fn numbers(story: &Story<'_, '_>, metrics: &[&'static Metric]) -> String {
    if metrics.is_empty() {
        return String::new();
    }
    let mut head = vec!["contender".to_owned(), "launches".to_owned()];
    head.extend(metrics.iter().map(|metric| within(metric.title)));
    let rows: Vec<Vec<String>> = story
        .measured()
        .map(|row| {
            let of = |metric: &&Metric| story.document.estimate(row.name, metric.id);
            let launches = metrics.iter().filter_map(of).map(|one| one.launches).max();
            let mut cells = vec![
                inline(&row.title),
                launches
                    .filter(|count| *count > 0)
                    .map_or("–".to_owned(), |count| count.to_string()),
            ];
            cells.extend(metrics.iter().map(|metric| cell(story, row.name, metric)));
            cells
        })
        .collect();
    table(&head, &rows)
}

fn cell(story: &Story<'_, '_>, contender: &str, metric: &Metric) -> String {
    let unit = story.document.brief.unit_of(metric.id);
    let estimate = story.document.estimate(contender, metric.id);
    let Some(range) = estimate.and_then(|estimate| estimate.estimate) else {
        return wording::absent(estimate.and_then(|estimate| estimate.missing.as_ref())).to_owned();
    };
    let value = Quantity::new(range.value, unit).in_table();
    if range.low < range.high {
        let end = |value: f64| Quantity::new(value, unit).bare();
        format!("{value} ({} to {})", end(range.low), end(range.high))
    } else {
        value
    }
}

/// What the columns of a table are; their sources stand at the end of the article.
fn meanings(metrics: &[&'static Metric]) -> String {
    let items = metrics
        .iter()
        .map(|metric| format!("*{}*: {}", metric.title, inline(metric.sentence)));
    let items: Vec<String> = items.collect();
    paragraph(&items.join(" "))
}

/// The sources of all numbers of the six criteria, and why some are absent.
pub(super) fn sources(story: &Story<'_, '_>) -> String {
    let criteria = story.document.brief.criteria().into_iter();
    let metrics: Vec<&Metric> = criteria
        .filter_map(|criterion| criterion.founding)
        .flat_map(|criterion| shown(story, criterion))
        .collect();
    if metrics.is_empty() {
        return String::new();
    }
    let mut text = "### Where the numbers come from\n\n".to_owned();
    for metric in metrics {
        text.push_str(&format!(
            "- *{}* ({}): {}.{}\n",
            metric.title,
            code(metric.id),
            inline(metric.source),
            absences(story, metric)
        ));
    }
    text.push('\n');
    text
}

/// Why contenders have no value of a metric, each reason once.
fn absences(story: &Story<'_, '_>, metric: &Metric) -> String {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for row in story.measured() {
        let estimate = story.document.estimate(row.name, metric.id);
        let Some(why) = estimate.and_then(|estimate| estimate.missing.as_ref()) else {
            continue;
        };
        let (why, title) = (inline(&absence::missing_beside(why)), inline(&row.title));
        match found.iter_mut().find(|(other, _)| *other == why) {
            Some((_, titles)) => titles.push(title),
            None => found.push((why, vec![title])),
        }
    }
    found
        .into_iter()
        .map(|(why, titles)| format!(" No value of {}: {why}.", number::list(&titles)))
        .collect()
}

/// What V8's compilers are worth, where the run holds two stages of one contender.
fn compilers(story: &Story<'_, '_>, figures: &mut Figures) -> String {
    let found = tiers(story.document.run, story.document.judgement, story.document.brief);
    let sections = found.iter().filter(|tiers| !tiers.figures.is_empty());
    let sections: Vec<String> = sections.map(|tiers| of_tiers(story, tiers, figures)).collect();
    sections.concat()
}

fn of_tiers(story: &Story<'_, '_>, tiers: &Tiers, figures: &mut Figures) -> String {
    let mut text = format!(
        "#### What V8's compilers are worth to {}\n\n",
        inline(story.document.title(&tiers.of))
    );
    let told = sentences(tiers, story.document);
    text.push_str(&paragraph(&inline(&told.join(" "))));
    let panels = tiers.figures.iter().map(|figure| {
        let title = story.document.brief.title_of(&figure.metric);
        let lanes = figure.rows.iter().map(|row| {
            let one = bakeoff_core::range::Range {
                value: 1.0,
                low: 1.0,
                high: 1.0,
            };
            let multiple = row.to_full.map_or(one, |change| change.range);
            Lane {
                name: &row.contender,
                title: stage(row.stage).to_owned(),
                is_reference: false,
                value: row.value.map(|_| multiple),
                words: row.to_full.as_ref().map_or_else(|| "1 ×".to_owned(), times),
            }
        });
        Lanes {
            title: format!("{title}, as multiples of all compilers"),
            scale: Scale::Log,
            unit: "×",
            marks: Vec::new(),
            is_share: false,
            lanes: lanes.collect(),
        }
    });
    let panels: Vec<Lanes<'_>> = panels.collect();
    text.push_str(&figures.add(
        story,
        &format!("compilers-{}", tiers.of),
        "Computing and requests with fewer of V8's compilers",
        &panels,
    ));
    text
}
