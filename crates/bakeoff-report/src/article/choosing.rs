//! How to choose, depending on the specification: whom each contender is for, what leads where one thing counts most,
//! and what would change the answer. All of it is the judgement's; nothing is weighed here.

use super::comparing;
use super::story::{Story, capital, paragraph, table, within};
use crate::adr::markdown::{code, inline};
use crate::commands;
use crate::field::FieldRow;
use bakeoff_core::contender::family_title;
use bakeoff_core::metric::{Better, METRICS, Metric};
use bakeoff_core::tiers::COMPUTING;
use bakeoff_core::verdict::Flip;
use bakeoff_core::words::changes;
use bakeoff_core::words::number::{self, Quantity};
use std::cmp::Ordering;

/// Changes of measurements that are listed, the smallest first.
const MEASUREMENTS_NAMED: usize = 3;

/// Who is the best choice in less than this share of simulations is not named.
const WORTH_NAMING: f64 = 0.01;

/// Weights that differ from the mean by less than this share are not named.
const NAMED_FROM: f64 = 0.02;

/// The section.
pub(super) fn choosing(story: &Story<'_, '_>) -> String {
    let parts = [
        families(story),
        leaders(story),
        specification(story),
        central(story),
        flips(story),
    ];
    let parts: String = parts.concat();
    match parts.is_empty() {
        true => parts,
        false => format!("## How to choose, depending on your specification\n\n{parts}"),
    }
}

/// The family first, then the stack within it.
fn families(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let shares: Vec<String> = document
        .judgement
        .verdict
        .families
        .iter()
        .map(|share| {
            let best = story
                .standing_for(&share.family)
                .find(|row| row.is_ranked())
                .map_or_else(String::new, |row| format!(", with {} first", inline(&row.title)));
            format!(
                "{} {}{best}",
                family_title(&share.family),
                number::probability(share.p_best)
            )
        })
        .collect();
    if shares.len() < 2 {
        return String::new();
    }
    paragraph(&format!(
        "Choose the family first: the probability that the best stack for this brief is one of its own is {}. A stack within the \
         family comes second, and often matters less than what the team knows.",
        shares.join("; ")
    ))
}

/// Who leads on each criterion, and the best of each other family.
fn leaders(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let families = story.families();
    let mut head = vec!["if this counts most".to_owned()];
    head.extend(
        families
            .iter()
            .map(|family| format!("best {} stack", family_title(family))),
    );
    let score =
        |row: &FieldRow<'_>, criterion: &str| document.score(row.name, criterion).map(|one| one.score);
    let rows: Vec<Vec<String>> = document
        .brief
        .criteria()
        .iter()
        .map(|criterion| {
            let best = |family: &&str| {
                let scored = story
                    .standing_for(family)
                    .filter_map(|row| Some((row, score(row, &criterion.id)?)));
                let best = scored.max_by(|a, b| a.1.value.total_cmp(&b.1.value));
                best.map_or_else(
                    || "–".to_owned(),
                    |(row, score)| {
                        format!(
                            "{} {} ({} to {})",
                            inline(&row.title),
                            number::score(score.value),
                            number::score(score.low),
                            number::score(score.high)
                        )
                    },
                )
            };
            let mut cells = vec![capital(&inline(&criterion.words))];
            cells.extend(families.iter().map(best));
            cells
        })
        .collect();
    if families.is_empty() {
        return String::new();
    }
    paragraph(
        "By criterion, with scores from 0 to 1 on the scale of this brief. Intervals that overlap mean that the criterion alone does not decide:",
    ) + &table(&head, &rows)
}

/// A requirement that a specification may stress: the best stack of each family, and whether they are apart.
struct Demand<'s, 'a> {
    metric: &'static Metric,
    first: &'s FieldRow<'a>,
    second: &'s FieldRow<'a>,
    apart: bool,
}

