//! The three answers. *Choose*: one leads, is more likely than not the best of all, beats each other one clearly, taken alone, and is ahead of the
//! next by more than measuring errs. *Keep both*: somebody leads, but not so. *None*: every contender is out. Deliberately conservative:
//! saying that it is not known is an answer.
//!
//! Who leads is told by expected value, which no other contender can change. The three thresholds are about different things. The
//! probability of being the best falls with every near copy that is added, rightly, since then the choice among the copies is
//! open; below one half the choice is more likely wrong than right. The probability against each other one, taken alone, does not care how
//! many there are; below 0.6 the order of two is little better than a coin. Both are over noise and priorities together, so two that are the
//! same in all but name would often pass them by luck; the third asks of the evidence alone whether it separates the best two.
//!
//! A brief may set them under `[verdict]` ([`Thresholds`]).

use crate::brief::Thresholds;
use crate::margin::Margin;
use crate::smaa::Decision;
use crate::verdict::Outcome;

/// The answer of a decision among those that are not out; `margin` is between the best two, where there are two.
#[must_use]
pub fn outcome(decision: &Decision, margin: Option<&Margin>, asked: &Thresholds) -> Outcome {
    let Some(leader) = decision.order().first().copied() else {
        return Outcome::None;
    };
    let others = (0..decision.alternatives.len()).filter(|other| *other != leader);
    let clear = others
        .map(|other| decision.pairwise[leader][other])
        .all(|p| p >= asked.pairwise);
    let separated = margin.is_none_or(|margin| margin.probability_ahead() >= asked.separated);
    if clear && separated && decision.p_best(leader) >= asked.p_best {
        Outcome::Choose
    } else {
        Outcome::KeepBoth
    }
}
