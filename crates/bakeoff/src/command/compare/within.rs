//! `bakeoff compare RUN --within`: prints how much the blocks of one run differ, metric by metric. The core computes
//! it.

use bakeoff_core::compare::Repeats;
use bakeoff_core::metric::{Repeatability, Scale, metric};
use bakeoff_core::words::table;

/// The table, and how to read it.
pub(super) fn print(run: &str, all: &[Repeats]) {
    println!("blocks of {run}\n");
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    let header = ["metric", "contenders", "blocks", "spread", "expected"];
    println!("{}\n", table::aligned(&header, &rows));
    println!("spread: one standard deviation between the blocks of a contender, each with new processes");
    println!(
        "expected: the value from earlier experiments, which stands in for missing blocks when there are fewer than five"
    );
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
