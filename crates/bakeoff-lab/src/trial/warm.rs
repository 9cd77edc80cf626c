//! The way to the steady state: a closed loop of the brief's mix in short windows, until CPU time a request
//! has settled or the time for it has ended. Closed, so that a just-in-time compiler sees many requests in
//! little time; its latencies are not kept.

use crate::fault::of_lab;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::evidence::{Fault, WarmClass, WarmUp, WarmWindow};
use bakeoff_load::{Arrivals, Plan, Tick};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Windows that must agree.
const WINDOWS: usize = 3;

/// How far the agreeing windows may lie apart, as a share of their mean.
const SPREAD: f64 = 0.10;

/// How far the first window must lie from the settled ones for a change.
const CHANGE: f64 = 0.10;

/// Clients of the closed loop.
const CLIENTS: usize = 4;

/// Drives the mix until it has settled, at most `max_s` seconds.
pub(super) fn until_settled(
    lab: &Lab<'_>,
    prepared: &Prepared,
    server: &Server,
    seed: u64,
    max_s: f64,
) -> Result<WarmUp, Fault> {
    let settled = AtomicBool::new(false);
    let mut windows: Vec<WarmWindow> = Vec::new();
    let mut last = (server.process().cpu_s(), 0_u64);
    let plan = Plan {
        arrivals: Arrivals::Closed,
        connections: CLIENTS,
        duration: Duration::from_secs_f64(max_s),
        timeout: Duration::from_secs(2),
        seed: seed ^ 0x5741_524D,
        cores: lab.cores.generator.clone(),
        ..Plan::default()
    };
    let mut watch = |tick: &Tick| {
        let now = (server.process().cpu_s(), tick.correct_total);
        if now.1 > last.1 {
            let cpu_us = (now.0 - last.0) * 1e6 / (now.1 - last.1) as f64;
            windows.push(WarmWindow {
                at_s: tick.at_s,
                cpu_us,
                service_ms_p50: tick.p50_us as f64 / 1e3,
            });
        }
        last = now;
        if is_settled(&windows) || lab.interrupted() {
            settled.store(true, Ordering::Relaxed);
        }
    };
    let mix = lab.mix(prepared)?;
    bakeoff_load::run(server.target(), &mix, &plan, &mut watch, &settled)
        .map_err(|error| of_lab("warm-up", error.to_string()))?;
    Ok(WarmUp {
        class: class(&windows),
        windows,
    })
}

/// Whether the last windows agree. The first is never among them: it has the cold code in it.
fn is_settled(windows: &[WarmWindow]) -> bool {
    let Some(last) = windows
        .len()
        .checked_sub(WINDOWS)
        .filter(|start| *start >= 1)
        .map(|start| &windows[start..])
    else {
        return false;
    };
    let mean = mean(last);
    last.iter()
        .all(|window| (window.cpu_us - mean).abs() <= SPREAD * mean)
}

fn class(windows: &[WarmWindow]) -> WarmClass {
    if !is_settled(windows) {
        return WarmClass::NoSteadyState;
    }
    let ratio = windows[0].cpu_us / mean(&windows[windows.len() - WINDOWS..]);
    if ratio > 1.0 + CHANGE {
        WarmClass::Warm
    } else if ratio < 1.0 - CHANGE {
        WarmClass::SlowingDown
    } else {
        WarmClass::Flat
    }
}

fn mean(windows: &[WarmWindow]) -> f64 {
    windows.iter().map(|window| window.cpu_us).sum::<f64>() / windows.len() as f64
}

#[cfg(test)]
mod tests {
    use super::{class, is_settled};
    use bakeoff_core::evidence::{WarmClass, WarmWindow};

    fn windows(cpu_us: &[f64]) -> Vec<WarmWindow> {
        cpu_us
            .iter()
            .enumerate()
            .map(|(n, &cpu_us)| WarmWindow {
                at_s: n as f64 / 4.0,
                cpu_us,
                service_ms_p50: 1.0,
            })
            .collect()
    }

    #[test]
    fn the_class_says_which_way_it_went() {
        let cases = [
            (&[300.0, 150.0, 101.0, 100.0, 99.0][..], WarmClass::Warm),
            (&[100.0, 101.0, 99.0, 100.0][..], WarmClass::Flat),
            (&[100.0, 130.0, 150.0, 151.0, 149.0][..], WarmClass::SlowingDown),
            (&[100.0, 200.0, 100.0, 200.0][..], WarmClass::NoSteadyState),
            (&[][..], WarmClass::NoSteadyState),
        ];
        for (cpu_us, wanted) in cases {
            assert_eq!(class(&windows(cpu_us)), wanted, "{cpu_us:?}");
        }
    }

    #[test]
    fn the_first_window_never_counts_as_settled() {
        assert!(!is_settled(&windows(&[100.0, 100.0, 100.0])));
        assert!(is_settled(&windows(&[100.0, 100.0, 100.0, 100.0])));
    }
}
