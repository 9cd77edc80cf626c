//! The cost of a response for each client: a closed loop over 64 connections, in rounds that alternate the clients,
//! so that drifts of the machine affect all of them alike; and this generator's connections.

use crate::Options;
use crate::child;
use crate::nginx::Nginx;
use crate::tool::{Tool, installed};

pub(crate) const CONNECTIONS: usize = 64;

/// One client in one round.
#[derive(Clone, Copy)]
struct Figures {
    per_cpu_s: f64,
    per_s: f64,
    peak_kb: u64,
}

pub(crate) fn closed(tools: &[Tool], server: &Nginx, options: &Options) -> Result<(), String> {
    println!(
        "closed loop, {CONNECTIONS} connections, {} rounds of {} s",
        options.rounds, options.seconds
    );
    let mut rounds = vec![Vec::new(); tools.len()];
    for round in 0..options.rounds {
        for step in 0..tools.len() {
            let index = (round + step) % tools.len();
            rounds[index].push(once(&tools[index], server, options.seconds)?);
        }
    }
    println!(
        "{:<14} {:>16} {:>10} {:>10} {:>28}",
        "client", "requests/CPU s", "requests/s", "peak MB", "bakeoff load ÷ it, by pairs"
    );
    for (tool, figures) in tools.iter().zip(&rounds) {
        let ratios: Vec<f64> = rounds[0]
            .iter()
            .zip(figures)
            .map(|(ours, its)| ours.per_cpu_s / its.per_cpu_s)
            .collect();
        let (low, high) = ratios
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), &r| (l.min(r), h.max(r)));
        println!(
            "{:<14} {:>16.0} {:>10.0} {:>10.1} {:>28}",
            tool.name,
            median(figures.iter().map(|f| f.per_cpu_s)),
            median(figures.iter().map(|f| f.per_s)),
            figures.iter().map(|f| f.peak_kb).max().unwrap_or(0) as f64 / 1024.0,
            format!("{:.3} ({low:.3} to {high:.3})", median(ratios.into_iter()))
        );
    }
    println!();
    Ok(())
}

fn once(tool: &Tool, server: &Nginx, seconds: u64) -> Result<Figures, String> {
    let ran = child::run(&(tool.closed)(&server.url(), CONNECTIONS, seconds))?;
    let right = (tool.right)(&ran.printed)
        .ok_or_else(|| format!("{} printed no count of responses: {}", tool.name, ran.printed))?;
    Ok(Figures {
        per_cpu_s: right / ran.cpu_s,
        per_s: right / seconds as f64,
        peak_kb: ran.peak_kb,
    })
}

/// Ten thousand connections, held open and used in turn.
pub(crate) fn connections(server: &Nginx) -> Result<(), String> {
    const MANY: usize = 10_000;
    let ours = &installed()[0];
    let mut peaks = Vec::new();
    for connections in [1, MANY] {
        let mut command = (ours.closed)(&server.url(), connections, 5);
        for word in command.iter_mut().filter(|word| *word == "closed") {
            *word = "constant".to_owned();
        }
        command.push("10000".to_owned());
        let ran = child::run(&command)?;
        println!(
            "{connections} connections, 10000/s: peak {} KB, {}",
            ran.peak_kb,
            ran.printed.lines().last().unwrap_or("no report")
        );
        peaks.push(ran.peak_kb);
    }
    println!(
        "a connection: {:.2} KB\n",
        peaks[1].saturating_sub(peaks[0]) as f64 / MANY as f64
    );
    Ok(())
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}
