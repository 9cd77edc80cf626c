//! `[[measure]]`: what only the user knows of the contenders, in the form of a decision problem's `[[criterion]]`. An
//! impossible value is an error at its place; it is never rounded to a possible one.

use super::reader::{Reader, Section, Within, listed};
use crate::brief::OwnMeasure;
use crate::criterion::Criterion;
use crate::measure_form::{self, Line};
use crate::metric::{Better, Scale, metric};
use crate::smaa::Evidence;
use crate::value::Ends;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeValue;

const KEYS: [&str; 10] = [
    "id",
    "title",
    "unit",
    "criterion",
    "better",
    "worst",
    "best",
    "clip",
    "scale",
    "values",
];

/// Any number at all: what is wrong with it is said with the other end in view.
const ANY: Within = Within {
    holds: |_| true,
    words: "a number",
};

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>, contenders: &[String]) -> Vec<OwnMeasure> {
    let what = "a list of `[[measure]]`, two brackets, one for each measure";
    let entries = reader.list(root, "measure", what).unwrap_or(&[]);
    let mut ids = Vec::new();
    let mut measures = Vec::new();
    for entry in entries {
        let DeValue::Table(table) = entry.get_ref() else {
            let _: Option<()> = reader.not("each entry of measure", "a table", entry);
            continue;
        };
        let section = Section {
            name: "[[measure]]".to_owned(),
            span: entry.span(),
            table,
        };
        reader.keys(&section, &KEYS);
        let id = id(reader, &section);
        measures.extend(one(reader, &section, id.as_ref(), contenders));
        ids.extend(id);
    }
    reader.distinct("measure", &ids);
    measures
}

fn one(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    id: Option<&Spanned<String>>,
    contenders: &[String],
) -> Option<OwnMeasure> {
    let line = line(reader, section);
    let values = values(reader, section, line, contenders);
    let criterion = criterion(reader, section);
    let mut text = |key: &str| reader.word(section, key).map(Spanned::into_inner);
    let (title, unit) = (text("title"), text("unit"));
    let (id, line) = (id?.get_ref().clone(), line?);
    Some(OwnMeasure {
        title: title.unwrap_or_else(|| id.replace(['-', '_'], " ")),
        unit: unit.unwrap_or_default(),
        criterion: criterion.unwrap_or_else(|| id.clone()),
        better: line.better,
        worst: line.worst,
        best: line.best,
        scale: line.scale,
        ends: line.ends,
        values,
        id,
    })
}

fn id(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Spanned<String>> {
    reader.require(section, "id", "id = \"hiring-weeks\"");
    let id = reader.word(section, "id")?;
    if metric(id.get_ref()).is_some() {
        let message = format!("`{}` is a metric that is measured", id.get_ref());
        let hint = "name the measure otherwise; `[values]` sets the ends of a metric".to_owned();
        reader.wrong(id.span(), message, hint);
    }
    named(reader, &id).then_some(id)
}

/// The criterion whose weight it shares.
fn criterion(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let word = reader.word(section, "criterion")?;
    named(reader, &word);
    let near = crate::diagnostic::nearest(word.get_ref(), Criterion::ALL.map(Criterion::id));
    if let Some(near) = near.filter(|near| *near != word.get_ref()) {
        let message = format!("`{}` is nearly `{near}`, one of the six criteria", word.get_ref());
        reader.wrong(
            word.span(),
            message,
            format!("write `{near}`, or a name that cannot be taken for it"),
        );
    }
    Some(word.into_inner())
}

/// Whether a word can name something; if not, that is noted.
fn named(reader: &mut Reader<'_>, word: &Spanned<String>) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let holds = !word.get_ref().is_empty() && word.get_ref().chars().all(fits);
    if !holds {
        let message = format!(
            "`{}` must be small letters, digits, hyphens and underscores",
            word.get_ref()
        );
        reader.wrong(word.span(), message, None);
    }
    holds
}

/// The ends and the scale, or none where one of them is wrong.
fn line(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Line> {
    for (key, example) in [
        ("better", "better = \"lower\""),
        ("worst", "worst = 12"),
        ("best", "best = 2"),
    ] {
        reader.require(section, key, example);
    }
    let better = one_of(
        reader,
        section,
        "better",
        &[("lower", Better::Lower), ("higher", Better::Higher)],
    );
    let scale = if section.table.contains_key("scale") {
        one_of(
            reader,
            section,
            "scale",
            &[("linear", Scale::Linear), ("log", Scale::Log)],
        )
    } else {
        Some(Scale::Linear)
    };
    let ends = match section.table.get("clip").map(|value| (value.get_ref(), value)) {
        None | Some((DeValue::Boolean(true), _)) => Some(Ends::Clipped),
        Some((DeValue::Boolean(false), _)) => Some(Ends::Open),
        Some((_, value)) => reader.not("clip", "true or false", value),
    };
    let worst = reader.number(section, "worst", &ANY);
    let best = reader.number(section, "best", &ANY);
    let (worst, best) = (worst?, best?);
    let line = Line {
        better: better?,
        worst: *worst.get_ref(),
        best: *best.get_ref(),
        scale: scale?,
        ends: ends?,
    };
    match line.value_function() {
        Ok(_) => Some(line),
        Err((key, wrong)) => {
            let span = if key == "worst" { worst.span() } else { best.span() };
            reader.wrong(span, wrong.message, wrong.hint);
            None
        }
    }
}

fn one_of<T: Copy>(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    key: &str,
    known: &[(&str, T)],
) -> Option<T> {
    let word = reader.word(section, key)?;
    let found = known.iter().find(|(name, _)| name == word.get_ref());
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        reader.unknown(key, &word, &names, &listed("it is one of", &names));
    }
    found.map(|(_, value)| *value)
}

fn values(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    line: Option<Line>,
    contenders: &[String],
) -> BTreeMap<String, Evidence> {
    let scale = line.map_or(Scale::Linear, |line| line.scale);
    let value_function = line.and_then(|line| line.value_function().ok());
    let Some(table) = reader.section(section, "values") else {
        let example = "[measure.values]` with a line for each contender, as `node-express = 3";
        reader.require(section, "values", example);
        return BTreeMap::new();
    };
    let mut values = BTreeMap::new();
    let mut names = Vec::new();
    for (key, value) in table.table {
        let name = Spanned::new(key.span(), key.get_ref().to_string());
        let read = measure_form::evidence(&plain(value.get_ref()), scale);
        let read = read.and_then(|evidence| match &value_function {
            Some(function) => measure_form::with_scores(evidence, function),
            None => Ok(evidence),
        });
        match read {
            Ok(evidence) => {
                values.insert(name.get_ref().clone(), evidence);
            }
            Err(wrong) => reader.wrong(value.span(), wrong.message, wrong.hint),
        }
        names.push(name);
    }
    reader.all_known(
        "contender",
        &names,
        contenders,
        "`bakeoff list contenders` shows all",
    );
    values
}

/// A value without its places.
fn plain(value: &DeValue<'_>) -> toml::Value {
    match value {
        DeValue::Integer(_) | DeValue::Float(_) => {
            super::reader::number(value).map_or(toml::Value::Boolean(false), toml::Value::Float)
        }
        DeValue::Array(list) => toml::Value::Array(list.iter().map(|one| plain(one.get_ref())).collect()),
        DeValue::Table(table) => {
            let pairs = table.iter();
            toml::Value::Table(
                pairs
                    .map(|(key, one)| (key.get_ref().to_string(), plain(one.get_ref())))
                    .collect(),
            )
        }
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Boolean(_) | DeValue::Datetime(_) => toml::Value::Boolean(false),
    }
}
