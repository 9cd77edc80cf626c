//! The sentences about runtimes and frameworks that were past their end of life on the day of the run, or older than
//! wanted. They stand beside the answer, since every number of those contenders is weaker for it.

use super::facts::Facts;
use super::number::list;
use crate::evidence::Caution;

/// A runtime or framework with its caution, and who was measured with it.
struct Group<'a> {
    caution: Caution,
    not_provided: Option<&'a str>,
    titles: Vec<&'a str>,
}

/// One sentence for each such runtime or framework; empty where there is none.
pub(super) fn lifetimes(facts: &Facts) -> String {
    let mut groups: Vec<Group> = Vec::new();
    let measured = |name: &str| {
        let mut trials = facts.run.trials.iter();
        trials.any(|trial| trial.entrant.is_contender(name))
    };
    for record in facts
        .run
        .contenders
        .iter()
        .filter(|record| measured(&record.name))
    {
        for part in &record.support {
            let Some(caution) = part.caution_on(facts.run.day()) else {
                continue;
            };
            let title = facts.title(&record.name);
            match groups.iter_mut().find(|group| group.caution == caution) {
                Some(group) => group.titles.push(title),
                None => groups.push(Group {
                    caution,
                    not_provided: part.not_provided.as_deref(),
                    titles: vec![title],
                }),
            }
        }
    }
    let sentences: Vec<String> = groups.iter().filter_map(sentence).collect();
    sentences.join(" ")
}

fn sentence(group: &Group) -> Option<String> {
    let who = list(&group.titles);
    let said = match &group.caution {
        Caution::RuntimeEnded { runtime, ended } => {
            format!("{who} ran on {runtime}, past its end of life since {ended}.")
        }
        Caution::FrameworkEnded { framework, ended } => {
            format!("{who} ran with {framework}, past its end of life since {ended}.")
        }
        Caution::RuntimeOlderThanWanted { runtime, wanted } => {
            format!("{who} ran on {runtime}, older than the wanted {wanted}.")
        }
        _ => return None,
    };
    let why = group
        .not_provided
        .map(|why| format!(" No newer one was provided: {why}."));
    Some(said + why.as_deref().unwrap_or_default())
}
