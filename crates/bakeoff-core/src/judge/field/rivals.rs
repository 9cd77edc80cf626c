//! The field as racing sees it: who may still be chosen, the leader first. Drops nobody.

use super::Field;
use crate::evidence::Run;
use crate::judge::rival::Rival;

impl Field<'_> {
    /// Those that fit, in the order of their expected values.
    pub(in crate::judge) fn rivals(&self, run: &Run) -> Vec<Rival> {
        let Some(decision) = &self.decision else {
            return Vec::new();
        };
        let margins = self.margins(run).into_iter().map(Some);
        let of_all = std::iter::once(None).chain(margins);
        let rival = |(place, margin): (usize, _)| Rival {
            contender: decision.alternatives[place].clone(),
            p_best: decision.p_best(place),
            margin,
        };
        decision.order().into_iter().zip(of_all).map(rival).collect()
    }
}
