//! The brief as a file: finds and reads it, and checks its names against contenders, scenarios and needs. The core
//! parses it.

use crate::domain::Domain;
use crate::exit::Failure;
use bakeoff_core::brief::{self, Brief};
use bakeoff_core::judge::priorities::region;
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
}

impl BriefFile {
    /// Reads the brief at `path`, or `bakeoff.toml` here.
    ///
    /// # Errors
    /// A missing file, or an invalid brief, with its lines.
    pub(crate) fn open(path: Option<&Path>) -> Result<BriefFile, Failure> {
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
        BriefFile::of(shown, text, path.parent().unwrap_or(Path::new(".")))
    }

    /// The brief of a text; `beside` is the folder whose contenders and scenarios count too.
    ///
    /// # Errors
    /// An invalid brief, with its lines.
    pub(crate) fn of(shown: String, text: String, beside: &Path) -> Result<BriefFile, Failure> {
        let domain = Domain::open(beside)?;
        let brief = brief::parse(&text, &shown, &domain.vocabulary())
            .map_err(|wrong| Failure::diagnostics(&wrong))?;
        require_consistent(&shown, &brief)?;
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
        })
    }
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
