//! How much there is to read in a contender: tokens, cognitive complexity and foreign names, counted on the syntax
//! trees of the files in its manifest. Not lines, which depend on layout, and not the code of dependencies.

mod complexity;
pub(crate) mod grammar;
mod source;
mod surface;
mod template;
mod tokens;

use super::subject::{Subject, counted};
use bakeoff_core::evidence::Observation;
#[cfg(test)]
use grammar::Grammar;
use source::{Kind, Source};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// `contract_tokens`.
pub(super) fn tokens(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let sources = read(subject)?;
    let count: u64 = sources.iter().map(tokens::count).sum();
    Ok(vec![counted(
        "contract_tokens",
        count as f64,
        format!("in {} files, without comments", sources.len()),
    )])
}

/// `cognitive_complexity`.
pub(super) fn complexity(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let sources = read(subject)?;
    let programs: Vec<&Source> = sources.iter().filter(|source| source.tree.is_some()).collect();
    let count: u64 = programs.iter().map(|source| complexity::count(source)).sum();
    let note = format!(
        "over {} files of code; the control flow of templates is not counted",
        programs.len()
    );
    Ok(vec![counted("cognitive_complexity", count as f64, note)])
}

/// `api_surface`.
pub(super) fn surface(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let sources = read(subject)?;
    let own = surface::Own::of(&sources, &subject.contender.source.paths());
    let names = surface::names(&sources, &own);
    let modules: BTreeSet<&str> = names
        .iter()
        .map(|(module, _)| module.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    let note = format!(
        "of {} modules: {}",
        modules.len(),
        modules.into_iter().collect::<Vec<_>>().join(", ")
    );
    Ok(vec![counted("api_surface", names.len() as f64, note)])
}

/// Reads and parses the files of the manifest.
fn read(subject: &Subject<'_>) -> Result<Vec<Source>, String> {
    subject
        .contender
        .source
        .files
        .iter()
        .map(|file| read_one(subject.source_dir, &file.path))
        .collect()
}

fn read_one(folder: &Path, file: &str) -> Result<Source, String> {
    let text = fs::read_to_string(folder.join(file))
        .map_err(|error| format!("the source `{file}` cannot be read: {error}"))?;
    let kind = Kind::of(file).ok_or_else(|| format!("files like `{file}` cannot be counted"))?;
    let source = Source::parse(kind, text);
    match source
        .tree
        .as_ref()
        .map(|tree| tree.root_node())
        .filter(|root| root.has_error())
    {
        Some(_) => Err(format!("the source `{file}` cannot be parsed")),
        None => Ok(source),
    }
}

/// A source in a grammar, for tests.
#[cfg(test)]
fn source(grammar: &'static Grammar, text: &str) -> Source {
    let source = Source::parse(Kind::Code(grammar), text.to_owned());
    assert!(
        !source
            .tree
            .as_ref()
            .is_some_and(|tree| tree.root_node().has_error()),
        "{text}"
    );
    source
}
