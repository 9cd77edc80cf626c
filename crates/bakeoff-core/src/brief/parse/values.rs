//! `[values]`: value functions that the user sets, as `latency_ms_p99 = { required = 50, ideal = 5 }`. Only their
//! ends can be set: the scale between them is the metric's.

use super::reader::{Reader, Section, Within};
use crate::brief::ValueRange;
use crate::metric::{Better, METRICS, Metric, Scale, metric};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeValue;

const ANY: Within = Within {
    holds: f64::is_finite,
    words: "a number",
};
const POSITIVE: Within = Within {
    holds: |v| v > 0.0 && v.is_finite(),
    words: "a number above 0, as this metric's scale is one of ratios",
};

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> BTreeMap<String, ValueRange> {
    let Some(values) = reader.section(root, "values") else {
        return BTreeMap::new();
    };
    let known: Vec<&str> = METRICS.iter().map(|metric| metric.id).collect();
    let mut ranges = BTreeMap::new();
    for (key, value) in values.table {
        let id = Spanned::new(key.span(), key.get_ref().to_string());
        match metric(id.get_ref()) {
            Some(metric) => ranges.extend(range(reader, metric, value).map(|range| (id.into_inner(), range))),
            None => reader.unknown("metric", &id, &known, "`bakeoff list metrics` shows all"),
        }
    }
    ranges
}

fn range(reader: &mut Reader<'_>, metric: &Metric, value: &Spanned<DeValue<'_>>) -> Option<ValueRange> {
    let DeValue::Table(table) = value.get_ref() else {
        return reader.not(metric.id, "a table, as `{ required = 50, ideal = 5 }`", value);
    };
    let section = Section {
        name: format!("`{}`", metric.id),
        span: value.span(),
        table,
    };
    reader.keys(&section, &["required", "ideal"]);
    let within = if metric.scale == Scale::Log {
        &POSITIVE
    } else {
        &ANY
    };
    for key in ["required", "ideal"] {
        reader.require(
            &section,
            key,
            &format!("{} = {{ required = …, ideal = … }}", metric.id),
        );
    }
    let required = reader.number(&section, "required", within);
    let ideal = reader.number(&section, "ideal", within)?;
    let range = ValueRange {
        required: required?.into_inner(),
        ideal: *ideal.get_ref(),
    };
    in_order(reader, metric, range, &ideal);
    Some(range)
}

/// The ideal is better than what is required.
fn in_order(reader: &mut Reader<'_>, metric: &Metric, range: ValueRange, ideal: &Spanned<f64>) {
    let (words, holds) = match metric.better {
        Better::Lower => ("below", range.ideal < range.required),
        Better::Higher => ("above", range.ideal > range.required),
    };
    if !holds {
        let message = format!(
            "`ideal` must be {words} `required` ({}), as of `{}` {} is better",
            range.required,
            metric.id,
            less_or_more(metric)
        );
        reader.wrong(
            ideal.span(),
            message,
            "`required` is where the value is 0, `ideal` where it is 1".to_owned(),
        );
    }
}

fn less_or_more(metric: &Metric) -> &'static str {
    match metric.better {
        Better::Lower => "less",
        Better::Higher => "more",
    }
}
