//! The decision record, in the form of MADR 4.0, always as a proposal: a tool never accepts. Deliberately text only, so
//! that it reads the same in any viewer and needs no network.

mod markdown;

use crate::contender::{Entrant, Standing};
use crate::document::Document;
use crate::format::RenderError;
use crate::{commands, findings, number, wording};
use askama::Template;
use bakeoff_core::criterion::Criterion;
use bakeoff_core::metric::metric;
use bakeoff_core::verdict::{Flip, Outcome, Range};
use markdown::{code, inline};

/// How many measured values must stay on their side for the decision to stand: the nearest ones.
const THRESHOLDS: usize = 5;
/// How many changes that would change the answer are told; the page has all.
const FLIPS: usize = 8;

#[derive(Template)]
#[template(path = "decision.md", escape = "none")]
struct Record {
    date: String,
    expires: String,
    title: String,
    question: String,
    context: Vec<String>,
    drivers: Vec<String>,
    options: Vec<Choice>,
    outcome: String,
    chosen: Option<String>,
    because: String,
    consequences: Vec<(&'static str, String)>,
    findings: Vec<String>,
    reasons: Vec<String>,
    repeat: String,
    thresholds: Vec<String>,
    flips: Vec<String>,
    more: Vec<(&'static str, String)>,
    ranks_head: Vec<String>,
    ranks: Vec<(String, Vec<String>)>,
}

/// One of the options, with what speaks for and against it.
struct Choice {
    title: String,
    stack: String,
    standing: String,
    /// `Good`, `Neutral` or `Bad`, and why.
    arguments: Vec<(&'static str, String)>,
}

/// The record.
pub(crate) fn render(document: &Document<'_>) -> Result<String, RenderError> {
    let field = document.field();
    let words = &document.judgement.words;
    let verdict = &document.judgement.verdict;
    let date = wording::day(&document.run.started).to_owned();
    let record = Record {
        expires: year_later(&date),
        date: inline(&date),
        title: title(document),
        question: inline(&document.brief.question),
        context: context(document),
        drivers: drivers(document),
        options: field
            .iter()
            .map(|entrant| option(document, &field, entrant))
            .collect(),
        outcome: inline(&words.answer),
        chosen: chosen(document),
        because: inline(&words.because),
        consequences: consequences(document),
        findings: criteria_sentences(document),
        reasons: verdict.reasons.iter().map(|reason| inline(reason)).collect(),
        repeat: commands::repeat(document),
        thresholds: thresholds(document),
        flips: verdict
            .flips
            .iter()
            .take(FLIPS)
            .map(|flip| flip_sentence(document, flip))
            .collect(),
        more: more(document),
        ranks_head: rank_heads(&field),
        ranks: ranks(&field),
    };
    Ok(record.render()?)
}

fn title(document: &Document<'_>) -> String {
    let name = inline(&document.brief.name);
    let of = |contender: &Option<String>| contender.as_deref().map(|c| inline(&document.title(c)));
    let verdict = &document.judgement.verdict;
    match (verdict.outcome, of(&verdict.choice), of(&verdict.runner_up)) {
        (Outcome::Choose, Some(choice), _) => format!("Use {choice} for {name}"),
        (Outcome::KeepBoth, Some(first), Some(second)) => {
            format!("Keep {first} and {second} open for {name}")
        }
        (Outcome::KeepBoth, ..) => format!("Leave the choice for {name} open"),
        _ => format!("Use none of the measured stacks for {name}"),
    }
}

/// The option that is proposed, if one is.
fn chosen(document: &Document<'_>) -> Option<String> {
    let verdict = &document.judgement.verdict;
    let choice = verdict
        .choice
        .as_deref()
        .filter(|_| verdict.outcome == Outcome::Choose)?;
    Some(inline(&document.title(choice)))
}

fn consequences(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let words = &document.judgement.words;
    let told = [
        ("Good", "", &words.because),
        ("Bad", "", &words.beware),
        ("Neutral", "it is another answer when ", &words.unless),
    ];
    let told = told.into_iter().filter(|(_, _, sentence)| !sentence.is_empty());
    told.map(|(weight, before, sentence)| (weight, format!("{before}{}", inline(sentence))))
        .collect()
}

fn context(document: &Document<'_>) -> Vec<String> {
    let load = &document.brief.load;
    let mix: f64 = document.brief.traffic.iter().map(|part| part.share).sum();
    let parts: Vec<String> = document
        .brief
        .traffic
        .iter()
        .map(|part| {
            format!(
                "{} {}",
                number::probability(part.share / mix),
                code(&part.scenario)
            )
        })
        .collect();
    let mut lines = vec![
        format!(
            "One instance has {} and {} and must carry {} requests a second: {}.",
            wording::plural(load.cores as usize, "core"),
            number::level(load.memory_mb, "MB"),
            number::exact(load.peak_rps),
            wording::list(&parts)
        ),
        format!(
            "99 of 100 answers must come within {} ms, and at most {} % may fail.",
            number::exact(load.slo.p99_ms),
            number::exact(load.slo.error_rate * 100.0)
        ),
        format!("It is deployed as: {}.", inline(&document.brief.deploy.target)),
    ];
    let team = &document.brief.team;
    if !team.knows.is_empty() {
        let knows: Vec<String> = team.knows.iter().map(|word| inline(word)).collect();
        lines.push(format!("The team knows {}.", wording::list(&knows)));
    }
    let must: Vec<String> = document.brief.needs.must.iter().map(|word| code(word)).collect();
    if !must.is_empty() {
        lines.push(format!("It cannot do without {}.", wording::list(&must)));
    }
    lines
}

fn drivers(document: &Document<'_>) -> Vec<String> {
    let weight = |criterion: Criterion| {
        document
            .judgement
            .weights
            .iter()
            .find(|weight| weight.criterion == criterion.id())
    };
    let mut drivers: Vec<(f64, String)> = Criterion::ALL
        .into_iter()
        .map(|criterion| match weight(criterion) {
            Some(w) => (
                w.share.value,
                format!(
                    "{}: {} of the weight ({} to {}). {}",
                    criterion.words(),
                    number::probability(w.share.value),
                    number::probability(w.share.low),
                    number::probability(w.share.high),
                    criterion.sentence()
                ),
            ),
            None => (0.0, format!("{}: {}", criterion.words(), criterion.sentence())),
        })
        .collect();
    drivers.sort_by(|a, b| b.0.total_cmp(&a.0));
    drivers.into_iter().map(|(_, sentence)| sentence).collect()
}

fn criteria_sentences(document: &Document<'_>) -> Vec<String> {
    let sentences = document
        .judgement
        .words
        .criteria
        .iter()
        .filter(|(_, sentence)| !sentence.is_empty());
    let name = |id: &str| Criterion::from_id(id).map_or_else(|| inline(id), |c| c.words().to_owned());
    sentences
        .map(|(id, sentence)| format!("{}: {}", name(id), inline(sentence)))
        .collect()
}

/// What speaks for and against an option: its place on each criterion, its missing evidence, its faults.
fn option(document: &Document<'_>, field: &[Entrant<'_>], entrant: &Entrant<'_>) -> Choice {
    let mut arguments = Vec::new();
    if !matches!(entrant.standing, Standing::NotMeasured(_)) {
        arguments.extend(
            Criterion::ALL
                .into_iter()
                .filter_map(|c| argument(document, field, entrant, c)),
        );
        arguments.extend(
            Criterion::ALL
                .into_iter()
                .filter_map(|c| without_evidence(document, entrant, c)),
        );
    }
    for finding in findings::faults(document)
        .iter()
        .filter(|finding| finding.contender == entrant.name)
    {
        let (fault, owner) = (finding.fault, wording::owner(finding.fault.owner));
        let sentence = format!(
            "{}: {} ({owner} fault)",
            inline(&fault.stage),
            inline(&fault.message)
        );
        arguments.push(("Bad", sentence));
    }
    Choice {
        title: inline(&entrant.title),
        stack: inline(&entrant.stack()),
        standing: standing(entrant),
        arguments,
    }
}

/// A score and its place among those that are ranked: good in the first third, bad in the last.
fn argument(
    document: &Document<'_>,
    field: &[Entrant<'_>],
    entrant: &Entrant<'_>,
    criterion: Criterion,
) -> Option<(&'static str, String)> {
    let value = |name: &str| document.criterion(name, criterion).map(|row| row.score.value);
    let score = document.criterion(entrant.name, criterion)?.score;
    let others: Vec<f64> = field
        .iter()
        .filter(|e| e.is_ranked())
        .filter_map(|e| value(e.name))
        .collect();
    let better = others.iter().filter(|other| **other > score.value).count();
    let weight = match better * 3 {
        ahead if ahead < others.len() => "Good",
        ahead if ahead < others.len() * 2 => "Neutral",
        _ => "Bad",
    };
    let place = if entrant.is_ranked() {
        format!(", place {} of {}", better + 1, others.len())
    } else {
        String::new()
    };
    Some((weight, format!("{criterion} scores {}{place}", scored(score))))
}

fn without_evidence(
    document: &Document<'_>,
    entrant: &Entrant<'_>,
    criterion: Criterion,
) -> Option<(&'static str, String)> {
    let missing: Vec<String> = document
        .criterion(entrant.name, criterion)?
        .missing
        .iter()
        .map(|id| code(id))
        .collect();
    (!missing.is_empty()).then(|| {
        (
            "Neutral",
            format!("{criterion} lacks evidence of {}", wording::list(&missing)),
        )
    })
}

fn standing(entrant: &Entrant<'_>) -> String {
    match &entrant.standing {
        Standing::Ranked(rank) => format!(
            "Rank {rank}: best in {} of what is not known, value {}.",
            number::probability(entrant.p_best),
            entrant.value.map_or("not known".to_owned(), scored)
        ),
        Standing::Vetoed(reason) => format!("Out: {}.", inline(reason)),
        Standing::NotMeasured(reason) => format!("Not measured: {}.", inline(reason)),
    }
}

fn scored(range: Range) -> String {
    format!(
        "{} ({} to {})",
        number::score(range.value),
        number::score(range.low),
        number::score(range.high)
    )
}

fn flip_sentence(document: &Document<'_>, flip: &Flip) -> String {
    match flip {
        Flip::Weight {
            criterion,
            from,
            to,
            winner,
        } => format!(
            "{} would win if {} counted for {} of the weight instead of {}",
            inline(&document.title(winner)),
            Criterion::from_id(criterion).map_or(criterion.as_str(), |c| c.words()),
            number::probability(*to),
            number::probability(*from)
        ),
        Flip::Measurement {
            contender,
            metric: id,
            from,
            to,
            winner,
        } => {
            let unit = metric(id).map_or("", |row| document.unit(row));
            format!(
                "{} would win if {} of {} were {} instead of {}",
                inline(&document.title(winner)),
                code(id),
                inline(&document.title(contender)),
                number::in_table(*to, unit),
                number::in_table(*from, unit)
            )
        }
    }
}

/// What must hold again for the decision to stand.
fn thresholds(document: &Document<'_>) -> Vec<String> {
    let verdict = &document.judgement.verdict;
    let load = &document.brief.load;
    let mut lines = match (&verdict.choice, verdict.outcome) {
        (Some(choice), Outcome::Choose | Outcome::KeepBoth) => vec![
            format!(
                "{} is still the first of the field",
                inline(&document.title(choice))
            ),
            format!(
                "it carries {} requests a second with {} ≤ {} ms and at most {} % failures",
                number::exact(load.peak_rps),
                code("latency_ms_p99"),
                number::exact(load.slo.p99_ms),
                number::exact(load.slo.error_rate * 100.0)
            ),
        ],
        _ => vec!["still no contender passes all limits of the brief".to_owned()],
    };
    let measured = verdict
        .flips
        .iter()
        .filter(|flip| matches!(flip, Flip::Measurement { .. }));
    for flip in measured.take(THRESHOLDS) {
        if let Flip::Measurement {
            contender,
            metric: id,
            from,
            to,
            ..
        } = flip
        {
            let unit = metric(id).map_or("", |row| document.unit(row));
            let side = if to > from { "below" } else { "above" };
            lines.push(format!(
                "{} of {} stays {side} {}",
                code(id),
                inline(&document.title(contender)),
                number::in_table(*to, unit)
            ));
        }
    }
    lines
}

fn more(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let Document { run, judgement, .. } = *document;
    let mut rows = vec![
        ("Run", code(&run.id)),
        ("bakeoff", code(&run.version)),
        (
            "Brief",
            format!("{}, SHA-256 {}", code(&run.brief_path), code(&run.brief_sha256)),
        ),
        (
            "Host",
            inline(&format!(
                "{}, {}, {} cores",
                run.host.os, run.host.cpu, run.host.cores
            )),
        ),
        ("Database", inline(&run.host.database)),
        ("Seed", run.plan.seed.to_string()),
        (
            "Trials",
            format!(
                "{}; {}",
                run.trials.len(),
                inline(&wording::stop(run.stop.as_ref()))
            ),
        ),
        (
            "Samples",
            format!(
                "{}, error ±{}",
                number::count(u64::from(judgement.verdict.samples)),
                number::exact(judgement.verdict.monte_carlo_error)
            ),
        ),
    ];
    if let Some(second) = &judgement.verdict.second_opinion {
        let relation = if second.agrees { "agrees" } else { "disagrees" };
        rows.push((
            "Second opinion",
            format!(
                "a model that does not compensate {relation}: {}",
                inline(&document.title(&second.choice))
            ),
        ));
    }
    rows
}

fn rank_heads(field: &[Entrant<'_>]) -> Vec<String> {
    let longest = field.iter().map(|entrant| entrant.ranks.len()).max().unwrap_or(0);
    (1..=longest).map(|rank| rank.to_string()).collect()
}

fn ranks(field: &[Entrant<'_>]) -> Vec<(String, Vec<String>)> {
    let longest = rank_heads(field).len();
    let ranked = field
        .iter()
        .filter(|entrant| entrant.is_ranked() && !entrant.ranks.is_empty());
    ranked
        .map(|entrant| {
            let cell = |rank: usize| {
                entrant
                    .ranks
                    .get(rank)
                    .map_or_else(|| "–".to_owned(), |p| number::probability(*p))
            };
            (inline(&entrant.title), (0..longest).map(cell).collect())
        })
        .collect()
}

/// The same day of the next year; 29 February becomes 28 February. A text that is no day stays as it is.
fn year_later(day: &str) -> String {
    let (Some(year), Some(rest)) = (day.get(..4).and_then(|y| y.parse::<u32>().ok()), day.get(4..)) else {
        return inline(day);
    };
    let rest = if rest == "-02-29" { "-02-28" } else { rest };
    format!("{:04}{}", year + 1, inline(rest))
}

#[cfg(test)]
mod tests {
    use super::year_later;

    #[test]
    fn a_record_expires_after_a_year() {
        assert_eq!(year_later("2026-11-24"), "2027-11-24");
        assert_eq!(year_later("2028-02-29"), "2029-02-28");
    }
}
