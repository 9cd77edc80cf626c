//! `[preferences]`: what counts for how much. Each statement is checked by itself and against exact weights; whether
//! an order, ratios and intervals can all hold at once is checked where weights are drawn ([`crate::smaa::Region`]).

use super::reader::{Reader, Section, Within, listed};
use crate::brief::Preferences;
use crate::criterion::Criterion;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeValue;

const WEIGHT: Within = Within {
    holds: |v| (0.0..=1e9).contains(&v),
    words: "a number of 0 or more",
};
const FACTOR: Within = Within {
    holds: |v| v > 0.0 && v <= 1e9,
    words: "a number above 0",
};
const SHARE: Within = Within {
    holds: |v| (0.0..=1.0).contains(&v),
    words: "a share of the whole, from 0 to 1",
};

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>, criteria: &[String]) -> Preferences {
    let Some(section) = reader.section(root, "preferences") else {
        return Preferences::default();
    };
    reader.keys(&section, &["order", "weights", "ratios", "intervals"]);
    let preferences = Preferences {
        order: order(reader, &section, criteria),
        weights: weights(reader, &section, criteria),
        ratios: ratios(reader, &section, criteria),
        intervals: intervals(reader, &section, criteria),
    };
    exact_alone(reader, &section);
    preferences
}

/// Exact weights leave nothing for another statement to say.
fn exact_alone(reader: &mut Reader<'_>, section: &Section<'_>) {
    if !section.table.contains_key("weights") {
        return;
    }
    for other in ["order", "ratios", "intervals"] {
        if let Some((key, _)) = section.table.get_key_value(other) {
            let message = format!("`{other}` beside `weights`, which are exact and leave nothing open");
            reader.wrong(key.span(), message, format!("remove `weights` or `{other}`"));
        }
    }
}

fn order(reader: &mut Reader<'_>, section: &Section<'_>, criteria: &[String]) -> Vec<String> {
    let words = reader.words(section, "order");
    reader.distinct("criterion", &words);
    words
        .iter()
        .filter_map(|word| criterion(reader, word, criteria))
        .collect()
}

fn weights(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    criteria: &[String],
) -> Option<BTreeMap<String, f64>> {
    let table = reader.section(section, "weights")?;
    let mut weights = BTreeMap::new();
    for (key, value) in table.table {
        let word = Spanned::new(key.span(), key.get_ref().to_string());
        let weight = reader.number_of(word.get_ref(), value, &WEIGHT);
        if let (Some(criterion), Some(weight)) = (criterion(reader, &word, criteria), weight) {
            weights.insert(criterion, weight.into_inner());
        }
    }
    if weights.len() == table.table.len() && weights.values().sum::<f64>() == 0.0 {
        reader.wrong(
            table.span,
            "the weights sum to zero",
            "give at least one criterion a weight above 0".to_owned(),
        );
    }
    Some(weights)
}

fn ratios(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    criteria: &[String],
) -> Vec<(String, String, f64, f64)> {
    let list = reader
        .list(
            section,
            "ratios",
            "a list, as `[[\"speed\", \"scalability\", 1.5, 2.5]]`",
        )
        .unwrap_or(&[]);
    list.iter()
        .filter_map(|entry| ratio(reader, entry, criteria))
        .collect()
}

fn ratio(
    reader: &mut Reader<'_>,
    entry: &Spanned<DeValue<'_>>,
    criteria: &[String],
) -> Option<(String, String, f64, f64)> {
    let [a, b, low, high] = entry
        .get_ref()
        .as_array()
        .map(|list| &list[..])
        .unwrap_or_default()
    else {
        return reader.not(
            "each entry of ratios",
            "two criteria and two numbers, as `[\"speed\", \"scalability\", 1.5, 2.5]`",
            entry,
        );
    };
    let name = "each entry of ratios";
    let words = (reader.word_of(name, a), reader.word_of(name, b));
    let ends = (
        reader.number_of(name, low, &FACTOR),
        reader.number_of(name, high, &FACTOR),
    );
    let (first, second) = (words.0?, words.1?);
    if first.get_ref() == second.get_ref() {
        let message = format!("`{}` is compared with itself", first.get_ref());
        reader.wrong(second.span(), message, None);
    }
    let known = (
        criterion(reader, &first, criteria),
        criterion(reader, &second, criteria),
    );
    let (low, high) = rising(reader, ends.0?, ends.1?);
    Some((known.0?, known.1?, low, high))
}

fn intervals(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    criteria: &[String],
) -> BTreeMap<String, [f64; 2]> {
    let Some(table) = reader.section(section, "intervals") else {
        return BTreeMap::new();
    };
    let mut intervals = BTreeMap::new();
    for (key, value) in table.table {
        let word = Spanned::new(key.span(), key.get_ref().to_string());
        let ends = interval(reader, word.get_ref(), value);
        if let (Some(criterion), Some(ends)) = (criterion(reader, &word, criteria), ends) {
            intervals.insert(criterion, ends);
        }
    }
    possible(reader, &table, &intervals, criteria.len());
    intervals
}

fn interval(reader: &mut Reader<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<[f64; 2]> {
    let [low, high] = value
        .get_ref()
        .as_array()
        .map(|list| &list[..])
        .unwrap_or_default()
    else {
        return reader.not(key, "two shares of the whole, as `[0.1, 0.3]`", value);
    };
    let ends = (
        reader.number_of(key, low, &SHARE),
        reader.number_of(key, high, &SHARE),
    );
    let (low, high) = rising(reader, ends.0?, ends.1?);
    Some([low, high])
}

/// Notes intervals that no weights fit: shares sum to 1.
fn possible(
    reader: &mut Reader<'_>,
    table: &Section<'_>,
    intervals: &BTreeMap<String, [f64; 2]>,
    criteria: usize,
) {
    let least: f64 = intervals.values().map(|ends| ends[0]).sum();
    let most: f64 = intervals.values().map(|ends| ends[1]).sum();
    if least > 1.0 + 1e-9 {
        reader.wrong(
            table.span.clone(),
            format!("the lower ends of the intervals sum to {least}, and the shares to 1"),
            None,
        );
    } else if intervals.len() == criteria && most < 1.0 - 1e-9 {
        reader.wrong(
            table.span.clone(),
            format!("the upper ends of the intervals sum to {most}, and the shares to 1"),
            None,
        );
    }
}

/// The two ends; a lower end above the upper is noted.
fn rising(reader: &mut Reader<'_>, low: Spanned<f64>, high: Spanned<f64>) -> (f64, f64) {
    if low.get_ref() > high.get_ref() {
        let message = format!(
            "the lower end {} is above the upper end {}",
            low.get_ref(),
            high.get_ref()
        );
        reader.wrong(
            low.span(),
            message,
            format!("write `{}, {}`", high.get_ref(), low.get_ref()),
        );
    }
    (low.into_inner(), high.into_inner())
}

fn criterion(reader: &mut Reader<'_>, word: &Spanned<String>, criteria: &[String]) -> Option<String> {
    let found = criteria.iter().find(|known| *known == word.get_ref());
    if found.is_none() {
        let known: Vec<&str> = criteria.iter().map(String::as_str).collect();
        let lead = if known.len() == Criterion::ALL.len() {
            "the six are"
        } else {
            "the criteria are"
        };
        reader.unknown("criterion", word, &known, &listed(lead, &known));
    }
    found.cloned()
}
