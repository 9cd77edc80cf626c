//! Explains. From a run, its judgement and its brief to documents for people and programs, as pure functions: the same
//! input gives the same bytes. What it deliberately does not do: judge, read files, look at a clock, or reach a network.
//! It cannot invent a number, since every number it prints is one that it was given.
//!
//! A new output format is a file and a row of [`FORMATS`].

mod adr;
mod commands;
mod contender;
mod csv;
mod document;
mod findings;
mod format;
mod html;
mod json;
mod number;
mod text;
mod wording;

pub use adr::{Mark, Names, Place, STYLES, Style, record, slug, style};
pub use document::Document;
pub use format::{FORMATS, Format, RenderError, format};

/// A script that looks at a rendered page from within: what overflows, what overlaps, which charts are not drawn. It is not
/// part of any document; a test appends it to a copy and reads `data-selfcheck` of the root element.
pub const SELFCHECK_JS: &str = include_str!("../assets/selfcheck.js");
