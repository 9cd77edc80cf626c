//! Faults: what failed, where, and whose it is. A contender's fault is a finding and no error of the program. Draws no
//! conclusion: whether a contender runs again after a fault is decided elsewhere.

use super::obstacle::Obstacle;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that failed, where it did, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Fault {
    /// Whose it is.
    pub owner: Owner,
    /// Where it happened.
    pub at: FaultAt,
    /// What happened, in a sentence without a full stop.
    pub message: String,
    /// The last lines of the log, when there is one.
    pub log: Vec<String>,
    /// What kept a probe from observing, where that has a type.
    pub obstacle: Option<Obstacle>,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The contender's: a finding.
    Contender,
    /// The lab's.
    Lab,
    /// The user's: the brief, or the machine's configuration.
    User,
}

/// Where a fault happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultAt {
    /// In a stage of preparing or of a trial.
    Stage(Stage),
    /// In the probe of these metrics, by their ids: the rest of the trial counts.
    Probe(Vec<String>),
}

/// The stages in which a fault can happen, in the order in which a run passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The runtime is missing, or too old.
    Runtime,
    /// The contender's packages are installed.
    Prepare,
    /// The trial's threads enter the lab's network.
    Isolation,
    /// The server's process starts and gives its first correct response.
    Start,
    /// The server's port belongs to another process.
    Port,
    /// The contract is checked.
    Contract,
    /// The server warms up.
    WarmUp,
    /// The launch rests between its trials, and wakes.
    Rest,
    /// The load at the brief's rate runs.
    Load,
    /// The server exceeded a limit on memory, processes or disk.
    Bounds,
    /// A limit on CPU time that the user or a container set held the trial back.
    CpuLimit,
    /// The lab's database failed.
    Database,
    /// A further service of the brief failed.
    Service,
    /// The server stops.
    Stop,
    /// The lab's own code for the trial failed.
    Trial,
    /// The user interrupted.
    Interrupted,
}

impl Fault {
    /// A fault without a log.
    #[must_use]
    pub fn new(owner: Owner, at: impl Into<FaultAt>, message: impl Into<String>) -> Fault {
        Fault {
            owner,
            at: at.into(),
            message: message.into(),
            log: Vec::new(),
            obstacle: None,
        }
    }

    /// Whether it happened in that stage.
    #[must_use]
    pub fn is_at(&self, stage: Stage) -> bool {
        self.at == FaultAt::Stage(stage)
    }

    /// Whether it happened in the probe of that metric.
    #[must_use]
    pub fn is_of_metric(&self, id: &str) -> bool {
        match &self.at {
            FaultAt::Stage(_) => false,
            FaultAt::Probe(metrics) => metrics.iter().any(|metric| metric == id),
        }
    }
}

impl FaultAt {
    /// In the probe of these metrics.
    #[must_use]
    pub fn probe(metrics: &[&str]) -> FaultAt {
        FaultAt::Probe(metrics.iter().map(|id| (*id).to_owned()).collect())
    }
}

impl From<Stage> for FaultAt {
    fn from(stage: Stage) -> FaultAt {
        FaultAt::Stage(stage)
    }
}

impl fmt::Display for FaultAt {
    /// The stage's word, or the ids of the metrics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultAt::Stage(stage) => f.write_str(stage.word()),
            FaultAt::Probe(metrics) => f.write_str(&metrics.join(", ")),
        }
    }
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Stage; 16] = [
        Stage::Runtime,
        Stage::Prepare,
        Stage::Isolation,
        Stage::Start,
        Stage::Port,
        Stage::Contract,
        Stage::WarmUp,
        Stage::Rest,
        Stage::Load,
        Stage::Bounds,
        Stage::CpuLimit,
        Stage::Database,
        Stage::Service,
        Stage::Stop,
        Stage::Trial,
        Stage::Interrupted,
    ];

    /// Its word in documents and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Runtime => "runtime",
            Stage::Prepare => "prepare",
            Stage::Isolation => "isolation",
            Stage::Start => "start",
            Stage::Port => "port",
            Stage::Contract => "contract",
            Stage::WarmUp => "warm-up",
            Stage::Rest => "rest",
            Stage::Load => "load",
            Stage::Bounds => "bounds",
            Stage::CpuLimit => "limit",
            Stage::Database => "database",
            Stage::Service => "service",
            Stage::Stop => "stop",
            Stage::Trial => "trial",
            Stage::Interrupted => "interrupted",
        }
    }
}

/// A fault as it is written to the store and to `results.json`. `stage` has had both stages and ids of metrics from the
/// first version on, and readers rely on it; `metrics` says the same as a list and is absent in older documents.
#[derive(Serialize, Deserialize)]
struct Written {
    owner: Owner,
    stage: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<String>,
    message: String,
    log: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    obstacle: Option<Obstacle>,
}

impl From<Fault> for Written {
    fn from(fault: Fault) -> Written {
        Written {
            owner: fault.owner,
            stage: fault.at.to_string(),
            metrics: match fault.at {
                FaultAt::Stage(_) => Vec::new(),
                FaultAt::Probe(metrics) => metrics,
            },
            message: fault.message,
            log: fault.log,
            obstacle: fault.obstacle,
        }
    }
}

impl From<Written> for Fault {
    fn from(written: Written) -> Fault {
        let stage = Stage::ALL.into_iter().find(|stage| stage.word() == written.stage);
        let at = match stage {
            Some(stage) => FaultAt::Stage(stage),
            None if written.metrics.is_empty() => {
                FaultAt::Probe(written.stage.split(", ").map(str::to_owned).collect())
            }
            None => FaultAt::Probe(written.metrics),
        };
        Fault {
            owner: written.owner,
            at,
            message: written.message,
            log: written.log,
            obstacle: written.obstacle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultAt, Owner, Stage};

    fn read(json: &str) -> Fault {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn faults_of_older_stores_read_as_stages_and_as_metrics() {
        for stage in Stage::ALL {
            let word = stage.word();
            let fault = read(&format!(
                r#"{{"owner":"lab","stage":"{word}","message":"m","log":["l"]}}"#
            ));
            assert!(fault.is_at(stage), "{word}");
            assert_eq!((fault.owner, fault.log.len()), (Owner::Lab, 1));
        }
        let fault =
            read(r#"{"owner":"contender","stage":"drain_lost, crash_recovery_ms","message":"m","log":[]}"#);
        assert_eq!(fault.at, FaultAt::probe(&["drain_lost", "crash_recovery_ms"]));
        assert!(fault.is_of_metric("drain_lost") && !fault.is_of_metric("drain"));
        assert!(!fault.is_at(Stage::Stop));
    }

    #[test]
    fn a_fault_reads_back_as_it_was_written() {
        for at in [Stage::CpuLimit.into(), FaultAt::probe(&["a", "b"])] {
            let fault = Fault::new(Owner::User, at, "a message");
            let json = serde_json::to_string(&fault).unwrap();
            assert_eq!(read(&json), fault, "{json}");
        }
    }

    #[test]
    fn readers_of_results_find_the_stage_where_it_was() {
        let fault = Fault::new(Owner::Contender, FaultAt::probe(&["a", "b"]), "m");
        let json = serde_json::to_string(&fault).unwrap();
        let written = r#"{"owner":"contender","stage":"a, b","metrics":["a","b"],"message":"m","log":[]}"#;
        assert_eq!(json, written);
    }
}
