//! How each client reports a stall: the server responds in 1 ms, and once in ten seconds it stalls for a second. For
//! an open loop of a thousand requests a second, the exact response times are known.

use crate::child;
use crate::tool::{Tool, number_after};
use bakeoff_load::scripted::{Reaction, ScriptedServer};
use rustix::thread::{CpuSet, sched_setaffinity};
use std::time::Duration;

const SERVICE_MS: f64 = 1.0;
/// The connections of every tool's `steady` command.
const CONNECTIONS: usize = 8;
/// From the server's first request.
const STALL: (Duration, Duration) = (Duration::from_secs(4), Duration::from_secs(5));

pub(crate) fn compare(tools: &[Tool]) -> Result<(), String> {
    let mut core = CpuSet::new();
    core.set(1);
    sched_setaffinity(None, &core).map_err(|e| e.to_string())?;
    println!("1,000/s for 10 s, responses in 1 ms, a stall from second 4 to second 5; milliseconds");
    println!(
        "{:<14} {:>9} {:>9} {:>9} {:>9}",
        "client", "p50", "p99", "p99.9", "mean"
    );
    let exact = exact();
    let at =
        |quantile: f64| exact[((quantile * exact.len() as f64).ceil() as usize).clamp(1, exact.len()) - 1];
    let mean = exact.iter().sum::<f64>() / exact.len() as f64;
    println!(
        "{:<14} {:>9.1} {:>9.1} {:>9.1} {:>9.1}",
        "exact",
        at(0.5),
        at(0.99),
        at(0.999),
        mean
    );
    for tool in tools {
        let server = scripted_server().map_err(|e| e.to_string())?;
        let command = (tool.steady)(&format!("http://{}/", server.address()));
        if command.is_empty() {
            continue;
        }
        let ran = child::run(&command)?;
        let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.1}"));
        let [p50, p99, p999] = (tool.percentiles)(&ran.printed).map(shown);
        let mean = shown(
            number_after(&ran.printed, "\nmean ")
                .map(|us| us / 1e3)
                .filter(|_| tool.name == "bakeoff load"),
        );
        println!(
            "{:<14} {p50:>9} {p99:>9} {p999:>9} {mean:>9}  {}",
            tool.name, tool.remark
        );
    }
    Ok(())
}

/// A server that responds after 1 ms, and to requests that it reads in the stall 1 ms after its end.
fn scripted_server() -> std::io::Result<ScriptedServer> {
    let first = std::sync::OnceLock::new();
    ScriptedServer::start(move |request| {
        let at = request.at.saturating_sub(*first.get_or_init(|| request.at));
        let stalled = if (STALL.0..STALL.1).contains(&at) {
            STALL.1 - at
        } else {
            Duration::ZERO
        };
        response().after(stalled + Duration::from_secs_f64(SERVICE_MS / 1e3))
    })
}

/// The response times of ten thousand requests, one every millisecond, over eight connections that each take one at a
/// time; sorted.
fn exact() -> Vec<f64> {
    let (from, to) = (STALL.0.as_secs_f64() * 1e3, STALL.1.as_secs_f64() * 1e3);
    let mut free = [0.0_f64; CONNECTIONS];
    let response = |n: u32| {
        let intended = f64::from(n);
        let next = free
            .iter_mut()
            .min_by(|a, b| a.total_cmp(b))
            .expect("there are connections");
        let sent = intended.max(*next);
        *next = if (from..to).contains(&sent) { to } else { sent } + SERVICE_MS;
        *next - intended
    };
    let mut times: Vec<f64> = (0..10_000).map(response).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// A response after which HTTP/1.0 clients keep the connection too.
fn response() -> Reaction {
    Reaction::raw(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}",
    )
}
