//! Evidence: what a run leaves, raw and append-only. Deliberately without judgement: no averages, no scores, no ranks.

mod caution;
mod curve;
mod database;
mod fault;
mod gate;
mod load;
mod need;
mod observation;
mod tier;

pub use caution::Caution;
pub use curve::{Curve, CurveKind, Label};
pub use database::{DatabaseCount, Precision};
pub use fault::{Fault, FaultAt, Owner, Stage};
pub use gate::{Gate, GateOutcome, GateResult};
pub use load::{FailureKind, FailureSummary, LoadSummary};
pub use need::NeedCover;
pub use observation::{Detail, Observation, Point};
pub use tier::Tier;

use crate::entrant::Entrant;
use crate::plan::{Plan, Turns};
use crate::stop::Advice;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run: one brief, one plan, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// `2026-11-24T090102Z-order-api`, unique in a store.
    pub id: String,
    /// The version of bakeoff that measured.
    pub version: String,
    /// The brief's path as the user gave it.
    pub brief_path: String,
    /// The brief's text.
    pub brief_text: String,
    /// SHA-256 of the text, hexadecimal.
    pub brief_sha256: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// RFC 3339, UTC; none while the run goes on or when it was interrupted.
    pub finished: Option<String>,
    /// Why the measuring stopped, once it has.
    pub stop: Option<StopReason>,
    /// The machine.
    pub host: Host,
    /// What was to happen.
    pub plan: Plan,
    /// Every contender of the field, also those that could not run.
    pub contenders: Vec<ContenderRecord>,
    /// The trials in the order in which they ended.
    pub trials: Vec<Trial>,
    /// What was advised after each block, in order: why it went on, and why it stopped.
    #[serde(default)]
    pub advice: Vec<Advice>,
}

/// Why the measuring stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopReason {
    /// All planned blocks ran.
    PlanDone,
    /// More blocks would not have changed the verdict by more than they cost, with the reason.
    Settled(String),
    /// The next block would not have fitted into the budget.
    BudgetSpent,
    /// The user interrupted.
    Interrupted,
    /// The lab failed, with the reason.
    LabFailed(String),
}

/// The machine and what it could do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system and kernel.
    pub os: String,
    /// Processor model.
    pub cpu: String,
    /// Processors that the run could use.
    pub cores: u32,
    /// Processors that the servers ran on.
    pub server_cores: Vec<u32>,
    /// Processors that the generator, the database and the upstream ran on.
    pub generator_cores: Vec<u32>,
    /// Memory in MB.
    pub memory_mb: u64,
    /// What keeps servers apart; none where it is not known.
    #[serde(with = "tier::optional")]
    pub isolation: Option<Tier>,
    /// Controller (`cpu`, `cpuset`, `kill`, `memory`, `network`, `pids`) to what does its work here, in words.
    #[serde(default)]
    pub controllers: BTreeMap<String, String>,
    /// The database, as it names itself, and where it came from.
    pub database: String,
    /// Runtime name to version.
    pub runtimes: BTreeMap<String, String>,
}

/// A contender of the field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContenderRecord {
    /// Its name.
    pub name: String,
    /// What a reader calls it.
    pub title: String,
    /// Its family.
    pub family: String,
    /// Its language.
    pub language: String,
    /// Runtime and version, as `node 20.20.2`.
    pub runtime: String,
    /// Framework and version, or empty.
    pub framework: String,
    /// What listens.
    pub server: String,
    /// `event loop, async` and the like.
    pub model: String,
    /// The project's page.
    pub homepage: String,
    /// One sentence that a reader should know.
    pub remarks: String,
    /// Package to locked version, direct dependencies first.
    pub versions: BTreeMap<String, String>,
    /// Where it stands.
    pub status: Status,
    /// Scenarios that it does not serve, by its own manifest.
    pub not_served: Vec<String>,
    /// What went wrong outside of trials.
    pub faults: Vec<Fault>,
    /// What was counted or read once.
    pub observations: Vec<Observation>,
    /// Whether it covers the needs that the brief says must be covered; empty where nothing is known of its family.
    #[serde(default)]
    pub needs: Vec<NeedCover>,
    /// Metric to the reason why there is no evidence of it here.
    pub no_evidence: BTreeMap<String, String>,
}

impl ContenderRecord {
    /// The same in today's form: needs that an older store kept among the observations become evidence of their own.
    #[must_use]
    pub fn upgraded(mut self) -> ContenderRecord {
        self.needs.extend(need::take_out_of(&mut self.observations));
        self
    }
}

/// Where a contender stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It is going to be measured.
    Ready,
    /// At least one trial ended well.
    Measured,
    /// This machine lacks what it needs.
    Unavailable,
    /// It could not be installed.
    PrepareFailed,
    /// It does not hold the contract.
    ContractFailed,
    /// It ran, and no trial ended well.
    Failed,
}

