//! Runs whose truth is known, built in memory, for tests and benchmarks: no part of the program. The same builder gives
//! the same run on every call.

use crate::brief::{Brief, Deploy, Load, Needs, Preferences, Price, Slo, Team, Thresholds, Traffic, anchors};
use crate::entrant::Entrant;
use crate::evidence::{
    ContenderRecord, Curve, CurveKind, Environment, Gate, GateOutcome, GateResult, Host, Label, LoadSummary,
    Observation, Run, Status, Trial,
};
use crate::metric::{Better, Exposure, METRICS, Reduce, metric};
use crate::plan::{Plan, ProbeSlots};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// Blocks of a run, unless a test sets another number.
pub const BLOCKS: u32 = 8;

/// A run in which every contender's truth is known: each metric is `base` × the contender's factor × noise of the
/// block.
#[derive(Debug, Clone)]
pub struct Fixture {
    contenders: Vec<(&'static str, f64)>,
    blocks: u32,
    noise: f64,
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
            noise: 0.03,
            twin_of: None,
            curves: vec![("all", CurveKind::Response), ("read-item", CurveKind::Response)],
        }
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
        let mut random = ChaCha8Rng::seed_from_u64(42);
        let mut trials = Vec::new();
        for block in 0..self.blocks {
            for (position, entrant) in plan.entrants().into_iter().enumerate() {
                let factor = self.factor(entrant.name());
                trials.push(self.trial(block, position as u32, entrant, factor, &mut random));
            }
        }
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
            trials,
            advice: Vec::new(),
        }
    }

    fn factor(&self, name: &str) -> f64 {
        self.contenders
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(1.0, |(_, factor)| *factor)
    }

    fn trial(
        &self,
        block: u32,
        position: u32,
        entrant: Entrant,
        factor: f64,
        random: &mut ChaCha8Rng,
    ) -> Trial {
        let mut wobble = || (1.0 + self.noise * (random.random::<f64>() - 0.5) * 3.46).max(0.05);
        let observations = METRICS
            .iter()
            .filter(|metric| {
                matches!(metric.reduce, Reduce::MeanOfBlocks) && metric.exposure != Exposure::InstallTime
            })
            // As on a machine of two processors, which tells no law over processes.
            .filter(|metric| !metric.id.starts_with("usl_processes"))
            .map(|metric| observation(metric.id, base(metric.id, factor) * wobble()))
            .collect();
        let scale = factor * wobble();
        Trial {
            block,
            position,
            entrant,
            at_s: f64::from(block) * 30.0 + f64::from(position) * 5.0,
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
                ..LoadSummary::default()
            }),
            warm_up: None,
            gates: vec![
                gate(Gate::Contract, GateOutcome::Passed),
                gate(Gate::RateHeld, GateOutcome::Passed),
            ],
            cautions: Vec::new(),
            faults: Vec::new(),
            environment: Environment::default(),
            slots: ProbeSlots::NONE,
            first_attempt: None,
            probes_s: 0.0,
        }
    }
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
fn curve(label: &str, kind: CurveKind, scale: f64) -> Curve {
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
        ("platforms_prebuilt", 1.0),
        ("targets", 0.6),
        ("needs_covered", 1.0),
        ("dependencies", 40.0 * factor),
        ("install_mb", 30.0 * factor),
        ("contract_tokens", 3000.0 * factor),
        ("cognitive_complexity", 40.0 * factor),
        ("api_surface", 50.0 * factor),
        ("team_known", 1.0),
        ("first_answer_s", 20.0 * factor),
    ];
    ContenderRecord {
        name: name.to_owned(),
        title: name.to_uppercase(),
        family: "node".into(),
        language: "javascript".into(),
        runtime: "node 22".into(),
        framework: String::new(),
        server: String::new(),
        model: String::new(),
        homepage: String::new(),
        remarks: String::new(),
        versions: BTreeMap::new(),
        status: Status::Measured,
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: exact
            .iter()
            .map(|(metric, value)| observation(metric, *value))
            .collect(),
        needs: Vec::new(),
        no_evidence: BTreeMap::new(),
    }
}

/// A brief that these runs fit: 400 requests a second within 50 ms, on one core and in 512 MB.
#[must_use]
pub fn brief() -> Brief {
    Brief {
        name: "order-api".into(),
        question: "Which backend?".into(),
        load: Load {
            peak_rps: 400.0,
            cores: 1,
            memory_mb: 512.0,
            slo: Slo {
                p99_ms: 50.0,
                error_rate: 0.001,
            },
        },
        traffic: vec![Traffic {
            scenario: "read-item".into(),
            share: 1.0,
        }],
        team: Team::default(),
        needs: Needs {
            must: vec!["postgres".into()],
            want: Vec::new(),
        },
        deploy: Deploy {
            target: "container".into(),
            instance_class: None,
            price: Price {
                core_hour: 0.04,
                gb_hour: 0.005,
                currency: "USD".into(),
            },
        },
        preferences: Preferences::default(),
        only: Vec::new(),
        values: BTreeMap::new(),
        measures: Vec::new(),
        verdict: Thresholds::default(),
    }
}
