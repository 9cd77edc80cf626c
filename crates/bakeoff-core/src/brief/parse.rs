//! Reads a brief from a text: every section, every default, and an error for everything that is wrong, in the order
//! of the text. It opens no files: the caller reads the text and knows the scenarios, contenders and needs.

mod contenders;
mod database;
mod deploy;
mod load;
mod measures;
mod preferences;
mod reader;
mod services;
mod team;
#[cfg(test)]
mod tests;
mod traffic;
mod values;
mod verdict;

use super::{Brief, Preferences};
use crate::diagnostic::Diagnostic;
use crate::toml_document::Document;
use reader::{Reader, Section};

/// The words that a brief may use, as this installation knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Ids of the scenarios.
    pub scenarios: Vec<String>,
    /// Names of the contenders, and whole names of their variants.
    pub contenders: Vec<String>,
    /// Words for what a backend may need, as `postgres`.
    pub needs: Vec<String>,
}

const SECTIONS: [&str; 14] = [
    "name",
    "question",
    "load",
    "traffic",
    "team",
    "needs",
    "deploy",
    "preferences",
    "contenders",
    "values",
    "measure",
    "verdict",
    "database",
    "service",
];

/// The longest name of a brief: it becomes the name of a folder.
const NAME_MAX: usize = 60;

/// Reads the brief in `text`; `file` is its name in errors. A key that is left out gets its documented default.
///
/// # Errors
/// Everything that is wrong, each with its line and column, in the order of the text; never empty.
pub fn parse(text: &str, file: &str, vocabulary: &Vocabulary) -> Result<Brief, Vec<Diagnostic>> {
    let document = Document::parse(text, file).map_err(|error| vec![error])?;
    let root = Section {
        name: "the brief".to_owned(),
        span: 0..0,
        table: document.root.get_ref(),
    };
    let mut reader = Reader::new(text, file);
    reader.keys(&root, &SECTIONS);
    let name = name(&mut reader, &root);
    let contenders = contenders::read(&mut reader, &root, &vocabulary.contenders);
    let mut brief = Brief {
        question: question(&mut reader, &root, &name),
        load: load::read(&mut reader, &root),
        traffic: traffic::read(&mut reader, &root, &vocabulary.scenarios),
        team: team::read(&mut reader, &root),
        needs: team::needs(&mut reader, &root, &vocabulary.needs),
        deploy: deploy::read(&mut reader, &root),
        preferences: Preferences::default(),
        only: contenders.only,
        also: contenders.also,
        candidates: contenders.candidates,
        variants: contenders.variants,
        values: values::read(&mut reader, &root),
        measures: measures::read(&mut reader, &root, &vocabulary.contenders),
        verdict: verdict::read(&mut reader, &root),
        database: database::read(&mut reader, &root),
        services: services::read(&mut reader, &root),
        name,
    };
    only_where_instances_follow(&mut reader, &root, &brief);
    brief.preferences = preferences::read(&mut reader, &root, &brief.criterion_ids());
    let found = reader.finish();
    if found.is_empty() { Ok(brief) } else { Err(found) }
}

/// `load.day` has a meaning where instances follow the load.
fn only_where_instances_follow(reader: &mut Reader<'_>, root: &Section<'_>, brief: &Brief) {
    if brief.load.day.is_none() || brief.deploy.is_serverless() {
        return;
    }
    let Some(day) = reader
        .section(root, "load")
        .and_then(|load| load.table.get("day").map(toml::Spanned::span))
    else {
        return;
    };
    let message = format!("`day` has no meaning for the target `{}`", brief.deploy.target);
    let hint = "it belongs to `[deploy] target = \"app-engine\"` or `\"cloud-run\"`, whose instances follow the load";
    reader.wrong(day, message, hint.to_owned());
}

/// `name`: required, and fit for a folder.
fn name(reader: &mut Reader<'_>, root: &Section<'_>) -> String {
    reader.require(root, "name", "name = \"order-api\"");
    let Some(name) = reader.word(root, "name") else {
        return String::new();
    };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let written = name.get_ref();
    if written.is_empty()
        || written.len() > NAME_MAX
        || !written.chars().all(fits)
        || written.starts_with('-')
    {
        let message =
            format!("`name` must be 1 to {NAME_MAX} small letters, digits and hyphens, as it names a folder");
        reader.wrong(
            name.span(),
            message,
            slug(written).map(|slug| format!("write for example `name = \"{slug}\"`")),
        );
    }
    name.into_inner()
}

/// The nearest name that would do.
fn slug(text: &str) -> Option<String> {
    let letters = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            ' '
        }
    };
    let spaced: String = text.chars().map(letters).take(NAME_MAX).collect();
    let slug = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    (!slug.is_empty()).then_some(slug)
}

/// `question`, or the plain one.
fn question(reader: &mut Reader<'_>, root: &Section<'_>, name: &str) -> String {
    match reader.word(root, "question") {
        Some(question) if question.get_ref().trim().is_empty() => {
            reader.wrong(
                question.span(),
                "`question` is empty",
                "leave the line out for `Which backend for NAME?`".to_owned(),
            );
            String::new()
        }
        Some(question) => question.into_inner(),
        None => format!("Which backend for {name}?"),
    }
}
