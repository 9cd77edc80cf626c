//! Flips: the smallest changes that change the choice, of one criterion's weight (the others in proportion) or of one
//! measurement of the best two. Values are linear in both, so each flip has a closed form. One thing changes at a
//! time, at the mean weights and expected scores; joint changes are left to the simulation.

use super::metrics::Measured;
use super::scored::Scored;
use crate::smaa::Decision;
use crate::verdict::Flip;

/// Two that come this near are level. A crossing at the very end of the scale changes no choice.
const LEVEL: f64 = 1e-9;

/// The best two of a decision.
pub(super) struct Pair<'a> {
    pub(super) decision: &'a Decision,
    pub(super) leader: usize,
    pub(super) second: usize,
}

/// For each criterion the nearest share above and below its mean at which another leads; the smallest change first.
pub(super) fn of_weights(decision: &Decision, leader: usize) -> Vec<Flip> {
    let mut found = Vec::new();
    for criterion in 0..decision.criteria.len() {
        let from = decision.weights[criterion].value;
        let crossings = (0..decision.alternatives.len())
            .filter(|other| *other != leader)
            .filter_map(|other| {
                let share = crossing(decision, leader, other, criterion)?;
                (share > LEVEL && share < 1.0 - LEVEL && (share - from).abs() > LEVEL)
                    .then_some((share, other))
            });
        let (above, below): (Vec<_>, Vec<_>) = crossings.partition(|(share, _)| *share > from);
        let nearest = |side: Vec<(f64, usize)>| {
            side.into_iter()
                .min_by(|a, b| (a.0 - from).abs().total_cmp(&(b.0 - from).abs()))
        };
        for (to, winner) in [nearest(above), nearest(below)].into_iter().flatten() {
            let (criterion, winner) = (
                decision.criteria[criterion].clone(),
                decision.alternatives[winner].clone(),
            );
            found.push(Flip::Weight {
                criterion,
                from,
                to,
                winner,
            });
        }
    }
    let size = |flip: &Flip| {
        if let Flip::Weight { from, to, .. } = flip {
            (to - from).abs()
        } else {
            f64::INFINITY
        }
    };
    found.sort_by(|a, b| size(a).total_cmp(&size(b)));
    found
}

/// The share of a criterion at which two are level when the others keep their proportions (even ones, where they have
/// none).
fn crossing(decision: &Decision, leader: usize, other: usize, criterion: usize) -> Option<f64> {
    let rest: f64 = 1.0 - decision.weights[criterion].value;
    let count = decision.criteria.len() - 1;
    let ahead = |index: usize| decision.scores[leader][index].value - decision.scores[other][index].value;
    let of_others: f64 = (0..decision.criteria.len())
        .filter(|index| *index != criterion)
        .map(|index| {
            // A criterion with all of the weight leaves no proportions to keep, so the others share evenly.
            let part = if rest > 1e-9 {
                decision.weights[index].value / rest
            } else {
                1.0 / count.max(1) as f64
            };
            part * ahead(index)
        })
        .sum();
    let slope = ahead(criterion) - of_others;
    (slope.abs() > LEVEL).then(|| -of_others / slope)
}

/// The value of one metric at which the second leads: of the leader made worse, of the second made better. The
/// smallest change of score first.
pub(super) fn of_measurements(
    pair: &Pair,
    scored: &[Scored],
    leader: &[Measured],
    second: &[Measured],
) -> Vec<Flip> {
    let decision = pair.decision;
    let lead = decision.expected_value[pair.leader].value - decision.expected_value[pair.second].value;
    let winner = &decision.alternatives[pair.second];
    let mut found = Vec::new();
    for metric in scored {
        let weight = decision.weights[metric.criterion].value / metric.sharers as f64;
        for (whose, measured, direction) in [(pair.leader, leader, -1.0), (pair.second, second, 1.0)] {
            let shown = &measured[metric.place].shown;
            let (Some(estimate), Some(score)) = (shown.estimate, shown.score) else {
                continue;
            };
            let change = lead / weight;
            let target = score.value + direction * change;
            if (0.0..=1.0).contains(&target) && change.is_finite() {
                let flip = Flip::Measurement {
                    contender: decision.alternatives[whose].clone(),
                    metric: metric.id.to_owned(),
                    from: estimate.value,
                    to: metric.function.value_at(target),
                    winner: winner.clone(),
                };
                found.push((change, flip));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.into_iter().map(|(_, flip)| flip).collect()
}
