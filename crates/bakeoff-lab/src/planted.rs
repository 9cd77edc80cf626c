//! Fake servers with an exactly known amount of work per request, and blocks of their trials: `bakeoff selftest`
//! compares the results with the known values. Like a run in miniature: a new process each time, in random order, an
//! open loop, and CPU time per request of the whole process tree. No contract, no gates.

use crate::cores::{self, CoreSplit};
use crate::fault::{interrupted, of_lab};
use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Supervised, adopt_orphans_and_raise_limits};
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_core::power;
use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer};
use bakeoff_load::{Arrivals, Expect, Plan, RequestSpec, Target};
use std::hint::black_box;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a planted server may take to print its address.
const START_LIMIT: Duration = Duration::from_secs(5);

/// The polling interval for that.
const POLL: Duration = Duration::from_millis(1);

/// Connections of the generator.
const CONNECTIONS: usize = 8;

/// The share of a processor that the planted work fills at the offered rate.
pub const UTILISATION: f64 = 0.5;

/// A server that does the same work for each request; dropping it stops it.
#[derive(Debug)]
pub struct PlantedServer(ScriptedServer);

impl PlantedServer {
    /// Starts one on a free port that does `units` of [`work`] for each request.
    ///
    /// # Errors
    /// The operating system gives no port or no thread.
    pub fn start(units: u64) -> io::Result<PlantedServer> {
        let script = move |_: &ReceivedRequest| {
            black_box(work(units));
            Reaction::ok()
        };
        ScriptedServer::start(script).map(PlantedServer)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

/// A fixed amount of arithmetic. Each unit needs the result of the one before, so the compiler cannot skip any.
#[must_use]
pub fn work(units: u64) -> u64 {
    (0..units).fold(1, |sum: u64, unit| {
        black_box(sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(unit))
    })
}

/// The number of units that take that long on this machine, by the fastest of several tries.
#[must_use]
pub fn units_in(time: Duration) -> u64 {
    const TRIED: u64 = 1_000_000;
    let once = || {
        let began = Instant::now();
        black_box(work(TRIED));
        began.elapsed()
    };
    let fastest = (0..15).map(|_| once()).min().unwrap_or(time);
    (TRIED as f64 * time.as_secs_f64() / fastest.as_secs_f64().max(1e-9)) as u64
}

/// Servers to compare.
#[derive(Debug)]
pub struct PlantedField<'f> {
    /// The program that starts a planted server and prints its address as its first line; its units are the last
    /// argument.
    pub program: PathBuf,
    /// Its arguments before that.
    pub arguments: Vec<String>,
    /// The work of a server with the factor 1.
    pub units: u64,
    /// The duration of that work.
    pub service: Duration,
    /// The work of each server, as a factor of those units.
    pub factors: Vec<f64>,
    /// Requests of a trial.
    pub requests: u64,
    /// The seed of orders and arrivals.
    pub seed: u64,
    /// The user's interrupt.
    pub stop: &'f AtomicBool,
}

impl PlantedField<'_> {
    /// One block: every server once, in random order. CPU time per request of each in µs, in the order of the factors.
    ///
    /// # Errors
    /// A server does not start, the generator failed, or the user interrupted.
    pub fn block(&self, number: u32) -> Result<Vec<f64>, Fault> {
        adopt_orphans_and_raise_limits();
        let mut figures = vec![f64::NAN; self.factors.len()];
        for place in power::order(self.factors.len(), number, self.seed) {
            if self.stop.load(Ordering::Relaxed) {
                return Err(interrupted());
            }
            figures[place] = self.trial(self.factors[place], number)?;
        }
        Ok(figures)
    }

    fn trial(&self, factor: f64, block: u32) -> Result<f64, Fault> {
        let cores = CoreSplit::new(&cores::available(), 1);
        let (process, target) = self.start(factor, &cores)?;
        let rate_rps = UTILISATION / self.service.as_secs_f64();
        let plan = Plan {
            arrivals: Arrivals::Poisson { rate_rps },
            connections: CONNECTIONS,
            duration: Duration::from_secs_f64(self.requests as f64 * 4.0 / rate_rps),
            max_requests: Some(self.requests),
            seed: self.seed ^ u64::from(block).rotate_left(32),
            cores: cores.generator,
            ..Plan::default()
        };
        let before_s = process.cpu_s();
        let report = bakeoff_load::run(&target, &[request()], &plan, &mut |_| {}, self.stop)
            .map_err(|error| of_lab(Stage::Load, error.to_string()))?;
        let used_s = process.cpu_s() - before_s;
        if report.correct == 0 {
            return Err(of_lab(Stage::Load, "no correct response from the planted server"));
        }
        Ok(used_s * 1e6 / report.correct as f64)
    }

    fn start(&self, factor: f64, cores: &CoreSplit) -> Result<(Supervised, Target), Fault> {
        let units = (self.units as f64 * factor).round() as u64;
        let arguments = self.arguments.iter().cloned().chain([units.to_string()]);
        let mut program = Program::new(&self.program, std::env::temp_dir()).arguments(arguments);
        program.cores.clone_from(&cores.server);
        let process = program
            .start(LabInstance::this())
            .map_err(|error| of_lab(Stage::Start, format!("`{}`: {error}", self.program.display())))?;
        let until = Instant::now() + START_LIMIT;
        loop {
            if let Some(address) = process
                .log()
                .text()
                .lines()
                .next()
                .and_then(|line| line.parse().ok())
            {
                return Ok((process, Target::plain(address)));
            }
            if process.exited().is_some() || Instant::now() >= until {
                return Err(of_lab(
                    Stage::Start,
                    "the planted server does not print its address",
                ));
            }
            thread::sleep(POLL);
        }
    }
}

fn request() -> RequestSpec {
    RequestSpec {
        label: "planted".to_owned(),
        weight: 1.0,
        method: "GET".to_owned(),
        path: "/".to_owned(),
        headers: Vec::new(),
        body: None,
        variables: Vec::new(),
        expect: Expect {
            status: vec![200],
            ..Expect::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{PlantedServer, units_in, work};
    use bakeoff_load::{Target, send_once};
    use std::time::Duration;

    #[test]
    fn more_units_take_longer_and_none_is_skipped() {
        assert_ne!(work(10), work(11));
        let (short, long) = (
            units_in(Duration::from_micros(100)),
            units_in(Duration::from_millis(10)),
        );
        assert!(short > 0 && long > short * 20, "{short} and {long}");
    }

    #[test]
    fn a_planted_server_responds() {
        let server = PlantedServer::start(1_000).unwrap();
        let target = Target::plain(server.address());
        let response = send_once(&target, "GET", "/", &[], None, Duration::from_secs(5)).unwrap();
        assert_eq!(response.status, 200);
    }
}
