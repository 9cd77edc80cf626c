//! A chart as one SVG that the server draws: curves on two axes, in percent of the chart, so that it grows with its
//! column. The values under it are [`super::reading`]. It draws the points that it gets and computes none.

use super::axis::{Axis, Tick, percent};
use super::palette::{Mark, Palette};
use super::reading::{Reading, Row, Stop};
use askama::Template;
use bakeoff_core::words::number::Quantity;
use std::fmt::Write;

/// Both sides of a chart in the units of its paths.
const SIDE: f64 = 1000.0;

/// The two axes of a chart.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) x: Axis,
    pub(super) y: Axis,
}

/// A line of a chart.
pub(super) struct Curve {
    slot: usize,
    class: &'static str,
    dash: String,
    path: String,
    title: String,
}

/// A symbol on a chart, in percent of its width and height.
pub(super) struct Symbol {
    slot: usize,
    shape: usize,
    x: String,
    y: String,
}

/// A ring around a point that a reader must not take for one of the others, in percent of the chart.
pub(super) struct Ring {
    x: String,
    y: String,
    words: String,
}

/// A level that a line across the chart marks.
pub(super) struct Level {
    pub(super) y: String,
    pub(super) words: String,
}

/// A chart with its line of values.
#[derive(Template)]
#[template(path = "plot.html")]
pub(super) struct Plot {
    label: String,
    unit: &'static str,
    x_name: &'static str,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    shade: Option<(String, String)>,
    level: Option<Level>,
    curves: Vec<Curve>,
    symbols: Vec<Symbol>,
    rings: Vec<Ring>,
    pub(super) reading: Reading,
}

impl askama::filters::HtmlSafe for Plot {}

/// What stands around the curves.
pub(super) struct Labels {
    /// The chart's id, without `chart-`.
    pub(super) id: String,
    /// What the chart shows, for readers who listen.
    pub(super) title: String,
    /// The unit of y.
    pub(super) unit: &'static str,
    /// What x counts.
    pub(super) x_name: &'static str,
    pub(super) x_ticks: Vec<Tick>,
    /// The part of x that is shaded.
    pub(super) shade: Option<(f64, f64)>,
    pub(super) level: Option<Level>,
}

impl Plot {
    pub(super) fn new(
        frame: Frame,
        labels: Labels,
        curves: Vec<Curve>,
        symbols: Vec<Symbol>,
        (stops, rows, start): (Vec<Stop>, Vec<Row>, usize),
        palette: &Palette,
    ) -> Plot {
        let reading = Reading::new(labels.id, stops, rows, start, palette);
        Plot {
            label: format!("{}. {}", labels.title, reading.words()),
            unit: labels.unit,
            x_name: labels.x_name,
            x_ticks: labels.x_ticks,
            y_ticks: frame.y_ticks(),
            shade: labels.shade.map(|(from, to)| {
                let (from, to) = (frame.x.percent(from), frame.x.percent(to));
                (percent(from), percent(to - from))
            }),
            level: labels.level,
            curves,
            symbols,
            rings: Vec::new(),
            reading,
        }
    }

    /// The same with rings around some points.
    pub(super) fn with_rings(self, rings: Vec<Ring>) -> Plot {
        Plot { rings, ..self }
    }

    fn cursor(&self) -> String {
        percent(self.reading.at())
    }
}

impl Curve {
    /// Whether it has a point.
    pub(super) fn is_drawn(&self) -> bool {
        !self.path.is_empty()
    }
}

