//! The three answers. *Choose*: one leads, is more likely than not the best of all, beats each other one clearly, taken alone, and is ahead of the
//! next by more than measuring errs. *Keep both*: somebody leads, but not so. *None*: every contender is out. Deliberately conservative:
//! saying that it is not known is an answer.
//!
//! Who leads is told by expected value, which no other contender can change. The three thresholds are about different things. The
//! probability of being the best falls with every near copy that is added, rightly, since then the choice among the copies is
//! open; below one half the choice is more likely wrong than right. The probability against each other one, taken alone, does not care how
//! many there are; below 0.6 the order of two is little better than a coin. Both are over noise and priorities together, so two that are the
//! same in all but name would often pass them by luck; the third asks of the evidence alone whether it separates the best two.

use super::margin::Margin;
use crate::smaa::Decision;
use crate::verdict::Outcome;

/// To be chosen, the leader is the best of all with at least this probability.
pub const CHOOSE_P_BEST: f64 = 0.5;

/// To be chosen, the leader beats each other one with at least this probability.
pub const CHOOSE_PAIRWISE: f64 = 0.6;

/// To be chosen, the leader is ahead of the next with at least this probability when priorities are settled at their mean: what is
/// left is noise and missing evidence.
pub const CHOOSE_SEPARATED: f64 = 0.95;

/// The answer of a decision among those that are not out; `margin` is between the best two, where there are two.
#[must_use]
pub fn outcome(decision: &Decision, margin: Option<&Margin>) -> Outcome {
    let Some(leader) = decision.order().first().copied() else {
        return Outcome::None;
    };
    let others = (0..decision.alternatives.len()).filter(|other| *other != leader);
    let clear = others
        .map(|other| decision.pairwise[leader][other])
        .all(|p| p >= CHOOSE_PAIRWISE);
    let separated = margin.is_none_or(|margin| margin.probability_ahead() >= CHOOSE_SEPARATED);
    if clear && separated && decision.p_best(leader) >= CHOOSE_P_BEST {
        Outcome::Choose
    } else {
        Outcome::KeepBoth
    }
}
