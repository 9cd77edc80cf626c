//! `[contenders]`: who is compared, which references may be chosen, and which variants stand beside their contender.
//! Whether this machine can run them is the lab's question.

use super::reader::{Reader, Section};
use crate::brief::VariantChoice;
use crate::contender::{own_name, unknown, variant_name};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeValue;

/// What the section says; empty where nothing is said.
#[derive(Debug, Default)]
pub(super) struct Contenders {
    pub(super) only: Vec<String>,
    pub(super) also: Vec<String>,
    pub(super) candidates: Vec<String>,
    pub(super) variants: BTreeMap<String, VariantChoice>,
}

/// How `variants` is written.
const EXAMPLE: &str = "write for example `variants = { python-flask = \"all\" }` or `variants = { python-flask = [\"gevent\"] }`";

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>, known: &[String]) -> Contenders {
    let Some(section) = reader.section(root, "contenders") else {
        return Contenders::default();
    };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    reader.keys(&section, &["only", "also", "candidates", "variants"]);
    let only = names(reader, &section, "only", "leave it out to compare all", &known);
    let candidates = names(
        reader,
        &section,
        "candidates",
        "leave it out where no reference is a candidate",
        &known,
    );
    let way_out = "leave it out where the default field is enough";
    let also = names(reader, &section, "also", way_out, &known);
    if let Some(first) = also.first().filter(|_| !only.is_empty()) {
        reader.wrong(
            first.span(),
            "`only` names the whole field, so nobody is compared besides it",
            format!("move `{}` to `only`", first.get_ref()),
        );
    }
    for name in &candidates {
        part_of_the_field(reader, name, &only);
    }
    let variants = variants(reader, &section, &only, &known);
    let plain = |words: Vec<Spanned<String>>| words.into_iter().map(Spanned::into_inner).collect();
    Contenders {
        only: plain(only),
        also: plain(also),
        candidates: plain(candidates),
        variants,
    }
}

/// The names of the list of that key, each known and there once.
fn names(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    way_out: &str,
    known: &[&str],
) -> Vec<Spanned<String>> {
    let names = reader.words(section, key);
    let list = section.table.get(key);
    if let Some(list) = list.filter(|list| list.get_ref().as_array().is_some_and(|all| all.is_empty())) {
        reader.wrong(
            list.span(),
            format!("`{key}` names no contender"),
            way_out.to_owned(),
        );
    }
    reader.distinct("contender", &names);
    for name in &names {
        is_known(reader, name, name.get_ref(), known);
    }
    names
}

/// Notes a name that nobody has, at the word that holds it.
fn is_known(reader: &mut Reader<'_>, word: &Spanned<String>, name: &str, known: &[&str]) -> bool {
    let holds = known.contains(&name);
    if !holds {
        let (message, hint) = unknown(name, known);
        reader.wrong(word.span(), message, hint);
    }
    holds
}

/// Notes a name that `only` leaves out.
fn part_of_the_field(reader: &mut Reader<'_>, name: &Spanned<String>, only: &[Spanned<String>]) {
    let named = only.iter().any(|one| one.get_ref() == name.get_ref());
    if !only.is_empty() && !named {
        let name_of = name.get_ref();
        reader.wrong(
            name.span(),
            format!("`{name_of}` is not in `only`, so it is not compared"),
            format!("add `{name_of}` to `only`"),
        );
    }
}

/// `[contenders.variants]`: a line for each contender.
fn variants(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    only: &[Spanned<String>],
    known: &[&str],
) -> BTreeMap<String, VariantChoice> {
    let mut all = BTreeMap::new();
    let Some(value) = section.table.get("variants") else {
        return all;
    };
    let DeValue::Table(table) = value.get_ref() else {
        reader.wrong(
            value.span(),
            "`variants` must name the contenders whose variants are compared",
            EXAMPLE.to_owned(),
        );
        return all;
    };
    for (key, value) in table {
        let name = Spanned::new(key.span(), key.get_ref().to_string());
        if !is_known(reader, &name, name.get_ref(), known) {
            continue;
        }
        part_of_the_field(reader, &name, only);
        let own: Vec<&str> = known
            .iter()
            .filter_map(|one| own_name(one, name.get_ref()))
            .collect();
        if own.is_empty() {
            let message = format!("`{}` has no variants", name.get_ref());
            reader.wrong(
                name.span(),
                message,
                "`bakeoff list variants` shows all".to_owned(),
            );
            continue;
        }
        let choice = choice(reader, name.get_ref(), value, known);
        all.extend(choice.map(|choice| (name.into_inner(), choice)));
    }
    all
}

/// `"all"`, or a list of own names.
fn choice(
    reader: &mut Reader<'_>,
    contender: &str,
    value: &Spanned<DeValue<'_>>,
    known: &[&str],
) -> Option<VariantChoice> {
    match value.get_ref() {
        DeValue::String(text) if *text == "all" => Some(VariantChoice::All),
        DeValue::Array(list) if list.is_empty() => {
            reader.wrong(
                value.span(),
                format!("`{contender}` has an empty list of variants"),
                "leave the line out, or write `\"all\"`".to_owned(),
            );
            None
        }
        DeValue::Array(list) => {
            let words: Vec<Spanned<String>> = list
                .iter()
                .filter_map(|one| reader.word_of(&format!("each entry of {contender}"), one))
                .collect();
            reader.distinct("variant", &words);
            for word in &words {
                is_known(reader, word, &variant_name(contender, word.get_ref()), known);
            }
            Some(VariantChoice::Named(
                words.into_iter().map(Spanned::into_inner).collect(),
            ))
        }
        _ => {
            reader.wrong(
                value.span(),
                format!("the variants of `{contender}` must be `\"all\"` or a list of names"),
                EXAMPLE.to_owned(),
            );
            None
        }
    }
}
