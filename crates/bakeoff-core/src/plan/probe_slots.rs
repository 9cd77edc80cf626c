//! Which probes run in a block: consecutive places of the lab's probe table, cyclic. Does not choose them: that is the
//! schedule's work, and the names of the probes are the lab's.

use serde::{Deserialize, Serialize};

/// Consecutive places of the probe table, from one place on; after the last place comes the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSlots {
    /// The first place, counted from 0.
    pub first: u32,
    /// The number of places, none of them twice.
    pub count: u32,
}

/// Whether a block runs probes after its load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probes {
    /// Those that are due in the block.
    #[default]
    Due,
    /// None, because time is short and the load comes first.
    LeftOut,
}

impl ProbeSlots {
    /// No probe.
    pub const NONE: ProbeSlots = ProbeSlots { first: 0, count: 0 };

    /// The places in a table of `probes` rows.
    pub fn places(self, probes: usize) -> impl Iterator<Item = usize> {
        let first = self.first as usize;
        (first..first + self.count as usize).map(move |place| place % probes.max(1))
    }

    /// The time that these probes take in one trial, in seconds, where the table's probes take `probe_costs_s`.
    #[must_use]
    pub fn seconds(self, probe_costs_s: &[f64]) -> f64 {
        self.places(probe_costs_s.len())
            .filter_map(|place| probe_costs_s.get(place))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::ProbeSlots;

    #[test]
    fn places_wrap_around_and_an_empty_table_costs_nothing() {
        let slots = ProbeSlots { first: 2, count: 2 };
        assert_eq!(slots.places(3).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(slots.seconds(&[3.0, 1.0, 2.0]), 5.0);
        assert_eq!(slots.seconds(&[]), 0.0);
        assert_eq!(ProbeSlots::NONE.seconds(&[3.0]), 0.0);
    }
}
