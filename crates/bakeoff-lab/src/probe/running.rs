//! The probes of a running contender, one row each. A new probe is a file below and a row here: display, plan, trial
//! and `docs/method.md` take everything else from the row. The table decides nothing: the schedule picks the slots.

mod blocking;
mod compute;
mod concurrency;
mod conformance;
mod connections;
mod crash;
mod drain;
mod fanout;
mod highest_rate;
mod multicore;
pub(crate) mod openapi;
mod overload;
mod processes;
mod routes;
mod slow_clients;
mod streams;
mod waiting;

pub use conformance::{ConformanceKind, conformance_kinds};

use super::running_probe::{Needs, RunningProbe};

/// Every probe. Cheap ones and those with the most information per second come first, so that a short run has them.
pub const RUNNING_PROBES: &[RunningProbe] = &[
    RunningProbe {
        name: "compute",
        metrics: &["compute_ms"],
        title: "computing",
        method: "one client sends requests for the longest Collatz chain below 10,000, one after the other, for about \
                 0.4 s (2 to 100 of them); three before them do not count",
        figure: "`compute_ms`: mean service time",
        phase: "computing",
        scenarios: &[],
        roles: &["compute"],
        min_cores: 1,
        typical_s: 0.6,
        needs: Needs::Awake,
        observe: compute::observe,
    },
    RunningProbe {
        name: "openapi",
        metrics: &["openapi_true"],
        title: "OpenAPI document",
        method: "reads the document that the running contender generates, where frameworks serve it by default, and \
                 compares it with each scenario except WebSockets: path, method, query parameters, media type of \
                 the request body, status and media type of the right response",
        figure: "`openapi_true`: share of the scenarios that it describes rightly; 0 without a document",
        phase: "OpenAPI",
        scenarios: &[],
        roles: &[],
        min_cores: 1,
        typical_s: 0.1,
        needs: Needs::Awake,
        observe: openapi::observe,
    },
    RunningProbe {
        name: "blocking",
        metrics: &["blocking_ms_p99"],
        title: "blocking",
        method: "200 light requests a second (open loop) while one client always has a computing request in flight",
        figure: "`blocking_ms_p99` of the light requests",
        phase: "blocking",
        scenarios: &[],
        roles: &["json", "compute"],
        min_cores: 1,
        typical_s: 0.5,
        needs: Needs::Awake,
        observe: blocking::observe,
    },
    RunningProbe {
        name: "waiting",
        metrics: &["waiting_rps"],
        title: "waiting",
        method: "closed loop of 256 clients on a route that waits; by Little's law, clients over mean service time",
        figure: "`waiting_rps`: responses a second",
        phase: "waiting",
        scenarios: &[],
        roles: &["wait"],
        min_cores: 1,
        typical_s: 0.4,
        needs: Needs::AwakeLast,
        observe: waiting::observe,
    },
    RunningProbe {
        name: "multicore",
        metrics: &["multicore_speedup"],
        title: "speed-up by cores",
        method: "computing requests with one process per processor and with one process on one, twice each in the \
                 order one, all, all, one. The problem is so large that the contender needs 2 ms for it. Clients \
                 start when all processes are ready",
        figure: "`multicore_speedup`; a caution when not all processes served clients",
        phase: "all cores",
        scenarios: &["compute"],
        roles: &[],
        min_cores: 2,
        typical_s: 2.1,
        needs: Needs::Awake,
        observe: multicore::observe,
    },
    RunningProbe {
        name: "connections",
        metrics: &["connection_kb"],
        title: "idle connections",
        method: "a server of its own; 32 openers make connections, each with one request, up to 10,000 or as many \
                 as are open after 8 s. memory at 0, 1,000, 2,500, 5,000 and 10,000 gives the curve; it ends earlier \
                 where the server's own setting allows fewer",
        figure: "`connection_kb`: growth per open connection; the note has their number",
        phase: "connections",
        scenarios: &[],
        roles: &["json"],
        min_cores: 1,
        typical_s: 4.0,
        needs: Needs::OwnServer,
        observe: connections::observe,
    },
    RunningProbe {
        name: "slow-clients",
        metrics: &["slow_client_ms_p99"],
        title: "slow clients",
        method: "light requests while 200 clients send one byte a second; a failed light request counts with the \
                 time until its failure",
        figure: "`slow_client_ms_p99` of the light requests",
        phase: "slow clients",
        scenarios: &[],
        roles: &["json"],
        min_cores: 1,
        typical_s: 1.1,
        needs: Needs::Awake,
        observe: slow_clients::observe,
    },
    RunningProbe {
        name: "conformance",
        metrics: &["http_conformance"],
        title: "HTTP conformance",
        method: "requests of the kinds below, one after the other, each drawn by the seed: path, number, letters, case, \
                 encoding. After each kind `GET /health` must be 200. A 5xx, or no response in 2 s, is wrong",
        figure: "`http_conformance`: share of the kinds with a response that the standard allows, of those that \
                 concern a served scenario; the note lists the others",
        phase: "HTTP conformance",
        scenarios: &["health", "json", "read-item"],
        roles: &[],
        min_cores: 1,
        typical_s: 1.0,
        needs: Needs::Awake,
        observe: conformance::observe,
    },
    RunningProbe {
        name: "concurrency",
        metrics: &["usl_contention", "usl_coherency", "usl_peak"],
        title: "scalability over clients",
        method: "closed loop of 1, 2, 4 … 64 clients, every other level on the way up and the rest on the way down; \
                 X(N) = γN / (1 + α(N−1) + βN(N−1)) by least squares of relative residuals with α, β ≥ 0, β only \
                 where it improves the fit beyond chance (F test), and a residual bootstrap [Gunther, Guerrilla \
                 Capacity Planning, 2007; arXiv:0808.1431]. Load 1, 2, 4, 6, 8, 10 with throughput 1, 1.8868, \
                 3.0769, 3.5294, 3.5398, 3.3557 gives α = β = 0.02, γ = 1",
        figure: "`usl_contention` (α), `usl_coherency` (β), `usl_peak` (√((1−α)/β), at most 64)",
        phase: "more clients",
        scenarios: &[],
        roles: &[],
        min_cores: 1,
        typical_s: 1.4,
        needs: Needs::Awake,
        observe: concurrency::observe,
    },
    RunningProbe {
        name: "drain",
        metrics: &["drain_lost"],
        title: "graceful stop",
        method: "SIGTERM to the main process of a warm launch under the brief's rate, as the last probe of the \
                 launch. A refused connection is not lost, because another instance takes it. The server has 10 s, \
                 as with `docker stop`",
        figure: "`drain_lost`: requests that had reached the server and got no correct response",
        phase: "graceful stop",
        scenarios: &[],
        roles: &[],
        min_cores: 1,
        typical_s: 1.7,
        needs: Needs::StopAtEnd,
        observe: drain::observe,
    },
    RunningProbe {
        name: "highest-rate",
        metrics: &["rate_rps_slo"],
        title: "highest rate within the service level",
        method: "open loop at one rate after the other, each for 0.3 to 0.8 s; a rate is held when at most one \
                 request in a hundred is late. The next rate is the median of a belief on a grid, updated by Bayes' \
                 rule: probabilistic bisection [Waeber, Frazier & Henderson, SIAM J. Control Optim. 51(3), 2013] \
                 with a psychometric function [QUEST: Watson & Pelli, Perception & Psychophysics 33(2), 1983]. No \
                 rate above the throughput of a closed loop",
        figure: "`rate_rps_slo`, with the central 95 % of the belief",
        phase: "highest rate",
        scenarios: &[],
        roles: &[],
        min_cores: 1,
        typical_s: 3.9,
        needs: Needs::Awake,
        observe: highest_rate::observe,
    },
    RunningProbe {
        name: "overload",
        metrics: &["overload_goodput", "recovery_s"],
        title: "overload",
        method: "one open loop: the brief's rate, half a second at twice the throughput of a closed loop, the \
                 brief's rate again; before and after it the closed loop, of 16 or 64 clients, or of 256 where 64 leave \
                 the server a tenth of its processors",
        figure: "`overload_goodput`: correct responses in the overload over the mean throughput of both closed loops; \
                 `recovery_s`: time until 0.4 s in a row are within the service level",
        phase: "overload",
        scenarios: &[],
        roles: &[],
        min_cores: 1,
        typical_s: 3.9,
        needs: Needs::Awake,
        observe: overload::observe,
    },
    RunningProbe {
        name: "streams",
        metrics: &["stream_mb_growth"],
        title: "streams",
        method: "128 MB of a pattern up and 128 MB down, checked to the last byte; the kernel keeps the peak of memory",
        figure: "`stream_mb_growth`: peak growth",
        phase: "streams",
        scenarios: &["upload", "download"],
        roles: &[],
        min_cores: 1,
        typical_s: 1.7,
        needs: Needs::Awake,
        observe: streams::observe,
    },
    RunningProbe {
        name: "fanout",
        metrics: &["socket_fanout_ms_p99"],
        title: "broadcast",
        method: "broadcasts to 1,000 WebSockets, one after the other, on a server of its own with `THREADS` = 1,100 \
                 for every contender: where a socket holds a thread each needs one, and an event loop ignores it",
        figure: "`socket_fanout_ms_p99`",
        phase: "broadcast",
        scenarios: &["socket"],
        roles: &[],
        min_cores: 1,
        typical_s: 2.6,
        needs: Needs::OwnServer,
        observe: fanout::observe,
    },
    RunningProbe {
        name: "routes",
        metrics: &["routes_cost"],
        title: "many routes",
        method: "a start with 10 and one with 1,000 further routes (`BAKEOFF_ROUTES`), in an order drawn by the \
                 seed. The contender registers them one by one, and requests use the last",
        figure: "`routes_cost`: geometric mean of the ratios of start, up to the first response of the last route, and \
                 service time",
        phase: "many routes",
        scenarios: &["json"],
        roles: &[],
        min_cores: 1,
        typical_s: 2.2,
        needs: Needs::OwnServer,
        observe: routes::observe,
    },
    RunningProbe {
        name: "processes",
        metrics: &[
            "usl_processes_contention",
            "usl_processes_coherency",
            "usl_processes_peak",
        ],
        title: "scalability over processes",
        method: "the same law over computing requests with 1, 2, 3 … processes, at most one per processor, each \
                 level measured twice. Three parameters need three levels, so three processors; on two, the note of \
                 `multicore_speedup` has the serial share [Karp & Flatt, CACM 33(5), 1990]",
        figure: "`usl_processes_contention`, `usl_processes_coherency`, `usl_processes_peak`: no evidence on fewer \
                 than three processors",
        phase: "more processes",
        scenarios: &["compute"],
        roles: &[],
        min_cores: 3,
        typical_s: 4.5,
        needs: Needs::Awake,
        observe: processes::observe,
    },
    RunningProbe {
        name: "crash",
        metrics: &["crash_recovery_ms", "crash_lost"],
        title: "worker crash",
        method: "SIGKILL under the brief's rate to the process below the main one that uses most CPU time, with two \
                 processes or as many as the brief has cores",
        figure: "`crash_recovery_ms`, `crash_lost`. A single process stays down, because the lab does not restart \
                 it: no evidence",
        phase: "worker crash",
        scenarios: &[],
        roles: &[],
        min_cores: 1,
        typical_s: 3.7,
        needs: Needs::CrashAtEnd,
        observe: crash::observe,
    },
];

