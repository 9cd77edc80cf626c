//! Explains: from a run, its judgement and its brief to documents for people and programs. Each document is a pure
//! function of them: the same input gives the same bytes. This crate judges nothing, reads no files, has no clock and
//! no network. It measures nothing anew: sums, ranks and probabilities come from the core, and it places them on
//! scales.
//!
//! # Where things are
//!
//! - `format.rs`: the table of formats and the entry point. A new format is a file and a row.
//! - `document.rs`: the input of every format, with the look-ups of the core.
//! - `field.rs`, `flags.rs`, `findings.rs`, `launches.rs`, `wording.rs`, `commands.rs`: rows of the field and what
//!   stands beside them, faults and cautions, launches, words for states, commands that repeat a run. Several formats
//!   share them.
//! - `html.rs` and `html/`: the page, with a file and a template for each section. `plot.rs`, `reading.rs`, `axis.rs`
//!   and `palette.rs` are its charts: curves as SVG, the line of values under them, scales, marks of contenders.
//! - `claims.rs`: what people say, for terminals and programs.
//! - `adr.rs` and `adr/`: the decision record in three forms.
//! - `article.rs` and `article/`: the article, Markdown with SVG figures beside it.
//! - `csv.rs`, `json.rs`, `text.rs`: the long table, `results.json`, the summary for a terminal, whose lines
//!   `layout.rs` fills.
//! - `assets/` and `templates/`: styles, scripts and templates, compiled in.
//!
//! Numbers are written by `bakeoff_core::words::number`, so that a quantity looks the same in every document.

mod adr;
mod article;
mod claims;
mod commands;
mod csv;
mod document;
mod error;
mod field;
mod findings;
mod flags;
mod format;
mod html;
mod json;
mod launches;
mod layout;
mod text;
mod wording;

pub use adr::{Names, Place, RecordMarker, STYLES, Style, record, slug, style};
pub use article::{Article, FIGURES, FILE as ARTICLE_FILE, article};
pub use claims::{ClaimRow, claim_row, claims_in_full};
pub use commands::shell_word;
pub use document::Document;
pub use error::RenderError;
pub use format::{FORMATS, Format, format};
pub use text::serverless_in_text;

/// A script that inspects a rendered page from within: overflow, overlap, charts without curves, lines of values that
/// do not follow. It is part of no document; a test appends it to a copy and reads `data-selfcheck` of the root
/// element.
pub const SELFCHECK_JS: &str = include_str!("../assets/selfcheck.js");
