//! Known response times: they follow from the plan, and this file computes them request by request.

use super::figure::Figure;
use super::stage::{drive, even, millis};
use crate::interrupt::Interrupt;
use bakeoff_load::scripted::Reaction;
use bakeoff_load::{LoadError, Plan, RequestSpec};
use std::sync::OnceLock;
use std::time::Duration;

/// Every response after 1 ms.
pub(super) fn constant(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    const SERVICE: Duration = Duration::from_millis(1);
    let plan = even(200.0, 3.0);
    let report = drive(interrupt, RequestSpec::get("/"), &plan, |_| {
        Reaction::ok().after(SERVICE)
    })?;
    Ok(vec![
        Figure::count("right answers", 600, report.correct),
        Figure::time("p50", 1.0, millis(report.response.value_at_quantile(0.5))),
        Figure::time("p99", 1.0, millis(report.response.value_at_quantile(0.99))),
        Figure::time("mean", 1.0, report.response.mean() / 1e3),
        Figure::time(
            "p50 from the actual send",
            1.0,
            millis(report.service.value_at_quantile(0.5)),
        ),
    ])
}

/// Requests every 10 ms: 5.2 s of answers after 1 ms, then 4.8 s without any. [G. Tene's example has 100 s of each; a
/// little less of a stall keeps the median out of it.]
pub(super) fn stall(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    const SPACING_MS: f64 = 10.0;
    const REQUESTS: u64 = 1000;
    // Half a gap before request 520 is due, so that a slightly late request still falls on its side of the stall.
    const FROM: Duration = Duration::from_millis(5_195);
    const TO: Duration = Duration::from_millis(9_995);
    let first: OnceLock<Duration> = OnceLock::new();
    let script = move |request: &bakeoff_load::scripted::ReceivedRequest| {
        let since = request.at.saturating_sub(*first.get_or_init(|| request.at));
        let pause = match since {
            before if before < FROM => Duration::from_millis(1),
            within if within < TO => TO - within,
            _ => Duration::ZERO,
        };
        Reaction::ok().after(pause)
    };
    let plan = Plan {
        timeout: Duration::from_secs(20),
        ..even(1e3 / SPACING_MS, 10.0)
    };
    let report = drive(interrupt, RequestSpec::get("/"), &plan, script)?;
    let felt = |n: u64| {
        let at_ms = n as f64 * SPACING_MS;
        let in_stall = at_ms >= FROM.as_secs_f64() * 1e3;
        if in_stall {
            TO.as_secs_f64() * 1e3 - at_ms
        } else {
            1.0
        }
    };
    let mut model: Vec<f64> = (0..REQUESTS).map(felt).collect();
    model.sort_by(f64::total_cmp);
    let quantile = |q: f64| model[(q * REQUESTS as f64).ceil() as usize - 1];
    let mean = model.iter().sum::<f64>() / REQUESTS as f64;
    let reported = |q| millis(report.response.value_at_quantile(q));
    // When the stall ends, the hundreds that waited are answered one after the other: that takes them some
    // milliseconds.
    let drained = |figure: Figure| Figure {
        above: figure.above + 40.0,
        ..figure
    };
    Ok(vec![
        Figure::count("right answers", REQUESTS, report.correct),
        Figure::time("p50", quantile(0.5), reported(0.5)),
        drained(Figure::time("p75", quantile(0.75), reported(0.75))),
        drained(Figure::time("p99", quantile(0.99), reported(0.99))),
        drained(Figure::time("mean", mean, report.response.mean() / 1e3)),
        Figure::time(
            "p99 from the actual send, which hides it",
            1.0,
            millis(report.service.value_at_quantile(0.99)),
        ),
    ])
}

/// One connection with a service time of S = 20 ms and a request every I = 10 ms.
pub(super) fn queue(interrupt: &Interrupt) -> Result<Vec<Figure>, LoadError> {
    const REQUESTS: u64 = 100;
    const SPACING_MS: f64 = 10.0;
    let plan = Plan {
        connections: 1,
        ..even(1e3 / SPACING_MS, REQUESTS as f64 * SPACING_MS / 1e3)
    };
    let script =
        |_: &bakeoff_load::scripted::ReceivedRequest| Reaction::ok().after(Duration::from_millis(20));
    let report = drive(interrupt, RequestSpec::get("/"), &plan, script)?;
    // The server sleeps a little longer than 20 ms, so S is the measured service time.
    let service = report.service.mean() / 1e3;
    let felt = |n: f64| service + n * (service - SPACING_MS);
    let last = felt(REQUESTS as f64 - 1.0);
    let mean = felt((REQUESTS as f64 - 1.0) / 2.0);
    Ok(vec![
        Figure::count("right answers", REQUESTS, report.correct),
        Figure::time("service time", 20.0, service),
        Figure::time("mean", mean, report.response.mean() / 1e3),
        Figure::time("last", last, millis(report.response.max())),
        Figure::count("rate held (0 is no)", 0, u64::from(report.rate_held)),
    ])
}
