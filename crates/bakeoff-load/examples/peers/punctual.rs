//! The open loop with constant gaps: when requests leave, and what that costs. With a core of its own each leaves at
//! its instant; on a core that it shares several leave together where they are dense. zrk, which sends punctually too,
//! stands beside it where it is installed.

use crate::Options;
use crate::child;
use crate::nginx::Nginx;
use crate::throughput::{CONNECTIONS, median};
use crate::tool::{installed, number_after, on_path};

const RATES: [u64; 5] = [1_000, 10_000, 20_000, 40_000, 70_000];

pub(crate) fn compare(server: &Nginx, options: &Options) -> Result<(), String> {
    println!(
        "open loop, constant gaps, {CONNECTIONS} connections, medians of {} rounds of {} s; microseconds",
        options.rounds, options.seconds
    );
    println!(
        "{:<24} {:>8} {:>14} {:>8} {:>8} {:>9} {:>9} {:>10}",
        "client", "rate", "CPU a request", "p50", "p99", "lag p50", "lag p99", "achieved"
    );
    for rate in RATES {
        for departures in ["punctual", "batched"] {
            ours(server, options, rate, departures)?;
        }
        if on_path("zrk") {
            zrk(server, options, rate);
        }
    }
    println!();
    Ok(())
}

fn ours(server: &Nginx, options: &Options, rate: u64, departures: &str) -> Result<(), String> {
    let mut command = (installed()[0].closed)(&server.url(), CONNECTIONS, options.seconds);
    for word in command.iter_mut().filter(|word| *word == "closed") {
        *word = "constant".to_owned();
    }
    command.extend([rate.to_string(), departures.to_owned()]);
    let mut figures: [Vec<f64>; 6] = Default::default();
    for _ in 0..options.rounds {
        let ran = child::run(&command)?;
        let figure =
            |name| number_after(&ran.printed, name).ok_or_else(|| format!("no `{name}`: {}", ran.printed));
        let cpu_us = ran.cpu_s * 1e6 / figure("correct ")?;
        let seen = [
            cpu_us,
            figure("p50 ")?,
            figure("p99 ")?,
            figure("lag50 ")?,
            figure("lag ")?,
            figure("achieved/offered ")?,
        ];
        figures.iter_mut().zip(seen).for_each(|(all, one)| all.push(one));
    }
    let [cpu, p50, p99, lag50, lag99, achieved] = figures.map(|all| median(all.into_iter()));
    println!(
        "{:<24} {rate:>8} {cpu:>14.1} {p50:>8.0} {p99:>8.0} {lag50:>9.0} {lag99:>9.0} {achieved:>10.5}",
        format!("bakeoff load, {departures}")
    );
    Ok(())
}

/// CPU time only: its output is its own affair.
fn zrk(server: &Nginx, options: &Options, rate: u64) {
    let words = [
        "zrk".to_owned(),
        "-t1".to_owned(),
        format!("-c{CONNECTIONS}"),
        format!("-d{}s", options.seconds),
        format!("-R{rate}"),
        server.url(),
    ];
    let costs: Vec<f64> = (0..options.rounds)
        .filter_map(|_| child::run(&words).ok())
        .map(|ran| ran.cpu_s * 1e6 / (rate * options.seconds) as f64)
        .collect();
    println!("{:<24} {rate:>8} {:>14.1}", "zrk", median(costs.into_iter()));
}
