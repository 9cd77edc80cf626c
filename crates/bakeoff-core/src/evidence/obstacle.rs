//! What keeps a probe from observing a metric of a contender at all: the machine, the contender's own manifest, or how
//! it is built. No fault of anybody, and no judgement.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What keeps a probe from observing a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum Obstacle {
    /// The machine has too few processors.
    NeedsProcessors {
        /// The fewest that the probe needs.
        needed: usize,
        /// Those of the machine.
        has: usize,
    },
    /// The contender does not serve what the probe requests.
    NotServed {
        /// The scenario.
        scenario: String,
    },
    /// Neither the brief nor its scenarios ask for what the probe requests.
    NotAsked {
        /// The scenario of the shipped contract that the probe requests, or the one that another could play.
        scenario: String,
    },
    /// One process serves, so nothing restarts it after a crash.
    OneProcess,
    /// The service ran already, and nobody here can start it or look into it.
    FromOutside {
        /// Whether its processes would show it, and the user did not name them.
        wants_process: bool,
    },
    /// Another, in the lab's words.
    Other(String),
}

/// An obstacle as it is written: those of a known kind as an object, others as a text, as all were in earlier versions.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Words(String),
    Known(Known),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Known {
    NeedsProcessors { needed: usize, has: usize },
    NotServed { scenario: String },
    NotAsked { scenario: String },
    OneProcess,
    FromOutside { wants_process: bool },
}

impl From<Written> for Obstacle {
    fn from(written: Written) -> Obstacle {
        match written {
            Written::Words(words) => Obstacle::Other(words),
            Written::Known(Known::NeedsProcessors { needed, has }) => {
                Obstacle::NeedsProcessors { needed, has }
            }
            Written::Known(Known::NotServed { scenario }) => Obstacle::NotServed { scenario },
            Written::Known(Known::NotAsked { scenario }) => Obstacle::NotAsked { scenario },
            Written::Known(Known::OneProcess) => Obstacle::OneProcess,
            Written::Known(Known::FromOutside { wants_process }) => Obstacle::FromOutside { wants_process },
        }
    }
}

impl From<Obstacle> for Written {
    fn from(obstacle: Obstacle) -> Written {
        match obstacle {
            Obstacle::Other(words) => Written::Words(words),
            Obstacle::NeedsProcessors { needed, has } => {
                Written::Known(Known::NeedsProcessors { needed, has })
            }
            Obstacle::NotServed { scenario } => Written::Known(Known::NotServed { scenario }),
            Obstacle::NotAsked { scenario } => Written::Known(Known::NotAsked { scenario }),
            Obstacle::OneProcess => Written::Known(Known::OneProcess),
            Obstacle::FromOutside { wants_process } => Written::Known(Known::FromOutside { wants_process }),
        }
    }
}

impl From<String> for Obstacle {
    fn from(words: String) -> Obstacle {
        Obstacle::Other(words)
    }
}

impl From<&str> for Obstacle {
    fn from(words: &str) -> Obstacle {
        Obstacle::Other(words.to_owned())
    }
}

impl fmt::Display for Obstacle {
    /// A sentence without a capital and without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Obstacle::NeedsProcessors { needed, has } => {
                write!(f, "needs {needed} processors, and this machine has {has}")
            }
            Obstacle::NotServed { scenario } => write!(f, "does not serve `{scenario}`"),
            Obstacle::NotAsked { scenario } => {
                write!(
                    f,
                    "not asked here: the brief has no scenario `{scenario}`, and none that stands for it in this probe"
                )
            }
            Obstacle::OneProcess => f.write_str(
                "one process serves, and the lab does not restart it: after a kill the service is down",
            ),
            Obstacle::FromOutside { wants_process: true } => f.write_str(
                "unknown from outside: `--pid NAME=PID` or `--container NAME=ID` says whose CPU time and memory count",
            ),
            Obstacle::FromOutside { wants_process: false } => f.write_str(
                "unknown from outside: the service ran already, and nobody here can start it or read its code",
            ),
            Obstacle::Other(words) => f.write_str(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Obstacle;

    #[test]
    fn an_obstacle_reads_back_as_it_was_written() {
        for (obstacle, written) in [
            (
                Obstacle::NeedsProcessors { needed: 3, has: 2 },
                r#"{"kind":"needs-processors","needed":3,"has":2}"#,
            ),
            (
                Obstacle::NotServed {
                    scenario: "wait".to_owned(),
                },
                r#"{"kind":"not-served","scenario":"wait"}"#,
            ),
            (
                Obstacle::NotAsked {
                    scenario: "json".to_owned(),
                },
                r#"{"kind":"not-asked","scenario":"json"}"#,
            ),
            (Obstacle::OneProcess, r#"{"kind":"one-process"}"#),
            (
                Obstacle::FromOutside { wants_process: true },
                r#"{"kind":"from-outside","wants_process":true}"#,
            ),
            (Obstacle::from("no source to count"), r#""no source to count""#),
        ] {
            assert_eq!(serde_json::to_string(&obstacle).unwrap(), written);
            assert_eq!(serde_json::from_str::<Obstacle>(written).unwrap(), obstacle);
        }
    }
}
