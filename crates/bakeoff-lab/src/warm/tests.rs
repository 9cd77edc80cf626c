//! What a warm-up says of its windows: when it settled, its class, and the rate of a slow brief.

use super::hold::Held;
use super::window::Window;
use super::{Beginning, beginning, class_of, settle_rate_rps};
use bakeoff_core::evidence::{SettledLevel, WarmClass, WarmPhase, WarmWindow};

/// Windows of 500 requests and half a second each.
fn windows(costs: &[(WarmPhase, f64)]) -> Vec<Window> {
    let of = |(at, (phase, cpu_us)): (usize, &(WarmPhase, f64))| Window {
        seen: WarmWindow {
            at_s: 0.5 * (at + 1) as f64,
            cpu_us: *cpu_us,
            service_ms_p50: 1.0,
            phase: *phase,
            requests: 500,
            compiler_share: None,
        },
        requests_until: 500 * (at + 1) as u64,
    };
    costs.iter().enumerate().map(of).collect()
}

/// Ten rounds of the closed loop, a window of the mix, and twelve at the rate.
fn settled(rounds: [f64; 10], at_rate: [f64; 12]) -> Vec<Window> {
    let closed = rounds.into_iter().chain([500.0]);
    let closed = closed.map(|cost| (WarmPhase::ClosedLoop, cost));
    let at_rate = at_rate.into_iter().map(|cost| (WarmPhase::AtRate, cost));
    windows(&closed.chain(at_rate).collect::<Vec<_>>())
}

fn held(from: usize) -> Held {
    Held {
        from,
        level: SettledLevel {
            cpu_us: 400.0,
            noise: 0.08,
            before_pause_ratio: 1.0,
            rate_rps: 400.0,
        },
    }
}

const FALLING: [f64; 10] = [
    3_000.0, 1_500.0, 900.0, 500.0, 510.0, 490.0, 500.0, 505.0, 495.0, 500.0,
];
const LEVEL: [f64; 12] = [
    400.0, 410.0, 395.0, 405.0, 400.0, 390.0, 400.0, 410.0, 395.0, 405.0, 400.0, 390.0,
];

#[test]
fn the_level_begins_in_the_closed_loop_when_it_held_at_the_rate_from_the_first_window_on() {
    let all = settled(FALLING, LEVEL);
    let expected = Beginning {
        requests: 1_500,
        under_load_s: 1.5,
    };
    assert_eq!(beginning(&all, 10, &held(11)), expected);
    assert_eq!(class_of(&all, 10, Some(&held(11))), WarmClass::Warm);
    // From the first round on: nothing was before it.
    let flat = settled([500.0; 10], LEVEL);
    assert_eq!(beginning(&flat, 10, &held(11)).requests, 0);
    assert_eq!(class_of(&flat, 10, Some(&held(11))), WarmClass::Flat);
    // Too few rounds to tell: the whole closed loop was before it.
    assert_eq!(beginning(&all[6..], 4, &held(5)).requests, 5_500);
}

#[test]
fn a_level_that_came_later_begins_at_its_first_window_at_the_rate() {
    let mut at_rate = LEVEL;
    at_rate[..3].copy_from_slice(&[900.0, 800.0, 900.0]);
    let all = settled(FALLING, at_rate);
    assert_eq!(beginning(&all, 10, &held(14)).requests, 7_000);
    assert_eq!(class_of(&all, 10, Some(&held(14))), WarmClass::Warm);
    at_rate[..3].copy_from_slice(&[200.0, 205.0, 198.0]);
    let slower = settled([500.0; 10], at_rate);
    assert_eq!(class_of(&slower, 10, Some(&held(14))), WarmClass::SlowingDown);
    assert_eq!(class_of(&all, 10, None), WarmClass::NoSteadyState);
}

#[test]
fn what_a_user_meets_includes_the_start() {
    let observed = beginning(&settled(FALLING, LEVEL), 10, &held(11)).observations(0.4);
    let values: Vec<(&str, f64)> = observed
        .iter()
        .map(|observation| (observation.metric.as_str(), observation.value))
        .collect();
    assert_eq!(values, [("warmup_s", 1.9), ("warmup_requests", 1_500.0)]);
}

#[test]
fn a_slow_brief_settles_at_half_of_what_the_server_carries() {
    for (peak_rps, carried_rps, expected) in [
        (400.0, 2_000.0, 400.0),
        (200.0, 2_000.0, 200.0),
        (40.0, 2_000.0, 1_000.0),
        (40.0, 60.0, 30.0),
        // More than it carries.
        (400.0, 300.0, 150.0),
        (400.0, 420.0, 210.0),
        // Nothing is known.
        (40.0, 0.0, 40.0),
    ] {
        assert_eq!(
            settle_rate_rps(peak_rps, carried_rps),
            expected,
            "{peak_rps} of {carried_rps}"
        );
    }
}
