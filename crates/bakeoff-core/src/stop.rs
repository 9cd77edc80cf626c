//! Whether to measure on, as of one block. Measuring goes on while it can still separate the best two within the
//! plan, or while the expected value of sample information of the blocks to come exceeds their price; never less than
//! the minimum number of blocks for an interval. Ignores doubt about priorities, which no measurement reduces.
//!
//! Value and time have no common unit, so one is fixed here: the user's budget limits the time, and
//! [`VALUE_OF_BUDGET`] is the price of all of it. The expected value of k more blocks, for the leader against each
//! other contender, is σ̃ f(|d| / σ̃) with f(z) = φ(z) − z(1 − Φ(z)) and σ̃ = s √(k / (n + k)) [Raiffa & Schlaifer,
//! Applied Statistical Decision Theory, 1961]. The sum over the others is an upper bound of what a change of the
//! choice can gain. Several k are tried, because one block alone may gain nothing where ten are worth their price;
//! and blocks with and without probes, of which the advice takes those that gain more per second.

mod rehearsal;
mod replay;

pub use rehearsal::{Rehearsal, Session, rehearse};
pub use replay::{Cast, Replay, replay};

use crate::brief::{Brief, Preferences, Thresholds};
use crate::evidence::{Advice, Next, Run};
use crate::judge::{JudgeOptions, margins};
use crate::margin::Margin;
use crate::plan::{MIN_BLOCKS, Probes};
use crate::words::number::{Quantity, count, probability, share};

/// The price of the whole budget, in value (0 to 1): a smaller difference between contenders is not worth all of it.
pub const VALUE_OF_BUDGET: f64 = 0.000_2;

/// Blocks of one kind that may follow, with what they gain and cost.
#[derive(Debug, Clone, Copy)]
struct Offer {
    probes: Probes,
    blocks: u32,
    seconds: f64,
    value: f64,
    price: f64,
}

