//! The requests for a contender: the brief's mix for loads, and the cases of the contract. Both come from the
//! scenarios' own text; this module invents none.

use crate::contract::case::CaseResult;
use crate::contract::convert::load_spec;
use crate::contract::subject::Subject;
use crate::contract::{Extent, check};
use crate::fault::of_contender;
use crate::lab::Lab;
use crate::prepare::Prepared;
use crate::server::Server;
use bakeoff_core::brief::Traffic;
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_core::scenario::Scenario;
use bakeoff_load::RequestSpec;

impl Lab<'_> {
    /// The brief's mix.
    pub(crate) fn whole_mix(&self) -> Vec<RequestSpec> {
        let (traffic, rate_rps) = (&self.config.brief.traffic, self.config.brief.load.peak_rps);
        let of = |part: &Traffic| {
            Some(load_spec(
                self.config.scenarios.get(&part.scenario)?,
                part.share,
                rate_rps,
            ))
        };
        traffic.iter().filter_map(of).collect()
    }

    /// The brief's mix, for a contender that serves all of it.
    pub(crate) fn mix(&self, prepared: &Prepared) -> Result<Vec<RequestSpec>, Fault> {
        let not_served = &prepared.contender.source.not_served;
        match self
            .config
            .brief
            .traffic
            .iter()
            .find(|part| not_served.contains(&part.scenario))
        {
            Some(part) => Err(of_contender(
                Stage::Load,
                format!("does not serve `{}`, which the brief needs", part.scenario),
            )),
            None => Ok(self.whole_mix()),
        }
    }

    /// A scenario's load request, as a mix of one.
    pub(crate) fn request(&self, scenario: &str) -> Result<Vec<RequestSpec>, String> {
        let found = self
            .config
            .scenarios
            .get(scenario)
            .ok_or_else(|| format!("the contract has no scenario `{scenario}`"))?;
        Ok(vec![load_spec(found, 1.0, self.config.brief.load.peak_rps)])
    }

    /// Runs every case of every scenario that the contender serves, those that hold on every route included.
    pub(crate) fn check_contract(&self, prepared: &Prepared, server: &Server) -> Vec<CaseResult> {
        let not_served = &prepared.contender.source.not_served;
        self.check_cases(server, Extent::Whole, |scenario| {
            !not_served.contains(&scenario.id)
        })
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
        let subject = Subject::new(server.target(), self.services.upstream(), server.workspace());
        let scenarios = self.config.scenarios.values();
        check(
            &subject,
            scenarios.filter(|scenario| chosen(scenario)),
            extent,
            self.config.stop,
        )
    }
}
