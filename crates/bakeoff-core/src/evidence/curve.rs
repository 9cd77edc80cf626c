//! Latency histograms as evidence: of which requests, counted from which instant. Reads no percentiles: estimates do.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A latency histogram in the HdrHistogram V2 format, compressed; recorded in µs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Curve {
    /// Of which requests.
    pub label: Label,
    /// From which instant it counts.
    pub kind: CurveKind,
    /// The serialised histogram (V2 with DEFLATE).
    pub hdr: Vec<u8>,
}

/// From which instant a latency counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CurveKind {
    /// From the intended instant: response time.
    Response,
    /// From the actual send: service time.
    Service,
}

/// Of which requests a histogram is. Serialised as `all`, or as the scenario's id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Label {
    /// All requests of the load.
    All,
    /// Those of one scenario, by its id.
    Scenario(String),
}

/// The word for all requests in stores and documents.
const ALL: &str = "all";

impl From<String> for Label {
    fn from(word: String) -> Label {
        if word == ALL {
            Label::All
        } else {
            Label::Scenario(word)
        }
    }
}

impl From<Label> for String {
    fn from(label: Label) -> String {
        match label {
            Label::All => ALL.to_owned(),
            Label::Scenario(id) => id,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Label::All => ALL,
            Label::Scenario(id) => id,
        })
    }
}
