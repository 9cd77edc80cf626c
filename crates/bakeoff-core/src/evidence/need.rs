//! Needs: what the brief says a contender must cover, and whether it does. No metric: a need that is not covered is a
//! veto, and more of the others cannot make up for it.

use super::observation::Observation;
use serde::{Deserialize, Serialize};

/// What precedes a need's word in the metric of an observation in older stores, in which needs were observations.
const OLD_PREFIX: &str = "must:";

/// Whether a contender covers one need that the brief says must be covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeedCover {
    /// The need's word.
    pub need: String,
    /// Whether the framework, the runtime or a healthy package that it can use covers it.
    pub covered: bool,
    /// What covers it, or why nothing does.
    pub note: Option<String>,
}

/// Takes the needs out of the observations of an older store, in which they were observations of 1 or 0.
pub(super) fn take_out_of(observations: &mut Vec<Observation>) -> Vec<NeedCover> {
    let needs = observations.iter().filter_map(|seen| {
        Some(NeedCover {
            need: seen.metric.strip_prefix(OLD_PREFIX)?.to_owned(),
            covered: seen.value >= 0.5,
            note: seen.note.clone(),
        })
    });
    let needs: Vec<NeedCover> = needs.collect();
    observations.retain(|seen| !seen.metric.starts_with(OLD_PREFIX));
    needs
}

#[cfg(test)]
mod tests {
    use super::{NeedCover, take_out_of};
    use crate::evidence::Observation;

    #[test]
    fn observations_of_needs_become_needs() {
        let covered = Observation {
            note: Some("postgres: pg 8.16".to_owned()),
            ..Observation::new("must:postgres", 1.0)
        };
        let mut observations = vec![
            Observation::new("targets", 0.6),
            covered,
            Observation::new("must:pdf", 0.0),
        ];
        let needs = take_out_of(&mut observations);
        let need = |need: &str, covered, note: Option<&str>| NeedCover {
            need: need.to_owned(),
            covered,
            note: note.map(str::to_owned),
        };
        assert_eq!(
            needs,
            [
                need("postgres", true, Some("postgres: pg 8.16")),
                need("pdf", false, None)
            ]
        );
        assert_eq!(observations, [Observation::new("targets", 0.6)]);
    }
}
