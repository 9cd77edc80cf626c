//! The words for contenders that are level: those that share the first rank, and the best two where nothing that is
//! measured at the brief's rate tells them apart. It names nobody as ahead.

use super::facts::Facts;
use super::number::list;
use std::cmp::Ordering;

/// The metric that says which languages the team knows, as a share.
const TEAM_KNOWS: &str = "team_known";

/// All that share the first rank, by their titles, if several do.
pub(super) fn leaders<'a>(facts: &Facts<'a>) -> Option<Vec<&'a str>> {
    let verdict = facts.verdict();
    let choice = verdict.choice.as_ref()?;
    let all = [choice].into_iter().chain(&verdict.level_with_choice);
    (!verdict.level_with_choice.is_empty()).then(|| all.map(|name| facts.title(name)).collect())
}

/// The answer when several share the first rank.
pub(super) fn answer(facts: &Facts, leaders: &[&str]) -> String {
    format!(
        "For `{}`, {} share the first place: nothing tells them apart, so {}.",
        facts.brief.name,
        list(leaders),
        take_what_you_know(facts)
    )
}

/// What to take of the best two when nothing measured decides: what the team knows, by name where the brief says it.
pub(super) fn take_what_you_know(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let knows = |name: &Option<String>| {
        let estimate = facts.estimate(name.as_deref()?, TEAM_KNOWS)?;
        Some(estimate.estimate?.value)
    };
    let known = knows(&verdict.choice)
        .zip(knows(&verdict.runner_up))
        .filter(|_| !facts.brief.team.knows.is_empty() && verdict.level_with_choice.len() < 2);
    let taken = match known.and_then(|(one, other)| one.partial_cmp(&other)) {
        Some(Ordering::Greater) => verdict.choice.as_deref(),
        Some(Ordering::Less) => verdict.runner_up.as_deref(),
        Some(Ordering::Equal) | None => None,
    };
    match taken {
        Some(name) => format!("take what your team knows: {}", facts.title(name)),
        None => "take the one that your team knows better".to_owned(),
    }
}

/// That the best two are level at the brief's rate, where one of them is ahead by something else.
pub(super) fn at_the_briefs_rate(facts: &Facts) -> Option<String> {
    let verdict = facts.verdict();
    let (choice, second) = (verdict.choice.as_deref()?, verdict.runner_up.as_deref()?);
    verdict.level_at_rate.then(|| {
        format!(
            "At the brief's rate {} and {} are within the noise or a tenth of each other in CPU time and latency: {}.",
            facts.title(choice),
            facts.title(second),
            take_what_you_know(facts)
        )
    })
}
