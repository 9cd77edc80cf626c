//! What a budget left out of a full answer, in a sentence beside the answer. Judges nothing: the schedule says what was
//! planned, the judgement what is missing for want of time.

use super::facts::Facts;
use super::number::{count, duration_s, list};
use crate::judgement::Missing;
use crate::plan::{BudgetRule, Plan};
use crate::schedule::{LeftOut, left_out};
use std::collections::BTreeSet;

/// What the user's budget left out; empty where it left out nothing, and in runs of earlier versions.
pub(super) fn shortened(facts: &Facts) -> String {
    let plan = &facts.run.plan;
    let is_shorter = plan.budget_rule == BudgetRule::Given && plan.services.is_empty();
    if !is_shorter || facts.run.launches.is_empty() {
        return String::new();
    }
    let metrics = facts.judgement.metrics.iter();
    let without_turn = metrics.filter(|estimate| matches!(estimate.missing, Some(Missing::NoTurn)));
    let without_turn: BTreeSet<&str> = without_turn.map(|estimate| estimate.metric.as_str()).collect();
    sentence(plan, &left_out(plan), without_turn.len())
}

fn sentence(plan: &Plan, left: &LeftOut, metrics: usize) -> String {
    let mut parts = Vec::new();
    if left.rounds < left.of_rounds {
        let rounds = left.of_rounds - left.rounds;
        parts.push(format!(
            "{rounds} of {} launches of each contender",
            left.of_rounds
        ));
    }
    if metrics > 0 {
        parts.push(format!("the measurement of {}", count(metrics, "metric")));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!(
        "The budget of {} left out {}; a full answer takes {}.",
        duration_s(plan.budget_s.round()),
        list(&parts),
        duration_s(left.full_answer_s.round())
    )
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::plan::Plan;
    use crate::schedule::LeftOut;

    #[test]
    fn a_shorter_budget_is_named_with_what_it_left_out() {
        let plan = Plan::new(vec!["a".to_owned(), "b".to_owned()], 180.0, 1, vec![1.0]);
        let full = LeftOut {
            full_answer_s: 870.0,
            planned_s: 830.0,
            rounds: 3,
            of_rounds: 3,
            blocks: 6,
            of_blocks: 6,
            probes: Vec::new(),
        };
        assert_eq!(sentence(&plan, &full, 0), "");
        let short = LeftOut {
            rounds: 1,
            blocks: 2,
            ..full
        };
        assert_eq!(
            sentence(&plan, &short, 12),
            "The budget of 3 min left out 2 of 3 launches of each contender and the measurement of 12 metrics; a full answer \
             takes 14 min 30 s."
        );
    }
}
