//! Two launches of one contender in turns on the same processors: one that has answered the brief's load for minutes,
//! and one that was just warmed up as in a run. `bakeoff selftest --warm` compares their costs; this module judges
//! nothing.

use crate::event::{Event, Phase};
use crate::fault::{interrupted, of_lab};
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::probe::kit::service_level;
use crate::process::cpu::CpuReading;
use crate::server::{Server, Setup};
use crate::warm::{self, WakeTerms, WarmTerms};
use crate::workspace::Workspace;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Fault, SettledLevel, Stage};
use bakeoff_core::plan::LaunchBudget;
use bakeoff_load::{Arrivals, LoadReport, Plan, RequestSpec, Tick};
use std::sync::Arc;
use std::time::Duration;

/// The part of a load that no turn counts: the server accepts its connections in it.
const RUN_IN: Duration = Duration::from_millis(250);

/// Load that no turn counts, with which the old launch wakes after it rested while the young one was warmed up.
const WAKES_S: f64 = 4.0;

/// The rows are restored after this much of the load that ages a launch.
const RESTORED_EVERY_S: f64 = 30.0;

/// How two launches are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairTerms {
    /// The seed of all loads.
    pub seed: u64,
    /// How long the old launch answers the brief's load before the comparison, in seconds.
    pub aged_s: f64,
    /// The counted time of a turn, in seconds.
    pub turn_s: f64,
    /// The load after which a young launch is warm by its age, in seconds.
    pub young_s: f64,
    /// The most young launches.
    pub launches: u32,
    /// The limits of their warm-up.
    pub budget: LaunchBudget,
    /// Whether young launches are warmed up at all; only tests leave it out.
    pub warms_up: bool,
}

impl PairTerms {
    /// The terms of `docs/method.md`.
    #[must_use]
    pub const fn standard(seed: u64) -> PairTerms {
        PairTerms {
            seed,
            aged_s: 120.0,
            turn_s: 2.0,
            young_s: 20.0,
            launches: 5,
            budget: LaunchBudget::STANDARD,
            warms_up: true,
        }
    }

    /// Turns of a young launch.
    fn turns(&self) -> u32 {
        (self.young_s / (self.turn_s + RUN_IN.as_secs_f64()))
            .floor()
            .max(1.0) as u32
    }
}

/// The cost of a turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnCost {
    /// CPU time a request, in µs.
    pub cpu_us: f64,
    /// Median response time, in ms.
    pub p50_ms: f64,
    /// 99th percentile of the response time, in ms.
    pub p99_ms: f64,
}

/// A turn of each, one right after the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairTurn {
    /// The young launch, counted from 0.
    pub launch: u32,
    /// Of the launch that has answered for minutes.
    pub aged: TurnCost,
    /// Of the launch that was just warmed up.
    pub warmed: TurnCost,
}

/// Whether the turns so far are enough; asked after each young launch.
pub type IsEnough<'e> = dyn FnMut(&[PairTurn]) -> bool + Send + 'e;

impl Lab<'_> {
    /// The turns of an old launch and of young ones, until they are enough or all young launches had theirs.
    ///
    /// # Errors
    /// What kept a launch from serving its load, or the user interrupted.
    pub fn warm_pairs(
        &self,
        prepared: &Prepared,
        terms: &PairTerms,
        is_enough: &mut IsEnough<'_>,
    ) -> Result<Vec<PairTurn>, Fault> {
        self.on_generator_cores(None, || {
            let mix = self.mix(prepared)?;
            let pairs = Pairs {
                lab: self,
                prepared,
                terms,
                mix,
            };
            pairs.run(is_enough)
        })
    }
}

/// The comparison of one contender.
struct Pairs<'p> {
    lab: &'p Lab<'p>,
    prepared: &'p Prepared,
    terms: &'p PairTerms,
    mix: Vec<RequestSpec>,
}

