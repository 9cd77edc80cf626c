//! The probes that need no running server: they read a contender's folder, or data that ships with the program. A new
//! probe is a file below and a row here. The table itself reads nothing.

mod browser;
mod changes;
pub(crate) mod code;
mod install;
pub(crate) mod language_reach;
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
        name: "plumbing",
        metrics: &["plumbing_tokens"],
        observe: code::plumbing,
    },
    StaticProbe {
        name: "complexity",
        metrics: &["complexity_of_hardest"],
        observe: code::complexity,
    },
    StaticProbe {
        name: "surface",
        metrics: &["names_to_learn"],
        observe: code::surface,
    },
    StaticProbe {
        name: "changes",
        metrics: &["change_tokens", "change_files"],
        observe: changes::observe,
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
        name: "browser",
        metrics: &["browser_share", "browser_kb", "browser_ms"],
        observe: browser::observe,
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
    use bakeoff_core::contender::{self, Contender};
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

    /// The files that the probes read of a variant, laid over those of its contender as when it is prepared.
    fn laid_out(contender: &Contender, folder: &Path, overlay: Option<&str>) -> tempfile::TempDir {
        let laid_out = tempfile::tempdir().unwrap();
        let lock = contender.prepare.lock.clone();
        let named = ["package.json".to_owned()].into_iter().chain(lock);
        for path in contender.source.paths().into_iter().chain(named) {
            let over = overlay.map(|overlay| folder.join(overlay).join(&path));
            let from = over.filter(|over| over.exists()).unwrap_or(folder.join(&path));
            let to = laid_out.path().join(&path);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            if from.exists() {
                std::fs::copy(from, to).unwrap();
            }
        }
        laid_out
    }

    /// What the probes find that need no install, by metric.
    fn found(contender: &Contender, folder: &Path, brief: &Brief) -> BTreeMap<String, f64> {
        let subject = Subject {
            contender,
            source_dir: folder,
            prepared_dir: folder,
            brief,
            changes: &Err("not checked".to_owned()),
            browser: &Err("not visited".to_owned()),
        };
        let mut found = BTreeMap::new();
        let needs_more = ["install", "changes", "browser"];
        let probes = STATIC_PROBES.iter();
        for probe in probes.filter(|probe| !needs_more.contains(&probe.name)) {
            let observations = (probe.observe)(&subject)
                .unwrap_or_else(|why| panic!("{} of {}: {why}", probe.name, contender.name));
            let mut metrics = probe.metrics.iter();
            assert!(
                metrics.all(|id| observations.iter().any(|one| one.metric == *id)),
                "{}",
                probe.name
            );
            for one in observations {
                let note = one.note.as_deref().unwrap_or_default();
                println!("{} {} {} {note}", contender.name, one.metric, one.value);
                found.insert(one.metric, one.value);
            }
        }
        found
    }

    fn assert_plausible(name: &str, found: &BTreeMap<String, f64>) {
        let value = |id: &str| found[id];
        assert!((1000.0..20_000.0).contains(&value("contract_tokens")), "{name}");
        let plumbing = value("plumbing_tokens");
        assert!(plumbing > 100.0 && plumbing < value("contract_tokens"), "{name}");
        assert!((1.0..30.0).contains(&value("complexity_of_hardest")), "{name}");
        assert!(value("names_to_learn") >= 10.0, "{name}");
        assert!(
            value("dependencies") >= 1.0 && value("platforms_prebuilt") > 0.0,
            "{name}"
        );
    }

    /// A contender that installs nothing has no package, which is no lack of evidence.
    #[test]
    fn who_installs_nothing_has_no_packages() {
        let folder = root().join("examples/hello/contenders/hello-node");
        let text = std::fs::read_to_string(folder.join("contender.toml")).unwrap();
        let contender = contender::parse(&text, "contender.toml").unwrap();
        let brief = Brief {
            needs: bakeoff_core::brief::Needs::default(),
            ..order_api()
        };
        let subject = Subject {
            contender: &contender,
            source_dir: &folder,
            prepared_dir: &folder,
            brief: &brief,
            changes: &Err("not checked".to_owned()),
            browser: &Err("not visited".to_owned()),
        };
        for (probe, expected) in [("dependencies", 0.0), ("platforms", 1.0), ("install", 0.0)] {
            let probe = STATIC_PROBES.iter().find(|one| one.name == probe).unwrap();
            let observed = (probe.observe)(&subject).unwrap();
            assert_eq!(observed[0].value, expected, "{observed:?}");
        }
    }

    /// Every shipped contender and variant gives evidence of all that needs no install, and evidence that is plausible.
    #[test]
    fn every_shipped_contender_gives_plausible_evidence() {
        let brief = order_api();
        let mut seen = Vec::new();
        for folder in std::fs::read_dir(root().join("contenders")).unwrap().flatten() {
            let Ok(text) = std::fs::read_to_string(folder.path().join("contender.toml")) else {
                continue;
            };
            let contender = contender::parse(&text, "contender.toml").unwrap();
            if !["node", "python"].contains(&contender.family.as_str()) {
                continue;
            }
            assert_plausible(&contender.name, &found(&contender, &folder.path(), &brief));
            let must = needs::must(&brief, &contender);
            assert!(must.iter().any(|cover| cover.need == "postgres" && cover.covered));
            seen.push(contender.name.clone());
            for (variant, setting) in contender.varied().iter().zip(&contender.variants) {
                let laid_out = laid_out(variant, &folder.path(), setting.folder.as_deref());
                assert_plausible(&variant.name, &found(variant, laid_out.path(), &brief));
                seen.push(variant.name.clone());
            }
        }
        for name in ["node-nest", "python-litestar", "node-fastify@typescript"] {
            assert!(seen.iter().any(|seen| seen == name), "{name}");
        }
    }
}