/// For which requirements which family leads, in words, then each with its numbers.
fn specification(story: &Story<'_, '_>) -> String {
    let metrics = METRICS
        .iter()
        .filter(|metric| metric.interview || metric.column.is_some() || metric.id == COMPUTING);
    let demands: Vec<Demand<'_, '_>> = metrics.filter_map(|metric| demand(story, metric)).collect();
    if demands.is_empty() {
        return String::new();
    }
    let named = |of: &mut dyn Iterator<Item = &Demand<'_, '_>>| -> Vec<String> {
        of.map(|demand| within(demand.metric.title)).collect()
    };
    let mut items = String::new();
    for family in story.families() {
        let mut leads = demands
            .iter()
            .filter(|demand| demand.apart && demand.first.family() == family);
        let leads = named(&mut leads);
        if !leads.is_empty() {
            items.push_str(&format!(
                "- **Choose a {} stack** where the specification stresses {}.\n",
                family_title(family),
                number::list(&leads)
            ));
        }
    }
    let open = named(&mut demands.iter().filter(|demand| !demand.apart));
    if !open.is_empty() {
        items.push_str(&format!(
            "- **No reason for either**, since their best cannot be told apart here: {}.\n",
            number::list(&open)
        ));
    }
    let rows: Vec<Vec<String>> = demands
        .iter()
        .map(|demand| {
            vec![
                demand.metric.title.to_owned(),
                held(story, demand.first, demand.metric),
                held(story, demand.second, demand.metric),
                if demand.apart { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect();
    let head = [
        "what the specification stresses",
        "first",
        "best of the other family",
        "told apart",
    ];
    format!(
        "{}{items}\n{}{}",
        paragraph("By single requirement, the best stack of one family against the best of the other:"),
        paragraph("The same with the numbers:"),
        table(&head.map(str::to_owned), &rows)
    )
}

fn demand<'s, 'a>(story: &'s Story<'_, 'a>, metric: &'static Metric) -> Option<Demand<'s, 'a>> {
    let families = story.families();
    let mut best: Vec<(&FieldRow<'a>, f64)> = families
        .into_iter()
        .filter_map(|family| best_of(story, metric, family))
        .collect();
    best.sort_by(|a, b| in_order(metric, a.1, b.1));
    let [(first, own), (second, theirs), ..] = best[..] else {
        return None;
    };
    (own != theirs).then(|| Demand {
        metric,
        first,
        second,
        apart: comparing::is_better(story, metric, first.name, second.name),
    })
}

/// The best stack of a family on a metric, with its value.
fn best_of<'s, 'a>(
    story: &'s Story<'_, 'a>,
    metric: &Metric,
    family: &'s str,
) -> Option<(&'s FieldRow<'a>, f64)> {
    let value = |row: &FieldRow<'_>| Some(story.document.estimate(row.name, metric.id)?.estimate?.value);
    let valued = story
        .standing_for(family)
        .filter_map(|row| Some((row, value(row)?)));
    valued.min_by(|a, b| in_order(metric, a.1, b.1))
}

/// The better value first.
fn in_order(metric: &Metric, one: f64, other: f64) -> Ordering {
    match metric.better {
        Better::Lower => one.total_cmp(&other),
        Better::Higher => other.total_cmp(&one),
    }
}

fn held(story: &Story<'_, '_>, row: &FieldRow<'_>, metric: &Metric) -> String {
    let unit = story.document.brief.unit_of(metric.id);
    let range = story
        .document
        .estimate(row.name, metric.id)
        .and_then(|one| one.estimate);
    let Some(range) = range else {
        return inline(&row.title);
    };
    let value = Quantity::new(range.value, unit).in_table();
    if range.low < range.high {
        let end = |value: f64| Quantity::new(value, unit).bare();
        format!(
            "{} {value} ({} to {})",
            inline(&row.title),
            end(range.low),
            end(range.high)
        )
    } else {
        format!("{} {value}", inline(&row.title))
    }
}

/// Whom each contender is for: the mean of the weights under which it is the best.
fn central(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let verdict = &document.judgement.verdict;
    let (mut as_stated, mut items) = (Vec::new(), String::new());
    for row in story
        .field
        .iter()
        .filter(|row| row.is_ranked() && row.p_best >= WORTH_NAMING)
    {
        let weights = verdict.central_weights.get(row.name).and_then(Option::as_ref);
        let Some(weights) = weights else { continue };
        let mut more: Vec<(f64, String)> = weights
            .iter()
            .filter_map(|(criterion, weight)| {
                let mean = document.weight(criterion)?.share.value;
                let words = format!(
                    "{} ({} in place of {})",
                    document.criterion_words(criterion),
                    number::share(*weight),
                    number::share(mean)
                );
                (weight - mean > NAMED_FROM).then_some((weight - mean, words))
            })
            .collect();
        more.sort_by(|a, b| b.0.total_cmp(&a.0));
        let who = format!("**{}** ({})", inline(&row.title), number::probability(row.p_best));
        match more.is_empty() {
            true => as_stated.push(who),
            false => {
                let more: Vec<String> = more.into_iter().map(|(_, words)| words).collect();
                items.push_str(&format!("- {who}: more counts {}\n", number::list(&more)));
            }
        }
    }
    if !as_stated.is_empty() {
        items.push_str(&format!(
            "- priorities about like those of the brief: {}\n",
            number::list(&as_stated)
        ));
    }
    match items.is_empty() {
        true => items,
        false => {
            paragraph(
                "Whom each stack is for. The simulations try every weighting that the brief leaves open; this is the mean of \
                 those under which a stack came out best, with the share of simulations in which it did:",
            ) + &items
                + "\n"
        }
    }
}

/// What would change the answer.
fn flips(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let all = changes(document.run, document.brief, document.judgement);
    let flips = document.judgement.verdict.flips.iter().zip(&all);
    let (weights, measurements): (Vec<_>, Vec<_>) =
        flips.partition(|(flip, _)| matches!(flip, Flip::Weight { .. }));
    let nearest = measurements.iter().take(MEASUREMENTS_NAMED);
    let mut items: String = weights
        .iter()
        .chain(nearest)
        .map(|(_, change)| format!("- if {}\n", inline(change)))
        .collect();
    let further = measurements.len().saturating_sub(MEASUREMENTS_NAMED);
    if further > 0 {
        items.push_str(&format!(
            "- and {} of one measurement each, which the page lists\n",
            number::count(further, "further change")
        ));
    }
    let again = format!(
        "Your own priorities need no new measurement: {} judges the stored run again, and {} asks you about them.",
        code(&format!(
            "{} --weights speed=2,learning-curve=1",
            commands::decide(document)
        )),
        code(&format!("{} --ask", commands::decide(document)))
    );
    match items.is_empty() {
        true => paragraph(&again),
        false => {
            paragraph("What would change the answer, the smallest changes first:")
                + &items
                + "\n"
                + &paragraph(&again)
        }
    }
}
