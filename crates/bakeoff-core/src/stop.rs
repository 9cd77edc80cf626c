//! Whether to measure on, and whom, as of one round. Measuring goes on until a decision has the launches and blocks
//! that it needs, and then while it can still separate the best two within the plan, or while the expected value of
//! sample information of the rounds to come exceeds their price. Ignores doubt about priorities, which no measurement
//! reduces.
//!
//! Value and time have no common unit, so one is fixed here: the user's budget limits the time, and
//! [`VALUE_OF_BUDGET`] is the price of all of it. The expected value of k more rounds, for the leader against each
//! other contender, is σ̃ f(|d| / σ̃) with f(z) = φ(z) − z(1 − Φ(z)) and σ̃ = s √(k / (n + k)), n the launches so far
//! [Raiffa & Schlaifer, Applied Statistical Decision Theory, 1961]. The sum over the others is an upper bound of what
//! a change of the choice can gain. Several k are tried, because one round alone may gain nothing where more are worth
//! their price; and rounds with and without probes, of which the advice takes those that gain more per second.
//!
//! In runs of earlier versions each block was a round of launches, and nobody was dropped.

mod progress;
mod race;
mod rehearsal;
mod replay;
mod replay_blocks;

pub use race::{RACED_OUT_AHEAD, RACED_OUT_P_BEST};
pub use rehearsal::{Rehearsal, Session, rehearse};
pub use replay::{Cast, Replay, replay};
pub use replay_blocks::replay_blocks;

use crate::brief::{Brief, Preferences};
use crate::evidence::{Advice, Next, Run, Why};
use crate::judge::{JudgeOptions, Rival, rivals};
use crate::margin::Margin;
use crate::plan::{MIN_LAUNCHES, Probes};
use crate::schedule::further_round_s;
use progress::Progress;

/// The price of the whole budget, in value (0 to 1): a smaller difference between contenders is not worth all of it.
pub const VALUE_OF_BUDGET: f64 = 0.000_2;

/// What is weighed: what separates the leader from those that still run, and what measuring on takes.
#[derive(Debug)]
struct Question {
    /// The margin to the next one first.
    margins: Vec<Margin>,
    /// Rounds of the plan that have not run.
    left: u32,
    blocks_of_a_round: u32,
    /// A round with its probes, in seconds.
    whole_round_s: f64,
    /// A round without probes, in seconds.
    load_round_s: f64,
    budget_s: f64,
    /// The probability from which two contenders count as separated.
    separated: f64,
}

/// Rounds of one kind that may follow, with what they gain and cost.
#[derive(Debug, Clone, Copy)]
struct Offer {
    probes: Probes,
    rounds: u32,
    seconds: f64,
    value: f64,
    price: f64,
}

/// The advice for a run so far. The rounds to come are those of its plan that have not run.
#[must_use]
pub fn advise(run: &Run, brief: &Brief, preferences: &Preferences, options: &JudgeOptions) -> Advice {
    let progress = Progress::of(run);
    let earlier = race::dropped_so_far(run);
    let unweighed = |next, why| Advice::unweighed(progress.after_rounds, progress.blocks, next, why);
    if progress.left == 0 {
        return Advice {
            dropped: earlier.into_iter().collect(),
            ..unweighed(
                Next::Stop,
                Why::PlanDone {
                    rounds: progress.rounds,
                },
            )
        };
    }
    let unfinished = Why::Unfinished {
        rounds: progress.rounds,
        of: progress.needed,
    };
    if progress.rounds < progress.needed.min(MIN_LAUNCHES) {
        return unweighed(Next::GoOn, unfinished);
    }
    let rivals = rivals(run, brief, preferences, options);
    let dropped = if progress.has_launches {
        race::dropped(run, &rivals, &earlier)
    } else {
        Vec::new()
    };
    let advice = if progress.rounds < progress.needed {
        unweighed(Next::GoOn, unfinished)
    } else {
        match question(run, &progress, &rivals, &dropped, brief) {
            Some(question) => question.answer(),
            None => unweighed(Next::Stop, Why::NobodyToCompare),
        }
    };
    Advice {
        after_rounds: progress.after_rounds,
        after_blocks: progress.blocks,
        dropped,
        ..advice
    }
}