/// The advice for a run so far. The blocks to come are those of its plan that have not run.
#[must_use]
pub fn advise(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Advice {
    let done = blocks_done(run);
    let left = (run.plan.blocks.len() as u32).saturating_sub(done);
    if left == 0 {
        let reason = format!("all {} of the plan have run", count(done as usize, "block"));
        return unweighed(done, Next::Stop, reason);
    }
    if done < MIN_BLOCKS {
        let reason = format!("{done} of at least {MIN_BLOCKS} blocks have run");
        return unweighed(done, Next::GoOn, reason);
    }
    let margins = margins(run, brief, preferences, options);
    let Some(nearest) = margins.first() else {
        let reason = "fewer than two contenders are left to compare".to_owned();
        return unweighed(done, Next::Stop, reason);
    };
    let advice = weigh(&margins, nearest, left, run.plan.budget_s, &brief.verdict);
    Advice {
        after_blocks: done,
        ..advice
    }
}

fn weigh(margins: &[Margin], nearest: &Margin, left: u32, budget_s: f64, thresholds: &Thresholds) -> Advice {
    let ahead = nearest.probability_ahead();
    let kinds = [Probes::Due, Probes::LeftOut];
    let settling = nearest
        .blocks_to_settle(thresholds.separated)
        .filter(|blocks| (1..=left).contains(blocks) && ahead < thresholds.separated);
    if let Some(blocks) = settling {
        let offers = kinds.map(|probes| offer(margins, nearest, probes, blocks, budget_s));
        let reason = format!(
            "the leader beats the next with a probability of {}; about {} would raise it to {}",
            probability(ahead),
            count(blocks as usize, "more block"),
            share(thresholds.separated)
        );
        return weighed(margins, better_of(offers), Next::GoOn, reason);
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
        "the leader beats the next with a probability of {}; {}{} would take {} and gain {} score points on average, \
         and the price of that time is {}",
        probability(ahead),
        count(best.blocks as usize, "more block"),
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
    weighed(margins, best, next, reason)
}

/// A value on the scale from 0 to 1, in words. Below a millionth it is zero in practice.
fn worth(value: f64) -> String {
    const LEAST: f64 = 1e-6;
    if value < LEAST {
        format!("less than {LEAST}")
    } else {
        Quantity::new(value, "").in_prose()
    }
}

/// The gain and the price of blocks of one kind. The gain is an upper bound: the sum over all contenders that may
/// turn out to lead.
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

/// Of whole blocks and blocks without probes, those that gain more per second; whole ones where both gain the same.
fn better_of([whole, load_only]: [Offer; 2]) -> Offer {
    if load_only.per_second() > whole.per_second() {
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
    fn per_second(&self) -> f64 {
        self.value / self.seconds.max(1e-9)
    }
}

fn blocks_done(run: &Run) -> u32 {
    let mut blocks: Vec<u32> = run.trials.iter().map(|trial| trial.block).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks.len() as u32
}

/// An advice for which nothing was weighed.
fn unweighed(after_blocks: u32, next: Next, reason: String) -> Advice {
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

/// An advice with the offer that was weighed for it.
fn weighed(margins: &[Margin], offer: Offer, next: Next, reason: String) -> Advice {
    Advice {
        probes: offer.probes,
        expected_loss: margins.iter().map(Margin::expected_loss).sum(),
        blocks: offer.blocks,
        seconds: offer.seconds,
        value: offer.value,
        price: offer.price,
        ..unweighed(0, next, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::{advise, weigh};
    use crate::brief::{Preferences, Thresholds};
    use crate::evidence::{Advice, Next, Run};
    use crate::fixture::{Fixture, brief};
    use crate::judge::JudgeOptions;
    use crate::margin::Margin;
    use crate::plan::{PlannedBlock, Probes};

    const OPTIONS: JudgeOptions = JudgeOptions {
        samples: 2_000,
        seed: 1,
        only: Vec::new(),
    };

    const THRESHOLDS: Thresholds = Thresholds {
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

    fn advice_for(run: &Run) -> Advice {
        advise(run, &brief(), &Preferences::default(), &OPTIONS)
    }

    #[test]
    fn no_run_stops_before_the_minimum_number_of_blocks() {
        let advice = advice_for(&planned(
            Fixture::new(&[("a", 1.0), ("b", 3.0)]).blocks(4).run(),
            20,
        ));
        assert_eq!(
            (advice.next, advice.reason.as_str()),
            (Next::GoOn, "4 of at least 5 blocks have run")
        );
    }

    #[test]
    fn a_settled_run_stops_and_a_level_one_goes_on() {
        let clear = advice_for(&planned(
            Fixture::new(&[("a", 1.0), ("b", 3.0)]).blocks(6).run(),
            20,
        ));
        assert_eq!(clear.next, Next::Stop);
        assert!(
            clear
                .reason
                .starts_with("the leader beats the next with a probability of >99 %;"),
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
        assert_eq!(weigh(&[level], &level, 14, 200.0, &THRESHOLDS).next, Next::GoOn);
        let near = Margin { lead: 0.004, ..level };
        let advice = weigh(&[near], &near, 14, 200.0, &THRESHOLDS);
        assert_eq!(advice.next, Next::GoOn);
        assert_eq!(
            advice.reason,
            "the leader beats the next with a probability of 91 %; about 4 more blocks would raise it to 95 %"
        );
    }

    #[test]
    fn a_run_stops_after_the_last_block_of_its_plan() {
        let advice = advice_for(&planned(
            Fixture::new(&[("a", 1.0), ("b", 1.0)]).blocks(6).run(),
            6,
        ));
        assert_eq!(
            (advice.next, advice.reason.as_str()),
            (Next::Stop, "all 6 blocks of the plan have run")
        );
    }

    #[test]
    fn doubt_about_priorities_alone_does_not_prolong_a_run() {
        let wide = Margin {
            lead: 0.05,
            noise: 0.003,
            noise_of_load: 0.001,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
            load_block_s: 6.0,
        };
        assert_eq!(weigh(&[wide], &wide, 14, 200.0, &THRESHOLDS).next, Next::Stop);
    }

    #[test]
    fn the_advice_leaves_probes_out_where_load_gains_more_per_second() {
        let of_load = Margin {
            lead: 0.000_5,
            noise: 0.003,
            noise_of_load: 0.003,
            missing: 0.0,
            blocks: 6.0,
            block_s: 10.0,
            load_block_s: 6.0,
        };
        let advice = weigh(&[of_load], &of_load, 14, 200.0, &THRESHOLDS);
        assert_eq!((advice.next, advice.probes), (Next::GoOn, Probes::LeftOut));
        assert!(
            advice.reason.contains("more blocks without probes would take"),
            "{}",
            advice.reason
        );
        let of_probes = Margin {
            noise_of_load: 0.000_1,
            ..of_load
        };
        assert_eq!(
            weigh(&[of_probes], &of_probes, 14, 200.0, &THRESHOLDS).probes,
            Probes::Due
        );
        assert!(advice.value_per_second() > Some(0.0) && advice.value <= advice.expected_loss);
    }
}
