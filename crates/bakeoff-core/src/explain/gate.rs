//! What each gate checks, and why. The list of gates is [`Gate::ALL`]; a gate without a paragraph does not compile.

use crate::evidence::Gate;

pub(super) const fn paragraph(gate: Gate) -> &'static str {
    match gate {
        Gate::Contract => {
            "Every response is checked against the contract (status, headers, body) before anything is timed, and a sample of them while it is timed. A fast but wrong response is an error, so a trial that breaks the contract is no evidence of speed."
        }
        Gate::ErrorRate => {
            "The share of requests that failed (wrong status, wrong body, reset or timeout) is within the brief's `load.slo.error_rate`. A server that drops requests looks faster than it is."
        }
        Gate::Generator => {
            "The load generator kept its schedule and did not use up its processor. If it did, the lab is at fault and the numbers describe the generator."
        }
        Gate::RateHeld => {
            "The rate of correct responses reached 99 % of the offered rate. Below that, the finding is that the contender cannot hold the rate. Its latency is then not scored, because a growing queue has no latency of its own."
        }
        Gate::SteadyState => {
            "Latency and CPU time had settled before the measurement began. A change-point test on short windows finds this, not a fixed waiting time. Barrett et al. (OOPSLA 2017) found that fewer than half of the programs on virtual machines always settle."
        }
        Gate::Quiet => {
            "Nothing else used the machine during the measurement: time stolen by a hypervisor, stalls of the machine and waiting for processors stayed below their limits. If the machine was stalled for a larger share of the time than the share of responses beyond a percentile, that percentile is no evidence. A disturbed trial is repeated once if the budget allows, and never averaged in."
        }
        Gate::Twins => {
            "One contender runs twice in every block, the second time under another name (an A/A test). Any difference between the two is noise, so no difference of that size between contenders is claimed."
        }
    }
}
