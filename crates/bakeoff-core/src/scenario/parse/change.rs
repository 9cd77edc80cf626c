//! Reads a standard change from a text, and checks what its types cannot express.

use super::{Check, Checked};
use crate::diagnostic::{Diagnostic, nearest};
use crate::scenario::Change;
use crate::toml_document::Document;
use crate::toml_document::Step::{At, Key};

/// Reads the change in `text`; `file` is its name in errors.
///
/// # Errors
/// The first thing that is wrong, with its line and column.
pub fn parse(text: &str, file: &str) -> Result<Change, Diagnostic> {
    let document = Document::parse(text, file)?;
    let change: Change = document.decode()?;
    let check = Check { document: &document };
    check.names(&change.id, &change.title, &change.summary)?;
    check.something(&change)?;
    check.sql(&change.sql)?;
    check.cases(&change.cases)?;
    Ok(change)
}

/// Refuses a change that leaves out a scenario which nobody has. Only who knows all scenarios can check it; `text` and
/// `file` are as for [`parse`].
///
/// # Errors
/// The first such name, with its line and the nearest known one.
pub fn check_scenarios(text: &str, file: &str, known: &[&str]) -> Result<(), Diagnostic> {
    let document = Document::parse(text, file)?;
    let change: Change = document.decode()?;
    let check = Check { document: &document };
    for (at, scenario) in change.leaves_out.iter().enumerate() {
        if known.contains(&scenario.as_str()) {
            continue;
        }
        let near = nearest(scenario, known.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        return check.wrong(
            &[Key("leaves_out"), At(at)],
            format!("unknown scenario `{scenario}`"),
            Some(format!("{near}`bakeoff list scenarios` shows all")),
        );
    }
    Ok(())
}

impl Check<'_> {
    /// A change that nothing checks would hold for every contender.
    fn something(&self, change: &Change) -> Checked {
        if change.openapi || !change.cases.is_empty() {
            return Ok(());
        }
        let hint = Some("add a `[[case]]`, or `openapi = true`".to_owned());
        let message = format!("nothing shows whether the change `{}` holds", change.id);
        self.wrong(&[Key("id")], message, hint)
    }

    fn sql(&self, statements: &[String]) -> Checked {
        match statements.iter().position(|sql| sql.trim().is_empty()) {
            Some(at) => self.wrong(&[Key("sql"), At(at)], "the statement is empty", None),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
