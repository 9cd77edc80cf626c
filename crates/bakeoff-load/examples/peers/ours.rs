//! This generator as a client among others: checks on, histograms on, figures printed for the comparison to read.

use bakeoff_load::url::Url;
use bakeoff_load::{Arrivals, Departures, Expect, Plan, RequestSpec, Tls, Trust, run as drive};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// `closed CONNECTIONS SECONDS`, or `poisson|constant CONNECTIONS SECONDS RATE [punctual]`.
pub(crate) fn run(url: &str, options: &[&str]) -> Result<(), String> {
    let number = |at: usize| options.get(at).and_then(|text| text.parse::<f64>().ok());
    let (Some(connections), Some(seconds)) = (number(1), number(2)) else {
        return Err("no load".to_owned());
    };
    let arrivals = match (options[0], number(3)) {
        ("poisson", Some(rate_rps)) => Arrivals::Poisson { rate_rps },
        ("constant", Some(rate_rps)) => Arrivals::Constant { rate_rps },
        _ => Arrivals::Closed,
    };
    let plan = Plan {
        departures: match options.get(4) {
            Some(&"punctual") => Departures::Punctual,
            _ => Departures::Batched,
        },
        arrivals,
        connections: connections as usize,
        duration: Duration::from_secs_f64(seconds),
        ..Plan::default()
    };
    let url = Url::parse(url)?;
    let expect = Expect {
        status: vec![200],
        content_type: Some("application/json".to_owned()),
        ..Expect::default()
    };
    let spec = RequestSpec {
        expect,
        ..RequestSpec::get(&url.path)
    };
    let tls = |server_name| Tls {
        server_name,
        trust: Trust::PublicAuthorities,
        identity: None,
    };
    let target = url.targets(tls)?.remove(0);
    let report =
        drive(&target, &[spec], &plan, &mut |_| {}, &AtomicBool::new(false)).map_err(|e| e.to_string())?;
    let at = |quantile| report.response.value_at_quantile(quantile);
    println!("correct {}", report.correct);
    println!(
        "achieved/offered {:.5}",
        report.correct as f64 / report.planned.max(1) as f64
    );
    println!(
        "p50 {}\np99 {}\np999 {}\nmean {:.1}",
        at(0.5),
        at(0.99),
        at(0.999),
        report.response.mean()
    );
    println!("lag50 {}", report.lag.value_at_quantile(0.5));
    println!("lag {}", report.lag.value_at_quantile(0.99));
    println!(
        "own_cpu_us {:.2}",
        report.own_cpu_s * 1e6 / report.correct.max(1) as f64
    );
    println!("failed {:?}", report.failures);
    Ok(())
}
