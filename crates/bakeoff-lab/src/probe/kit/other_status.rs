//! The share of right responses with another status than the usual one: a change of a version that has gone is a
//! conflict, and costs a server less than a change. A contender that has changed more rows meets more of them.

use bakeoff_load::{LoadReport, RequestSpec};
use std::collections::BTreeMap;

/// Shares below this change no figure by what its interval would show.
const TOLD: f64 = 0.01;

/// The correct responses of loads, by scenario: all of them, and those of another status.
#[derive(Debug, Default)]
pub(crate) struct OtherStatus {
    by_scenario: BTreeMap<String, (u64, u64)>,
}

impl OtherStatus {
    /// What one load met.
    pub(crate) fn of(report: &LoadReport) -> OtherStatus {
        let mut seen = OtherStatus::default();
        seen.add(report);
        seen
    }

    /// Adds another load.
    pub(crate) fn add(&mut self, report: &LoadReport) {
        for label in report.by_label.iter().filter(|label| label.correct > 0) {
            let (all, other) = self.by_scenario.entry(label.label.clone()).or_default();
            *all += label.correct;
            *other += label.other_status;
        }
    }

    /// The shares in words, of the requests of `mix`; none where they are too small to matter.
    pub(crate) fn note(&self, mix: &[RequestSpec]) -> Option<String> {
        let told = self.by_scenario.iter().filter_map(|(scenario, (all, other))| {
            let share = *other as f64 / *all as f64;
            let request = mix.iter().find(|request| request.label == *scenario)?;
            let usual = request.expect.body_of?;
            (share >= TOLD).then(|| {
                let others = request.expect.status.iter().filter(|status| **status != usual);
                let others: Vec<String> = others.map(u16::to_string).collect();
                let percent = share * 100.0;
                format!(
                    "{percent:.0} % of the responses to `{scenario}` have status {}",
                    others.join(" or ")
                )
            })
        });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::OtherStatus;
    use bakeoff_load::{Expect, RequestSpec};

    #[test]
    fn a_share_that_matters_is_told_with_its_status() {
        let update = RequestSpec {
            label: "update-item".to_owned(),
            expect: Expect {
                status: vec![200, 409],
                body_of: Some(200),
                ..Expect::default()
            },
            ..RequestSpec::get("/items/{id}")
        };
        let seen = |other| {
            let by_scenario = [("json", (500, 0)), ("update-item", (200, other))];
            OtherStatus {
                by_scenario: by_scenario.map(|(name, counts)| (name.to_owned(), counts)).into(),
            }
        };
        let note = |other| seen(other).note(std::slice::from_ref(&update));
        assert_eq!(note(1), None);
        assert_eq!(
            note(14).as_deref(),
            Some("7 % of the responses to `update-item` have status 409")
        );
    }
}
