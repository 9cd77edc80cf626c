//! What a probe observed of a metric in one trial: a value, what weakens it, and the points behind it. Combines
//! nothing: several observations together are an estimate.

use super::caution::Caution;
use serde::{Deserialize, Serialize};

/// One value of one metric, in the metric's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The metric's id.
    pub metric: String,
    /// The value, in the metric's unit.
    pub value: f64,
    /// What a reader should know of it: a source, a date, what was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What weakens it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<Caution>,
    /// What the probe knows beyond the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

/// What a probe knows beyond a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The 95 % interval that the probe's own data give, low and high, in the metric's unit: how sure this one
    /// try is, and nothing of how the next would differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    /// The points behind the value, for a chart; the metric's probe documents what they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
}

/// A point of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Where.
    pub x: f64,
    /// How much.
    pub y: f64,
    /// The 95 % interval of `y`, low and high.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(f64, f64)>,
}

impl Observation {
    /// A value and nothing else.
    #[must_use]
    pub fn new(metric: &str, value: f64) -> Observation {
        Observation {
            metric: metric.to_owned(),
            value,
            note: None,
            cautions: Vec::new(),
            detail: None,
        }
    }
}
