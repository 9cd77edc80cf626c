//! Every document from fixtures: exact texts of a small case, and rules that hold for all documents with any data.

mod article;
mod cases;
mod conclusions;
mod evidence;
mod exact;
mod fixture;
mod histograms;
mod invariants;
mod launches;
mod look;
mod lottery;
mod markup;
mod page;
mod serverless;
mod values;
