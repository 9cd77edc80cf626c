//! What every part of the article is made from, and the few forms of Markdown that they share. It tells nothing itself.

use crate::document::Document;
use crate::field::FieldRow;
use crate::html::palette::Palette;

/// What every part of the article is made from.
pub(super) struct Story<'s, 'a> {
    pub(super) document: &'s Document<'a>,
    pub(super) palette: &'s Palette,
    pub(super) field: &'s [FieldRow<'a>],
}

impl<'a> Story<'_, 'a> {
    /// The contenders that were measured, in the order of the field.
    pub(super) fn measured(&self) -> impl Iterator<Item = &FieldRow<'a>> {
        let values = &self.document.judgement.verdict.expected_value;
        self.field.iter().filter(|row| values.contains_key(row.name))
    }

    /// The measured ones that stand for their family: no references, no variants.
    pub(super) fn standing_for<'f>(&'f self, family: &'f str) -> impl Iterator<Item = &'f FieldRow<'a>> {
        self.measured().filter(move |row| {
            let is_variant = row.record.is_some_and(|record| record.variant_of.is_some());
            row.family() == family && !row.is_reference() && !is_variant
        })
    }

    /// The families of the contenders that stand for one, in the order of the run.
    pub(super) fn families(&self) -> Vec<&'a str> {
        let mut families: Vec<&str> = Vec::new();
        for record in &self.document.run.contenders {
            let family = record.family.as_str();
            if !families.contains(&family) && self.standing_for(family).next().is_some() {
                families.push(family);
            }
        }
        families
    }
}

/// A paragraph; nothing for nothing.
pub(super) fn paragraph(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{text}\n\n")
    }
}

/// A table of Markdown; nothing without rows.
pub(super) fn table(head: &[String], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let rule: Vec<String> = head
        .iter()
        .enumerate()
        .map(|(at, _)| if at == 0 { "---" } else { "---:" }.to_owned())
        .collect();
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{}{rows}\n", line(head), line(&rule))
}

/// A title within a sentence: its first letter small, unless it begins with an abbreviation.
pub(super) fn within(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), title.chars().nth(1)) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => title.to_owned(),
    }
}

/// The first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}
