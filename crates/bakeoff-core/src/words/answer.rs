//! The answer: one sentence that a reader can repeat in a meeting. There is one form for each of the four outcomes;
//! that of a verdict which is not decided yet is in [`super::undecided`].

use super::facts::Facts;
use super::number::{Quantity, count, list, probability, score_difference, share};
use super::{absence, level, undecided};
use crate::verdict::{Flip, Outcome};

/// More measuring than this many times what was measured is not offered.
const PATIENCE: f64 = 20.0;

pub(super) fn answer(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let brief = &facts.brief.name;
    match (verdict.outcome, &verdict.choice, &verdict.runner_up) {
        (Outcome::Undecided, ..) => undecided::answer(facts),
        (Outcome::Choose, Some(choice), None) => {
            let title = facts.title(choice);
            if facts.contenders() == 1 {
                return format!(
                    "For `{brief}`, choose {title}: it is the only one judged, and it meets the brief."
                );
            }
            let field = count(facts.contenders(), "contender");
            format!("For `{brief}`, choose {title}: it is the only one of {field} that meets the brief.")
        }
        (Outcome::Choose, Some(choice), Some(_)) => format!(
            "For `{brief}`, choose {}: it is {} likely to be the best choice, given {}.",
            facts.title(choice),
            probability(facts.p_best(choice)),
            unknowns(facts)
        ),
        (Outcome::KeepBoth, Some(choice), Some(second)) => keep_both(facts, choice, second),
        _ => none_fits(facts),
    }
}

/// What the probability accounts for.
fn unknowns(facts: &Facts) -> String {
    let judgement = facts.judgement;
    let is_missing = judgement
        .metrics
        .iter()
        .any(|estimate| estimate.missing.is_some());
    let is_open = judgement
        .weights
        .iter()
        .any(|weight| weight.share.low < weight.share.high);
    let unknown = [
        ("measurement noise", true),
        ("missing data", is_missing),
        ("the priorities you left open", is_open),
    ];
    let present: Vec<&str> = unknown
        .iter()
        .filter(|(_, is_there)| *is_there)
        .map(|(words, _)| *words)
        .collect();
    list(&present)
}

fn keep_both(facts: &Facts, choice: &str, second: &str) -> String {
    if let Some(leaders) = level::leaders(facts) {
        return level::answer(facts, &leaders);
    }
    let brief = &facts.brief.name;
    let (first, other) = (facts.title(choice), facts.title(second));
    let wins = facts.pairwise(choice, second);
    let way_out = way_out(facts);
    let separated = facts
        .margin()
        .is_some_and(|margin| margin.probability_ahead() >= facts.brief.verdict.separated);
    // P(best) alone can miss its threshold because the field has many similar contenders; the best two are then apart.
    if wins < facts.brief.verdict.pairwise || !separated {
        let wins = probability(wins);
        let today = if facts.verdict().level_at_rate {
            format!("; if you choose today, {}", level::take_what_you_know(facts))
        } else {
            String::new()
        };
        return format!(
            "For `{brief}`, {first} and {other} cannot be told apart with this evidence ({first} is {wins} likely to be the better one); {way_out}{today}."
        );
    }
    let best = probability(facts.p_best(choice));
    format!(
        "For `{brief}`, {first} is ahead, but not clearly: it is {best} likely to be the best choice, and {other} is next; {way_out}."
    )
}

/// What would settle the order of the best two: more measuring, or clearer priorities.
pub(super) fn way_out(facts: &Facts) -> String {
    let Some(margin) = facts.margin() else {
        return "there is no other contender to compare with".to_owned();
    };
    if margin.probability_ahead() < facts.brief.verdict.separated {
        let separated = facts.brief.verdict.separated;
        let (more, so_far, step_s) = if margin.has_launches() {
            (
                margin.rounds_to_settle(separated),
                margin.launches,
                margin.round_s,
            )
        } else {
            (margin.blocks_to_settle(separated), margin.blocks, margin.block_s)
        };
        return match more {
            Some(steps) if f64::from(steps) <= PATIENCE * so_far && steps > 0 => {
                let time = Quantity::new(f64::from(steps) * step_s, "s").in_prose();
                format!("about {time} more of measuring would most likely settle it")
            }
            _ if margin.missing > margin.noise => missing_values(facts),
            _ => format!(
                "they score within {} of each other (on a scale from 0 to 1) and the measurement error is {}, so even {PATIENCE} times the measuring time would not separate them: treat them as equal",
                score_difference(margin.lead),
                score_difference(margin.noise)
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
            let than = if to > from { "more" } else { "less" };
            let (criterion, to, winner) = (facts.criterion_words(criterion), share(*to), facts.title(winner));
            format!(
                "clearer priorities would settle it: {winner} leads if {criterion} counts for {than} than {to}"
            )
        }
        _ => "the priorities you left open keep it undecided, and more measuring would not settle it"
            .to_owned(),
    }
}

/// How many values of the best two are missing, and what may add them.
fn missing_values(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let best_two = [&verdict.choice, &verdict.runner_up];
    let of_two = |name: &String| best_two.into_iter().flatten().any(|one| one == name);
    let metrics = facts.judgement.metrics.iter();
    let all = metrics.filter(|estimate| of_two(&estimate.contender) && estimate.is_asked());
    let missing = all.clone().filter(|estimate| estimate.missing.is_some());
    let (missed, of) = (missing.clone().count(), all.count());
    let by_gates = missing.filter(|estimate| estimate.gate.is_some()).count();
    // A gate fails because of the machine or of the load; a run without disturbance may pass it.
    let remedy = if by_gates * 2 > missed {
        "a run on a quieter machine may add them"
    } else {
        "a longer run would not add them"
    };
    format!("{missed} of {of} values for these two are missing, so the result stays open; {remedy}")
}

fn none_fits(facts: &Facts) -> String {
    let load = &facts.brief.load;
    let required = format!(
        "{} requests/s, p99 within {}, on {}",
        Quantity::new(load.peak_rps, "").as_set(),
        Quantity::new(load.slo.p99_ms, "ms").as_set(),
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
                "No contender meets `{brief}` ({required}); {} comes closest: {}.",
                facts.title(name),
                list(&reasons)
            )
        }
        None => format!("Nothing was measured for `{brief}`, so there is no answer."),
    }
}