/// One contender's turn within a block, and what it left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The block, counted from 0.
    pub block: u32,
    /// The place within the block, counted from 0.
    pub position: u32,
    /// Who ran.
    #[serde(rename = "contender")]
    pub entrant: Entrant,
    /// Seconds from the start of the measuring to the start of the trial.
    pub at_s: f64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What was observed.
    pub observations: Vec<Observation>,
    /// Latency histograms.
    pub curves: Vec<Curve>,
    /// What the load was and what came of it; none when it did not get so far.
    pub load: Option<LoadSummary>,
    /// The way to the steady state.
    pub warm_up: Option<WarmUp>,
    /// The gates in their order.
    pub gates: Vec<GateResult>,
    /// What weakens the whole trial.
    pub cautions: Vec<Caution>,
    /// What went wrong.
    pub faults: Vec<Fault>,
    /// The machine's disturbances meanwhile.
    pub environment: Environment,
    /// The probes whose turn it was; none where time was short, and for the twin.
    #[serde(default)]
    pub turns: Turns,
    /// How long they took, in seconds.
    #[serde(default)]
    pub probes_s: f64,
}

impl Trial {
    /// A trial in which nothing has happened yet: the first of its block, at the start of the measuring.
    #[must_use]
    pub fn new(block: u32, entrant: Entrant) -> Trial {
        Trial {
            block,
            position: 0,
            entrant,
            at_s: 0.0,
            seconds: 0.0,
            observations: Vec::new(),
            curves: Vec::new(),
            load: None,
            warm_up: None,
            gates: Vec::new(),
            cautions: Vec::new(),
            faults: Vec::new(),
            environment: Environment::default(),
            turns: Turns::NONE,
            probes_s: 0.0,
        }
    }
}

/// The way to the steady state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WarmUp {
    /// How it went.
    pub class: WarmClass,
    /// Windows in order.
    pub windows: Vec<WarmWindow>,
}

/// How a warm-up went [after Barrett et al., OOPSLA 2017].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarmClass {
    /// It became faster and settled.
    Warm,
    /// It was settled from the first.
    Flat,
    /// It became slower and settled.
    SlowingDown,
    /// It had not settled when the time for it ended.
    NoSteadyState,
}

/// A short window of the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WarmWindow {
    /// Its end, in seconds from the first request.
    pub at_s: f64,
    /// CPU time a request, in µs.
    pub cpu_us: f64,
    /// Median service time, in ms.
    pub service_ms_p50: f64,
}

/// What the machine did besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// Share of time that the hypervisor took away, 0 to 1; none where it is not told.
    pub steal_share: Option<f64>,
    /// Share of the window that the server was runnable and waited for a processor.
    pub server_run_delay_share: Option<f64>,
    /// The same of the generator.
    pub generator_run_delay_share: Option<f64>,
    /// Pressure of processors (`some`, 10 s average, percent).
    pub cpu_pressure_percent: Option<f64>,
    /// Load average of one minute at the end.
    pub load_1m: Option<f64>,
    /// What kept the server apart; none in evidence from before it was recorded.
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Share of time for which a limit of processor time above the lab held everything back, 0 to 1; none where it is not told.
    #[serde(default)]
    pub throttled_share: Option<f64>,
    /// Share of time for which a task of the server or more waited for a processor, as its cgroup tells; none without one.
    #[serde(default)]
    pub server_pressure_share: Option<f64>,
    /// CPU time of the server meanwhile, in seconds, by the clocks of its processes.
    #[serde(default)]
    pub server_cpu_processes_s: Option<f64>,
    /// The same by its cgroup, in seconds, which also counts workers that ended unseen; none without one. The larger counts.
    #[serde(default)]
    pub server_cpu_cgroup_s: Option<f64>,
    /// What a fixed piece of work took on the server's processors, before and after the load on average, in ms; none in evidence from before it was
    /// recorded. It tells of the machine, and only the same build of bakeoff has the same piece.
    #[serde(default)]
    pub yardstick_ms: Option<f64>,
    /// How many times as long that was as in the middle of the run's trials before; none while they are few.
    #[serde(default)]
    pub times_as_long: Option<f64>,
    /// Share of the load's time for which a processor of the lab was not there, 0 to 1; none where it cannot be told, and in evidence from before
    /// it was.
    #[serde(default)]
    pub stalled_share: Option<f64>,
    /// The longest such time, in ms.
    #[serde(default)]
    pub longest_stall_ms: Option<f64>,
}

impl Environment {
    /// Whether the machine stood still for a larger share of the time than lies beyond the quantile `q`: whoever is asked meanwhile waits, so up to
    /// all answers beyond it are the machine's and not the contender's.
    #[must_use]
    pub fn hides(&self, q: f64) -> bool {
        self.stalled_share.is_some_and(|share| share > 1.0 - q)
    }
}
