//! Every document from fixtures: exact texts of a small case, and what must hold of pages whatever the data.

mod fixture;
mod lottery;
