//! A load's report in its three forms: text for people, JSON for programs, and HdrHistogram's log for plotters. Each
//! form is a pure function of the report that returns a text; writing it somewhere is up to the caller.
//!
//! A new form is a file here and a line below; `bakeoff load` offers it to users.

mod hdr;
mod json;
mod text;

pub use hdr::hdr_log;
pub use json::json;
pub use text::text;
