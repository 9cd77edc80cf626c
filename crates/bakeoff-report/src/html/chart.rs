//! What the drawings of the chart library share: the data's form, axes, tooltips, round ends. Colours stand in the options as
//! names of the page's variables, which the page's script replaces. Deliberately options only: the script draws.

use super::mark::Mark;
use serde::Serialize;
use serde_json::{Value, json};

/// A drawing's data for the chart library.
#[derive(Serialize)]
pub(super) struct ChartOption {
    /// The label under which it is shown; none: always.
    pub(super) label: Option<usize>,
    /// The element's id, without `chart-`.
    pub(super) chart: &'static str,
    pub(super) option: Value,
}

/// The frame of every drawing; its series are lines without symbols unless they say otherwise, which the page's script adds: a value axis below, whose numbers the page's script writes as `x`, and a logarithmic one.
pub(super) fn frame(x: &'static str, last: f64, low: f64, high: f64, series: Vec<Value>) -> Value {
    json!({
        "animation": false,
        "textStyle": { "fontFamily": "inherit" },
        "grid": { "left": 44, "right": 26, "top": 14, "bottom": 26, "outerBoundsMode": "none" },
        "tooltip": {
            "trigger": "axis", "confine": true, "backgroundColor": "--paper", "borderColor": "--line",
            "textStyle": { "color": "--ink", "fontSize": 12 },
            "axisPointer": { "lineStyle": { "color": "--line" } },
        },
        "xAxis": {
            "type": "value", "min": 0, "max": last, "axisLine": line(), "axisTick": line(), "splitLine": split(),
            "axisLabel": { "color": "--soft", "fontSize": 11, "showMaxLabel": false, "formatter": x },
        },
        "yAxis": {
            "type": "log", "min": step_down(low), "max": step_up(high), "splitLine": split(),
            "axisLabel": { "color": "--soft", "fontSize": 11 },
        },
        "series": series,
    })
}

/// The dashes of a contender's lines.
pub(super) fn dash(mark: &Mark) -> Value {
    if mark.dash.is_empty() {
        json!("solid")
    } else {
        json!(mark.dash)
    }
}

fn line() -> Value {
    json!({ "show": true, "lineStyle": { "color": "--line" } })
}

fn split() -> Value {
    json!({ "show": true, "lineStyle": { "color": "--rule" } })
}

/// To four digits, and none beyond the fourth after the point: finer than any drawing, and a page has tens of thousands of them.
pub(super) fn rounded(value: f64) -> f64 {
    let whole = value.abs().max(1.0).log10().floor() as i32;
    let step = 10f64.powi((if value.abs() < 1.0 { 4 } else { 3 - whole }).max(0));
    (value * step).round() / step
}

pub(super) fn extent<'a>(points: impl Iterator<Item = &'a (f64, f64)>) -> (f64, f64) {
    points.fold((f64::INFINITY, 0.0), |(low, high), (_, ms)| {
        (ms.min(low), ms.max(high))
    })
}

/// The next of 1, 2, 5 × 10ⁿ at or below.
fn step_down(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 0.1;
    }
    let decade = 10f64.powf(value.log10().floor());
    [5.0, 2.0, 1.0]
        .map(|m| m * decade)
        .into_iter()
        .find(|s| *s <= value * (1.0 + 1e-9))
        .unwrap_or(decade)
}

/// The next of 1, 2, 5 × 10ⁿ at or above.
fn step_up(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 100.0;
    }
    let decade = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|m| m * decade)
        .into_iter()
        .find(|s| *s >= value * (1.0 - 1e-9))
        .unwrap_or(decade * 10.0)
}

#[cfg(test)]
mod tests {
    use super::{rounded, step_down, step_up};

    #[test]
    fn four_digits_are_enough() {
        assert_eq!(
            [0.123_456, 12.345_678, 1_234.567_8, 123_456.7].map(rounded),
            [0.123_5, 12.35, 1_235.0, 123_457.0]
        );
    }

    #[test]
    fn a_scale_ends_on_round_numbers() {
        assert_eq!((step_down(1.3), step_up(61.0)), (1.0, 100.0));
        assert_eq!((step_down(f64::INFINITY), step_up(0.0)), (0.1, 100.0));
    }
}
