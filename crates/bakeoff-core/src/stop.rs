//! Whether to measure on: asked after each block. Measuring goes on while it can still settle the best two within the plan, or while the expected
//! value of sample information of the blocks to come is above their price; never before the fewest blocks for an interval.
//! Deliberately blind to doubt about priorities, which no measurement lessens.
//!
//! Value and time have no common unit, so one must be stated: with a budget the user says what time may be spent, and
//! [`VALUE_OF_BUDGET`] what all of it may buy. The expected value of k more blocks, for the leader against each other contender, is
//! σ̃ f(|d| / σ̃) with σ̃ = s √(k / (n + k)); their sum bounds what a change of the choice can bring. It is asked for several k, since
//! one block alone may be worth nothing where ten are worth their price, and of blocks with and without probes, of which those are advised that
//! bring more a second.

mod rehearsal;

pub use rehearsal::{Rehearsal, Session, rehearse};

use crate::brief::{Brief, Preferences, Thresholds};
use crate::evidence::{Advice, Next, Run};
use crate::judge::{JudgeOptions, margins};
use crate::margin::Margin;
use crate::plan::{MIN_BLOCKS, Probes};
use crate::words::number::{Quantity, count, probability, share};

/// What the whole budget is worth, in value (0 to 1): a difference between contenders that is smaller is not worth all of it.
pub const VALUE_OF_BUDGET: f64 = 0.000_2;

/// Blocks of one kind that might come.
#[derive(Debug, Clone, Copy)]
struct Offer {
    probes: Probes,
    blocks: u32,
    seconds: f64,
    value: f64,
    price: f64,
}

/// Advises on a run so far. The blocks to come are those of the plan that have not run.
#[must_use]
pub fn advise(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Advice {
    let done = blocks_done(run);
    let left = (run.plan.blocks.len() as u32).saturating_sub(done);
    if left == 0 {
        let reason = format!("all {} of the plan ran", count(done as usize, "block"));
        return Advice::new(done, Next::Stop, reason);
    }
    if done < MIN_BLOCKS {
        let reason = format!("{} of the fewest {MIN_BLOCKS} ran", count(done as usize, "block"));
        return Advice::new(done, Next::GoOn, reason);
    }
    let margins = margins(run, brief, preferences, options);
    let Some(nearest) = margins.first() else {
        let reason = "fewer than two contenders are left to compare".to_owned();
        return Advice::new(done, Next::Stop, reason);
    };
    let weighed = weigh(&margins, nearest, left, run.plan.budget_s, &brief.verdict);
    Advice {
        after_blocks: done,
        ..weighed
    }
}

fn weigh(margins: &[Margin], nearest: &Margin, left: u32, budget_s: f64, asked: &Thresholds) -> Advice {
    let ahead = nearest.probability_ahead();
    let kinds = [Probes::Due, Probes::LeftOut];
    let settling = nearest
        .blocks_to_settle(asked.separated)
        .filter(|blocks| (1..=left).contains(blocks) && ahead < asked.separated);
    if let Some(blocks) = settling {
        let offers = kinds.map(|probes| offer(margins, nearest, probes, blocks, budget_s));
        let reason = format!(
            "the leader is ahead of the next in {}, and about {} more would make it {}",
            probability(ahead),
            count(blocks as usize, "block"),
            share(asked.separated)
        );
        return Advice::of(margins, better_of(offers), Next::GoOn, reason);
    }
    let steps = (0..32)
        .map(|power| 1_u32 << power)
        .take_while(|blocks| *blocks < left)
        .chain([left]);
    let gain = |offer: &Offer| offer.value - offer.price;
    let best = steps
        .map(|blocks| better_of(kinds.map(|probes| offer(margins, nearest, probes, blocks, budget_s))))
        .max_by(|a, b| gain(a).total_cmp(&gain(b)))
        .unwrap_or_else(|| offer(margins, nearest, Probes::Due, left, budget_s));
    let reason = format!(
        "the leader is ahead of the next in {}; {} more{} would take {} and be worth {} of value, where that time is worth {}",
        probability(ahead),
        count(best.blocks as usize, "block"),
        without(best.probes),
        Quantity::new(best.seconds, "s").in_prose(),
        worth(best.value),
        worth(best.price)
    );
    let next = if best.value > best.price {
        Next::GoOn
    } else {
        Next::Stop
    };
    Advice::of(margins, best, next, reason)
}

/// A value on the scale from 0 to 1, in words; below a millionth its digits say nothing to anybody.
fn worth(value: f64) -> String {
    const LEAST: f64 = 1e-6;
    if value < LEAST {
        format!("less than {LEAST}")
    } else {
        Quantity::new(value, "").in_prose()
    }
}

/// What blocks of a kind would bring and take. The value is a bound: the sum over everybody who might turn out to lead.
fn offer(margins: &[Margin], nearest: &Margin, probes: Probes, blocks: u32, budget_s: f64) -> Offer {
    let (value, block_s): (f64, f64) = match probes {
        Probes::Due => (
            margins.iter().map(|margin| margin.value_of_blocks(blocks)).sum(),
            nearest.block_s,
        ),
        Probes::LeftOut => (
            margins
                .iter()
                .map(|margin| margin.value_of_load_blocks(blocks))
                .sum(),
            nearest.load_block_s,
        ),
    };
    let seconds = f64::from(blocks) * block_s;
    Offer {
        probes,
        blocks,
        seconds,
        value,
        price: seconds / budget_s.max(1.0) * VALUE_OF_BUDGET,
    }
}

/// Of whole blocks and blocks without probes those that bring more a second; whole ones where both bring the same.
fn better_of([whole, load_only]: [Offer; 2]) -> Offer {
    if load_only.a_second() > whole.a_second() {
        load_only
    } else {
        whole
    }
}

fn without(probes: Probes) -> &'static str {
    match probes {
        Probes::Due => "",
        Probes::LeftOut => " without probes",
    }
}

