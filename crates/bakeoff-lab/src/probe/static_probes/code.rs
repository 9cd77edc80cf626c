//! How much there is to read in a contender: tokens, cognitive complexity and names, counted on the syntax trees of the
//! files in its manifest that the brief's service needs. Not lines, which depend on layout, and not the code of
//! dependencies.

mod complexity;
pub(crate) mod grammar;
mod needed;
pub(crate) mod source;
mod sql;
mod surface;
mod template;
pub(crate) mod tokens;

use super::subject::{Subject, counted};
use bakeoff_core::contender::{CodeFile, Contender, Role};
use bakeoff_core::evidence::Observation;
#[cfg(test)]
use grammar::Grammar;
use needed::Needed;
pub use needed::asked_for;
use source::{Kind, Source};
use std::fs;
use std::path::Path;

/// How many functions the complexity of the hardest is the mean of.
const HARDEST: usize = 10;

/// `contract_tokens`: of the files, and of the commands that start and build the contender, since a setting may stand
/// in either. An argument is one token.
pub(super) fn tokens(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let needed = Needed::of(&subject.contender.source, subject.brief);
    let sources = read(subject, &needed.files)?;
    let of_files: u64 = sources.iter().map(tokens::count).sum();
    let arguments = arguments(subject.contender);
    let note =
        format!("without comments, {needed}; {arguments} are arguments of the start and build commands");
    Ok(vec![counted(
        "contract_tokens",
        (of_files + arguments) as f64,
        note,
    )])
}

/// The arguments of the commands that start the contender and build it.
fn arguments(contender: &Contender) -> u64 {
    let build: usize = contender.prepare.build.iter().map(Vec::len).sum();
    (contender.start.command.len() + build) as u64
}

/// `plumbing_tokens`.
pub(super) fn plumbing(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let is_plumbing = |file: &CodeFile| file.role == Role::Plumbing;
    let mut all = subject.contender.source.files.iter();
    if !all.any(is_plumbing) {
        return Err("the manifest does not say which files are plumbing".to_owned());
    }
    let needed = Needed::of(&subject.contender.source, subject.brief);
    let files: Vec<&CodeFile> = needed
        .files
        .iter()
        .copied()
        .filter(|file| is_plumbing(file))
        .collect();
    let count: u64 = read(subject, &files)?.iter().map(tokens::count).sum();
    let note = format!("{} files of plumbing, {needed}", files.len());
    Ok(vec![counted("plumbing_tokens", count as f64, note)])
}

/// `complexity_of_hardest`.
pub(super) fn complexity(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let needed = Needed::of(&subject.contender.source, subject.brief);
    let sources = read(subject, &needed.files)?;
    let mut functions: Vec<u64> = sources.iter().flat_map(complexity::of_functions).collect();
    functions.sort_unstable_by(|one, other| other.cmp(one));
    let hardest = &functions[..functions.len().min(HARDEST)];
    if hardest.is_empty() {
        return Err("no file of the manifest has a function".to_owned());
    }
    let mean = hardest.iter().sum::<u64>() as f64 / hardest.len() as f64;
    let points: Vec<String> = hardest.iter().map(u64::to_string).collect();
    let note = format!(
        "{} points of the hardest of {} functions, {needed}; all have {} together; the control flow of templates is \
         not counted",
        points.join(", "),
        functions.len(),
        functions.iter().sum::<u64>()
    );
    Ok(vec![counted("complexity_of_hardest", mean, note)])
}

/// `names_to_learn`.
pub(super) fn surface(subject: &Subject<'_>) -> Result<Vec<Observation>, String> {
    let needed = Needed::of(&subject.contender.source, subject.brief);
    let sources = read(subject, &needed.files)?;
    let surface = surface::of(&sources, &subject.contender.source.paths());
    let note = format!(
        "{} of packages, {} own, {} globals of the language, {needed}; packages and modules: {}",
        surface.of_packages.len(),
        surface.own.len(),
        surface.globals.len(),
        surface.packages().join(", ")
    );
    Ok(vec![counted("names_to_learn", surface.len() as f64, note)])
}

/// Reads and parses files of the manifest.
fn read(subject: &Subject<'_>, files: &[&CodeFile]) -> Result<Vec<Source>, String> {
    if subject.contender.source.files.is_empty() {
        return Err("its manifest names no source files".to_owned());
    }
    files
        .iter()
        .map(|file| read_one(subject.source_dir, &file.path))
        .collect()
}

fn read_one(folder: &Path, file: &str) -> Result<Source, String> {
    let text = fs::read_to_string(folder.join(file))
        .map_err(|error| format!("the source `{file}` cannot be read: {error}"))?;
    let kind = Kind::of(file).ok_or_else(|| format!("files like `{file}` cannot be counted"))?;
    let source = Source::parse(file, kind, text);
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
    source_at(&format!("a.{}", grammar.extensions[0]), text)
}

/// A source at a path, which says its grammar, for tests.
#[cfg(test)]
fn source_at(path: &str, text: &str) -> Source {
    let kind = Kind::of(path).unwrap();
    let source = Source::parse(path, kind, text.to_owned());
    let tree = source.tree.as_ref();
    assert!(!tree.is_some_and(|tree| tree.root_node().has_error()), "{text}");
    source
}
