//! Runs whose truth is known, built in memory, for tests and benchmarks: no part of the program. The same builder gives
//! the same run on every call.

mod launches;
mod order_api;

pub use order_api::brief;

use crate::brief::anchors;
use crate::contender::Work;
use crate::entrant::Entrant;
use crate::evidence::{
    ContenderRecord, Curve, CurveKind, Gate, GateOutcome, GateResult, Host, Label, Launch, LoadSummary,
    Observation, Part, Run, Status, Trial,
};
use crate::metric::{Better, Exposure, METRICS, Metric, Reduce, metric};
use crate::plan::Plan;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Blocks of a run, unless a test sets another number.
pub const BLOCKS: u32 = 8;

/// A run in which every contender's truth is known: each metric is `base` × the contender's factor × noise of the
/// block, and of the launch where there are launches.
#[derive(Debug, Clone)]
pub struct Fixture {
    contenders: Vec<(&'static str, f64)>,
    blocks: u32,
    launches: u32,
    noise: f64,
    noise_of_launches: f64,
    twin_of: Option<&'static str>,
    curves: Vec<(&'static str, CurveKind)>,
}

impl Fixture {
    /// Contenders with a factor on every cost: 1 is good, 2 costs twice as much.
    #[must_use]
    pub fn new(contenders: &[(&'static str, f64)]) -> Fixture {
        Fixture {
            contenders: contenders.to_vec(),
            blocks: BLOCKS,
            launches: 0,
            noise: 0.03,
            noise_of_launches: 0.02,
            twin_of: None,
            curves: vec![("all", CurveKind::Response), ("read-item", CurveKind::Response)],
        }
    }

    /// With this number of launches of every entrant, which share the blocks: the earlier ones have one more where they
    /// do not divide. Without it each trial is a launch of its own, as in evidence of earlier versions.
    #[must_use]
    pub fn launches(mut self, launches: u32) -> Fixture {
        self.launches = launches;
        self
    }

    /// Noise between launches of every value, as a share of it: its standard deviation. It counts besides the noise of
    /// blocks, and only where there are launches.
    #[must_use]
    pub fn noise_of_launches(mut self, noise: f64) -> Fixture {
        self.noise_of_launches = noise;
        self
    }

    /// With this number of blocks.
    #[must_use]
    pub fn blocks(mut self, blocks: u32) -> Fixture {
        self.blocks = blocks;
        self
    }

    /// Noise of every value, as a share of it: its standard deviation.
    #[must_use]
    pub fn noise(mut self, noise: f64) -> Fixture {
        self.noise = noise;
        self
    }

    /// A contender that runs a second time in every block.
    #[must_use]
    pub fn twin_of(mut self, name: &'static str) -> Fixture {
        self.twin_of = Some(name);
        self
    }

    /// Histograms of these scenarios (or `all`) and kinds in every trial.
    #[must_use]
    pub fn curves(mut self, curves: &[(&'static str, CurveKind)]) -> Fixture {
        self.curves = curves.to_vec();
        self
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> Run {
        let names: Vec<String> = self
            .contenders
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let mut plan = Plan::new(names, 300.0, 1, vec![28.4]);
        plan.twin_of = self.twin_of.map(str::to_owned);
        let (launches, trials) = if self.launches == 0 {
            (Vec::new(), self.trials_alone(&plan))
        } else {
            self.trials_of_launches(&plan)
        };
        Run {
            id: "2026-11-24T090000Z-order-api".into(),
            version: "0.1.0".into(),
            brief_path: "order-api.toml".into(),
            brief_text: String::new(),
            brief_sha256: String::new(),
            started: "2026-11-24T09:00:00Z".into(),
            finished: None,
            stop: None,
            host: Host {
                cores: 2,
                ..Host::default()
            },
            plan,
            contenders: self
                .contenders
                .iter()
                .map(|(name, factor)| record(name, *factor))
                .collect(),
            launches,
            trials,
            advice: Vec::new(),
            claims: Vec::new(),
        }
    }

    fn factor(&self, name: &str) -> f64 {
        self.contenders
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(1.0, |(_, factor)| *factor)
    }

    /// Trials that are launches of their own.
    fn trials_alone(&self, plan: &Plan) -> Vec<Trial> {
        let mut random = ChaCha8Rng::seed_from_u64(42);
        let observed: Vec<&Metric> = observed()
            .filter(|metric| !metric.levels.needs_launches)
            .collect();
        let mut trials = Vec::new();
        for block in 0..self.blocks {
            for (position, entrant) in (0..).zip(plan.entrants()) {
                let factor = self.factor(entrant.name());
                trials.push(Trial {
                    position,
                    at_s: f64::from(block) * 30.0 + f64::from(position) * 5.0,
                    ..self.trial(block, entrant, factor, &observed, &mut random)
                });
            }
        }
        trials
    }

    /// Launches of every entrant in rounds, and their trials.
    fn trials_of_launches(&self, plan: &Plan) -> (Vec<Launch>, Vec<Trial>) {
        let mut random = ChaCha8Rng::seed_from_u64(43);
        let (once, in_blocks): (Vec<&Metric>, Vec<&Metric>) =
            observed().partition(|metric| metric.levels.is_once());
        let (mut launches, mut trials) = (Vec::new(), Vec::new());
        let mut blocks = 0..self.blocks;
        for round in 0..self.launches {
            let first = launches.len() as u32;
            let mut factors = Vec::new();
            for (entrant, id) in plan.entrants().into_iter().zip(first..) {
                let factor = self.factor(entrant.name()) * wobble(self.noise_of_launches, &mut random);
                let seen = self.observations(&once, factor, &mut random);
                launches.push(launches::launch((id, round), entrant, 300.0 * factor, seen));
                factors.push(factor);
            }
            let left = self.launches - round;
            let own = (blocks.end - blocks.start).div_ceil(left) as usize;
            for (place, block) in (0_u32..).zip(blocks.by_ref().take(own)) {
                for ((position, entrant), factor) in (0_u32..).zip(plan.entrants()).zip(&factors) {
                    trials.push(Trial {
                        position,
                        launch: Some(first + position),
                        wake_up: Some(launches::wake_up(300.0 * factor)),
                        at_s: f64::from(round) * launches::ROUND_S
                            + 20.0
                            + f64::from(place) * 30.0
                            + f64::from(position) * 5.0,
                        ..self.trial(block, entrant, *factor, &in_blocks, &mut random)
                    });
                }
            }
        }
        (launches, trials)
    }

    fn observations(&self, observed: &[&Metric], factor: f64, random: &mut ChaCha8Rng) -> Vec<Observation> {
        let seen = observed.iter().map(|metric| {
            let value = base(metric.id, factor) * wobble(self.noise, random);
            observation(metric.id, value)
        });
        seen.collect()
    }

    fn trial(
        &self,
        block: u32,
        entrant: Entrant,
        factor: f64,
        observed: &[&Metric],
        random: &mut ChaCha8Rng,
    ) -> Trial {
        let observations = self.observations(observed, factor, random);
        let scale = factor * wobble(self.noise, random);
        Trial {
            seconds: 5.0,
            observations,
            curves: self
                .curves
                .iter()
                .map(|(label, kind)| curve(label, *kind, scale))
                .collect(),
            load: Some(LoadSummary {
                planned: 2000,
                correct: 2000,
                offered_rps: 400.0,
                achieved_rps: 399.0,
                seconds: 5.0,
                server_cpu_s: 0.6 * scale,
                ..LoadSummary::default()
            }),
            gates: vec![
                gate(Gate::Contract, GateOutcome::Passed),
                gate(Gate::RateHeld, GateOutcome::Passed),
            ],
            ..Trial::new(block, entrant)
        }
    }
}

/// What trials and launches observe, as on a machine of two processors, which tells no law over processes.
fn observed() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter().filter(|metric| {
        matches!(metric.reduce, Reduce::MeanOfBlocks)
            && metric.exposure != Exposure::InstallTime
            && !metric.id.starts_with("usl_processes")
    })
}

/// A factor around 1 with this standard deviation.
fn wobble(noise: f64, random: &mut ChaCha8Rng) -> f64 {
    (1.0 + noise * (random.random::<f64>() - 0.5) * 3.46).max(0.05)
}

fn base(metric: &str, factor: f64) -> f64 {
    match metric {
        "cpu_us_per_request" => 300.0 * factor,
        "startup_ms" => 400.0 * factor,
        "memory_mb_idle" | "memory_mb_peak" => 70.0 * factor,
        "compute_ms" => 20.0 * factor,
        "cost_per_million" => 0.01 * factor,
        "multicore_speedup" => 1.9,
        "connection_kb" => 20.0 * factor,
        "blocking_ms_p99" => 30.0 * factor,
        "waiting_rps" => 2000.0 / factor,
        "rate_rps_slo" => 1500.0 / factor,
        "warmup_s" => 1.5 * factor,
        "warmup_requests" => 6_000.0 * factor,
        "after_rest_ratio" => 1.2 * factor,
        "usl_contention" => 0.3 * factor,
        "usl_coherency" => 0.002 * factor,
        "usl_peak" => 24.0 / factor,
        "overload_goodput" => 0.9 / factor,
        "recovery_s" => 0.6 * factor,
        "routes_cost" => 1.1 * factor,
        "slow_client_ms_p99" => 25.0 * factor,
        "stream_mb_growth" => 24.0 * factor,
        "drain_lost" => 4.0 * factor,
        "crash_recovery_ms" => 300.0 * factor,
        "crash_lost" => 6.0 * factor,
        "socket_fanout_ms_p99" => 90.0 * factor,
        other => half_way(other, factor),
    }
}

/// Half way between what the brief requires and the ideal, the factor as if it were a cost.
fn half_way(id: &str, factor: f64) -> f64 {
    let Some(metric) = metric(id) else { return factor };
    let Some(function) = anchors::value_function(metric, &brief(), 2) else {
        return factor;
    };
    let value = function.value_at(0.5);
    match metric.better {
        Better::Lower => value * factor,
        Better::Higher => value / factor,
    }
}

/// A gate's result with words that do not matter.
#[must_use]
pub fn gate(gate: Gate, outcome: GateOutcome) -> GateResult {
    GateResult {
        gate,
        outcome,
        measured: "what was".into(),
        limit: "what should be".into(),
    }
}

/// A plain observation.
#[must_use]
pub fn observation(metric: &str, value: f64) -> Observation {
    Observation::new(metric, value)
}

/// Response times of 2,000 responses between 1 and 5 ms × scale, the slowest twenty between 8 and 12 ms × scale.
pub(crate) fn curve(label: &str, kind: CurveKind, scale: f64) -> Curve {
    let body = (0..1980).map(|index| 1000.0 + f64::from(index) * 2.0);
    let tail = (0..20).map(|index| 8000.0 + f64::from(index) * 200.0);
    let mut histogram =
        Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).expect("these are the bounds of every curve");
    for micros in body.chain(tail) {
        histogram.saturating_record((micros * scale) as u64);
    }
    let mut hdr = Vec::new();
    V2DeflateSerializer::new()
        .serialize(&histogram, &mut hdr)
        .expect("a vector takes all bytes");
    Curve {
        label: Label::from(label.to_owned()),
        kind,
        hdr,
    }
}

fn record(name: &str, factor: f64) -> ContenderRecord {
    let exact = [
        ("plumbing_tokens", 1500.0 * factor),
        ("platforms_prebuilt", 1.0),
        ("targets", 0.6),
        ("browser_share", 1.0),
        ("browser_kb", 60.0),
        ("browser_ms", 300.0),
        ("needs_covered", 1.0),
        ("dependencies", 40.0 * factor),
        ("install_mb", 30.0 * factor),
        ("change_tokens", 120.0 * factor),
        ("change_files", 2.0 * factor),
        ("contract_tokens", 3000.0 * factor),
        ("complexity_of_hardest", 4.0 * factor),
        ("names_to_learn", 100.0 * factor),
        ("team_known", 1.0),
        ("first_answer_s", 20.0 * factor),
    ];
    ContenderRecord {
        name: name.to_owned(),
        variant_of: None,
        part: Part::Candidate,
        title: name.to_uppercase(),
        family: "node".into(),
        language: "javascript".into(),
        runtime: "node 22".into(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        work: Work::default(),
        versions: BTreeMap::new(),
        support: Vec::new(),
        status: Status::Measured,
        running: None,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: exact
            .iter()
            .map(|(metric, value)| observation(metric, *value))
            .collect(),
        needs: Vec::new(),
        platforms: Vec::new(),
        reach: Vec::new(),
        flags: None,
        no_evidence: BTreeMap::new(),
    }
}
