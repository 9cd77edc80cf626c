//! `team_known`: whether the brief's team knows the contender's language. Deliberately without judging how
//! well.

use super::static_table::{Subject, counted};
use bakeoff_core::evidence::Observation;

/// 1 when the team knows the language, 0 when not; no evidence where the brief does not say what it knows.
pub(super) fn observe(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let knows = &subject.brief.team.knows;
    if knows.is_empty() {
        return Err("the brief does not say what the team knows".to_owned());
    }
    let language = subject.contender.language.to_lowercase();
    let known = knows.contains(&language);
    let note = format!("{language}: the brief's team knows {}", knows.join(", "));
    Ok(vec![counted("team_known", f64::from(u8::from(known)), note)])
}
