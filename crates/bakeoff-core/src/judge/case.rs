//! The case: a run with its estimates, vetoes and stated priorities, before anything is weighed.

use super::metrics::{self, Measured};
use super::observed::ContenderEvidence;
use super::options::JudgeOptions;
use super::scored::{self, Scored};
use super::{possible, priorities, twins, vetoes};
use crate::brief::{Brief, Preferences};
use crate::evidence::{Part, Run};
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
    /// The names of the judged contenders that cannot be chosen.
    pub(super) references: Vec<String>,
    pub(super) region: Region,
    pub(super) contradiction: Option<Contradiction>,
    /// What the twins say of the model; none without launches or without a twin.
    floor: Option<NoiseFloor>,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        run: &'a Run,
        brief: &'a Brief,
        preferences: &Preferences,
        options: &'a JudgeOptions,
    ) -> Case<'a> {
        let all = ContenderEvidence::all(run);
        let measured: Vec<Vec<Measured>> = parallel::map(&all, |contender| {
            metrics::of_contender(contender, brief, run.host.cores, options.seed)
        });
        let floor = test_of_the_model(run, brief, &all, &measured, options.seed);
        let measured = match &floor {
            Some(floor) => twins::widen(measured, floor),
            None => measured,
        };
        // Last of what changes estimates: a law judges the interval that a reader sees.
        let machine = possible::machine(run, brief);
        let screened = all.iter().zip(measured);
        let measured: Vec<Vec<Measured>> = screened
            .map(|(contender, measured)| possible::screened(contender, &machine, measured))
            .collect();
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
        let references = contenders
            .iter()
            .map(|contender| contender.record)
            .filter(|record| record.part == Part::Reference && !options.names(&record.name))
            .map(|record| record.name.clone())
            .collect();
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
            references,
            region,
            contradiction,
            floor,
        }
    }

    /// What the twins show, where their contender is one of those that are judged.
    pub(super) fn noise_floor(&self) -> Option<NoiseFloor> {
        let name = self.run.plan.twin_of.as_deref()?;
        let original = self
            .contenders
            .iter()
            .find(|contender| contender.record.name == name)?;
        if original.has_launches() {
            return self.floor.clone();
        }
        let twin = ContenderEvidence::of_twin(original.record, self.run);
        (!twin.trials.is_empty()).then(|| twins::noise_floor(original, &twin))
    }
}

/// What the twins say of the model, from the whole run: its intervals must not depend on the contenders that are
/// judged.
fn test_of_the_model(
    run: &Run,
    brief: &Brief,
    all: &[ContenderEvidence],
    measured: &[Vec<Measured>],
    seed: u64,
) -> Option<NoiseFloor> {
    let name = run.plan.twin_of.as_deref()?;
    let place = all.iter().position(|contender| contender.record.name == name)?;
    if !all[place].has_launches() {
        return None;
    }
    let twin = ContenderEvidence::of_twin(all[place].record, run);
    let of_twin = metrics::of_contender(&twin, brief, run.host.cores, seed);
    (!twin.trials.is_empty()).then(|| twins::test_of_the_model(name, &measured[place], &of_twin))
}
