//! The settings of a scenario beside its request and its responses: how long it waits, and which role it plays.

use super::{Check, Checked};
use crate::diagnostic::nearest;
use crate::scenario::{ROLES, Scenario};
use crate::toml_document::Step::Key;

impl Check<'_> {
    pub(super) fn waits(&self, scenario: &Scenario) -> Checked {
        let waits_ms = scenario.waits_ms;
        if waits_ms.is_finite() && waits_ms >= 0.0 {
            return Ok(());
        }
        let message = format!("`waits_ms` must be 0 or more, not `{waits_ms}`");
        self.wrong(&[Key("waits_ms")], message, None)
    }

    pub(super) fn plays(&self, scenario: &Scenario) -> Checked {
        let Some(role) = scenario.plays.as_deref().filter(|role| !ROLES.contains(role)) else {
            return Ok(());
        };
        let near = nearest(role, ROLES).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let hint = format!("{near}a scenario can play `{}`", ROLES.join("`, `"));
        self.wrong(&[Key("plays")], format!("unknown role `{role}`"), Some(hint))
    }
}
