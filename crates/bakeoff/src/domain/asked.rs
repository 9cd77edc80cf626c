//! What a brief asks for, and of whom: a scenario of the user's own concerns the user's own contenders, and only where
//! the brief has it. It reads no file.

use super::{Domain, Entry};
use bakeoff_core::brief::Brief;
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeSet;

impl Domain {
    /// The scenarios that concern a brief: those of its mix and of its needs, and those that play a role there.
    pub(crate) fn asked_by(&self, brief: &Brief) -> impl Iterator<Item = &Scenario> {
        let in_brief = bakeoff_lab::probe::asked_for(brief);
        self.scenarios
            .values()
            .filter(move |scenario| in_brief.contains(scenario.id.as_str()) || scenario.plays.is_some())
    }

    /// Limits what each contender is asked for to what concerns the brief. A contender whose manifest does not say what
    /// it serves is asked for what the brief asks for, and for what plays a role there. A scenario of the user's own is
    /// asked of the user's own contenders, and only where it concerns the brief.
    pub(crate) fn ask_at_most(&mut self, brief: &Brief) {
        let asked: BTreeSet<String> = self.asked_by(brief).map(|scenario| scenario.id.clone()).collect();
        let is_embedded = |id: &&String| !self.own_scenarios.contains(*id);
        let embedded: BTreeSet<String> = self.scenarios.keys().filter(is_embedded).cloned().collect();
        for Entry { contender, .. } in self.contenders.values_mut() {
            let is_own = self.own_contenders.contains_key(contender.folder_name());
            let source = &mut contender.source;
            source.asked_at_most = Some(match (is_own, source.says_what_it_serves) {
                (false, _) => embedded.clone(),
                (true, true) => embedded.union(&asked).cloned().collect(),
                (true, false) => asked.clone(),
            });
        }
    }
}
