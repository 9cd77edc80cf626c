//! The brief as a file: finds and reads it, and checks its names against contenders, scenarios and needs. The core
//! parses it.

use crate::domain::Domain;
use crate::exit::Failure;
use bakeoff_core::brief::{self, Brief, Service};
use bakeoff_core::judge::priorities::region;
use bakeoff_lab::{Script, ServiceSpec};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The file name of a brief by default.
pub(crate) const DEFAULT: &str = "bakeoff.toml";

/// A brief with its text and the names that it may use.
#[derive(Debug)]
pub(crate) struct BriefFile {
    /// The path as the user gave it.
    pub(crate) shown: String,
    /// The text.
    pub(crate) text: String,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// The parsed brief.
    pub(crate) brief: Brief,
    /// The names that it may use.
    pub(crate) domain: Domain,
    /// The scripts of its own database; none for that of the contract.
    pub(crate) own_rows: Option<Vec<Script>>,
    /// The services that it needs besides PostgreSQL.
    pub(crate) own_services: Vec<ServiceSpec>,
}

/// The folder of a brief, whose contenders and scenarios count too; the current one without a brief.
#[must_use]
pub(crate) fn beside(brief: Option<&Path>) -> &Path {
    let folder = brief.and_then(Path::parent);
    // The parent of a file in the current folder is empty.
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

impl BriefFile {
    /// Reads the brief at `path`, or `bakeoff.toml` here.
    ///
    /// # Errors
    /// A missing file, or an invalid brief, with its lines.
    pub(crate) fn open(path: Option<&Path>) -> Result<BriefFile, Failure> {
        BriefFile::open_with(path, &[])
    }

    /// The same with further scenarios, each with the name of its file and its text.
    ///
    /// # Errors
    /// A missing file, or an invalid brief or scenario, with its lines.
    pub(crate) fn open_with(
        path: Option<&Path>,
        scenarios: &[(String, String)],
    ) -> Result<BriefFile, Failure> {
        let path: PathBuf = path.map_or_else(|| PathBuf::from(DEFAULT), Path::to_path_buf);
        let shown = path.display().to_string();
        let text = fs::read(&path).map_err(|error| {
            Failure::usage(
                format!("cannot read the brief `{shown}`: {error}"),
                "name a brief, for example `bakeoff run briefs/order-api.toml`",
            )
        })?;
        let text = String::from_utf8(text).map_err(|_| {
            Failure::usage(
                format!("the brief `{shown}` is not UTF-8 text"),
                "a brief is a TOML file",
            )
        })?;
        BriefFile::with_scenarios(shown, text, beside(Some(&path)), scenarios)
    }

    /// The brief of a text; `beside` is the folder whose contenders and scenarios count too.
    ///
    /// # Errors
    /// An invalid brief, with its lines.
    pub(crate) fn of(shown: String, text: String, beside: &Path) -> Result<BriefFile, Failure> {
        BriefFile::with_scenarios(shown, text, beside, &[])
    }

    /// The same with further scenarios, each with the name of its file and its text.
    ///
    /// # Errors
    /// An invalid brief or scenario, with its lines.
    pub(crate) fn with_scenarios(
        shown: String,
        text: String,
        beside: &Path,
        scenarios: &[(String, String)],
    ) -> Result<BriefFile, Failure> {
        let mut domain = Domain::open(beside)?;
        for (file, text) in scenarios {
            domain.add_own_scenario(file, text)?;
        }
        let brief = brief::parse(&text, &shown, &domain.vocabulary())
            .map_err(|wrong| Failure::diagnostics(&wrong))?;
        require_consistent(&shown, &brief)?;
        domain.ask_at_most(&brief);
        let scripts = brief
            .database
            .as_ref()
            .map(|own| read_scripts(&own.scripts, beside));
        let own_rows = scripts.transpose()?;
        let own_services = services(&brief, &domain, beside)?;
        let sha256 = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(BriefFile {
            shown,
            text,
            sha256,
            brief,
            domain,
            own_rows,
            own_services,
        })
    }
}

/// The services that a brief names, and those that a scenario which it can ask for names.
fn services(brief: &Brief, domain: &Domain, beside: &Path) -> Result<Vec<ServiceSpec>, Failure> {
    let mut services = brief.services.clone();
    for scenario in domain.asked_by(brief) {
        for name in &scenario.services {
            if services.iter().any(|service| service.name == *name) {
                continue;
            }
            services.push(Service::known(name).ok_or_else(|| {
                Failure::usage(
                    format!("the scenario `{}` needs the service `{name}`, and nobody says what that is", scenario.id),
                    format!(
                        "add [[service]] with `name = \"{name}\"` and the `command` that starts it to the brief"
                    ),
                )
            })?);
        }
    }
    // Its commands run there, and the current folder may change meanwhile.
    let folder = beside.canonicalize().unwrap_or_else(|_| beside.to_owned());
    let spec = |service| ServiceSpec {
        service,
        folder: folder.clone(),
    };
    Ok(services.into_iter().map(spec).collect())
}

/// The scripts of a brief, which lie beside it.
fn read_scripts(files: &[String], beside: &Path) -> Result<Vec<Script>, Failure> {
    let read = |file: &String| {
        let path = beside.join(file);
        let sql = fs::read_to_string(&path).map_err(|error| {
            Failure::usage(
                format!(
                    "cannot read `{}`, which [database] names: {error}",
                    path.display()
                ),
                "paths of [database] are relative to the brief's folder",
            )
        })?;
        Ok(Script {
            file: path.display().to_string(),
            sql,
        })
    };
    files.iter().map(read).collect()
}

/// Refuses priorities that no weighting fulfils.
fn require_consistent(shown: &str, brief: &Brief) -> Result<(), Failure> {
    region(&brief.preferences, &brief.criterion_ids())
        .map(|_| ())
        .map_err(|contradiction| {
            Failure::usage(
                format!("the priorities of `{shown}` contradict each other: {contradiction}"),
                "change or remove one of these statements of [preferences]",
            )
        })
}
