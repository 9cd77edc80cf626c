//! The beginning: the title, what is to be built, and the answer in short.

use super::figure::Figures;
use super::lanes::{Lane, Lanes};
use super::story::{Story, capital, paragraph, table};
use crate::adr::context::context;
use crate::adr::markdown::{code, inline};
use crate::wording;
use bakeoff_core::contender::family_title;
use bakeoff_core::metric::Scale;
use bakeoff_core::words::number::{self, Quantity};

/// Title and introduction.
pub(super) fn head(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let families: Vec<&str> = story.families().into_iter().map(family_title).collect();
    let brief = &document.brief.name;
    let title = match &families[..] {
        [] => format!("A backend, measured for {brief}"),
        [one] => format!("{one} for the backend, measured for {brief}"),
        [most @ .., last] => format!(
            "{} or {last} for the backend, measured for {brief}",
            most.join(", ")
        ),
    };
    let answer = document.words.both_levels();
    format!(
        "# {}\n\n{}{}",
        inline(&title),
        paragraph(&format!("**{}**", inline(&answer))),
        paragraph(&format!(
            "Most comparisons of backends quote what others said. This one quotes a measurement: the same service was \
             built with each stack, the load of one brief was sent to it, and every number below is what the run {} of {} \
             observed. Numbers in brackets are 95 % confidence intervals. Two numbers whose intervals overlap may be equal.",
            code(&document.run.id),
            wording::day(&document.run.started)
        ))
    )
}

/// What is to be built, and how it was measured, in short.
pub(super) fn question(story: &Story<'_, '_>) -> String {
    let document = story.document;
    let mut text = "## What is to be built\n\n".to_owned();
    text.push_str(&paragraph(&context(document).join(" ")));
    let run = document.run;
    text.push_str(&paragraph(&format!(
        "Each stack serves the same contract, as its own documentation recommends. It was started several times, warmed up \
         until its CPU time per request kept one level, and measured in turns with the others: {} on {} ({}). A request \
         counts from the instant at which it was due, so a server that falls behind cannot hide it.",
        wording::extent(run),
        inline(&run.host.cpu),
        number::count(run.host.cores as usize, "processor"),
    )));
    text
}

/// The answer with its three short lines, a figure and a table.
pub(super) fn answer(story: &Story<'_, '_>, figures: &mut Figures) -> String {
    let words = story.document.words;
    let mut text = "## The answer in short\n\n".to_owned();
    if let Some(choice) = &story.document.judgement.verdict.choice {
        let title = inline(story.document.title(choice));
        text.push_str(&paragraph(&format!(
            "**{title}** is ahead; three lines say why, what would change that, and what speaks against it."
        )));
    }
    let mut bullets = String::new();
    for (label, sentence) in [
        ("Because", &words.because),
        ("Unless", &words.unless),
        ("Beware", &words.beware),
    ] {
        if !sentence.is_empty() {
            bullets.push_str(&format!("- **{label}** {}.\n", inline(sentence)));
        }
    }
    if !bullets.is_empty() {
        text.push_str(&format!("{bullets}\n"));
    }
    for sentence in words.beside_the_answer() {
        text.push_str(&paragraph(&inline(sentence)));
    }
    text.push_str(&scores(story, figures));
    text.push_str(&ranking(story));
    text
}

fn scores(story: &Story<'_, '_>, figures: &mut Figures) -> String {
    let lanes = story.measured().map(|row| Lane {
        name: row.name,
        title: row.title.clone(),
        is_reference: row.is_reference(),
        value: row.score,
        words: row.score.map_or_else(String::new, |score| {
            format!(
                "{} ({} to {})",
                number::score(score.value),
                number::score(score.low),
                number::score(score.high)
            )
        }),
    });
    let panel = Lanes {
        title: "Overall score, from 0 (what is required at least) to 1 (ideal)".to_owned(),
        scale: Scale::Linear,
        unit: "",
        marks: Vec::new(),
        is_share: true,
        lanes: lanes.collect(),
    };
    figures.add(
        story,
        "scores",
        "Overall score of each contender with its 95 % interval over noise, missing data and open priorities",
        &[panel],
    )
}

fn ranking(story: &Story<'_, '_>) -> String {
    let head = ["contender", "likely the best", "score", "95 %"].map(str::to_owned);
    let ranked = story.field.iter().filter(|row| row.is_ranked());
    let rows: Vec<Vec<String>> = ranked
        .map(|row| {
            let score = row.score;
            vec![
                inline(&row.title),
                number::probability(row.p_best),
                score.map_or_else(|| "–".to_owned(), |score| number::score(score.value)),
                score.map_or_else(String::new, |score| {
                    format!("{} to {}", number::score(score.low), number::score(score.high))
                }),
            ]
        })
        .collect();
    let without: Vec<String> = story
        .field
        .iter()
        .filter_map(|row| match &row.standing {
            crate::field::Standing::Vetoed(why) => {
                Some(format!("{} is out: {}.", inline(&row.title), inline(why)))
            }
            crate::field::Standing::NotMeasured(why) => Some(format!(
                "{} was not measured: {}.",
                inline(&row.title),
                inline(why)
            )),
            _ => None,
        })
        .collect();
    table(&head, &rows) + &paragraph(&without.join(" ")) + &headroom(story)
}

/// How many times the brief's peak each carries.
fn headroom(story: &Story<'_, '_>) -> String {
    let peak = story.document.brief.load.peak_rps;
    let carried = story
        .measured()
        .filter(|row| row.has_numbers())
        .filter_map(|row| {
            let rate = story.document.estimate(row.name, "rate_rps_slo")?.estimate?;
            let times = |rate: f64| Quantity::new(rate / peak, "").in_prose();
            Some(format!(
                "{} {} times ({} to {})",
                inline(&row.title),
                times(rate.value),
                times(rate.low),
                times(rate.high)
            ))
        });
    let carried: Vec<String> = carried.collect();
    if carried.is_empty() {
        return String::new();
    }
    paragraph(&format!(
        "{}: {} within the service level.",
        capital("headroom over the brief's peak"),
        number::list(&carried)
    ))
}
