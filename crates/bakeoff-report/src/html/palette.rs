//! How a reader tells contenders apart: each has a hue by its family, and a shape and a dash pattern of its own, so
//! that nobody needs to see colours. Marks follow the order of the records, not of the verdict: a contender keeps its
//! mark when priorities change.

use crate::document::Document;
use crate::field::FieldRow;
use askama::filters::HtmlSafe;
use bakeoff_core::contender::Hue;
use bakeoff_core::entrant::Entrant;
use std::collections::BTreeMap;
use std::fmt;

/// Outlines around (0, 0), about nine units wide.
pub(crate) const SHAPES: &[&str] = &[
    "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
    "M-4,-4h8v8h-8z",
    "M0,-5.2L5,3.8H-5z",
    "M0,-5.6L5.6,0L0,5.6L-5.6,0z",
    "M0,5.2L5,-3.8H-5z",
    "M-1.8,-5h3.6v3.2h3.2v3.6h-3.2v3.2h-3.6v-3.2h-3.2v-3.6h3.2z",
    "M-5.2,0L3.8,-5V5z",
    "M0,-5.4L1.6,-1.8L5.4,-1.6L2.4,0.9L3.4,4.7L0,2.5L-3.4,4.7L-2.4,0.9L-5.4,-1.6L-1.6,-1.8z",
];

/// Lengths of dashes and gaps; none: a solid line.
const DASHES: &[&[u8]] = &[&[], &[7, 4], &[2, 3], &[9, 3, 2, 3], &[4, 2]];

/// (on light, on dark) by family.
type Shades = &'static [(&'static str, &'static str)];

const GREENS: Shades = &[
    ("#14532d", "#86d8a0"),
    ("#2f8a4c", "#4fb673"),
    ("#6a9a1f", "#b4cf63"),
    ("#0f766e", "#3fb8ac"),
    ("#4d7c5b", "#a3c9ae"),
    ("#8a8f1c", "#d3d45c"),
];
const BLUES: Shades = &[
    ("#1e3a8a", "#9db8ff"),
    ("#2f6fd6", "#5f9df5"),
    ("#0e7fa8", "#4cc0e0"),
    ("#6366c9", "#a5a6f6"),
    ("#52709c", "#a8bcd9"),
    ("#3b8fc4", "#83cdf2"),
];
const GREYS: Shades = &[
    ("#3f3f46", "#d4d4d8"),
    ("#78716c", "#a8a29e"),
    ("#57606a", "#b8c0c8"),
    ("#8b8680", "#cfc9c2"),
];
const PLUMS: Shades = &[
    ("#7e2a5b", "#e296bf"),
    ("#a8487f", "#f0b3d2"),
    ("#8b5a2b", "#d8a871"),
    ("#6d3f87", "#c79be0"),
];

/// The shades of a family's hue.
fn shades(family: &str) -> Shades {
    match Hue::of_family(family) {
        Hue::Greens => GREENS,
        Hue::Blues => BLUES,
        Hue::Greys => GREYS,
        Hue::Plums => PLUMS,
    }
}

/// What one contender is drawn with.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// Its place among the records, from 0: part of ids and of CSS variables.
    pub(crate) slot: usize,
    pub(crate) title: String,
    pub(crate) shape: usize,
    pub(crate) light: &'static str,
    pub(crate) dark: &'static str,
    pub(crate) dash: &'static [u8],
}

impl Mark {
    /// Its dashes as an SVG attribute; empty for a solid line.
    pub(crate) fn dash_array(&self) -> String {
        let lengths: Vec<String> = self.dash.iter().map(u8::to_string).collect();
        lengths.join(" ")
    }
}

/// The marks of a field, by contender.
pub(crate) struct Palette {
    by_name: BTreeMap<String, Mark>,
}

impl Palette {
    pub(crate) fn of(document: &Document<'_>, field: &[FieldRow<'_>]) -> Self {
        let order = |row: &&FieldRow<'_>| {
            let records = &document.run.contenders;
            records
                .iter()
                .position(|record| record.name == row.name)
                .unwrap_or(records.len())
        };
        let mut rows: Vec<&FieldRow<'_>> = field.iter().collect();
        rows.sort_by_key(order);
        let mut used: BTreeMap<*const (&str, &str), usize> = BTreeMap::new();
        let mut by_name = BTreeMap::new();
        for (slot, row) in rows.into_iter().enumerate() {
            let shades = shades(row.family());
            let nth = used.entry(shades.as_ptr()).or_default();
            let (light, dark) = shades[*nth % shades.len()];
            let dash = DASHES[(*nth + slot / SHAPES.len()) % DASHES.len()];
            *nth += 1;
            let mark = Mark {
                slot,
                title: row.title.clone(),
                shape: slot % SHAPES.len(),
                light,
                dark,
                dash,
            };
            by_name.insert(row.name.to_owned(), mark);
        }
        Palette { by_name }
    }

    /// The mark of a contender of the field, or of the twin's original.
    pub(crate) fn get(&self, name: &str) -> Option<&Mark> {
        self.by_name.get(name)
    }

    /// All marks in the order of their slots.
    pub(crate) fn all(&self) -> Vec<&Mark> {
        let mut marks: Vec<&Mark> = self.by_name.values().collect();
        marks.sort_by_key(|mark| mark.slot);
        marks
    }
}

/// A contender's name with its mark before it.
pub(crate) struct Named {
    pub(crate) slot: Option<usize>,
    pub(crate) title: String,
}

impl Named {
    /// The contender, or the twin with its contender's mark and a title of its own.
    pub(crate) fn of_entrant(document: &Document<'_>, palette: &Palette, entrant: &Entrant) -> Self {
        Named {
            title: document.entrant_title(entrant),
            ..Named::of(palette, entrant.name())
        }
    }

    pub(crate) fn of(palette: &Palette, name: &str) -> Self {
        match palette.get(name) {
            Some(mark) => Named {
                slot: Some(mark.slot),
                title: mark.title.clone(),
            },
            None => Named {
                slot: None,
                title: name.to_owned(),
            },
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.slot {
            // The mark stands once in the page, as a rule of the class: a page has a thousand names.
            Some(slot) => write!(f, "<span class=\"named n{slot}\"><span>")?,
            None => f.write_str("<span class=\"named\"><span>")?,
        }
        askama::filters::escape(&self.title, askama::filters::Html)
            .map_err(|_| fmt::Error)?
            .fmt(f)?;
        f.write_str("</span></span>")
    }
}

impl HtmlSafe for Named {}
