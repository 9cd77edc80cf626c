//! Every document from fixtures: exact texts of a small case, and what must hold of all documents whatever the data.

mod cases;
mod conclusions;
mod evidence;
mod exact;
mod fixture;
mod histograms;
mod invariants;
mod look;
mod lottery;
mod markup;
mod page;
mod values;
