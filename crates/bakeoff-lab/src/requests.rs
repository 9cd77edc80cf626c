//! The requests for a contender: the brief's mix for loads, and the cases of the contract. Both come from the
//! scenarios' own text; this module invents none.

use crate::contract::case::CaseResult;
use crate::contract::convert::{leave_out, load_spec};
use crate::contract::subject::Subject;
use crate::contract::{Extent, check};
use crate::fault::of_contender;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::brief::Traffic;
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_core::scenario::{Scenario, player};
use bakeoff_load::RequestSpec;
use std::collections::BTreeMap;

impl Lab<'_> {
    /// The brief's mix.
    pub(crate) fn whole_mix(&self) -> Vec<RequestSpec> {
        let brief = self.config.brief;
        mix_of(&brief.traffic, brief.load.peak_rps, self.config.scenarios)
    }

    /// The brief's mix, for a contender that serves all of it.
    pub(crate) fn mix(&self, prepared: &Prepared) -> Result<Vec<RequestSpec>, Fault> {
        let source = &prepared.contender.source;
        match self
            .config
            .brief
            .traffic
            .iter()
            .find(|part| source.lacks(&part.scenario))
        {
            Some(part) => Err(of_contender(
                Stage::Load,
                format!("does not serve `{}`, which the brief needs", part.scenario),
            )),
            None => Ok(self.whole_mix()),
        }
    }

    /// The load request of a scenario, or of the one that plays it, as a mix of one.
    pub(crate) fn request(&self, scenario: &str) -> Result<Vec<RequestSpec>, String> {
        let found = player(self.config.scenarios, scenario)
            .ok_or_else(|| format!("the contract has no scenario `{scenario}`"))?;
        Ok(vec![load_spec(found, 1.0, self.config.brief.load.peak_rps)])
    }

    /// Runs every case of every scenario that the contender serves, those that hold on every route included.
    pub(crate) fn check_contract(&self, prepared: &Prepared, server: &Server) -> Vec<CaseResult> {
        let source = &prepared.contender.source;
        self.check_cases(server, Extent::Whole, |scenario| !source.lacks(&scenario.id))
    }

    /// Runs the listed cases of the brief's mix.
    pub(crate) fn check_mix(&self, server: &Server) -> Vec<CaseResult> {
        let traffic = &self.config.brief.traffic;
        self.check_cases(server, Extent::Listed, |scenario| {
            traffic.iter().any(|part| part.scenario == scenario.id)
        })
    }

    fn check_cases(
        &self,
        server: &Server,
        extent: Extent,
        chosen: impl Fn(&Scenario) -> bool,
    ) -> Vec<CaseResult> {
        let subject = Subject::new(
            server.target(),
            server.workspace().services(self).upstream(),
            server.workspace(),
        );
        let scenarios = self.config.scenarios.values();
        check(
            &subject,
            scenarios.filter(|scenario| chosen(scenario)),
            extent,
            self.config.stop,
        )
    }
}

/// The requests of a mix. No response is held to a value that another scenario of the mix changes.
pub(crate) fn mix_of(
    traffic: &[Traffic],
    rate_rps: f64,
    scenarios: &BTreeMap<String, Scenario>,
) -> Vec<RequestSpec> {
    let parts = traffic
        .iter()
        .filter_map(|part| Some((part, scenarios.get(&part.scenario)?)));
    let changed_by_others = |scenario: &Scenario| -> Vec<String> {
        let others = parts.clone().filter(|(_, other)| other.id != scenario.id);
        others.flat_map(|(_, other)| other.changes.clone()).collect()
    };
    let spec = |(part, scenario): (&Traffic, &Scenario)| {
        let mut spec = load_spec(scenario, part.share, rate_rps);
        leave_out(&mut spec.expect.sampled, &changed_by_others(scenario));
        spec
    };
    parts.clone().map(spec).collect()
}

#[cfg(test)]
mod tests;
