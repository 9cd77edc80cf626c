//! A standard change: a further feature that every contender gets in the same way, with the cases that hold once it is
//! there. The form of `scenarios/changes/*.toml`. What a contender changes for it is a patch in the contender's folder.

use super::Case;
use serde::{Deserialize, Serialize};

/// One file of `scenarios/changes`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Its word, and the name of the patches: `ID.patch`.
    pub id: String,
    /// Its title for a reader.
    pub title: String,
    /// What the service does after it, in a paragraph.
    pub summary: String,
    /// SQL that the lab runs on its database before the changed server starts: a contender never migrates.
    #[serde(default)]
    pub sql: Vec<String>,
    /// Whether the service must have an OpenAPI document that describes every scenario of the contract.
    #[serde(default)]
    pub openapi: bool,
    /// Names of fields that it adds to JSON responses of the contract: the contract's cases do not look at them.
    #[serde(default)]
    pub adds_fields: Vec<String>,
    /// Scenarios whose cases cannot hold after it.
    #[serde(default)]
    pub leaves_out: Vec<String>,
    /// The cases that hold after it.
    #[serde(default, rename = "case")]
    pub cases: Vec<Case>,
}
