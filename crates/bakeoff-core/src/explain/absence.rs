//! The reasons why a metric has no evidence: `missing_kind` of `results.json`. One entry for each kind of
//! [`crate::judgement::Missing`] that is not a caution too; a test holds that.

use super::entry::Entry;

pub(super) const REASONS: &[Entry] = &[
    Entry {
        word: "not-measured",
        paragraph: "The contender was not measured at all: it could not be installed or started, broke the contract, or the run ended before. The fault that explains it stands beside it.",
    },
    Entry {
        word: "impossible",
        paragraph: "The machine or the contender lacks what the probe needs, so no trial can bring the number. What is lacking stands beside it.",
    },
    Entry {
        word: "needs-processors",
        paragraph: "The probe needs more processors than this machine has. On a larger machine the number can be measured.",
    },
    Entry {
        word: "not-served",
        paragraph: "By its own manifest the contender does not serve the scenario that the probe requests.",
    },
    Entry {
        word: "one-process",
        paragraph: "The contender serves with a single process, so nothing restarts it after a crash: after a kill the service is down. The lab does not do what a supervisor would.",
    },
    Entry {
        word: "gate",
        paragraph: "A check (gate) took the numbers of every trial away. The gate, what was measured and its limit stand beside it; `bakeoff explain GATE` has more.",
    },
    Entry {
        word: "probe-failed",
        paragraph: "The metric's probe ran and brought no number. What happened stands beside it.",
    },
    Entry {
        word: "no-trial",
        paragraph: "Every trial ended before the metric was measured. The last fault stands beside it.",
    },
    Entry {
        word: "no-turn",
        paragraph: "The budget was shorter than a full answer takes and left no time for the metric's probe. `bakeoff plan` says what a full answer takes and what a shorter budget leaves out.",
    },
    Entry {
        word: "dropped-by-racing",
        paragraph: "The contender could no longer become the choice, so its time went to those that could, and the metric's probe was due later.",
    },
    Entry {
        word: "earlier-version",
        paragraph: "The version of bakeoff that measured the run did not measure this metric yet.",
    },
    Entry {
        word: "too-few-responses",
        paragraph: "A percentile needs ten responses beyond it: p99 needs 1,000 responses, p99.9 10,000. The number that is missing stands beside it. A longer run or a higher rate brings them.",
    },
    Entry {
        word: "too-few-trials",
        paragraph: "A percentile needs responses from at least three trials: ten responses beyond it may be one stall of the machine.",
    },
    Entry {
        word: "impossible-value",
        paragraph: "The whole interval of the estimate is beyond what is possible. The value and the bound stand beside it. A value that cannot be true is a fault of the lab, never a finding about the contender.",
    },
    Entry {
        word: "not-stated",
        paragraph: "The brief states no value of its own measure for this contender.",
    },
];
