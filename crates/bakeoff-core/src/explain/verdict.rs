//! The words of a verdict. Deliberately without numbers of a run: those stand in its report.

use super::Entry;
use crate::brief::{Brief, Thresholds};
use crate::sentences::number::share;

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "choose",
        paragraph: "The first of the three answers: one contender is the best in so much of everything that is not known (the measurements, the weights, the missing evidence) that it can be chosen.",
    },
    Entry {
        word: "keep-both",
        paragraph: "The second of the three answers: the best two cannot be told apart with this evidence and these priorities. Either is as good a choice as is known; more measuring time, or a clearer statement of what counts, may separate them.",
    },
    Entry {
        word: "thresholds",
        paragraph: "What it takes to be chosen; where one is missed, both are kept. The three are about different things: `p_best` falls with every near copy in the field, `pairwise` does not care how many compete, and `separated` asks of the evidence alone, priorities settled, whether it tells the best two apart.",
    },
    Entry {
        word: "budget-by-information",
        paragraph: "After each block the core is asked what to measure next and whether to stop. Measuring goes on while it can still settle the best two within the plan, or while the expected value of sample information of the blocks to come, z-scores of the lead through f(z) = φ(z) − z(1 − Φ(z)), is above their price in time. Blocks without probes are run where they bring more a second. Each advice is kept as evidence with its numbers.",
    },
    Entry {
        word: "expected-value-of-sample-information",
        paragraph: "How much value more blocks would add on average, by changing the choice where it is wrong: σ̃ f(d/σ̃), with d the lead of the best over another and σ̃ how far more blocks would move it [Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961]. Divided by the seconds that the blocks take, it says what to measure next.",
    },
    Entry {
        word: "none",
        paragraph: "The third of the three answers: every contender is out, by a `must` that it cannot fulfil or by a limit of the brief that it breaks beyond its interval. The report says which came closest.",
    },
    Entry {
        word: "veto",
        paragraph: "A contender is out before anything is weighed: a `must` of the brief fails, or a limit is broken by more than the measurement's interval. No strength elsewhere buys that back.",
    },
    Entry {
        word: "score",
        paragraph: "A measured value seen through the brief: 0 at what is required, 1 at the ideal, straight between them on the metric's scale. Scores never depend on who else competes, so adding or removing a contender reorders nobody.",
    },
    Entry {
        word: "p-best",
        paragraph: "P(best): in what share of everything that is not known a contender comes first. Measurements are drawn from their noise, weights from all that fit what the brief says, missing evidence from anything between 0 and 1. Over all contenders it sums to 1.",
    },
    Entry {
        word: "rank-acceptability",
        paragraph: "The share of everything that is not known in which a contender gets this rank [Lahdelma and Salminen, SMAA-2, Operations Research 2001]. The first is P(best). A contender that is rarely first and never last is a safe compromise.",
    },
    Entry {
        word: "central-weight",
        paragraph: "The mean of the weights under which a contender is the best: whom it is for. It reads as \"choose this one if speed counts for about so much\". A contender that is never the best has none.",
    },
    Entry {
        word: "confidence-factor",
        paragraph: "The probability that a contender is the best if exactly its central weights are yours. When it is low, even those who want what it is good at cannot be sure with this evidence.",
    },
    Entry {
        word: "pairwise",
        paragraph: "The probability that one contender beats another, over everything that is not known. Near 0.5 the two cannot be told apart.",
    },
    Entry {
        word: "expected-value",
        paragraph: "The mean of a contender's overall value, 0 to 1, over measurements and weights, with the range that holds 95 % of it.",
    },
    Entry {
        word: "expected-loss",
        paragraph: "How much value is lost on average by choosing this contender, against choosing the best in each case. It is the price of deciding now; when it is near 0, more measuring is not worth its time.",
    },
    Entry {
        word: "entropy",
        paragraph: "How undecided the field is, in bits, from P(best): 0 when one contender is surely the best, 3 when eight are all as likely.",
    },
    Entry {
        word: "flip",
        paragraph: "The smallest change that changes the choice: a criterion's weight, or a measured value, at which another contender wins. A flip that is far away makes a verdict sturdy.",
    },
    Entry {
        word: "noise-floor",
        paragraph: "What separates two identical contenders in the same run: one contender competes against itself under another name. No smaller difference is claimed.",
    },
    Entry {
        word: "monte-carlo-error",
        paragraph: "Half the width of the 95 % interval of P(best) that comes from drawing a limited number of samples and from nothing else. 9,604 samples give ±0.01.",
    },
    Entry {
        word: "second-opinion",
        paragraph: "The same question asked of a model that does not compensate: the weighted geometric mean, in which a score near 0 cannot be made up for elsewhere. Where it disagrees, the report says so beside the verdict.",
    },
    Entry {
        word: "estimate",
        paragraph: "A value with its interval, its unit and n, the number of blocks that it rests on. A number never travels without them.",
    },
    Entry {
        word: "no-evidence",
        paragraph: "Nothing is known: the metric cannot be had on this machine, or its gate failed. It enters as anything between 0 and 1, so it widens the decision; it is never a zero and never averaged in.",
    },
    Entry {
        word: "block",
        paragraph: "Every contender once, in random order, each with new processes: the unit of comparison. Intervals come from the differences between blocks and not from the number of requests.",
    },
    Entry {
        word: "trial",
        paragraph: "One contender's turn within a block: start, check, warm up, measure, stop.",
    },
];

/// What the thresholds of a brief, or the usual ones, make of a word.
pub(super) fn under(word: &str, brief: Option<&Brief>) -> String {
    if !["choose", "keep-both", "thresholds"].contains(&word) {
        return String::new();
    }
    let asked = brief.map_or_else(Thresholds::default, |brief| brief.verdict);
    let whose = match brief {
        Some(brief) if asked != Thresholds::default() => format!("`{}` asks", brief.name),
        _ => "As long as a brief does not say otherwise under `[verdict]`, it takes".to_owned(),
    };
    format!(
        "\n{whose} that the leader is the best of all in {} (`p_best`), beats each other one in {} (`pairwise`), and is ahead of the next in {} when priorities are settled at their mean (`separated`).",
        share(asked.p_best),
        share(asked.pairwise),
        share(asked.separated)
    )
}
