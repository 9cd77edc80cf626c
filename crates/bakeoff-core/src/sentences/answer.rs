//! The one sentence that can be repeated in a meeting. Deliberately one for each of the three answers and no fourth.

use super::Facts;
use super::absence;
use super::number::{count, list, part_of_value, probability, quantity, share, stated};
use crate::verdict::{Flip, Outcome};

/// More measuring than this many times what was measured is not offered.
const PATIENCE: f64 = 20.0;

pub(super) fn answer(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let brief = &facts.brief.name;
    match (verdict.outcome, &verdict.choice, &verdict.runner_up) {
        (Outcome::Choose, Some(choice), None) => {
            let field = count(facts.contenders(), "contender");
            format!(
                "For `{brief}`, choose {}: of {field} it is the only one that is not out.",
                facts.title(choice)
            )
        }
        (Outcome::Choose, Some(choice), Some(_)) => format!(
            "For `{brief}`, choose {}: best in {} of everything that is not known.",
            facts.title(choice),
            probability(p_best(facts, choice))
        ),
        (Outcome::KeepBoth, Some(choice), Some(second)) => keep_both(facts, choice, second),
        _ => none_fits(facts),
    }
}

pub(super) fn p_best(facts: &Facts, name: &str) -> f64 {
    facts.verdict().p_best.get(name).copied().unwrap_or(0.0)
}

pub(super) fn pairwise(facts: &Facts, first: &str, second: &str) -> f64 {
    facts
        .verdict()
        .pairwise
        .get(first)
        .and_then(|others| others.get(second))
        .copied()
        .unwrap_or(0.5)
}

fn keep_both(facts: &Facts, choice: &str, second: &str) -> String {
    let brief = &facts.brief.name;
    let (first, other) = (facts.title(choice), facts.title(second));
    let wins = pairwise(facts, choice, second);
    let way_out = way_out(facts);
    let separated = facts
        .margin
        .is_some_and(|margin| margin.probability_ahead() >= facts.brief.verdict.separated);
    if wins < facts.brief.verdict.pairwise || !separated {
        let wins = probability(wins);
        return format!(
            "For `{brief}`, {first} and {other} cannot be told apart with this evidence, {first} being the better one in {wins}; {way_out}."
        );
    }
    let best = probability(p_best(facts, choice));
    format!(
        "For `{brief}`, {first} leads but is not settled: best in {best} of everything that is not known, with {other} next; {way_out}."
    )
}

/// What would settle the order of the best two: measuring, or a word on priorities.
pub(super) fn way_out(facts: &Facts) -> String {
    let Some(margin) = facts.margin else {
        return "nothing else is left to compare".to_owned();
    };
    if margin.probability_ahead() < facts.brief.verdict.separated {
        return match margin.blocks_to_settle(facts.brief.verdict.separated) {
            Some(blocks) if f64::from(blocks) <= PATIENCE * margin.blocks && blocks > 0 => {
                let time = quantity(f64::from(blocks) * margin.block_s, "s", "");
                format!("about {time} more of measuring would most likely settle it")
            }
            _ if margin.missing > margin.noise => lost(facts),
            _ => format!(
                "they are {} of value apart where measuring errs by {}, and {PATIENCE} times as much of it would not settle it",
                part_of_value(margin.lead),
                part_of_value(margin.noise)
            ),
        };
    }
    match facts.nearest_weight_flip() {
        Some(Flip::Weight {
            criterion,
            from,
            to,
            winner,
        }) => {
            let (more, criterion) = (
                if to > from { "more" } else { "less" },
                facts.criterion_words(criterion),
            );
            let (to, winner) = (share(*to), facts.title(winner));
            format!(
                "a word on priorities would settle it: {winner} leads where {criterion} counts for {more} than {to}"
            )
        }
        _ => "priorities that the brief leaves open keep it so, and measuring more would not settle it"
            .to_owned(),
    }
}

/// How many values of the best two are missing, and what may bring them.
fn lost(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let of_two = |name: &String| {
        [&verdict.choice, &verdict.runner_up]
            .into_iter()
            .flatten()
            .any(|one| one == name)
    };
    let both = facts
        .judgement
        .metrics
        .iter()
        .filter(|estimate| of_two(&estimate.contender));
    let missing = both.clone().filter(|estimate| estimate.missing.is_some());
    let (lost, all) = (missing.clone().count(), both.count());
    let by_gates = missing.filter(|estimate| estimate.gate.is_some()).count();
    let way = if by_gates * 2 > lost {
        "a quieter machine may bring them"
    } else {
        "more blocks of the same would not bring them"
    };
    format!("{lost} of the {all} values of the two are missing, which keeps it open, and {way}")
}

fn none_fits(facts: &Facts) -> String {
    let load = &facts.brief.load;
    let asked = format!(
        "{} requests a second within {} ms on {}",
        stated(load.peak_rps),
        stated(load.slo.p99_ms),
        count(load.cores as usize, "core")
    );
    let brief = &facts.brief.name;
    match facts.closest().first() {
        Some(name) => {
            let vetoes = facts
                .verdict()
                .vetoes
                .iter()
                .filter(|veto| veto.contender == **name);
            let reasons: Vec<String> = vetoes.map(|veto| absence::veto(&veto.reason)).collect();
            format!(
                "Nothing here fits `{brief}` ({asked}); {} comes closest: {}.",
                facts.title(name),
                list(&reasons)
            )
        }
        None => format!("Nothing was measured for `{brief}`, so nothing can be said of it."),
    }
}