/// What is to be weighed; none where fewer than two are left to compare.
fn question(
    run: &Run,
    progress: &Progress,
    rivals: &[Rival],
    dropped: &[String],
    brief: &Brief,
) -> Option<Question> {
    let stays = |rival: &&Rival| !dropped.contains(&rival.contender);
    let margins: Vec<Margin> = rivals
        .iter()
        .filter(stays)
        .filter_map(|rival| rival.margin)
        .collect();
    let nearest = margins.first()?;
    let (whole_round_s, load_round_s) = if progress.has_launches {
        let round_s = |probes| further_round_s(run, dropped, probes);
        (round_s(Probes::Due), round_s(Probes::LeftOut))
    } else {
        (nearest.block_s, nearest.load_block_s)
    };
    Some(Question {
        left: progress.left,
        blocks_of_a_round: progress.blocks_of_a_round,
        whole_round_s,
        load_round_s,
        budget_s: run.plan.budget_s,
        separated: brief.verdict.separated,
        margins,
    })
}

impl Question {
    /// Whether to go on, by the rounds that gain most beyond their price.
    fn answer(&self) -> Advice {
        let ahead = self.margins.first().map_or(1.0, Margin::probability_ahead);
        let settling = self
            .rounds_to_settle()
            .filter(|rounds| (1..=self.left).contains(rounds) && ahead < self.separated);
        if let Some(rounds) = settling {
            let why = Why::Separable {
                ahead,
                rounds,
                separated: self.separated,
            };
            return self.advice(self.better_offer(rounds), Next::GoOn, why);
        }
        let steps = (0..32)
            .map(|power| 1_u32 << power)
            .take_while(|rounds| *rounds < self.left)
            .chain([self.left]);
        let gain = |offer: &Offer| offer.value - offer.price;
        let best = steps
            .map(|rounds| self.better_offer(rounds))
            .max_by(|a, b| gain(a).total_cmp(&gain(b)))
            .unwrap_or_else(|| self.offer(Probes::Due, self.left));
        let next = if best.value > best.price {
            Next::GoOn
        } else {
            Next::Stop
        };
        self.advice(best, next, Why::Weighed { ahead })
    }

    /// How many more rounds would separate the best two, if they are as far apart as they seem.
    fn rounds_to_settle(&self) -> Option<u32> {
        let nearest = self.margins.first()?;
        if nearest.has_launches() {
            nearest.rounds_to_settle(self.separated)
        } else {
            let blocks = nearest.blocks_to_settle(self.separated)?;
            Some(blocks.div_ceil(self.blocks_of_a_round))
        }
    }

    /// Of whole rounds and rounds without probes, those that gain more per second; whole ones where both gain the same.
    fn better_offer(&self, rounds: u32) -> Offer {
        let [whole, load_only] = [Probes::Due, Probes::LeftOut].map(|probes| self.offer(probes, rounds));
        if load_only.per_second() > whole.per_second() {
            load_only
        } else {
            whole
        }
    }

    /// The gain and the price of rounds of one kind. The gain is an upper bound: the sum over all contenders that may
    /// turn out to lead.
    fn offer(&self, probes: Probes, rounds: u32) -> Offer {
        let value = self
            .margins
            .iter()
            .map(|margin| self.value(margin, probes, rounds))
            .sum();
        let round_s = match probes {
            Probes::Due => self.whole_round_s,
            Probes::LeftOut => self.load_round_s,
        };
        let seconds = f64::from(rounds) * round_s;
        Offer {
            probes,
            rounds,
            seconds,
            value,
            price: seconds / self.budget_s.max(1.0) * VALUE_OF_BUDGET,
        }
    }

    /// The expected value of sample information of rounds of one kind, for the leader against one other.
    fn value(&self, margin: &Margin, probes: Probes, rounds: u32) -> f64 {
        let blocks = rounds * self.blocks_of_a_round;
        match (margin.has_launches(), probes) {
            (true, Probes::Due) => margin.value_of_rounds(rounds),
            (true, Probes::LeftOut) => margin.value_of_load_rounds(rounds),
            (false, Probes::Due) => margin.value_of_blocks(blocks),
            (false, Probes::LeftOut) => margin.value_of_load_blocks(blocks),
        }
    }

    fn advice(&self, offer: Offer, next: Next, why: Why) -> Advice {
        Advice {
            probes: offer.probes,
            expected_loss: self.margins.iter().map(Margin::expected_loss).sum(),
            rounds: offer.rounds,
            blocks: offer.rounds * self.blocks_of_a_round,
            seconds: offer.seconds,
            value: offer.value,
            price: offer.price,
            ..Advice::unweighed(0, 0, next, why)
        }
    }
}

impl Offer {
    fn per_second(&self) -> f64 {
        self.value / self.seconds.max(1e-9)
    }
}

#[cfg(test)]
mod tests;
