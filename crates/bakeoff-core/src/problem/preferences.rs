//! `[preferences]` of a problem: what counts for how much, by the names of the problem's criteria. It adds no weight
//! of its own.

use super::reader::Reader;
use crate::diagnostic::Diagnostic;
use crate::smaa::{Region, Statement};
use crate::toml_document::Step;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    order: Vec<String>,
    weights: Option<BTreeMap<String, f64>>,
    ratios: Vec<(String, String, f64, f64)>,
    intervals: BTreeMap<String, (f64, f64)>,
}

/// A statement and the key under which it stands.
type Said = (Statement, &'static str);

/// The weights that fit.
pub(super) fn region(reader: &Reader<'_>, form: &Form, ids: Vec<String>) -> Result<Region, Diagnostic> {
    let mut said: Vec<Said> = order(reader, form, &ids)?;
    said.extend(ratios(reader, form, &ids)?);
    said.extend(intervals(reader, form, &ids)?);
    said.extend(weights(reader, form, &ids)?);
    let statements: Vec<Statement> = said.iter().map(|(statement, _)| statement.clone()).collect();
    Region::new(ids, &statements).map_err(|contradiction| {
        let last = contradiction
            .places
            .last()
            .map_or("order", |place| said[*place].1);
        let hint = "loosen or remove one of them".to_owned();
        reader.wrong(
            &[Step::Key("preferences"), Step::Key(last)],
            contradiction.to_string(),
            Some(hint),
        )
    })
}

fn order(reader: &Reader<'_>, form: &Form, ids: &[String]) -> Result<Vec<Said>, Diagnostic> {
    let way = [Step::Key("preferences"), Step::Key("order")];
    let mut named = Vec::new();
    for (index, id) in form.order.iter().enumerate() {
        let here = [way[0], way[1], Step::At(index)];
        let place = criterion(reader, id, ids, &here)?;
        if named.contains(&place) {
            return Err(reader.wrong(&here, format!("the criterion `{id}` is listed twice"), None));
        }
        named.push(place);
    }
    Ok(Statement::order(&named, ids.len())
        .into_iter()
        .map(|statement| (statement, "order"))
        .collect())
}

fn ratios(reader: &Reader<'_>, form: &Form, ids: &[String]) -> Result<Vec<Said>, Diagnostic> {
    let ratio = |(index, (first, second, low, high)): (usize, &(String, String, f64, f64))| {
        let way = [Step::Key("preferences"), Step::Key("ratios"), Step::At(index)];
        let (a, b) = (
            criterion(reader, first, ids, &way)?,
            criterion(reader, second, ids, &way)?,
        );
        if a == b {
            return Err(reader.wrong(&way, format!("`{first}` is compared with itself"), None));
        }
        let holds = low.is_finite() && high.is_finite() && *low >= 0.0 && low <= high && *high > 0.0;
        if !holds {
            let message = format!(
                "a ratio goes from a factor of 0 or more to one not below it, not from `{low}` to `{high}`"
            );
            return Err(reader.wrong(&way, message, None));
        }
        Ok((
            Statement::Ratio {
                first: a,
                second: b,
                low: *low,
                high: *high,
            },
            "ratios",
        ))
    };
    form.ratios.iter().enumerate().map(ratio).collect()
}

fn intervals(reader: &Reader<'_>, form: &Form, ids: &[String]) -> Result<Vec<Said>, Diagnostic> {
    let interval = |(id, (low, high)): (&String, &(f64, f64))| {
        let way = [Step::Key("preferences"), Step::Key("intervals"), Step::Key(id)];
        let criterion = criterion(reader, id, ids, &way)?;
        let share = |number: &f64| (0.0..=1.0).contains(number);
        if !(share(low) && share(high) && low <= high) {
            let message = format!(
                "an interval goes from one share of the whole, 0 to 1, to one not below it, not from `{low}` to `{high}`"
            );
            return Err(reader.wrong(&way, message, None));
        }
        Ok((
            Statement::Share {
                criterion,
                low: *low,
                high: *high,
            },
            "intervals",
        ))
    };
    form.intervals.iter().map(interval).collect()
}

fn weights(reader: &Reader<'_>, form: &Form, ids: &[String]) -> Result<Option<Said>, Diagnostic> {
    let Some(given) = &form.weights else {
        return Ok(None);
    };
    let way = [Step::Key("preferences"), Step::Key("weights")];
    let mut weights = vec![0.0; ids.len()];
    for (id, weight) in given {
        let here = [way[0], way[1], Step::Key(id)];
        let place = criterion(reader, id, ids, &here)?;
        if !weight.is_finite() || *weight < 0.0 {
            return Err(reader.wrong(&here, format!("a weight must be 0 or more, not `{weight}`"), None));
        }
        weights[place] = *weight;
    }
    let sum: f64 = weights.iter().sum();
    if !(sum > 0.0 && sum.is_finite()) {
        let hint = "give at least one criterion a weight above 0".to_owned();
        return Err(reader.wrong(&way, format!("the weights sum to `{sum}`"), Some(hint)));
    }
    Ok(Some((Statement::Exact(weights), "weights")))
}

fn criterion(reader: &Reader<'_>, id: &str, ids: &[String], way: &[Step<'_>]) -> Result<usize, Diagnostic> {
    ids.iter()
        .position(|known| known == id)
        .ok_or_else(|| reader.unknown("criterion", id, ids, way))
}
