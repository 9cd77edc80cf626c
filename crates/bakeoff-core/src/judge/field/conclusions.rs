//! What a verdict says besides its probabilities: who shares the first rank, of which criteria little is known, and
//! whether the best two differ at the brief's rate at all. It ranks nobody.

use super::Field;
use crate::metric::METRICS;
use crate::range::Range;
use crate::smaa::{Decision, Evidence};
use crate::verdict::LittleEvidence;

/// Expected values that come this near are the same.
const LEVEL: f64 = 1e-9;

/// Within a tenth of each other, teams take what they know.
const A_TENTH: f64 = 1.1;

impl Field<'_> {
    /// Those whose expected value is that of the leader, in the order of the decision.
    pub(super) fn level_with(&self, decision: &Decision, order: &[usize]) -> Vec<String> {
        let Some((leader, others)) = order.split_first() else {
            return Vec::new();
        };
        let value = |place: usize| decision.expected_value[place].value;
        others
            .iter()
            .filter(|other| (value(*leader) - value(**other)).abs() < LEVEL)
            .map(|other| decision.alternatives[*other].clone())
            .collect()
    }

    /// The criteria of which less than half of the values have evidence, of the contenders that may be chosen.
    pub(super) fn little_evidence(&self) -> Vec<LittleEvidence> {
        let of = |criterion: &String| {
            let mut known = 0;
            let mut all = 0;
            for place in &self.fit {
                for one in self.measured[*place].iter().filter(|one| one.shown.is_asked()) {
                    if self.brief.criterion_of(&one.shown.metric) == Some(criterion.as_str()) {
                        all += 1;
                        known += usize::from(one.evidence != Evidence::Missing);
                    }
                }
            }
            (known * 2 < all).then(|| LittleEvidence {
                criterion: criterion.clone(),
                known,
                of: all,
            })
        };
        self.criteria.iter().filter_map(of).collect()
    }

    /// Whether the best two are within the noise or a tenth of each other in everything that is measured under the load
    /// at the brief's rate, CPU time or latency among it.
    pub(super) fn level_at_rate(&self, order: &[usize]) -> bool {
        let [leader, second, ..] = order else {
            return false;
        };
        let of = |alternative: usize| self.measured[self.fit[alternative]].iter();
        let both = METRICS.iter().zip(of(*leader).zip(of(*second)));
        let at_rate = both.filter(|(metric, _)| metric.exposure.at_rate() && metric.exposure.timed());
        let pairs: Vec<(Range, Range)> = at_rate
            .filter_map(|(_, (one, other))| Some((one.shown.estimate?, other.shown.estimate?)))
            .collect();
        !pairs.is_empty() && pairs.iter().all(|(one, other)| are_near(one, other))
    }
}

/// Whether two values are within a tenth of each other, or their intervals meet.
fn are_near(one: &Range, other: &Range) -> bool {
    let (low, high) = if one.value < other.value {
        (one, other)
    } else {
        (other, one)
    };
    high.value <= low.value * A_TENTH || high.low <= low.high
}

#[cfg(test)]
mod tests {
    use super::are_near;
    use crate::range::Range;

    #[test]
    fn a_tenth_or_the_noise_is_near() {
        let range = |low, value, high| Range { value, low, high };
        assert!(are_near(&range(9.9, 10.0, 10.1), &range(10.8, 10.9, 11.0)));
        assert!(are_near(&range(8.0, 10.0, 12.5), &range(12.0, 15.0, 18.0)));
        assert!(!are_near(&range(9.9, 10.0, 10.1), &range(11.2, 11.3, 11.4)));
        assert!(!are_near(&range(11.2, 11.3, 11.4), &range(9.9, 10.0, 10.1)));
    }
}
