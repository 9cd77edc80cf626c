//! The words of a verdict and of a run, without numbers of any run: those are in its report.

use super::entry::Entry;
use crate::brief::{Brief, Thresholds};
use crate::words::number::share;

pub(super) const WORDS: &[Entry] = &[
    Entry {
        word: "choose",
        paragraph: "The first of the four answers: one contender is likely enough to be the best choice, given measurement noise, missing data and the priorities that the brief leaves open.",
    },
    Entry {
        word: "keep-both",
        paragraph: "The second of the four answers: with this evidence and these priorities, the best two cannot be told apart. Either is as good a choice as the evidence shows. More measuring time or clearer priorities may separate them.",
    },
    Entry {
        word: "thresholds",
        paragraph: "What a contender must reach to be chosen; if it misses one of them, the answer is to keep both. They check three different things. `p_best` falls with every similar contender in the field. `pairwise` does not depend on the number of contenders. `separated` looks at the evidence alone, with average priorities, and checks whether it separates the best two.",
    },
    Entry {
        word: "budget-by-information",
        paragraph: "After each round of launches, in runs of earlier versions after each block, the program decides whether to measure on, and whom. It measures on until a decision has the launches and blocks that it needs, and then if that can still settle the best two within the plan, or if the expected value of sample information of the coming rounds, computed with f(z) = φ(z) − z(1 − Φ(z)) of the lead's z-score, is above the price of their time. Rounds without probes run when they bring more per second. Each decision is stored with its numbers.",
    },
    Entry {
        word: "expected-value-of-sample-information",
        paragraph: "How much score more launches would add on average, by changing the choice where it is wrong: σ̃ f(d/σ̃), where d is the lead of the best over another and σ̃ how far more launches would move it [Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961]. Divided by their time in seconds, it is what more measuring brings.",
    },
    Entry {
        word: "none",
        paragraph: "The third of the four answers: every contender is out, because it lacks a `must` of the brief or breaks a limit by more than the measurement's interval. The report says which one came closest.",
    },
    Entry {
        word: "undecided",
        paragraph: "The fourth of the four answers: not decided yet. A contender that may still be chosen has fewer than two launches or fewer than five blocks, because the budget or an interrupt ended the run before that, or has evidence of neither CPU time nor latency. The report says what is lacking, and about how long it takes to measure it. The exit code is 4.",
    },
    Entry {
        word: "launch",
        paragraph: "One start of a contender: it is started, checked, warmed up, lives through several blocks, and is stopped. The same program started again differs from itself, so intervals come from the differences between launches and between their blocks.",
    },
    Entry {
        word: "racing",
        paragraph: "After the second round of launches, and after each later one, a contender that can no longer become the choice gets no further launch; the time goes to those that can. It keeps its row, its numbers and what they rest on.",
    },
    Entry {
        word: "little-evidence",
        paragraph: "A criterion of which less than half of the values have evidence. It is named in the verdict's first lines, since the verdict then says little about that criterion.",
    },
    Entry {
        word: "family",
        paragraph: "The contenders of one runtime, as Node.js or Python. P(best) of a family is the sum over its stacks, and the answer begins with it. Variants and references do not count. The answer says how many stacks each family had, because a family with more stacks has a best one more often.",
    },
    Entry {
        word: "reference",
        paragraph: "A contender without a framework: it is measured to show what its runtime does by itself, as a dashed line through the lanes of its family, and it cannot be chosen. A brief or `--only` that names it makes it a candidate.",
    },
    Entry {
        word: "variant",
        paragraph: "A contender with another setting: another version of the runtime, other flags, another server, other packages. `node-fastify@jitless` is the variant `jitless` of `node-fastify`. It runs only where it is named, and the reasons say what its setting changes, with intervals. `bakeoff list variants` shows all.",
    },
    Entry {
        word: "work",
        paragraph: "What a stack does for the same response: raw SQL, a query builder or an ORM; an HTTP parser in machine code or in the language itself. Manifests declare it. Where two contenders declare different work, every sentence that compares them says so; where one declares nothing, no sentence says that the work is the same.",
    },
    Entry {
        word: "veto",
        paragraph: "A contender is out before anything is weighed: it lacks a `must` of the brief, or breaks a limit by more than the measurement's interval. No strength elsewhere makes up for that.",
    },
    Entry {
        word: "score",
        paragraph: "A measured value on a scale that the brief defines: 0 at what is required, 1 at the ideal, straight between them on the metric's scale. Scores do not depend on the other contenders, so adding or removing a contender does not change the order of the others.",
    },
    Entry {
        word: "p-best",
        paragraph: "P(best): the share of simulations in which a contender comes first. Each simulation draws measurements from their noise, weights from all that fit the brief, and missing evidence from anything between 0 and 1. Over all contenders it sums to 1.",
    },
    Entry {
        word: "rank-acceptability",
        paragraph: "The share of simulations in which a contender gets this rank [Lahdelma and Salminen, SMAA-2, Operations Research 2001]. That of the first rank is P(best). A contender that is rarely first and never last is a safe compromise.",
    },
    Entry {
        word: "central-weight",
        paragraph: "The average of the weights under which a contender is the best: it shows for which priorities the contender is the right choice. A contender that is never the best has none.",
    },
    Entry {
        word: "confidence-factor",
        paragraph: "The probability that a contender is the best if your priorities are exactly its central weights. If it is low, the evidence is too weak to be sure even then.",
    },
    Entry {
        word: "pairwise",
        paragraph: "The probability that one contender beats another, over all simulations. Near 0.5 the two cannot be told apart.",
    },
    Entry {
        word: "expected-value",
        paragraph: "The mean overall score of a contender, 0 to 1, over measurements and weights, with the range that holds 95 % of it.",
    },
    Entry {
        word: "expected-loss",
        paragraph: "How much score is lost on average by choosing this contender, compared with the best choice in each simulation. It is the price of deciding now; near 0, more measuring is not worth its time.",
    },
    Entry {
        word: "entropy",
        paragraph: "How open the decision is, in bits, computed from P(best): 0 when one contender is certain to be the best, 3 when eight contenders are equally likely.",
    },
    Entry {
        word: "flip",
        paragraph: "The smallest change that would change the choice: a criterion's weight, or a measured value, at which another contender wins. If all flips are far away, the verdict is stable.",
    },
    Entry {
        word: "noise-floor",
        paragraph: "The difference between two identical contenders in the same run: one contender runs a second time under another name (an A/A test). In a run with launches it tests how far launches and blocks are said to lie apart: where the twins differ by more, all intervals become wider. In older runs no smaller difference is claimed.",
    },
    Entry {
        word: "monte-carlo-error",
        paragraph: "Half the width of the 95 % interval of P(best) that comes from the limited number of simulations alone. 9,604 simulations give ±0.01.",
    },
    Entry {
        word: "second-opinion",
        paragraph: "The same decision by a model in which strengths cannot make up for weaknesses: the weighted geometric mean, where a score near 0 cannot be offset. If it disagrees, the report says so beside the verdict.",
    },
    Entry {
        word: "estimate",
        paragraph: "A value with its interval, its unit and the numbers of launches and blocks that it rests on.",
    },
    Entry {
        word: "no-evidence",
        paragraph: "There is no data: the metric cannot be measured on this machine, or the data failed a check. In the decision it can then be anything between 0 and 1, which makes the result less certain. It never counts as zero and is never averaged in.",
    },
    Entry {
        word: "block",
        paragraph: "Every contender once, in random order: the unit of comparison. One server is awake at a time, and all others rest. Intervals come from the differences between launches and between their blocks, not from the number of requests.",
    },
    Entry {
        word: "trial",
        paragraph: "One contender's measurement within a block: its server wakes, answers a load that does not count, then the load that counts and the probes that are due, and rests again.",
    },
];

/// The thresholds of the brief, or the usual ones, where a word is about them.
pub(super) fn under(word: &str, brief: Option<&Brief>) -> String {
    if !["choose", "keep-both", "thresholds"].contains(&word) {
        return String::new();
    }
    let thresholds = brief.map_or_else(Thresholds::default, |brief| brief.verdict);
    let whose = match brief {
        Some(brief) if thresholds != Thresholds::default() => format!("`{}` requires", brief.name),
        _ => "Unless a brief sets `[verdict]`, a choice requires".to_owned(),
    };
    format!(
        "\n{whose} that the leader is the best of all in {} of simulations (`p_best`), beats each other one in {} (`pairwise`), and is ahead of the next in {} with average priorities (`separated`).",
        share(thresholds.p_best),
        share(thresholds.pairwise),
        share(thresholds.separated)
    )
}
