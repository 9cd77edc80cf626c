//! Whether a manifest names scenarios that exist. The manifest alone cannot know: the contract is a folder of its own.

use super::check::{Check, Checked};
use super::source::CodeFile;
use super::{Contender, Variant};
use crate::diagnostic::{Diagnostic, nearest};
use crate::toml_document::Document;
use crate::toml_document::Step::{self, At, Key};

/// Refuses a manifest whose `serves` or `not_served` names a scenario that is none of `known`; `file` is its name in
/// errors.
///
/// # Errors
/// The first such name, with its line and the nearest known one.
pub fn check_scenarios(text: &str, file: &str, known: &[&str]) -> Result<(), Diagnostic> {
    let document = Document::parse(text, file)?;
    let contender: Contender = document.decode()?;
    let check = Check::of(&document);
    files(&check, &contender.source.files, known)?;
    all_known(
        &check,
        &[Key("source"), Key("serves")],
        contender.source.serves.as_deref().unwrap_or_default(),
        known,
    )?;
    not_served(&check, &contender.source.not_served, known)?;
    for (place, Variant { source, .. }) in contender.variants.iter().enumerate() {
        let check = Check::of_variant(&document, place);
        files(&check, source.files.as_deref().unwrap_or_default(), known)?;
        not_served(&check, source.not_served.as_deref().unwrap_or_default(), known)?;
    }
    Ok(())
}

fn files(check: &Check<'_>, files: &[CodeFile], known: &[&str]) -> Checked {
    for (at, file) in files.iter().enumerate() {
        let way = [Key("source"), Key("files"), At(at), Key("serves")];
        all_known(check, &way, &file.serves, known)?;
    }
    Ok(())
}

fn not_served(check: &Check<'_>, scenarios: &[String], known: &[&str]) -> Checked {
    all_known(check, &[Key("source"), Key("not_served")], scenarios, known)
}

fn all_known(check: &Check<'_>, way: &[Step<'_>], scenarios: &[String], known: &[&str]) -> Checked {
    for (at, scenario) in scenarios.iter().enumerate() {
        if known.contains(&scenario.as_str()) {
            continue;
        }
        let near = nearest(scenario, known.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let mut whole = way.to_vec();
        whole.push(At(at));
        return check.wrong(
            &whole,
            format!("unknown scenario `{scenario}`"),
            Some(format!("{near}`bakeoff list scenarios` shows all")),
        );
    }
    Ok(())
}
