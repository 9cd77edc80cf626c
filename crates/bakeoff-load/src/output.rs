//! A load's report in its three forms: text for people, JSON for programs, and HdrHistogram's log for plotters. Each
//! form is a pure function of the report that returns a text; writing it somewhere is up to the caller. The limits that
//! a load is held to are in `limits`, since each form names the broken ones.
//!
//! A new form is a file here and a line below; `bakeoff load` offers it to users.

mod doubts;
mod hdr;
mod json;
pub(crate) mod limits;
mod text;
mod wording;

pub use hdr::hdr_log;
pub use json::{json, second_line};
pub use limits::{BrokenLimit, Limits};
pub use text::{Layout, text};
