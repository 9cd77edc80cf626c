//! A decision problem of the user's own, `PROBLEM.toml`: alternatives, criteria, what is known of each value, and
//! preferences, for evidence that no run measured. Reads it into a [`Problem`], or reports what is wrong and on which
//! line. It knows nothing of contenders and briefs.
//!
//! ```toml
//! alternatives = ["A", "B"]
//! samples = 100000               # default
//! seed = 1                       # default
//! joint = false                  # default; true: samples at the same place of their lists belong together
//!
//! [[criterion]]
//! id = "efficacy"
//! better = "higher"              # or "lower"
//! worst = 0.0                    # value 0
//! best = 1.0                     # value 1
//! clip = true                    # default; false: the line goes on outside
//! scale = "linear"               # default; or "log"
//! [criterion.values]             # an alternative without a value: missing evidence
//! # A number, or normal = [mean, sd], lognormal = [mu, sigma], beta = [a, b], uniform = [low, high], samples = [...]
//! A = { normal = [0.7, 0.1] }
//! B = { normal = [0.5, 0.05] }
//!
//! [preferences]                  # without: all weightings are equally likely
//! # Or weights = { c = 0.5 }, ratios = [["a", "b", 1.5, 2.5]], intervals = { c = [0.1, 0.3] }
//! order = ["efficacy"]
//! ```

mod preferences;
mod reader;
#[cfg(test)]
mod tests;

use crate::diagnostic::Diagnostic;
use crate::measure_form::{self, Line};
use crate::metric::{Better, Scale};
use crate::smaa::{Criterion, Evidence, Measure, Problem};
use crate::toml_document::{Document, Step};
use crate::value::Ends;
use reader::Reader;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Samples where the problem does not say: probabilities within ± 0.003.
const SAMPLES: u32 = 100_000;

/// The most samples: some minutes of two processors, probabilities within ± 0.0001.
const MOST_SAMPLES: u32 = 100_000_000;

/// A criterion of a problem has one measure, under this name.
const MEASURE: &str = "value";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    alternatives: Vec<String>,
    samples: Option<i64>,
    seed: Option<i64>,
    #[serde(default)]
    joint: bool,
    #[serde(rename = "criterion", default)]
    criteria: Vec<CriterionForm>,
    #[serde(default)]
    preferences: preferences::Form,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionForm {
    id: String,
    better: Better,
    worst: f64,
    best: f64,
    #[serde(default = "clipped")]
    clip: bool,
    #[serde(default = "linear")]
    scale: Scale,
    #[serde(default)]
    values: BTreeMap<String, toml::Value>,
}

fn clipped() -> bool {
    true
}

fn linear() -> Scale {
    Scale::Linear
}

/// Reads the problem in `text`; `file` is its name in errors.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn parse(text: &str, file: &str) -> Result<Problem, Diagnostic> {
    let document = Document::parse(text, file)?;
    let form: Form = document.decode()?;
    let reader = Reader::new(&document);
    reader.distinct("alternative", &[Step::Key("alternatives")], &form.alternatives)?;
    let ids: Vec<String> = form
        .criteria
        .iter()
        .map(|criterion| criterion.id.clone())
        .collect();
    reader.criteria_named(&ids)?;
    let criteria = form.criteria.iter().enumerate();
    let criteria: Result<Vec<Criterion>, Diagnostic> = criteria
        .map(|(place, form_of_one)| criterion(&reader, place, form_of_one, &form.alternatives))
        .collect();
    let criteria = criteria?;
    if form.joint {
        drawn_together(&reader, &criteria, &form.alternatives)?;
    }
    Ok(Problem {
        joint: form.joint,
        criteria,
        region: preferences::region(&reader, &form.preferences, ids)?,
        samples: reader.whole(
            "samples",
            form.samples,
            i64::from(SAMPLES),
            1,
            i64::from(MOST_SAMPLES),
        )? as u32,
        seed: reader.whole("seed", form.seed, 1, 0, i64::MAX)? as u64,
        alternatives: form.alternatives,
    })
}

/// A criterion of the form, with its value function and what is known of each alternative.
fn criterion(
    reader: &Reader<'_>,
    place: usize,
    form: &CriterionForm,
    names: &[String],
) -> Result<Criterion, Diagnostic> {
    let key = |key| [Step::Key("criterion"), Step::At(place), Step::Key(key)];
    let line = Line {
        better: form.better,
        worst: form.worst,
        best: form.best,
        scale: form.scale,
        ends: if form.clip { Ends::Clipped } else { Ends::Open },
    };
    let value = line
        .value_function()
        .map_err(|(name, wrong)| reader.wrong(&key(name), wrong.message, wrong.hint))?;
    if let Some((name, value)) = form.values.iter().find(|(name, _)| !names.contains(name)) {
        if let Some(whole) = dotted(name, value).find(|whole| names.contains(whole)) {
            let hint = format!("write it in quotes: `\"{whole}\" = …`");
            let message = format!("`{whole}` is several keys in TOML");
            return Err(reader.wrong(&way_to_value(place, name), message, Some(hint)));
        }
        return Err(reader.unknown("alternative", name, names, &way_to_value(place, name)));
    }
    let evidence = |name: &String| match form.values.get(name) {
        None => Ok(Evidence::Missing),
        Some(given) => measure_form::evidence(given, form.scale)
            .and_then(|evidence| measure_form::with_scores(evidence, &value))
            .map_err(|wrong| reader.wrong(&way_to_value(place, name), wrong.message, wrong.hint)),
    };
    let measure = Measure {
        name: MEASURE.to_owned(),
        value,
        evidence: names.iter().map(evidence).collect::<Result<_, _>>()?,
    };
    Ok(Criterion {
        name: form.id.clone(),
        measures: vec![measure],
    })
}

/// The names that dotted keys may have been meant as: `node.js = 1` is a table `node` with a key `js`.
fn dotted<'v>(name: &'v str, value: &'v toml::Value) -> impl Iterator<Item = String> + 'v {
    let mut reached = Some((name.to_owned(), value));
    std::iter::from_fn(move || {
        let (name, value) = reached.take()?;
        let (key, inner) = value.as_table()?.iter().next()?;
        let whole = format!("{name}.{key}");
        reached = Some((whole.clone(), inner));
        Some(whole)
    })
}

/// Samples that were drawn together are equally many.
fn drawn_together(reader: &Reader<'_>, criteria: &[Criterion], names: &[String]) -> Result<(), Diagnostic> {
    let mut first: Option<usize> = None;
    for (place, criterion) in criteria.iter().enumerate() {
        for (alternative, evidence) in criterion.measures[0].evidence.iter().enumerate() {
            let Evidence::Samples(samples) = evidence else {
                continue;
            };
            let expected = *first.get_or_insert(samples.len());
            if samples.len() != expected {
                let message = format!(
                    "these are {} samples, and those before are {expected}: with `joint = true` all are drawn together",
                    samples.len()
                );
                let hint = "give each the same number of samples, or leave `joint` out".to_owned();
                return Err(reader.wrong(&way_to_value(place, &names[alternative]), message, Some(hint)));
            }
        }
    }
    if first.is_none() {
        let hint = "give `samples` to at least one value, or leave `joint` out".to_owned();
        let message = "`joint` is about `samples`, and there are none".to_owned();
        return Err(reader.wrong(&[Step::Key("joint")], message, Some(hint)));
    }
    Ok(())
}

fn way_to_value(criterion: usize, name: &str) -> [Step<'_>; 4] {
    [
        Step::Key("criterion"),
        Step::At(criterion),
        Step::Key("values"),
        Step::Key(name),
    ]
}
