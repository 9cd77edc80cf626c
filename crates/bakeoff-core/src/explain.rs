//! A paragraph for each word that bakeoff uses: metrics, criteria, scenarios, cautions, gates, checks, reasons for no
//! evidence, and the words of a verdict. It is made from the tables that the program itself uses, so no explanation can
//! differ from what is computed.

mod absence;
mod caution;
mod check;
mod entry;
mod gate;
mod metric;
mod own;
#[cfg(test)]
mod tests;
mod verdict;

use crate::brief::Brief;
use crate::criterion::Criterion;
use crate::evidence::Gate;
use crate::impossible::Check;
use crate::metric::METRICS;
use crate::scenario::Scenario;
use crate::words::number;
use entry::Entry;

/// Every word that [`explain`] knows, in the order metrics, criteria, scenarios, cautions, gates, checks, reasons for
/// no evidence, verdict.
#[must_use]
pub fn words(scenarios: &[Scenario]) -> Vec<String> {
    let metrics = METRICS.iter().map(|metric| metric.id.to_owned());
    let criteria = Criterion::ALL
        .into_iter()
        .map(|criterion| criterion.id().to_owned());
    let scenarios = scenarios.iter().map(|scenario| scenario.id.clone());
    let word_of = |entry: &Entry| entry.word.to_owned();
    metrics
        .chain(criteria)
        .chain(scenarios)
        .chain(caution::CAUTIONS.iter().map(word_of))
        .chain(Gate::ALL.into_iter().map(|gate| gate.id().to_owned()))
        .chain(Check::ALL.into_iter().map(|check| check.id().to_owned()))
        .chain(absence::REASONS.iter().map(word_of))
        .chain(verdict::WORDS.iter().map(word_of))
        .collect()
}

/// What a word means; with a brief, what it means for that brief. None for an unknown word.
///
/// Case, blanks and punctuation do not count: `P(best)` is `p-best`.
#[must_use]
pub fn explain(word: &str, scenarios: &[Scenario], brief: Option<&Brief>) -> Option<String> {
    let is = |known: &str| plain(known) == plain(word);
    if let Some(metric) = METRICS.iter().find(|metric| is(metric.id)) {
        return Some(metric::paragraph(metric, brief));
    }
    if let Some(criterion) = Criterion::ALL.into_iter().find(|criterion| is(criterion.id())) {
        return Some(metric::criterion(criterion));
    }
    if let Some(scenario) = scenarios.iter().find(|scenario| is(&scenario.id)) {
        return Some(of_scenario(scenario, brief));
    }
    if let Some(paragraph) = brief.and_then(|brief| own::paragraph(brief, is)) {
        return Some(paragraph);
    }
    if let Some(gate) = Gate::ALL.into_iter().find(|gate| is(gate.id())) {
        return Some(format!("{} (gate)\n{}", gate.id(), gate::paragraph(gate)));
    }
    if let Some(check) = Check::ALL.into_iter().find(|check| is(check.id())) {
        return Some(format!("{} (check)\n{}", check.id(), check::paragraph(check)));
    }
    let kinds = [
        ("caution", caution::CAUTIONS),
        ("no evidence", absence::REASONS),
        ("verdict", verdict::WORDS),
    ];
    kinds.into_iter().find_map(|(kind, table)| {
        let entry = table.iter().find(|entry| is(entry.word))?;
        let more = verdict::under(entry.word, brief);
        Some(format!("{} ({kind})\n{}{more}", entry.word, entry.paragraph))
    })
}

/// A word without what does not count: case, blanks and punctuation.
fn plain(word: &str) -> String {
    let spaced: String = word
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                ' '
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join("-")
}

fn of_scenario(scenario: &Scenario, brief: Option<&Brief>) -> String {
    let request = &scenario.request;
    let mut text = format!(
        "{} (scenario): {}\n{}\nThe load sends `{} {}`; a correct response takes {} in the database; its contract has {}.",
        scenario.id,
        scenario.title,
        scenario.summary,
        request.method,
        request.path,
        number::count(scenario.statements as usize, "SQL statement"),
        number::count(scenario.cases.len(), "case"),
    );
    if let Some(brief) = brief {
        text.push_str(&share(scenario, brief));
    }
    text
}

fn share(scenario: &Scenario, brief: &Brief) -> String {
    let all: f64 = brief.traffic.iter().map(|traffic| traffic.share).sum();
    match brief
        .traffic
        .iter()
        .find(|traffic| traffic.scenario == scenario.id)
    {
        Some(traffic) => format!(
            "\nIn `{}` it is {} of the traffic.",
            brief.name,
            number::share(traffic.share / all)
        ),
        None => format!("\n`{}` does not use it.", brief.name),
    }
}