impl Pairs<'_> {
    fn run(&self, is_enough: &mut IsEnough<'_>) -> Result<Vec<PairTurn>, Fault> {
        let aged = self.start()?;
        self.age(&aged)?;
        let mut turns = Vec::new();
        for launch in 0..self.terms.launches {
            let young = self.start()?;
            let level = self.warm_up(&young, launch)?;
            self.wake(&aged, None, launch)?;
            self.load(&aged, WAKES_S, u64::from(launch))?;
            if self.terms.warms_up {
                self.wake(&young, level, launch)?;
            }
            self.phase(Phase::Measure);
            for turn in 0..self.terms.turns() {
                turns.push(self.turn_of_each(launch, turn, &aged, &young)?);
            }
            young.kill();
            if is_enough(&turns) {
                break;
            }
        }
        aged.kill();
        Ok(turns)
    }

    fn start(&self) -> Result<Server, Fault> {
        self.phase(Phase::Start);
        let workspace = Arc::new(Workspace::create(self.lab, &self.prepared.contender)?);
        let setup = Setup::of_the_brief(self.lab);
        Server::start(self.lab, self.prepared, &workspace, &setup)
    }

    /// Answers the brief's load until it is old.
    fn age(&self, server: &Server) -> Result<(), Fault> {
        self.phase(Phase::Measure);
        let mut left_s = self.terms.aged_s;
        let mut seed = 0;
        while left_s > 0.0 {
            server.restore_rows(self.lab)?;
            self.load(server, left_s.min(RESTORED_EVERY_S), seed)?;
            left_s -= RESTORED_EVERY_S;
            seed += 1;
        }
        Ok(())
    }

    /// The settled level of a young launch, which is warmed up as a contender's first launch in a run is.
    fn warm_up(&self, server: &Server, launch: u32) -> Result<Option<SettledLevel>, Fault> {
        if !self.terms.warms_up {
            return Ok(None);
        }
        self.phase(Phase::Warm);
        let terms = WarmTerms {
            seed: self.seed(u64::from(launch)),
            budget: self.terms.budget,
            is_first: true,
        };
        let warmed = warm::up(self.lab, self.prepared, server, &terms)?;
        Ok(warmed.warm_up.level)
    }

    fn wake(&self, server: &Server, level: Option<SettledLevel>, launch: u32) -> Result<(), Fault> {
        self.phase(Phase::Wake);
        server.enter_network()?;
        let terms = WakeTerms {
            seed: self.seed(u64::from(launch)),
            budget: self.terms.budget,
            level,
            rested_s: 0.0,
            resting_cores: 0.0,
            paused: false,
        };
        warm::wake(self.lab, self.prepared, server, &terms).map(drop)
    }

    /// A turn of each with the same requests, the first one alternating.
    fn turn_of_each(&self, launch: u32, turn: u32, aged: &Server, young: &Server) -> Result<PairTurn, Fault> {
        let seed = u64::from(launch * self.terms.turns() + turn);
        let of = |server: &Server| {
            server.restore_rows(self.lab)?;
            self.load(server, self.terms.turn_s, seed)
        };
        let (aged, warmed) = if (launch + turn).is_multiple_of(2) {
            let aged = of(aged)?;
            (aged, of(young)?)
        } else {
            let warmed = of(young)?;
            (of(aged)?, warmed)
        };
        Ok(PairTurn { launch, aged, warmed })
    }

    /// Drives the brief's load for that long.
    fn load(&self, server: &Server, seconds: f64, seed: u64) -> Result<TurnCost, Fault> {
        server.enter_network()?;
        let load = &self.lab.config.brief.load;
        let plan = Plan {
            arrivals: Arrivals::Poisson {
                rate_rps: load.peak_rps,
            },
            connections: load.connections_at(load.peak_rps) as usize,
            duration: Duration::from_secs_f64(seconds),
            warm: RUN_IN,
            timeout: service_level::timeout(&load.slo),
            seed: self.seed(seed),
            cores: self.lab.cores.generator.clone(),
            ..Plan::default()
        };
        let mut marks: Vec<(CpuReading, u64)> = Vec::new();
        let mut watch = |tick: &Tick| {
            // Ticks of the run-in are negative.
            if tick.at_s >= 0.0 {
                marks.push((server.cpu(), tick.correct_total));
            }
        };
        let stop = self.lab.config.stop;
        let report = bakeoff_load::run(server.target(), &self.mix, &plan, &mut watch, stop)
            .map_err(|error| of_lab(Stage::Load, error.to_string()))?;
        if self.lab.interrupted() {
            return Err(interrupted());
        }
        cost(&marks, &report).ok_or_else(|| server.fault(Stage::Load, "no correct response to any request"))
    }

    /// A seed that differs from those of the other loads.
    fn seed(&self, number: u64) -> u64 {
        self.terms.seed ^ number.wrapping_add(1).rotate_left(24)
    }

    fn phase(&self, phase: Phase) {
        self.lab.config.events.event(Event::TrialPhase {
            entrant: Entrant::contender(&self.prepared.contender.name),
            phase,
        });
    }
}

/// The cost of a load, from its report and readings of CPU time and correct responses; none without a response.
fn cost(marks: &[(CpuReading, u64)], report: &LoadReport) -> Option<TurnCost> {
    let ((before, earlier), (after, later)) = (marks.first()?, marks.last()?);
    let requests = later.checked_sub(*earlier).filter(|requests| *requests > 0)?;
    let ms = |quantile: f64| report.response.value_at_quantile(quantile) as f64 / 1e3;
    Some(TurnCost {
        cpu_us: after.since_s(before) * 1e6 / requests as f64,
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
    })
}

#[cfg(test)]
mod tests {
    use super::PairTerms;

    #[test]
    fn a_young_launch_has_turns_while_it_is_young() {
        assert_eq!(PairTerms::standard(1).turns(), 8);
        let short = PairTerms {
            young_s: 0.5,
            ..PairTerms::standard(1)
        };
        assert_eq!(short.turns(), 1);
    }
}