/// The probes that a machine with this many processors can run, in the order of their slots.
pub(crate) fn for_machine(processors: usize) -> impl Iterator<Item = &'static RunningProbe> {
    RUNNING_PROBES
        .iter()
        .filter(move |probe| probe.min_cores <= processors)
}

#[cfg(test)]
mod tests {
    use super::{RUNNING_PROBES, for_machine};
    use bakeoff_core::metric::metric;

    #[test]
    fn every_probe_observes_metrics_of_the_table() {
        for id in RUNNING_PROBES.iter().flat_map(|probe| probe.metrics) {
            assert!(metric(id).is_some(), "`{id}` is a metric");
        }
    }

    #[test]
    fn no_two_probes_share_a_name_or_a_phase() {
        for (at, probe) in RUNNING_PROBES.iter().enumerate() {
            let earlier = &RUNNING_PROBES[..at];
            assert!(
                earlier
                    .iter()
                    .all(|other| other.name != probe.name && other.phase != probe.phase)
            );
        }
    }

    #[test]
    fn a_machine_with_few_processors_skips_probes_that_need_more() {
        let names = |processors| -> Vec<&str> { for_machine(processors).map(|probe| probe.name).collect() };
        assert!(!names(1).contains(&"multicore") && names(2).contains(&"multicore"));
        assert!(!names(2).contains(&"processes") && names(3).contains(&"processes"));
    }
}
