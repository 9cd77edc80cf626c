//! The options that shape a load: rate, duration, connections, threads.

use crate::duration;
use crate::exit::Failure;
use bakeoff_load::{Arrivals, Departures, Plan, Spacing, Stage};
use clap::{Args, ValueEnum};
use std::time::Duration;

/// The shape of the load.
#[derive(Debug, Args)]
#[command(next_help_heading = "Load")]
pub(crate) struct Shape {
    /// Requests per second, independent of the responses (open loop)
    #[arg(short, long, value_name = "RPS", default_value_t = 100.0, conflicts_with_all = ["ramp", "steps", "closed"])]
    rate: f64,
    /// Linear ramp from A to B requests per second
    #[arg(long, value_name = "A..B", value_parser = ramp, conflicts_with_all = ["steps", "closed"])]
    ramp: Option<(f64, f64)>,
    /// Several rates one after the other, each for an equal part of the duration
    #[arg(
        long,
        value_name = "RPS,RPS,…",
        value_delimiter = ',',
        conflicts_with = "closed"
    )]
    steps: Vec<f64>,
    /// Closed loop without a rate: each connection sends its next request after the response. To find the capacity
    #[arg(long)]
    closed: bool,
    /// Distribution of the gaps between requests
    #[arg(long, value_enum, default_value_t = Gaps::Poisson, conflicts_with = "closed")]
    arrivals: Gaps,
    /// Duration of the measured load [default: 10s, or with --requests until they are sent]
    #[arg(short, long, value_name = "TIME", value_parser = duration::parse)]
    duration: Option<Duration>,
    /// Duration of a warm-up load before, which is not measured
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    warm: Option<Duration>,
    /// Number of connections, opened before the first request and used in turn [default: 32, and one a thread at least]
    #[arg(short, long, value_name = "N")]
    connections: Option<usize>,
    /// Number of generator threads, each with its own event loop
    #[arg(short, long, value_name = "N", default_value_t = 1)]
    threads: usize,
    /// Cores to pin the threads to, one each. They are taken to be the generator's own: each request leaves at its
    /// instant, also at high rates, where otherwise several leave together
    #[arg(long, value_name = "CORE,…", value_delimiter = ',')]
    cores: Vec<usize>,
    /// Give a request up after this time, counted from when it was due
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    timeout: Duration,
    /// Shed a request that could not be sent within this time from when it was due: it is counted and never sent
    #[arg(long, value_name = "TIME", value_parser = duration::parse, conflicts_with = "closed")]
    deadline: Option<Duration>,
    /// Stop after N requests
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    requests: Option<u64>,
    /// Seed of all random choices: times, variables, samples
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// The gaps between requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Gaps {
    /// Exponential gaps, as from independent users
    Poisson,
    /// Equal gaps
    Constant,
}

/// The measured time where the user names none.
const DURATION: Duration = Duration::from_secs(10);

impl Shape {
    /// The plan.
    ///
    /// # Errors
    /// A negative rate.
    pub(crate) fn plan(&self) -> Result<Plan, Failure> {
        /// Connections where the user names no number.
        const CONNECTIONS: usize = 32;
        let departures = if self.cores.is_empty() {
            Departures::Batched
        } else {
            Departures::Punctual
        };
        Ok(Plan {
            arrivals: self.arrivals()?,
            connections: self.connections.unwrap_or(CONNECTIONS.max(self.threads)),
            duration: self.measured(),
            deadline: self.deadline,
            departures,
            warm: self.warm.unwrap_or_default(),
            timeout: self.timeout,
            threads: self.threads,
            seed: self.seed,
            cores: self.cores.clone(),
            max_requests: self.requests,
            ..Plan::default()
        })
    }

    /// The measured time. A count has no other limit, unless the user names one or the rate falls to nothing.
    fn measured(&self) -> Duration {
        let ends_at_nothing = self.ramp.is_some_and(|(_, to)| to == 0.0) || self.steps.last() == Some(&0.0);
        match (self.duration, self.requests) {
            (Some(duration), _) => duration,
            (None, Some(_)) if !ends_at_nothing => Plan::WITHOUT_LIMIT,
            (None, _) => DURATION,
        }
    }

    fn arrivals(&self) -> Result<Arrivals, Failure> {
        let seconds = self.duration.unwrap_or(DURATION).as_secs_f64();
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
    let wrong = || format!("`{text}` is not a ramp: write it like `100..2000`");
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    Ok((
        from.trim().parse().map_err(|_| wrong())?,
        to.trim().parse().map_err(|_| wrong())?,
    ))
}

#[cfg(test)]
mod tests {
    use super::ramp;

    #[test]
    fn a_ramp_is_two_rates() {
        assert_eq!(ramp("100..2000"), Ok((100.0, 2000.0)));
        assert!(ramp("100").is_err() && ramp("a..b").is_err());
    }
}
