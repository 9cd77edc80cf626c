//! A report for its readers: people, programs and plotters. Texts only; who prints them is not decided here.

mod hdr;
mod json;
mod text;

pub use hdr::hdr_log;
pub use json::json;
pub use text::text;
