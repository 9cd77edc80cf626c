//! Draws the article's figures: SVG files that stand alone, on the scales, shapes and colours of the page. White ground
//! and dark ink, so that they can be read on any page that shows them.

use super::lanes::{Lane, Lanes};
use super::story::Story;
use crate::html::axis::{Axis, Tick};
use crate::html::palette::SHAPES;
use bakeoff_core::range::Range;
use bakeoff_core::words::number::Quantity;
use std::fmt::Write;

/// The folder of the figures, beside the article.
pub const FIGURES: &str = "figures";

/// The width of a figure, of the names beside its lanes and of the values behind them, in pixels.
const WIDTH: f64 = 760.0;
const NAMES: f64 = 190.0;
const VALUES: f64 = 170.0;
/// The height of a lane, of a panel's title and of its scale.
const LANE: f64 = 22.0;
const TITLE: f64 = 44.0;
const SCALE: f64 = 30.0;
/// Between the edge, the names, the lanes and the values.
const GAP: f64 = 14.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1c1c1e}.t{font-weight:600}.s{fill:#5b5b60;font-size:11px}.v{font-size:12px}.g{stroke:#e2e2e6}.m{stroke:#8a8a90;stroke-dasharray:3 3}.w{stroke-width:2;stroke-linecap:round}";

/// The figures of an article, numbered as they come.
#[derive(Default)]
pub(super) struct Figures {
    files: Vec<(String, String)>,
}

impl Figures {
    /// Adds a figure, and returns the Markdown that shows it; nothing where no lane of any panel has a value.
    pub(super) fn add(
        &mut self,
        story: &Story<'_, '_>,
        name: &str,
        caption: &str,
        panels: &[Lanes<'_>],
    ) -> String {
        let mut lanes = panels.iter().flat_map(|panel| &panel.lanes);
        if !lanes.any(|lane| lane.value.is_some()) {
            return String::new();
        }
        let number = self.files.len() + 1;
        let safe: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '-' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let path = format!("{FIGURES}/{number}-{safe}.svg");
        let words = crate::adr::markdown::inline(caption);
        let markdown = format!("![Figure {number}. {words}]({path})\n\n*Figure {number}. {words}.*\n\n");
        self.files.push((path, svg(story, caption, panels)));
        markdown
    }

    /// Paths and contents, in order.
    pub(super) fn into_files(self) -> Vec<(String, String)> {
        self.files
    }
}

fn svg(story: &Story<'_, '_>, caption: &str, panels: &[Lanes<'_>]) -> String {
    let heights = panels
        .iter()
        .map(|panel| TITLE + panel.lanes.len() as f64 * LANE + SCALE);
    let height = heights.sum::<f64>() + GAP;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n<title>{}</title>\n<style>{STYLE}</style>\n<defs><pattern id=\"none\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0,0V6\" stroke=\"#c9c9ce\"/></pattern></defs>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n",
        text(caption)
    );
    let mut top = 0.0;
    for panel in panels {
        top = draw(story, panel, top, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// Draws a panel below `top`, and returns where the next one begins.
fn draw(story: &Story<'_, '_>, panel: &Lanes<'_>, top: f64, out: &mut String) -> f64 {
    let ranges: Vec<Range> = panel.lanes.iter().filter_map(|lane| lane.value).collect();
    let marks: Vec<f64> = panel.marks.iter().map(|mark| mark.value).collect();
    let axis = if panel.is_share {
        Axis::PADDED_UNIT
    } else {
        Axis::around(&ranges, &marks, panel.scale)
    };
    let first = top + TITLE;
    let last = first + panel.lanes.len() as f64 * LANE;
    let _ = writeln!(
        out,
        "<text class=\"t\" x=\"{GAP}\" y=\"{:.1}\">{}</text>",
        top + 20.0,
        text(&panel.title)
    );
    for tick in axis.ticks(|value| Quantity::new(value, panel.unit).as_set()) {
        scale(&tick, first, last, out);
    }
    for mark in panel.marks.iter().filter(|mark| axis.holds(mark.value)) {
        let at = place(&axis, mark.value);
        let _ = writeln!(
            out,
            "<path class=\"m\" d=\"M{at:.1},{:.1}V{last:.1}\"/><text class=\"s\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            first - 2.0,
            first - 5.0,
            mark.words
        );
    }
    for (at, lane) in panel.lanes.iter().enumerate() {
        draw_lane(story, lane, &axis, first + (at as f64 + 0.5) * LANE, out);
    }
    last + SCALE
}

fn scale(tick: &Tick, first: f64, last: f64, out: &mut String) {
    let percent: f64 = tick.at.trim_end_matches('%').parse().unwrap_or(0.0);
    let at = NAMES + percent / 100.0 * lane_width();
    let _ = writeln!(
        out,
        "<path class=\"g\" d=\"M{at:.1},{first:.1}V{last:.1}\"/><text class=\"s\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{}\">{}</text>",
        last + 14.0,
        tick.anchor,
        text(&tick.label)
    );
}

fn draw_lane(story: &Story<'_, '_>, lane: &Lane<'_>, axis: &Axis, middle: f64, out: &mut String) {
    let base = middle + 4.5;
    let _ = writeln!(
        out,
        "<text x=\"{GAP}\" y=\"{base:.1}\">{}</text><text class=\"v\" x=\"{:.1}\" y=\"{base:.1}\" text-anchor=\"end\">{}</text>",
        text(&short(&lane.title, lane.is_reference)),
        WIDTH - GAP,
        text(&lane.words)
    );
    let mark = story.palette.get(lane.name);
    let (Some(range), Some(mark)) = (lane.value, mark) else {
        let _ = writeln!(
            out,
            "<rect x=\"{NAMES}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"url(#none)\"/>",
            middle - 7.0,
            lane_width(),
            14.0
        );
        return;
    };
    let (low, at, high) = (
        place(axis, range.low),
        place(axis, range.value),
        place(axis, range.high),
    );
    let _ = writeln!(
        out,
        "<path class=\"w\" stroke=\"{0}\" d=\"M{low:.1},{middle:.1}H{high:.1}\"/><path fill=\"{0}\" stroke=\"#fff\" transform=\"translate({at:.1},{middle:.1})\" d=\"{1}\"/>",
        mark.light, SHAPES[mark.shape]
    );
}

const fn lane_width() -> f64 {
    WIDTH - NAMES - VALUES
}

/// Where a value lies, in pixels.
fn place(axis: &Axis, value: f64) -> f64 {
    NAMES + axis.percent(value) / 100.0 * lane_width()
}

/// A title that fits beside a lane.
fn short(title: &str, is_reference: bool) -> String {
    const MOST: usize = 25;
    let behind = if is_reference { " (ref.)" } else { "" };
    let most = MOST - behind.chars().count();
    if title.chars().count() <= most {
        return format!("{title}{behind}");
    }
    let cut: String = title.chars().take(most - 1).collect();
    format!("{}…{behind}", cut.trim_end())
}

/// A text of others within SVG.
fn text(words: &str) -> String {
    let mut out = String::new();
    for c in words.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
