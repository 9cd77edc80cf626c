//! How hard, how long and from where: the options that make a plan. Deliberately no defaults of its own beyond the plan's.

use crate::exit::Failure;
use bakeoff_load::{Arrivals, Plan, Spacing, Stage};
use clap::{Args, ValueEnum};
use std::time::Duration;

/// The shape of the load.
#[derive(Debug, Args)]
#[command(next_help_heading = "Load")]
pub(crate) struct Shape {
    /// Requests a second, whatever the answers do
    #[arg(short, long, value_name = "RPS", default_value_t = 100.0, conflicts_with_all = ["ramp", "steps", "closed"])]
    rate: f64,
    /// The rate goes evenly from A to B requests a second
    #[arg(long, value_name = "A..B", value_parser = ramp, conflicts_with_all = ["steps", "closed"])]
    ramp: Option<(f64, f64)>,
    /// One rate after the other, each for its part of the duration
    #[arg(
        long,
        value_name = "RPS,RPS,…",
        value_delimiter = ',',
        conflicts_with = "closed"
    )]
    steps: Vec<f64>,
    /// No rate: each connection asks again as soon as it is answered. For capacity only
    #[arg(long)]
    closed: bool,
    /// The gaps between requests
    #[arg(long, value_enum, default_value_t = Gaps::Poisson, conflicts_with = "closed")]
    arrivals: Gaps,
    /// The measured time
    #[arg(short, long, value_name = "TIME", default_value = "10s", value_parser = length)]
    duration: Duration,
    /// Load of the same kind before it, which does not count
    #[arg(long, value_name = "TIME", value_parser = length)]
    warm: Option<Duration>,
    /// Connections, opened before the first request and used in turn
    #[arg(short, long, value_name = "N", default_value_t = 32)]
    connections: usize,
    /// Threads of the generator, each with its own event loop
    #[arg(short, long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// Cores for the threads, one each
    #[arg(long, value_name = "CORE,…", value_delimiter = ',')]
    cores: Vec<usize>,
    /// A request is given up so long after its intended instant
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = length)]
    timeout: Duration,
    /// Ends after so many requests
    #[arg(short = 'n', long, value_name = "N")]
    requests: Option<u64>,
    /// What every draw derives from: instants, variables, samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// The gaps between requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Gaps {
    /// Exponential, as independent users make them
    Poisson,
    /// All alike
    Constant,
}

impl Shape {
    /// The plan.
    ///
    /// # Errors
    /// A rate that no load can have.
    pub(crate) fn plan(&self) -> Result<Plan, Failure> {
        Ok(Plan {
            arrivals: self.arrivals()?,
            connections: self.connections.max(self.threads),
            duration: self.duration,
            warm: self.warm.unwrap_or_default(),
            timeout: self.timeout,
            threads: self.threads,
            seed: self.seed,
            cores: self.cores.clone(),
            max_requests: self.requests,
            ..Plan::default()
        })
    }

    fn arrivals(&self) -> Result<Arrivals, Failure> {
        let seconds = self.duration.as_secs_f64();
        let spacing = if self.arrivals == Gaps::Constant {
            Spacing::Even
        } else {
            Spacing::Poisson
        };
        let mut stages = Vec::new();
        // Warm-up runs at the rate at which the measured time begins.
        let mut staged = |from_rps: f64, to_rps: f64, seconds: f64| {
            if let (true, Some(warm)) = (stages.is_empty(), self.warm) {
                stages.push(Stage {
                    from_rps,
                    to_rps: from_rps,
                    seconds: warm.as_secs_f64(),
                });
            }
            stages.push(Stage {
                from_rps,
                to_rps,
                seconds,
            });
        };
        match (self.ramp, &self.steps[..]) {
            _ if self.closed => return Ok(Arrivals::Closed),
            (Some((from, to)), _) => staged(from, to, seconds),
            (None, []) if spacing == Spacing::Even => return Ok(Arrivals::Constant { rate_rps: self.rate }),
            (None, []) => return Ok(Arrivals::Poisson { rate_rps: self.rate }),
            (None, steps) => steps
                .iter()
                .for_each(|&rate| staged(rate, rate, seconds / steps.len() as f64)),
        }
        if stages
            .iter()
            .any(|stage| !(stage.from_rps >= 0.0 && stage.to_rps >= 0.0))
        {
            return Err(Failure::usage(
                "a rate is negative",
                "rates are requests a second, 0 or more",
            ));
        }
        Ok(Arrivals::Stages { spacing, stages })
    }
}

fn ramp(text: &str) -> Result<(f64, f64), String> {
    let wrong = || format!("`{text}` is no ramp: write it like `100..2000`");
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    Ok((
        from.trim().parse().map_err(|_| wrong())?,
        to.trim().parse().map_err(|_| wrong())?,
    ))
}

/// A length of time, milliseconds included.
fn length(text: &str) -> Result<Duration, String> {
    let seconds = match text.strip_suffix("ms").map(str::parse::<f64>) {
        Some(Ok(millis)) if millis > 0.0 => millis / 1e3,
        Some(_) => {
            return Err(format!(
                "`{text}` is no length of time: write `500ms`, `90s` or `5m`"
            ));
        }
        None => crate::duration::parse(text)?,
    };
    Duration::try_from_secs_f64(seconds).map_err(|error| format!("`{text}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{length, ramp};
    use std::time::Duration;

    #[test]
    fn lengths_and_ramps_are_read() {
        assert_eq!(length("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(length("1m30s"), Ok(Duration::from_secs(90)));
        assert_eq!(ramp("100..2000"), Ok((100.0, 2000.0)));
        for text in ["ms", "-5ms", "x"] {
            assert!(length(text).is_err(), "{text}");
        }
        assert!(ramp("100").is_err() && ramp("a..b").is_err());
    }
}
