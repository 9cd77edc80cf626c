//! What a simulation needs to know of a contender, from the evidence of a run: CPU time, time of a request by the
//! requests in flight, start time, memory. Each with its 95 % interval, so that a cost has one.

use super::instance::{Instance, Request, Size};
use super::target::Target;
use crate::entrant::Entrant;
use crate::evidence::{CurveKind, Label, Observation};
use crate::judgement::Missing;
use crate::lookup::Lookup;
use crate::probability::student_quantile;
use crate::range::Range;
use crate::usl::{self, Law};
use serde::{Deserialize, Serialize};

/// The metrics that a simulation rests on.
const CPU_US: &str = "cpu_us_per_request";
const START_MS: &str = "startup_ms";
const MEMORY_MB: &str = "memory_mb_peak";
/// The metric whose points are the throughput of a closed loop by its clients.
const CLOSED_LOOP: &str = "usl_contention";

/// What is known of a contender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// CPU time of a request, in µs.
    pub cpu_us: Range,
    /// Time of a request that is alone on a whole processor, in ms.
    pub alone_ms: Range,
    /// From the start of an instance until it serves, in s, under the quota of the target.
    pub start_s: Range,
    /// Whether the start was measured under the quota; else it is the start of the run ÷ the share of a processor.
    pub start_under_quota: bool,
    /// Memory under load, in MB; none without evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<Range>,
    /// The throughput of one process by the requests in flight, as the closed loop measured it; none: by mean value
    /// analysis from the two times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<ClosedLoop>,
}

/// A measured law of throughput, and how far it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClosedLoop {
    /// Throughput of one request at a time, in 1/s.
    pub one_rps: f64,
    /// Contention.
    pub contention: f64,
    /// Coherency.
    pub coherency: f64,
    /// The most requests in flight of a process that were measured.
    pub most: f64,
}

/// Why a contender has no simulation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoInput {
    /// The metric without evidence.
    pub metric: String,
    /// Why there is none.
    pub missing: Option<Box<Missing>>,
}

impl Inputs {
    /// The inputs of a contender for a target.
    ///
    /// # Errors
    /// The first metric that a simulation cannot do without.
    pub fn of(facts: &Lookup<'_>, contender: &str, target: &Target) -> Result<Inputs, NoInput> {
        let cpu_us = known(facts, contender, CPU_US)?;
        let processes = f64::from(facts.brief.load.cores.max(1));
        let loops = closed_loops(facts, contender, processes);
        let alone_ms = alone_ms(&loops)
            .or_else(|| median_service_ms(facts, contender, &cpu_us))
            .unwrap_or(Range {
                value: cpu_us.value / 1e3,
                low: cpu_us.low / 1e3,
                high: cpu_us.high / 1e3,
            });
        let (start_s, start_under_quota) = match start_under_quota(facts, contender, target) {
            Some(start) => (start, true),
            None => (
                scaled(known(facts, contender, START_MS)?, 1e-3 / target.vcpu.min(1.0)),
                false,
            ),
        };
        Ok(Inputs {
            cpu_us,
            alone_ms,
            start_s,
            start_under_quota,
            memory_mb: memory_mb(facts, contender, target),
            law: law(&loops),
        })
    }

    /// An instance of the target with these inputs at their values.
    #[must_use]
    pub fn instance(&self, target: &Target) -> Instance {
        let cpu_s = self.cpu_us.value * 1e-6;
        let request = Request {
            cpu_s,
            off_cpu_s: (self.alone_ms.value * 1e-3 - cpu_s).max(0.0),
            law: self.law.map(|law| Law {
                // The law's own first point moves with the time alone.
                one: 1e3 / self.alone_ms.value,
                contention: law.contention,
                coherency: law.coherency,
            }),
            law_until: self.law.map_or(f64::INFINITY, |law| law.most),
        };
        let size = Size {
            vcpu: target.vcpu,
            concurrency: target.concurrency,
            start_s: self.start_s.value,
        };
        Instance::new(&request, &size)
    }

    /// The same with one input at an end of its interval, for every input and both ends.
    #[must_use]
    pub fn at_the_ends(&self) -> Vec<[Inputs; 2]> {
        let both = |set: fn(&mut Inputs, f64), range: &Range| {
            [range.low, range.high].map(|end| {
                let mut inputs = self.clone();
                set(&mut inputs, end);
                inputs
            })
        };
        vec![
            both(|inputs, end| inputs.cpu_us.value = end, &self.cpu_us),
            both(|inputs, end| inputs.alone_ms.value = end, &self.alone_ms),
            both(|inputs, end| inputs.start_s.value = end, &self.start_s),
        ]
    }
}

