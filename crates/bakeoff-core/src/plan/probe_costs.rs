//! What the probes of a machine cost, in the order of the lab's probe table. Does not know their names.

/// The typical times of the probes that a machine can run, in the order of the lab's probe table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProbeCosts {
    /// The time of each, once for one contender, in seconds.
    pub typical_s: Vec<f64>,
    /// The places, counted from 0, of those that end a server: they run when a launch is retired.
    pub at_end: Vec<u32>,
}

impl From<Vec<f64>> for ProbeCosts {
    /// Probes of which none ends a server.
    fn from(typical_s: Vec<f64>) -> ProbeCosts {
        ProbeCosts {
            typical_s,
            at_end: Vec::new(),
        }
    }
}

impl FromIterator<(f64, bool)> for ProbeCosts {
    /// Of each probe the typical time in seconds, and whether it ends a server.
    fn from_iter<I: IntoIterator<Item = (f64, bool)>>(probes: I) -> ProbeCosts {
        let mut costs = ProbeCosts::default();
        for (place, (typical_s, ends_server)) in (0..).zip(probes) {
            costs.typical_s.push(typical_s);
            if ends_server {
                costs.at_end.push(place);
            }
        }
        costs
    }
}

#[cfg(test)]
mod tests {
    use super::ProbeCosts;

    #[test]
    fn probes_that_end_a_server_keep_their_places() {
        let costs: ProbeCosts = [(1.0, false), (1.7, true), (0.5, false), (3.7, true)]
            .into_iter()
            .collect();
        assert_eq!(costs.typical_s, [1.0, 1.7, 0.5, 3.7]);
        assert_eq!(costs.at_end, [1, 3]);
        assert!(ProbeCosts::from(vec![1.0]).at_end.is_empty());
    }
}
