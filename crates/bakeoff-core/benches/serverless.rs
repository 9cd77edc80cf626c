//! How long a simulated day takes, and how near the simulations come to closed forms with many more requests than a
//! test has: `cargo bench -p bakeoff-core --bench serverless`. It needs no framework: it prints the figures that
//! `docs/method.md` quotes.

use bakeoff_core::serverless::day::Day;
use bakeoff_core::serverless::instance::{Instance, Request, Size};
use bakeoff_core::serverless::policy::Policy;
use bakeoff_core::serverless::queue::ManyServers;
use bakeoff_core::serverless::requests::by_requests;
use bakeoff_core::serverless::seconds::by_seconds;
use bakeoff_core::serverless::setup::Setup;
use bakeoff_core::serverless::tally::Outcome;
use std::time::Instant;

fn main() {
    closed_forms();
    both();
    largest();
}

/// M/M/c: ten million requests each.
fn closed_forms() {
    println!("M/M/c, closed form and simulated request by request: P(wait), mean wait, p99");
    for (servers, arrival_rate) in [(1, 70.0), (5, 350.0), (20, 1_700.0), (100, 9_500.0)] {
        let line = ManyServers {
            arrival_rate,
            service_rate: 100.0,
            servers,
        };
        let setup = Setup {
            instance: Instance::single(line.service_rate),
            policy: Policy::fixed(servers),
            day: Day::level(),
            peak_rps: arrival_rate,
            seconds: (1e7 / arrival_rate) as u32,
            warm_up_s: 100,
            step_s: 0.1,
        };
        let outcome = by_requests(&setup, 1);
        let ratio = |got: f64, want: f64| format!("{:+.2} %", (got / want - 1.0) * 100.0);
        println!(
            "  c = {servers:>3}, ρ = {:.2}: {:.4} ({}), {:.3} ms ({}), {:.2} ms ({})",
            line.utilization(),
            outcome.waits,
            ratio(outcome.waits, line.waiting_probability()),
            outcome.wait_mean_s * 1e3,
            ratio(outcome.wait_mean_s, line.mean_wait_s()),
            outcome.wait_p99_s * 1e3,
            ratio(outcome.wait_p99_s, line.wait_quantile_s(0.99)),
        );
    }
}

/// 30 ms of processor and 70 ms elsewhere, on a whole processor.
fn setup(peak_rps: f64) -> Setup {
    let request = Request {
        cpu_s: 0.03,
        off_cpu_s: 0.07,
        law: None,
        law_until: 0.0,
    };
    let size = Size {
        vcpu: 1.0,
        concurrency: 80,
        start_s: 2.0,
    };
    let policy = Policy {
        cpu_target: 0.6,
        concurrency_target: 0.6,
        window_s: 60,
        period_s: 5,
        min_pending_s: 0.0,
        wait_most_s: 10.0,
        idle_s: 900,
        min_instances: 0,
        max_instances: 200_000,
    };
    Setup::day(
        Instance::new(&request, &size),
        policy,
        Day::assumed(),
        peak_rps,
        0.1,
    )
}

fn both() {
    println!(
        "a day of up to ten, and of up to a hundred instances: request by request, and in steps of a second"
    );
    for peak_rps in [190.0, 1_900.0] {
        let setup = setup(peak_rps);
        for (name, simulate) in [
            ("requests", by_requests as fn(&Setup, u64) -> Outcome),
            ("seconds", by_seconds),
        ] {
            let begin = Instant::now();
            let outcome = simulate(&setup, 1);
            println!(
                "  {name:>8}: {:.3} instances on average, {} at most, {:.2} paid hours, {:.0} cold starts, {:.3} s",
                outcome.instances_mean,
                outcome.instances_peak,
                outcome.paid_hours_a_day,
                outcome.cold_starts_a_day,
                begin.elapsed().as_secs_f64()
            );
        }
    }
}

fn largest() {
    let setup = setup(1_900_000.0);
    let begin = Instant::now();
    let outcome = by_seconds(&setup, 1);
    println!(
        "a day of up to {} instances, {:.1} on average, {:.3e} requests: {:.3} s",
        outcome.instances_peak,
        outcome.instances_mean,
        outcome.requests_a_day,
        begin.elapsed().as_secs_f64()
    );
}
