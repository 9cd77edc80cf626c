//! Words: what a person reads. Numbers are written by [`number`], for every crate. This module computes nothing.

pub mod number;
