//! Whether to measure on: asked after each block. Measuring goes on while it can still settle the best two within the plan, or while the expected
//! value of sample information of the blocks to come is above their price; never before the fewest blocks for an interval.
//! Deliberately blind to doubt about priorities, which no measurement lessens.
//!
//! Value and time have no common unit, so one must be stated: with a budget the user says what time may be spent, and
//! [`VALUE_OF_BUDGET`] what all of it may buy. The expected value of k more blocks, for the leader against each other contender, is
//! σ̃ f(|d| / σ̃) with σ̃ = s √(k / (n + k)); their sum bounds what a change of the choice can bring. It is asked for several k, since
//! one block alone may be worth nothing where ten are worth their price.

mod rehearsal;

pub use rehearsal::{Rehearsal, rehearse};

use crate::brief::{Brief, Preferences};
use crate::evidence::Run;
use crate::judge::answer::CHOOSE_SEPARATED;
use crate::judge::margin::Margin;
use crate::judge::{JudgeOptions, margins};
use crate::plan::MIN_BLOCKS;
use crate::sentences::number::{count, digits, probability, quantity, share};
use serde::{Deserialize, Serialize};

/// What the whole budget is worth, in value (0 to 1): a difference between contenders that is smaller is not worth all of it.
pub const VALUE_OF_BUDGET: f64 = 0.000_2;

/// Whether to measure on, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// What to do next.
    pub next: Next,
    /// Why, in a sentence with its numbers.
    pub reason: String,
    /// Expected value of the blocks that were weighed, in value (0 to 1).
    pub value: f64,
    /// Their price, in value (0 to 1).
    pub price: f64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Next {
    /// Run another block.
    GoOn,
    /// Enough is known, or more would not be worth its time.
    Stop,
}

/// Advises on a run so far. The blocks to come are those of the plan that have not run.
#[must_use]
pub fn advise(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Advice {
    let done = blocks_done(run);
    let left = (run.plan.blocks.len() as u32).saturating_sub(done);
    if left == 0 {
        return Advice::new(
            Next::Stop,
            format!("all {} of the plan ran", count(done as usize, "block")),
        );
    }
    if done < MIN_BLOCKS {
        let reason = format!("{} of the fewest {MIN_BLOCKS} ran", count(done as usize, "block"));
        return Advice::new(Next::GoOn, reason);
    }
    let margins = margins(run, brief, preferences, options);
    let Some(nearest) = margins.first() else {
        return Advice::new(
            Next::Stop,
            "fewer than two contenders are left to compare".to_owned(),
        );
    };
    weigh(&margins, nearest, left, run.plan.budget_s)
}

fn weigh(margins: &[Margin], nearest: &Margin, left: u32, budget_s: f64) -> Advice {
    let ahead = nearest.probability_ahead();
    let settling = nearest
        .blocks_to_settle()
        .filter(|blocks| (1..=left).contains(blocks));
    if let Some(blocks) = settling.filter(|_| ahead < CHOOSE_SEPARATED) {
        let reason = format!(
            "the leader is ahead of the next in {}, and about {} more would make it {}",
            probability(ahead),
            count(blocks as usize, "block"),
            share(CHOOSE_SEPARATED)
        );
        return Advice {
            value: value_of(margins, blocks),
            price: price_of(nearest, blocks, budget_s),
            ..Advice::new(Next::GoOn, reason)
        };
    }
    let steps = (0..32)
        .map(|power| 1_u32 << power)
        .take_while(|blocks| *blocks < left)
        .chain([left]);
    let weighed = steps.map(|blocks| {
        (
            value_of(margins, blocks),
            price_of(nearest, blocks, budget_s),
            blocks,
        )
    });
    let best = weighed.max_by(|a, b| (a.0 - a.1).total_cmp(&(b.0 - b.1)));
    let (value, price, blocks) = best.unwrap_or((0.0, 0.0, left));
    let what = format!(
        "the leader is ahead of the next in {}; {} more would take {} and be worth {} of value, where that time is worth {}",
        probability(ahead),
        count(blocks as usize, "block"),
        quantity(f64::from(blocks) * nearest.block_s, "s", ""),
        digits(value),
        digits(price)
    );
    let next = if value > price { Next::GoOn } else { Next::Stop };
    Advice {
        next,
        reason: what,
        value,
        price,
    }
}

/// A bound of what more blocks can bring: the sum over everybody who might turn out to lead.
fn value_of(margins: &[Margin], blocks: u32) -> f64 {
    margins.iter().map(|margin| margin.value_of_blocks(blocks)).sum()
}

fn price_of(margin: &Margin, blocks: u32, budget_s: f64) -> f64 {
    f64::from(blocks) * margin.block_s / budget_s.max(1.0) * VALUE_OF_BUDGET
}

fn blocks_done(run: &Run) -> u32 {
    let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks.len() as u32
}

impl Advice {
    fn new(next: Next, reason: String) -> Advice {
        Advice {
            next,
            reason,
            value: 0.0,
            price: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Advice, Next, advise, weigh};
    use crate::brief::Preferences;
    use crate::evidence::Run;
    use crate::judge::JudgeOptions;
    use crate::judge::margin::Margin;
    use crate::judge::tests::{Planted, brief};
    use crate::plan::PlannedBlock;

    const OPTIONS: JudgeOptions = JudgeOptions {
        samples: 2_000,
        seed: 1,
    };

    fn planned(mut run: Run, blocks: u32) -> Run {
        run.plan.blocks = (0..blocks)
            .map(|index| PlannedBlock {
                index,
                trials: Vec::new(),
            })
            .collect();
        run
    }

    fn asked(run: &Run) -> Advice {
        advise(run, &brief(), &Preferences::default(), &OPTIONS)
    }

    #[test]
    fn the_fewest_blocks_come_first() {
        let advice = asked(&planned(
            Planted::new(&[("a", 1.0), ("b", 3.0)]).blocks(4).run(),
            20,
        ));
        assert_eq!(
            (advice.next, advice.reason.as_str()),
            (Next::GoOn, "4 blocks of the fewest 5 ran")
        );
    }

    #[test]
    fn what_is_settled_stops_and_what_is_level_goes_on() {
        let clear = asked(&planned(
            Planted::new(&[("a", 1.0), ("b", 3.0)]).blocks(6).run(),
            20,
        ));
        assert_eq!(clear.next, Next::Stop);
        assert!(
            clear
                .reason
                .starts_with("the leader is ahead of the next in over 99 %;"),
            "{}",
            clear.reason
        );
        let level = Margin {
            lead: 0.000_5,
            noise: 0.003,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
        };
        assert_eq!(weigh(&[level], &level, 14, 200.0).next, Next::GoOn);
        let near = Margin { lead: 0.004, ..level };
        let advice = weigh(&[near], &near, 14, 200.0);
        assert_eq!(advice.next, Next::GoOn);
        assert_eq!(
            advice.reason,
            "the leader is ahead of the next in 91 %, and about 4 blocks more would make it 95 %"
        );
    }

    #[test]
    fn a_plan_that_ran_is_done() {
        let advice = asked(&planned(
            Planted::new(&[("a", 1.0), ("b", 1.0)]).blocks(6).run(),
            6,
        ));
        assert_eq!(
            (advice.next, advice.reason.as_str()),
            (Next::Stop, "all 6 blocks of the plan ran")
        );
    }

    #[test]
    fn doubt_about_priorities_alone_is_no_reason_to_measure() {
        let wide = Margin {
            lead: 0.05,
            noise: 0.003,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
        };
        assert_eq!(weigh(&[wide], &wide, 14, 200.0).next, Next::Stop);
    }
}
