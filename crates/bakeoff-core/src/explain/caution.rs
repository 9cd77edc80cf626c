//! What each caution means and what to do about it. One entry for each kind of [`crate::evidence::Caution`]; a test
//! holds that.

use super::entry::Entry;

pub(super) const CAUTIONS: &[Entry] = &[
    Entry {
        word: "generator-busy",
        paragraph: "The load generator used most of its own processor, so a part of the latency may be its own. This is a weakness of the lab, not of the contender. A quieter machine or more processors give a better number.",
    },
    Entry {
        word: "generator-late",
        paragraph: "Requests left later than they were due. Latency counts from the instant at which a request was due, so it includes this delay and the true latency is lower. Above the gate's limit the trial is no evidence.",
    },
    Entry {
        word: "steal",
        paragraph: "The hypervisor gave the machine's processor to another guest for a part of the measurement. The numbers include time in which nothing here could run.",
    },
    Entry {
        word: "run-delay",
        paragraph: "The server was ready to run but waited for a processor that other work used. Its latency is too high by about that share; its CPU time is not affected.",
    },
    Entry {
        word: "no-steady-state",
        paragraph: "Latency or CPU time was still changing when the warm-up time ended, so the number mixes a cold and a warm program. A longer budget lets it settle; some programs never do.",
    },
    Entry {
        word: "shared-cores",
        paragraph: "Server and load generator ran on the same processors, because the machine has too few to separate them. Each slowed the other down. Comparisons between contenders still hold, as all ran under the same conditions.",
    },
    Entry {
        word: "few-samples",
        paragraph: "Fewer than ten responses lie beyond this percentile, so a single slow one moves it. A longer measurement or a higher rate gives more of them.",
    },
    Entry {
        word: "once",
        paragraph: "It was measured in one block, which does not show how much the next block would differ. The interval is an estimate from how much this metric varied in earlier experiments (`bakeoff explain METRIC` gives the figure). A longer budget gives more blocks.",
    },
    Entry {
        word: "few-blocks",
        paragraph: "There are fewer than the five blocks that an interval needs to rest on its own data. For the missing blocks, the variation from earlier experiments stands in. A longer budget gives more blocks.",
    },
    Entry {
        word: "few-launches",
        paragraph: "It was started fewer than three times. The same program started again differs from itself; for the missing launches, the variation from earlier experiments stands in. A longer budget gives more launches.",
    },
    Entry {
        word: "not-warm",
        paragraph: "No launch of it settled within the time for it, or it never came back to its settled level after a rest. It was measured all the same, and the interval reaches as much further as its CPU time per request still changed.",
    },
    Entry {
        word: "not-back-from-rest",
        paragraph: "Servers rest while others are measured, and some need a while to come back to their settled level. Trials that began before that do not count. `after_rest_ratio` shows what a rest costs.",
    },
    Entry {
        word: "still-warming-up",
        paragraph: "CPU time per request fell from one trial of a launch to the next by more than the noise, though the warm-up had found a level. Only the trials on the last level count.",
    },
    Entry {
        word: "slows-down-late",
        paragraph: "CPU time per request rose from one trial of a launch to the next by more than the noise and stayed there. Only the trials on the last level count.",
    },
    Entry {
        word: "disturbed-by-another",
        paragraph: "One server is awake at a time, and all others rest. Another contender's server used the processor all the same, so the trials during that time do not count. This is no fault of the contender that the number is of.",
    },
    Entry {
        word: "twins-apart",
        paragraph: "One contender runs a second time under another name. From how launches and blocks vary, the run predicts how far the two can lie apart. On this metric they lie outside that range, so something varies that the run does not see; the intervals of all contenders are wider by that factor.",
    },
    Entry {
        word: "network-included",
        paragraph: "The number includes time of the network or of a package registry. It depends on where and when it was measured, not on the contender alone.",
    },
    Entry {
        word: "partial",
        paragraph: "The probe did not reach its full target; what it reached is given beside the number. Read the number as a bound.",
    },
    Entry {
        word: "repeated",
        paragraph: "The first attempt at a trial was disturbed by the machine, the generator or the lab's services, so it was measured a second time. The first attempt does not count; its time and what disturbed it are kept.",
    },
    Entry {
        word: "runtime-ended",
        paragraph: "On the day of the run the runtime was past its end of life: it gets no fixes any more, and its successors differ from it in speed. Every number of the contender is that of a runtime that nobody should deploy. `bakeoff list runtimes` shows what this machine has and how long each is supported.",
    },
    Entry {
        word: "framework-ended",
        paragraph: "On the day of the run the contender's release line of its framework was past its end of life. Every number of the contender is that of a version that gets no fixes any more. A newer version in its lock file removes the caution.",
    },
    Entry {
        word: "runtime-older-than-wanted",
        paragraph: "The runtime is supported, and older than the oldest one that is measured without a caution. Newer ones differ in speed and memory, and some frameworks have newer versions for them only. Install a newer one beside it (`bakeoff list runtimes` shows all that was found), or run where bakeoff can provide one.",
    },
    Entry {
        word: "impossible-trials",
        paragraph: "The value of some trials breaks a law that every true value obeys (`bakeoff explain` has each check). They are kept, marked and counted, since leaving out only what is too good would bias the rest. When it is more than one trial in five, the metric is no evidence, and the fault is the lab's.",
    },
];
