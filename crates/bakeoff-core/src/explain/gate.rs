//! What each gate asks and why. Deliberately one entry for each [`crate::evidence::Gate`], in their order; a test holds that.

use super::Entry;

pub(super) const GATES: &[Entry] = &[
    Entry {
        word: "contract",
        paragraph: "Before anything is timed, and in a sample while it is, every answer is held to the contract: status, headers, body. A wrong answer that comes fast is an error, so a trial in which the contract does not hold is no evidence of speed.",
    },
    Entry {
        word: "error-rate",
        paragraph: "The share of requests that failed, by status, by a wrong body, by a reset or by time, is within the brief's `load.slo.error_rate`. A server that drops requests looks faster than it is.",
    },
    Entry {
        word: "generator",
        paragraph: "The load generator kept its own schedule and did not use up its processor. If it did not, the fault is the lab's, and what was measured is the generator.",
    },
    Entry {
        word: "rate-held",
        paragraph: "The correct answers a second reached 99 % of the rate that was asked for. Below it the finding is that the contender cannot hold the rate, and its latency then is not scored: a queue that grows has no latency of its own.",
    },
    Entry {
        word: "steady-state",
        paragraph: "Latency and processor time had settled before the window began, found by a change point on short windows and not by a fixed time. Barrett and others (OOPSLA 2017) found that fewer than half of the programs on virtual machines always settle.",
    },
    Entry {
        word: "quiet",
        paragraph: "Nothing else took the machine meanwhile: time stolen by a hypervisor, time in which the machine stood still, and waiting for processors stayed under their limits. Where the machine stood still for a larger share of the time than lies beyond a percentile, that percentile is no evidence. A disturbed trial is repeated once while the budget allows, and never averaged in.",
    },
    Entry {
        word: "twins",
        paragraph: "One contender runs twice in every block, the second time under another name. What separates the two is noise, and where it is large, differences between contenders of that size are not claimed.",
    },
];
