//! The case: a run with its estimates, vetoes and stated priorities, before anything is weighed.

use super::metrics::{self, Measured};
use super::observed::ContenderEvidence;
use super::options::JudgeOptions;
use super::scored::{self, Scored};
use super::{possible, priorities, twins, vetoes};
use crate::brief::{Brief, Preferences};
use crate::entrant::Entrant;
use crate::evidence::Run;
use crate::parallel;
use crate::smaa::{Contradiction, Region};
use crate::verdict::{NoiseFloor, Veto};

/// A run with everything that is known before weighing.
pub(super) struct Case<'a> {
    pub(super) run: &'a Run,
    pub(super) brief: &'a Brief,
    pub(super) options: &'a JudgeOptions,
    pub(super) contenders: Vec<ContenderEvidence<'a>>,
    pub(super) measured: Vec<Vec<Measured>>,
    pub(super) scored: Vec<Scored<'a>>,
    pub(super) vetoes: Vec<Veto>,
    pub(super) region: Region,
    pub(super) contradiction: Option<Contradiction>,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        run: &'a Run,
        brief: &'a Brief,
        preferences: &Preferences,
        options: &'a JudgeOptions,
    ) -> Case<'a> {
        let all = ContenderEvidence::all(run);
        let machine = possible::machine(run, brief);
        let measured: Vec<Vec<Measured>> = parallel::map(&all, |contender| {
            let measured = metrics::of_contender(contender, brief, run.host.cores, options.seed);
            possible::screened(contender, &run.launches, &machine, measured)
        });
        // Before `only` is applied: which metrics count must not depend on the contenders that are judged.
        let scored = scored::of_run(brief, run.host.cores, &measured);
        let (contenders, measured): (Vec<_>, Vec<_>) = all
            .into_iter()
            .zip(measured)
            .filter(|(contender, _)| options.concern(&contender.record.name))
            .unzip();
        let veto = |(contender, measured): (&ContenderEvidence, &Vec<Measured>)| {
            let shown: Vec<_> = measured.iter().map(|measured| &measured.shown).collect();
            vetoes::against(contender, &shown, brief)
        };
        let vetoes = contenders.iter().zip(&measured).flat_map(veto).collect();
        let criteria = brief.criterion_ids();
        let (region, contradiction) = match priorities::region(preferences, &criteria) {
            Ok(region) => (region, None),
            // A stored run must stay judgeable with any priorities, so contradictory ones leave everything open.
            Err(contradiction) => (Region::everything(criteria), Some(contradiction)),
        };
        Case {
            run,
            brief,
            options,
            contenders,
            measured,
            scored,
            vetoes,
            region,
            contradiction,
        }
    }

    pub(super) fn noise_floor(&self) -> Option<NoiseFloor> {
        let name = self.run.plan.twin_of.as_deref()?;
        let original = self
            .contenders
            .iter()
            .find(|contender| contender.record.name == name)?;
        let twin = ContenderEvidence::new(original.record, &Entrant::twin_of(name), &self.run.trials);
        (!twin.trials.is_empty()).then(|| twins::noise_floor(original, &twin))
    }
}