fn known(facts: &Lookup<'_>, contender: &str, metric: &str) -> Result<Range, NoInput> {
    let estimate = facts.estimate(contender, metric);
    estimate
        .and_then(|estimate| estimate.estimate)
        .ok_or_else(|| NoInput {
            metric: metric.to_owned(),
            missing: estimate
                .and_then(|estimate| estimate.missing.clone())
                .map(Box::new),
        })
}

fn scaled(range: Range, by: f64) -> Range {
    Range {
        value: range.value * by,
        low: range.low * by,
        high: range.high * by,
    }
}

/// What a contender's processes use on an instance of the target, in MB: the memory of the run, by the number of
/// processes that an instance has.
pub(crate) fn memory_mb(facts: &Lookup<'_>, contender: &str, target: &Target) -> Option<Range> {
    let of_run = known(facts, contender, MEMORY_MB).ok()?;
    Some(of_target(of_run, facts.brief.load.cores, target))
}

/// The memory of a run's processes, by those that an instance of the target has.
pub(crate) fn of_target(of_run: Range, cores: u32, target: &Target) -> Range {
    scaled(of_run, target.vcpu.ceil().max(1.0) / f64::from(cores.max(1)))
}

/// The starts that the lab measured under the quota of the target.
fn start_under_quota(facts: &Lookup<'_>, contender: &str, target: &Target) -> Option<Range> {
    let checks = &facts.record(contender)?.platforms;
    let check = checks
        .iter()
        .find(|check| check.platform == target.platform && check.vcpu == target.vcpu)?;
    mean(&check.start_ms.iter().map(|ms| ms / 1e3).collect::<Vec<_>>())
}

/// The mean of values above 0 with its 95 % interval (Student's t on the log scale); one value counts with a fifth of
/// it to either side.
fn mean(values: &[f64]) -> Option<Range> {
    let logs: Vec<f64> = values
        .iter()
        .filter(|value| **value > 0.0)
        .map(|value| value.ln())
        .collect();
    let n = logs.len() as f64;
    let center = logs.iter().sum::<f64>() / n;
    let half = match logs.len() {
        0 => return None,
        1 => 1.2_f64.ln(),
        _ => {
            let variance = logs.iter().map(|log| (log - center).powi(2)).sum::<f64>() / (n - 1.0);
            student_quantile(0.975, n - 1.0) * (variance / n).sqrt()
        }
    };
    Some(Range {
        value: center.exp(),
        low: (center - half).exp(),
        high: (center + half).exp(),
    })
}

/// The points of each closed loop: requests in flight of a process, and its completions a second.
fn closed_loops(facts: &Lookup<'_>, contender: &str, processes: f64) -> Vec<Vec<(f64, f64)>> {
    let own = Entrant::contender(contender);
    let trials = facts.run.trials.iter().filter(|trial| trial.entrant == own);
    let observations = trials.flat_map(|trial| &trial.observations);
    let points = |seen: &Observation| {
        let points = seen
            .detail
            .as_ref()
            .map(|detail| &detail.points[..])
            .unwrap_or_default();
        let of_process = points
            .iter()
            .map(|point| (point.x / processes, point.y / processes));
        of_process.filter(|(n, rate)| *n >= 1.0 && *rate > 0.0).collect()
    };
    observations
        .filter(|seen| seen.metric == CLOSED_LOOP)
        .map(points)
        .filter(|points: &Vec<(f64, f64)>| !points.is_empty())
        .collect()
}

/// The law that is nearest to the points of all closed loops.
fn law(loops: &[Vec<(f64, f64)>]) -> Option<ClosedLoop> {
    let points: Vec<(f64, f64)> = loops.concat();
    let law = usl::fit(&points)?;
    Some(ClosedLoop {
        one_rps: law.one,
        contention: law.contention,
        coherency: law.coherency,
        most: points.iter().map(|(n, _)| *n).fold(1.0, f64::max),
    })
}

/// The time of a request that is alone: 1 ÷ the throughput of one client, from each closed loop.
fn alone_ms(loops: &[Vec<(f64, f64)>]) -> Option<Range> {
    let alone = |points: &Vec<(f64, f64)>| {
        let (_, rate) = points.iter().find(|(n, _)| *n < 1.5)?;
        Some(1e3 / rate)
    };
    mean(&loops.iter().filter_map(alone).collect::<Vec<_>>())
}

/// The median service time at the brief's rate, with the relative interval of the CPU time.
fn median_service_ms(facts: &Lookup<'_>, contender: &str, cpu_us: &Range) -> Option<Range> {
    let mut curves = facts.judgement.curves.iter();
    let curve = curves.find(|curve| {
        curve.contender == contender && curve.kind == CurveKind::Service && curve.label == Label::All
    })?;
    let (_, ms) = curve.points.iter().find(|(q, _)| *q >= 0.5)?;
    Some(Range {
        value: *ms,
        low: ms * cpu_us.low / cpu_us.value,
        high: ms * cpu_us.high / cpu_us.value,
    })
}
