//! A paragraph for each word that bakeoff uses: metrics, criteria, scenarios, cautions, gates and the words of a verdict. Made from the
//! tables that the program itself works by, so that no explanation can differ from what is computed. Deliberately prints nothing.

mod caution;
mod gate;
mod metric;
mod own;
#[cfg(test)]
mod tests;
mod verdict;

use crate::brief::Brief;
use crate::criterion::Criterion;
use crate::metric::METRICS;
use crate::scenario::Scenario;

/// A word and what it means.
#[derive(Debug, Clone, Copy)]
struct Entry {
    word: &'static str,
    paragraph: &'static str,
}

/// Every word that [`explain`] knows, in the order metrics, criteria, scenarios, cautions, gates, verdict.
#[must_use]
pub fn words(scenarios: &[Scenario]) -> Vec<String> {
    let metrics = METRICS.iter().map(|metric| metric.id.to_owned());
    let criteria = Criterion::ALL
        .into_iter()
        .map(|criterion| criterion.id().to_owned());
    let scenarios = scenarios.iter().map(|scenario| scenario.id.clone());
    let tables = [caution::CAUTIONS, gate::GATES, verdict::WORDS];
    let entries = tables.into_iter().flatten().map(|entry| entry.word.to_owned());
    metrics.chain(criteria).chain(scenarios).chain(entries).collect()
}

/// What a word means, for a reader; with a brief, what it means for that brief. None for a word that is not known.
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
    let kinds = [
        ("caution", caution::CAUTIONS),
        ("gate", gate::GATES),
        ("verdict", verdict::WORDS),
    ];
    kinds.into_iter().find_map(|(kind, table)| {
        let entry = table.iter().find(|entry| is(entry.word))?;
        let more = verdict::under(entry.word, brief);
        Some(format!("{} ({kind})\n{}{more}", entry.word, entry.paragraph))
    })
}

/// A word without what does not count in it.
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
        "{} (scenario): {}\n{}\nThe load sends `{} {}`; a correct answer costs {} in the database; its contract has {}.",
        scenario.id,
        scenario.title,
        scenario.summary,
        request.method,
        request.path,
        counted(scenario.statements as usize, "statement"),
        counted(scenario.cases.len(), "case"),
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
            "\nFor `{}` it is {:.0} % of the traffic.",
            brief.name,
            traffic.share / all * 100.0
        ),
        None => format!("\nFor `{}` it is no part of the traffic.", brief.name),
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}"),
        1 => format!("one {what}"),
        _ => format!("{count} {what}s"),
    }
}
