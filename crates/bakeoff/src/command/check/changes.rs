//! `bakeoff check --changes`: what the standard changes cost in each contender, and whether each changed contender does
//! what it should. The lab applies, starts and checks; this file prints.

use crate::exit::Exit;
use crate::field::Field;
use bakeoff_core::scenario::Change;
use bakeoff_lab::{ChangeOutcome, ChangeState, Lab, LabError};

/// The changes of contenders, by name.
pub(super) type Changes = Vec<(String, Vec<ChangeOutcome>)>;

/// Checks these changes of every contender of the field.
///
/// # Errors
/// The user interrupted, or a service failed.
pub(super) fn check_all(lab: &Lab<'_>, field: &Field, changes: &[&Change]) -> Result<Changes, LabError> {
    let mut all = Vec::new();
    for runnable in &field.entries {
        let outcomes = lab.check_changes(&runnable.change_subject(), changes)?;
        all.push((runnable.entry.contender.name.clone(), outcomes));
    }
    Ok(all)
}

/// Prints all of them; `exit` stands unless one does not hold.
pub(super) fn print_all(all: &Changes, mut exit: Exit) -> Exit {
    for (name, outcomes) in all {
        let holding = outcomes.iter().filter(|outcome| outcome.state.holds()).count();
        println!("{name}: {holding} of {} changes hold", outcomes.len());
        outcomes
            .iter()
            .flat_map(in_lines)
            .for_each(|line| println!("{line}"));
        if holding < outcomes.len() {
            exit = Exit::LimitFailed;
        }
    }
    exit
}

/// A line for a change, and what it breaks below.
fn in_lines(outcome: &ChangeOutcome) -> Vec<String> {
    let (state, details) = match &outcome.state {
        ChangeState::Holds { cases } => (format!("holds, {cases} cases"), &[][..]),
        ChangeState::Broken { reason, details } => (reason.clone(), &details[..]),
        ChangeState::Missing => ("no patch".to_owned(), &[][..]),
        ChangeState::NotChecked { reason } => (format!("not checked: {reason}"), &[][..]),
    };
    let size = outcome
        .size
        .as_ref()
        .map_or_else(String::new, |size| format!("{}; ", size.in_words()));
    let ChangeOutcome { id, title, .. } = outcome;
    let first = format!("  {id} ({title}): {size}{state}");
    let details = details.iter().map(|line| format!("    {line}"));
    std::iter::once(first).chain(details).collect()
}

#[cfg(test)]
mod tests {
    use super::in_lines;
    use bakeoff_lab::{ChangeOutcome, ChangeSize, ChangeState};

    fn check(state: ChangeState, expected: &[&str]) {
        let outcome = ChangeOutcome {
            id: "cors".to_owned(),
            title: "Another origin".to_owned(),
            size: Some(ChangeSize {
                tokens: 21,
                files: 2,
                packages: vec!["cors".to_owned()],
            }),
            state,
        };
        assert_eq!(in_lines(&outcome), expected);
    }

    #[test]
    fn a_change_has_its_cost_and_what_it_breaks() {
        let cost = "  cors (Another origin): 21 tokens in 2 files, adds 1 package (cors); ";
        check(
            ChangeState::Holds { cases: 120 },
            &[&format!("{cost}holds, 120 cases")],
        );
        let broken = ChangeState::Broken {
            reason: "breaks 1 of 120 cases: `cors`, a preflight is granted".to_owned(),
            details: vec![
                "cors: a preflight is granted".to_owned(),
                "  sent      OPTIONS /items".to_owned(),
            ],
        };
        check(
            broken,
            &[
                &format!("{cost}breaks 1 of 120 cases: `cors`, a preflight is granted"),
                "    cors: a preflight is granted",
                "      sent      OPTIONS /items",
            ],
        );
    }
}
