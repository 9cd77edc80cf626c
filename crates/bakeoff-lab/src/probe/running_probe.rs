//! The form of a row in the table of running probes. The rows are in [`super::running`].

use super::kit::{Context, NoEvidence};
use bakeoff_core::contender::Contender;
use bakeoff_core::evidence::{Observation, Obstacle};
use bakeoff_core::scenario::{Scenario, player};
use std::collections::BTreeMap;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct RunningProbe {
    /// Its name in findings.
    pub name: &'static str,
    /// The metrics that it observes.
    pub metrics: &'static [&'static str],
    /// What it is about, in a few words, for documents.
    pub title: &'static str,
    /// How it measures, for documents.
    pub method: &'static str,
    /// What its figures are, for documents.
    pub figure: &'static str,
    /// What the progress display shows while it runs, in a word or two.
    pub phase: &'static str,
    /// The scenarios that the contender must serve.
    pub scenarios: &'static [&'static str],
    /// The roles in which it requests a scenario: the one that plays it, else the shipped one.
    pub roles: &'static [&'static str],
    /// The fewest processors that it needs.
    pub min_cores: usize,
    /// The time that it takes on average, in seconds, as measured over the field.
    pub typical_s: f64,
    /// The server that it needs, and what it leaves of it.
    pub needs: Needs,
    /// Observes, or returns the reason why there is no evidence.
    pub(crate) observe: fn(&Context<'_>) -> Result<Vec<Observation>, NoEvidence>,
}

/// The server that a probe needs. Probes run in this order, so that each finds a usable server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Only servers that it starts itself.
    OwnServer,
    /// The launch, awake and warm. It is as before afterwards.
    Awake,
    /// The same, but it leaves the launch at work for clients that are gone.
    AwakeLast,
    /// The launch at its end, with some of its processes killed afterwards.
    CrashAtEnd,
    /// The launch at its end, stopped afterwards.
    StopAtEnd,
}

impl Needs {
    /// Whether the launch ends with it: then it runs when the launch is retired, else in a trial.
    #[must_use]
    pub const fn ends_server(self) -> bool {
        matches!(self, Needs::CrashAtEnd | Needs::StopAtEnd)
    }

    /// Its place among the probes of one trial or end, the first being 0.
    pub(super) const fn place(self) -> u8 {
        match self {
            Needs::OwnServer | Needs::Awake => 0,
            Needs::AwakeLast => 1,
            Needs::CrashAtEnd => 2,
            Needs::StopAtEnd => 3,
        }
    }
}

impl RunningProbe {
    /// Why it cannot observe this contender on a machine with this many processors, if it cannot.
    pub(crate) fn obstacle(
        &self,
        processors: usize,
        contender: &Contender,
        scenarios: &BTreeMap<String, Scenario>,
    ) -> Option<Obstacle> {
        if processors < self.min_cores {
            return Some(Obstacle::NeedsProcessors {
                needed: self.min_cores,
                has: processors,
            });
        }
        let played = self.roles.iter().map(|role| {
            let by = player(scenarios, role).map_or(*role, |scenario| scenario.id.as_str());
            (*role, by)
        });
        let asked = self.scenarios.iter().map(|scenario| (*scenario, *scenario));
        let (role, scenario) = asked
            .chain(played)
            .find(|(_, scenario)| contender.source.lacks(scenario))?;
        Some(if contender.source.is_asked(scenario) {
            let scenario = scenario.to_owned();
            Obstacle::NotServed { scenario }
        } else {
            let scenario = role.to_owned();
            Obstacle::NotAsked { scenario }
        })
    }
}
