//! The tiers of isolation. Only their names: the lab finds out what a machine allows.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What keeps a server apart from the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// Processors by affinity, process trees by looking; works without root.
    #[default]
    T0,
    /// Besides, a cgroup of its own.
    T1,
    /// Besides, a network namespace of its own.
    T2,
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tier::T0 => "T0",
            Tier::T1 => "T1",
            Tier::T2 => "T2",
        })
    }
}

/// A tier in documents that have an empty text where it is not known. A text that is no tier is read as not known.
pub(super) mod optional {
    use super::Tier;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(tier: &Option<Tier>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&tier.map(|tier| tier.to_string()).unwrap_or_default())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Tier>, D::Error> {
        let word = String::deserialize(from)?;
        let tiers = [Tier::T0, Tier::T1, Tier::T2];
        Ok(tiers.into_iter().find(|tier| tier.to_string() == word))
    }
}
