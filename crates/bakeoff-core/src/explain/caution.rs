//! What each caution means and what to do about it. Deliberately one entry for each kind of [`crate::evidence::Caution`]; a test holds that.

use super::Entry;

pub(super) const CAUTIONS: &[Entry] = &[
    Entry {
        word: "generator-busy",
        paragraph: "The load generator used most of its own processor while it measured, so a part of the latency may be its own. It is the lab's weakness and not the contender's: a quieter machine, or more processors, gives a better number.",
    },
    Entry {
        word: "generator-late",
        paragraph: "Requests left later than they were due. Latency counts from the due instant, so the lateness is inside the number: the true one is lower. Above the gate's limit the trial is no evidence.",
    },
    Entry {
        word: "steal",
        paragraph: "The hypervisor gave the machine's processor to somebody else for a part of the window. What was measured then includes time in which nothing of ours could run.",
    },
    Entry {
        word: "run-delay",
        paragraph: "The server was ready to run and had to wait for a processor that other work used. Its latency is too high by about that share; its processor time is not.",
    },
    Entry {
        word: "no-steady-state",
        paragraph: "Latency or processor time still changed when the time for warming up ended, so the number mixes a cold and a warm program. A longer budget lets it settle; some programs never do.",
    },
    Entry {
        word: "shared-cores",
        paragraph: "Server and load generator ran on the same processors, for the machine has no two to keep apart. Both cost the other time; comparisons between contenders still hold, as all had the same.",
    },
    Entry {
        word: "few-samples",
        paragraph: "Fewer than ten answers lie beyond this percentile, so a single slow one moves it. A longer measurement, or a higher rate, gives it more to stand on.",
    },
    Entry {
        word: "once",
        paragraph: "It was measured in one block, which tells nothing of how far the next try would lie from it. The interval is that of the repeatability that the metric showed elsewhere (`bakeoff explain` of the metric tells it); a longer budget gives it more blocks of its own.",
    },
    Entry {
        word: "few-blocks",
        paragraph: "Fewer blocks than the five from which an interval is drawn from them alone. For those that are missing the repeatability counts that the metric showed elsewhere; a longer budget gives more blocks.",
    },
    Entry {
        word: "network-included",
        paragraph: "The time of the network, or of a package registry, is a part of it. It depends on where and when it was measured, not on the contender alone.",
    },
    Entry {
        word: "partial",
        paragraph: "The probe could not reach all that it aims at; what it reached stands beside the number. Read it as a bound rather than as the whole.",
    },
];
