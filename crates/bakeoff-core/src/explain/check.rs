//! What each check for impossible values tests, and why. The list is [`Check::ALL`]; a check without a paragraph does
//! not compile.

use crate::impossible::Check;

/// What happens to a value that breaks a law, which is the same for all.
const WHAT_FOLLOWS: &str = "When the whole interval of an estimate is beyond the bound, the metric is no evidence, with both numbers, and the fault is the lab's. Single trials beyond it are kept, marked and counted; more than one in five fail the metric.";

pub(super) fn paragraph(check: Check) -> String {
    format!("{} {WHAT_FOLLOWS}", law(check))
}

const fn law(check: Check) -> &'static str {
    match check {
        Check::PercentilesInOrder => {
            "Half of the responses cannot take longer than 99 of 100 do: p50 ≤ p90 ≤ p99 ≤ p99.9 ≤ the longest. All percentiles of a contender come from the same trials, so that none can be below a lower one."
        }
        Check::SpeedUp => {
            "Work that is spread over n processors is at most n times as fast; 5 % are allowed for what several caches add. A single try scatters, so it counts as impossible only beyond that scatter."
        }
        Check::CpuTime => {
            "CPU time per request times the rate is the number of processors that the server kept busy. It cannot be more than it may run on; 2 % are allowed for clocks that are read one after the other."
        }
        Check::LittlesLaw => {
            "Little's law: mean response time × rate = mean number of requests in flight [Little, Operations Research 9(3), 1961]. The generator counts the requests in flight by the clock, independent of the latencies, and the two sides agree within 5 %. A latency that counts from the wrong instant, or that was lost, shows here."
        }
        Check::Goodput => {
            "Under overload a server has no more correct responses a second than in the closed loop that measured its capacity; 5 % are allowed, since the closed loop came earlier."
        }
        Check::RateWithinCapacity => {
            "The highest rate within the service level is no more than the closed loop had that measured the capacity in the same trial; 5 % are allowed, since the closed loop came earlier."
        }
        Check::MemoryUnderLoad => {
            "A server does not need less memory under load than without; a tenth is allowed for what a runtime gives back after its start."
        }
        Check::RequestsAccounted => {
            "Each request that fell due is correct, failed, or open at the end. The generator counts what falls due when it does, so a request that is lost or counted twice shows here."
        }
        Check::GeneratorNotTheLimit => {
            "Where the server's limit is measured, the load generator must have time to spare: below 97 % of its processor, and less than 10 ms late. Else the generator was measured, and not the server."
        }
        Check::DatabaseNotTheLimit => {
            "Where the server's limit is measured, the server must be what is busy. If it used less than half of its processors while those of the database were full and the generator was well, the database was measured, and not the server."
        }
        Check::UpstreamNotTheLimit => {
            "The same for the upstream that the lab runs: if the server had time to spare while the upstream's processors were full, the upstream was measured, and not the server."
        }
    }
}