impl Frame {
    /// A chart whose y axis is logarithmic and holds all points.
    pub(super) fn around<'a>(x: Axis, points: impl Iterator<Item = &'a (f64, f64)>) -> Frame {
        let (low, high) = points.fold((f64::INFINITY, 0.0_f64), |(low, high), (_, y)| {
            (low.min(*y), high.max(*y))
        });
        Frame {
            x,
            y: Axis::round_log(low, high),
        }
    }

    /// Where a value lies from the top, in percent.
    pub(super) fn top_percent(&self, y: f64) -> f64 {
        100.0 - self.y.percent(y)
    }

    fn y_ticks(&self) -> Vec<Tick> {
        let tick = |value: f64| Tick {
            at: percent(self.top_percent(value)),
            label: Quantity::new(value, "").as_set_bare(),
            anchor: "end",
        };
        self.y.round_values().into_iter().map(tick).collect()
    }

    /// A line through the points, drawn as the mark says.
    pub(super) fn curve(&self, mark: &Mark, points: &[(f64, f64)], title: String) -> Curve {
        Curve {
            slot: mark.slot,
            class: "",
            dash: mark.dash_array(),
            path: self.path(points),
            title,
        }
    }

    /// A thinner, dotted line: the end of an interval.
    pub(super) fn bound(&self, mark: &Mark, points: &[(f64, f64)]) -> Curve {
        Curve {
            slot: mark.slot,
            class: " bound",
            dash: String::new(),
            path: self.path(points),
            title: String::new(),
        }
    }

    /// Dots at the points, as one path: a step of no length with a round end is a dot.
    pub(super) fn dots(&self, mark: &Mark, points: &[(f64, f64)]) -> Curve {
        let mut path = String::new();
        for point in points {
            let (x, y) = self.place(point);
            write!(path, "M{x} {y}h0").expect("a string takes all text");
        }
        Curve {
            slot: mark.slot,
            class: " dots",
            dash: String::new(),
            path,
            title: String::new(),
        }
    }

    /// A tinted rectangle: an interval of y over a part of x.
    pub(super) fn band(
        &self,
        mark: &Mark,
        (from, to): (f64, f64),
        (low, high): (f64, f64),
        title: String,
    ) -> Curve {
        let ((left, bottom), (right, top)) = (self.place(&(from, low)), self.place(&(to, high)));
        Curve {
            slot: mark.slot,
            class: " band",
            dash: String::new(),
            path: format!("M{left} {bottom}H{right}V{top}H{left}z"),
            title,
        }
    }

    /// A ring around a point.
    pub(super) fn ring(&self, (x, y): (f64, f64), words: String) -> Ring {
        Ring {
            x: self.x.at(x),
            y: percent(self.top_percent(y)),
            words,
        }
    }

    /// The mark's symbol at a point.
    pub(super) fn symbol(&self, mark: &Mark, (x, y): (f64, f64)) -> Symbol {
        Symbol {
            slot: mark.slot,
            shape: mark.shape,
            x: self.x.at(x),
            y: percent(self.top_percent(y)),
        }
    }

    /// Where a point lies in thousandths of the chart, from its top left corner.
    fn place(&self, (x, y): &(f64, f64)) -> (i32, i32) {
        let (x, y) = (self.x.percent(*x) / 100.0, self.top_percent(*y) / 100.0);
        ((x * SIDE).round() as i32, (y * SIDE).round() as i32)
    }

    /// The points as an SVG path in thousandths of the chart, by steps: half the bytes of absolute places.
    fn path(&self, points: &[(f64, f64)]) -> String {
        let mut places: Vec<(i32, i32)> = points.iter().map(|point| self.place(point)).collect();
        places.dedup();
        let Some(&(x, y)) = places.first() else {
            return String::new();
        };
        let mut path = format!("M{x} {y}");
        // A round end makes a dot of a line without length.
        path.push_str(if places.len() == 1 { "h0" } else { "l" });
        let mut separator = "";
        for pair in places.windows(2) {
            let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let before = if dx < 0 { "" } else { separator };
            let between = if dy < 0 { "" } else { " " };
            write!(path, "{before}{dx}{between}{dy}").expect("a string takes all text");
            separator = " ";
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;
    use crate::html::axis::Axis;

    #[test]
    fn a_path_goes_by_steps_from_its_first_point() {
        let frame = Frame {
            x: Axis::linear(0.0, 10.0),
            y: Axis::linear(0.0, 10.0),
        };
        assert_eq!(
            frame.path(&[(0.0, 0.0), (5.0, 10.0), (10.0, 5.0)]),
            "M0 1000l500-1000 500 500"
        );
        assert_eq!(frame.path(&[(5.0, 5.0)]), "M500 500h0");
        assert_eq!(frame.path(&[]), "");
    }
}
