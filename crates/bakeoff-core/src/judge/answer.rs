//! The four answers. *Undecided*: too little was measured of a contender that may still be chosen, so nothing is said
//! about who leads. *Choose*: one contender leads, is more likely than not the best of all, clearly beats each other
//! one, and leads the next by more than the measurement error. *Keep both*: one leads, but not all of that holds.
//! *None*: every contender is out.
//!
//! The expected value decides who leads, since no other contender can change it. The three thresholds check three
//! different things. The probability of being the best falls with every similar contender that is added, rightly,
//! since the choice among similar ones is open; below one half the choice is more likely wrong than right. The
//! probability against each other contender does not depend on their number; below 0.6 the order of two is little
//! better than a coin toss. Both cover noise and priorities together, so two equal contenders would often pass them
//! by luck; the third looks at the evidence alone and checks whether it separates the best two.
//!
//! A brief may set them under `[verdict]` ([`Thresholds`]).

use crate::brief::Thresholds;
use crate::margin::Margin;
use crate::smaa::Decision;
use crate::verdict::{Lack, Outcome};

/// The answer of a decision among those that are not out, none where all are; `lacking` is what was measured too
/// little, and `margin` is between the best two, where there are two.
#[must_use]
pub fn outcome(
    decision: Option<&Decision>,
    lacking: &[Lack],
    margin: Option<&Margin>,
    thresholds: &Thresholds,
) -> Outcome {
    if !lacking.is_empty() {
        return Outcome::Undecided;
    }
    // Expected value decides who leads: P(best) splits among similar contenders, so a copy could dethrone its original.
    let leading = decision.and_then(|decision| Some((decision, *decision.order().first()?)));
    let Some((decision, leader)) = leading else {
        return Outcome::None;
    };
    let others = (0..decision.alternatives.len()).filter(|other| *other != leader);
    let clear = others
        .map(|other| decision.pairwise[leader][other])
        .all(|p| p >= thresholds.pairwise);
    let separated = margin.is_none_or(|margin| margin.probability_ahead() >= thresholds.separated);
    if clear && separated && decision.p_best(leader) >= thresholds.p_best {
        Outcome::Choose
    } else {
        Outcome::KeepBoth
    }
}
