//! The probes that need no running server: they read a contender's folder, or data that ships with the program. A new
//! probe is a file below and a row here. The table itself reads nothing.

pub(crate) mod code;
mod install;
mod language_reach;
pub(crate) mod lock;
pub(crate) mod needs;
pub(crate) mod python_environment;
pub(crate) mod subject;

use bakeoff_core::evidence::Observation;
use subject::Subject;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct StaticProbe {
    /// Its name, for messages.
    pub name: &'static str,
    /// The metrics that it observes.
    pub metrics: &'static [&'static str],
    /// Observes, or returns the reason why there is no evidence.
    pub observe: fn(&Subject<'_>) -> Result<Vec<Observation>, String>,
}

/// Every probe.
pub const STATIC_PROBES: &[StaticProbe] = &[
    StaticProbe {
        name: "tokens",
        metrics: &["contract_tokens"],
        observe: code::tokens,
    },
    StaticProbe {
        name: "complexity",
        metrics: &["cognitive_complexity"],
        observe: code::complexity,
    },
    StaticProbe {
        name: "surface",
        metrics: &["api_surface"],
        observe: code::surface,
    },
    StaticProbe {
        name: "dependencies",
        metrics: &["dependencies"],
        observe: lock::dependencies,
    },
    StaticProbe {
        name: "platforms",
        metrics: &["platforms_prebuilt"],
        observe: lock::platforms,
    },
    StaticProbe {
        name: "install",
        metrics: &["install_mb"],
        observe: install::observe,
    },
    StaticProbe {
        name: "needs",
        metrics: &["needs_covered"],
        observe: needs::observe,
    },
    StaticProbe {
        name: "targets",
        metrics: &["targets"],
        observe: language_reach::targets,
    },
    StaticProbe {
        name: "team",
        metrics: &["team_known"],
        observe: language_reach::team_known,
    },
];

#[cfg(test)]
mod tests {
    use super::subject::Subject;
    use super::{STATIC_PROBES, needs};
    use bakeoff_core::brief::{self, Brief, Vocabulary};
    use bakeoff_core::contender;
    use bakeoff_core::metric::metric;
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    #[test]
    fn every_probe_observes_metrics_of_the_table_and_each_metric_has_one_probe() {
        let all: Vec<&str> = STATIC_PROBES
            .iter()
            .flat_map(|probe| probe.metrics)
            .copied()
            .collect();
        for (at, id) in all.iter().enumerate() {
            assert!(metric(id).is_some(), "`{id}` is a metric");
            assert!(!all[..at].contains(id), "`{id}` has one probe");
        }
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    fn order_api() -> Brief {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let vocabulary = Vocabulary {
            scenarios: owned(&["read-item", "list-items", "create-item"]),
            contenders: Vec::new(),
            needs: needs::known(),
        };
        let text = std::fs::read_to_string(root().join("briefs/order-api.toml")).unwrap();
        brief::parse(&text, "order-api.toml", &vocabulary).unwrap()
    }

    /// Every shipped contender gives evidence of all that needs no install, and evidence that is plausible.
    #[test]
    fn every_shipped_contender_gives_plausible_evidence() {
        let brief = order_api();
        for folder in std::fs::read_dir(root().join("contenders")).unwrap().flatten() {
            let Ok(text) = std::fs::read_to_string(folder.path().join("contender.toml")) else {
                continue;
            };
            let contender = contender::parse(&text, "contender.toml").unwrap();
            if !["node", "python"].contains(&contender.family.as_str()) {
                continue;
            }
            let subject = Subject {
                contender: &contender,
                source_dir: &folder.path(),
                prepared_dir: &folder.path(),
                brief: &brief,
            };
            let mut found = BTreeMap::new();
            for probe in STATIC_PROBES.iter().filter(|probe| probe.name != "install") {
                let observations = (probe.observe)(&subject)
                    .unwrap_or_else(|why| panic!("{} of {}: {why}", probe.name, contender.name));
                assert!(
                    probe
                        .metrics
                        .iter()
                        .all(|id| observations.iter().any(|one| one.metric == *id)),
                    "{}",
                    probe.name
                );
                for one in observations {
                    println!(
                        "{} {} {} {}",
                        contender.name,
                        one.metric,
                        one.value,
                        one.note.as_deref().unwrap_or_default()
                    );
                    found.insert(one.metric, one.value);
                }
            }
            assert!(
                (1000.0..20_000.0).contains(&found["contract_tokens"]),
                "{}",
                contender.name
            );
            assert!(
                found["cognitive_complexity"] >= 5.0 && found["api_surface"] >= 10.0,
                "{}",
                contender.name
            );
            assert!(
                found["dependencies"] >= 1.0 && found["platforms_prebuilt"] > 0.0,
                "{}",
                contender.name
            );
            let must = needs::must(&brief, &contender);
            assert!(must.iter().any(|cover| cover.need == "postgres" && cover.covered));
        }
    }
}