impl Offer {
    fn a_second(&self) -> f64 {
        self.value / self.seconds.max(1e-9)
    }
}

fn blocks_done(run: &Run) -> u32 {
    let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks.len() as u32
}

impl Advice {
    fn new(after_blocks: u32, next: Next, reason: String) -> Advice {
        Advice {
            after_blocks,
            next,
            probes: Probes::Due,
            reason,
            expected_loss: 0.0,
            blocks: 0,
            seconds: 0.0,
            value: 0.0,
            price: 0.0,
        }
    }

    fn of(margins: &[Margin], offer: Offer, next: Next, reason: String) -> Advice {
        Advice {
            probes: offer.probes,
            expected_loss: margins.iter().map(Margin::expected_loss).sum(),
            blocks: offer.blocks,
            seconds: offer.seconds,
            value: offer.value,
            price: offer.price,
            ..Advice::new(0, next, reason)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Advice, Next, advise, weigh};
    use crate::brief::{Preferences, Thresholds};
    use crate::evidence::Run;
    use crate::fixture::{Fixture, brief};
    use crate::judge::JudgeOptions;
    use crate::margin::Margin;
    use crate::plan::{PlannedBlock, Probes};

    const OPTIONS: JudgeOptions = JudgeOptions {
        samples: 2_000,
        seed: 1,
        only: Vec::new(),
    };

    const ASKED: Thresholds = Thresholds {
        p_best: 0.5,
        pairwise: 0.6,
        separated: 0.95,
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
            Fixture::new(&[("a", 1.0), ("b", 3.0)]).blocks(4).run(),
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
            Fixture::new(&[("a", 1.0), ("b", 3.0)]).blocks(6).run(),
            20,
        ));
        assert_eq!(clear.next, Next::Stop);
        assert!(
            clear
                .reason
                .starts_with("the leader is ahead of the next in >99 %;"),
            "{}",
            clear.reason
        );
        let level = Margin {
            lead: 0.000_5,
            noise: 0.003,
            noise_of_load: 0.001,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
            load_block_s: 6.0,
        };
        assert_eq!(weigh(&[level], &level, 14, 200.0, &ASKED).next, Next::GoOn);
        let near = Margin { lead: 0.004, ..level };
        let advice = weigh(&[near], &near, 14, 200.0, &ASKED);
        assert_eq!(advice.next, Next::GoOn);
        assert_eq!(
            advice.reason,
            "the leader is ahead of the next in 91 %, and about 4 blocks more would make it 95 %"
        );
    }

    #[test]
    fn a_plan_that_ran_is_done() {
        let advice = asked(&planned(
            Fixture::new(&[("a", 1.0), ("b", 1.0)]).blocks(6).run(),
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
            noise_of_load: 0.001,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
            load_block_s: 6.0,
        };
        assert_eq!(weigh(&[wide], &wide, 14, 200.0, &ASKED).next, Next::Stop);
    }

    #[test]
    fn blocks_without_probes_are_advised_where_they_bring_more_a_second() {
        let of_load = Margin {
            lead: 0.000_5,
            noise: 0.003,
            noise_of_load: 0.003,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
            load_block_s: 6.0,
        };
        let advice = weigh(&[of_load], &of_load, 14, 200.0, &ASKED);
        assert_eq!((advice.next, advice.probes), (Next::GoOn, Probes::LeftOut));
        assert!(
            advice.reason.contains("more without probes would take"),
            "{}",
            advice.reason
        );
        let of_probes = Margin {
            noise_of_load: 0.000_1,
            ..of_load
        };
        assert_eq!(
            weigh(&[of_probes], &of_probes, 14, 200.0, &ASKED).probes,
            Probes::Due
        );
        assert!(advice.value_a_second() > Some(0.0) && advice.value <= advice.expected_loss);
    }
}
