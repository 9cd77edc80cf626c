//! Probes against contenders with one known trait: the observation must match it. Truth, never speed: the tolerances
//! are as wide as a busy machine needs, and the trait is far outside of the values of a contender without it.

use crate::bench::{Bench, SHAPE};
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_lab::Lab;

/// The planted trait's server answers one request in 5 ms, one after the other.
const CAPACITY_RPS: f64 = 200.0;

fn observed(lab: &Lab<'_>, bench: &Bench, planted: &str, probe: &str) -> Result<Vec<Observation>, String> {
    lab.probe(&bench.planted(planted), probe, &SHAPE, 7)
}

#[track_caller]
fn of<'o>(observations: &'o [Observation], metric: &str) -> &'o Observation {
    let found = observations.iter().find(|one| one.metric == metric);
    found.unwrap_or_else(|| panic!("no `{metric}`: {observations:#?}"))
}

#[track_caller]
fn between(observation: &Observation, low: f64, high: f64) {
    let value = observation.value;
    assert!((low..=high).contains(&value), "{low} to {high}: {observation:#?}");
}

#[test]
fn a_queue_of_one_has_its_known_capacity() {
    let bench = Bench::new(&[("json", 1.0)], 40.0);
    let lab = Lab::open(bench.config()).unwrap();
    let rate = observed(&lab, &bench, "queue", "highest-rate").unwrap();
    let rate = of(&rate, "rate_rps_slo");
    between(rate, CAPACITY_RPS * 0.5, CAPACITY_RPS * 1.05);
    let (low, high) = rate.detail.as_ref().unwrap().interval.unwrap();
    assert!(low < rate.value && rate.value < high, "{rate:#?}");

    let law = observed(&lab, &bench, "queue", "concurrency").unwrap();
    between(of(&law, "usl_contention"), 0.85, 1.2);
    assert_eq!(
        of(&law, "usl_contention").detail.as_ref().unwrap().points.len(),
        7
    );
    assert!(of(&law, "usl_coherency").value < 0.01, "{law:#?}");

    let overload = observed(&lab, &bench, "queue", "overload").unwrap();
    between(of(&overload, "overload_goodput"), 0.8, 1.2);
    // Half a second at twice the capacity leaves a queue of half a second, and a fifth of the capacity goes on being
    // asked for.
    between(of(&overload, "recovery_s"), 0.35, 1.1);
}

#[test]
fn requests_lost_in_a_graceful_stop_are_counted() {
    let bench = Bench::new(&[("json", 1.0)], 60.0);
    let lab = Lab::open(bench.config()).unwrap();
    let refuses = observed(&lab, &bench, "refuses", "drain").unwrap();
    assert_eq!(of(&refuses, "drain_lost").value, 5.0, "{refuses:#?}");
    let drains = observed(&lab, &bench, "drains", "drain").unwrap();
    assert_eq!(of(&drains, "drain_lost").value, 0.0, "{drains:#?}");
    assert!(
        of(&drains, "drain_lost")
            .note
            .as_deref()
            .unwrap()
            .contains("after SIGTERM")
    );
}

#[test]
fn the_cost_of_a_killed_worker_is_the_planted_one() {
    let bench = Bench::new(&[("json", 1.0)], 60.0);
    let lab = Lab::open(bench.config()).unwrap();
    let family = observed(&lab, &bench, "family", "crash").unwrap();
    let recovery = of(&family, "crash_recovery_ms");
    between(recovery, 300.0, 1_200.0);
    assert_eq!(recovery.cautions, [], "{family:#?}");
    assert!(of(&family, "crash_lost").value < 60.0 * 1.2);

    let childless = observed(&lab, &bench, "childless", "crash").unwrap();
    let caution = &of(&childless, "crash_recovery_ms").cautions;
    assert!(
        matches!(&caution[..], [Caution::Partial { reached }] if reached.contains("no process replaced the killed one")),
        "{childless:#?}"
    );

    let alone = observed(&lab, &bench, "drains", "crash").unwrap_err();
    assert!(alone.contains("one process serves"), "{alone}");
}

#[test]
fn the_memory_of_connections_and_streams_is_the_planted_one() {
    let bench = Bench::new(&[("json", 1.0)], 60.0);
    // 10,000 hoarded connections take about 800 MB.
    let limits = bakeoff_lab::ResourceLimits {
        memory_mb: 2_000.0,
        ..crate::bench::LIMITS
    };
    let lab = Lab::open(bakeoff_lab::Config {
        limits,
        ..bench.config()
    })
    .unwrap();
    let hoards = observed(&lab, &bench, "hoards", "connections").unwrap();
    between(of(&hoards, "connection_kb"), 60.0, 110.0);

    let streams = observed(&lab, &bench, "streams", "streams").unwrap();
    between(of(&streams, "stream_mb_growth"), 0.0, 24.0);
    let buffers = observed(&lab, &bench, "buffers", "streams").unwrap();
    // A body of 128 MB is held; memory is looked at from time to time, so that the last of it may be missed.
    between(of(&buffers, "stream_mb_growth"), 100.0, 200.0);
}

#[test]
fn the_delay_by_slow_clients_and_broadcasts_is_the_planted_one() {
    let bench = Bench::new(&[("json", 1.0)], 60.0);
    let lab = Lab::open(bench.config()).unwrap();
    let held_up = observed(&lab, &bench, "held-up", "slow-clients").unwrap();
    between(of(&held_up, "slow_client_ms_p99"), 120.0, 1_000.0);
    let late = observed(&lab, &bench, "late", "fanout").unwrap();
    between(of(&late, "socket_fanout_ms_p99"), 150.0, 1_500.0);
}

#[test]
fn the_cost_of_routes_is_the_planted_one() {
    let bench = Bench::new(&[("json", 1.0)], 60.0);
    let lab = Lab::open(bench.config()).unwrap();
    let routes = observed(&lab, &bench, "routes", "routes").unwrap();
    let routes = of(&routes, "routes_cost");
    // 990 routes more are half a second more of a start that takes a fraction of one; the service time stays.
    between(routes, 1.2, 4.0);
    assert!(
        routes
            .note
            .as_deref()
            .unwrap()
            .contains("with 1000 routes instead of 10"),
        "{routes:#?}"
    );
    let none = observed(&lab, &bench, "queue", "no-such-probe").unwrap_err();
    assert_eq!(none, "no probe `no-such-probe`");
}

#[test]
fn an_openapi_document_counts_for_the_scenarios_that_it_describes_rightly() {
    let bench = Bench::new(&[("json", 1.0)], 60.0);
    let lab = Lab::open(bench.config()).unwrap();
    let documented = observed(&lab, &bench, "documented", "openapi").unwrap();
    let documented = of(&documented, "openapi_true");
    let not_served = &bench.planted("documented").contender.source.not_served;
    let describable = bench
        .scenarios
        .values()
        .filter(|scenario| scenario.request.message.is_none() && !not_served.contains(&scenario.id))
        .count();
    assert_eq!(documented.value, 1.0 / describable as f64, "{documented:#?}");
    let note = documented.note.as_deref().unwrap();
    assert!(note.contains("compute: no response 200"), "{note}");

    let silent = observed(&lab, &bench, "queue", "openapi").unwrap();
    let silent = of(&silent, "openapi_true");
    assert_eq!(silent.value, 0.0, "{silent:#?}");
    assert!(silent.note.as_deref().unwrap().contains("no OpenAPI document"));
}
