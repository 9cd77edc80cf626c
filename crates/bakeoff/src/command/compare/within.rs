//! `bakeoff compare RUN --within`: how far the blocks of one run lie apart, metric by metric. Deliberately only shown: what follows from it is the core's.

use crate::table;
use bakeoff_core::compare::Repeats;
use bakeoff_core::metric::{Repeatability, Scale, metric};

/// The table, and how to read it.
pub(super) fn print(run: &str, all: &[Repeats]) {
    println!("blocks of {run}\n");
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let header = ["metric", "contenders", "blocks", "apart", "known beforehand"];
    println!("{}\n", table::aligned(&header, &rows));
    println!("apart: one standard deviation from one block of a contender to the next, new processes each");
    println!("known beforehand: what counts for the blocks that are missing to five");
}

fn row(one: &Repeats) -> Vec<String> {
    vec![
        one.metric.clone(),
        one.contenders.to_string(),
        one.blocks.to_string(),
        deviation(one, one.deviation),
        deviation(one, one.known.factor()),
    ]
}

fn deviation(one: &Repeats, value: f64) -> String {
    let unit = metric(&one.metric).map_or("", |metric| metric.unit);
    match (one.known, one.scale) {
        (Repeatability::OfCount(_), _) => format!("{value:.2} × √{unit}"),
        (_, Scale::Log) => format!("factor {:.3}", value.exp()),
        (_, Scale::Linear) => format!("{value:.3} {unit}"),
    }
}
