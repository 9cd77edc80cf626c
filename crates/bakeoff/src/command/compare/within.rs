//! `bakeoff compare RUN --within`: prints how much launches and blocks of one run differ, metric by metric. The core
//! computes it.

use bakeoff_core::compare::{Found, Repeats};
use bakeoff_core::metric::{Repeatability, Scale, metric};
use bakeoff_core::words::number::UNKNOWN;
use bakeoff_core::words::table;

/// The table, and how to read it.
pub(super) fn print(run: &str, all: &[Repeats]) {
    let has_launches = all.iter().any(|one| one.launches > 0);
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    if has_launches {
        say!("launches and blocks of {run}\n");
        let header = [
            "metric",
            "contenders",
            "launches",
            "blocks",
            "between launches",
            "expected",
            "between blocks",
            "expected",
        ];
        say!("{}\n", table::aligned(&header, &rows));
        say!(
            "between launches: one standard deviation between the launches of a contender, beyond what their blocks explain"
        );
        say!("between blocks: one standard deviation between the blocks of a launch");
        say!(
            "expected: the value from earlier experiments, which counts where there are fewer than five launches or blocks"
        );
    } else {
        say!("blocks of {run}\n");
        let header = ["metric", "contenders", "blocks", "spread", "expected"];
        say!("{}\n", table::aligned(&header, &rows));
        say!("spread: one standard deviation between the blocks of a contender, each with new processes");
        say!(
            "expected: the value from earlier experiments, which stands in for missing blocks when there are fewer than five"
        );
    }
}

fn row(one: &Repeats) -> Vec<String> {
    let mut row = vec![one.metric.clone(), one.contenders.to_string()];
    match one.found {
        Found::OfTries {
            deviation: found,
            known,
        } => row.extend([
            one.blocks.to_string(),
            deviation(one, known, found),
            deviation(one, known, known.factor()),
        ]),
        Found::OfLevels {
            deviations,
            known,
            form,
        } => {
            let shown = |value: Option<f64>| {
                value.map_or_else(|| UNKNOWN.to_owned(), |value| deviation(one, form, value))
            };
            row.extend([
                one.launches.to_string(),
                one.blocks.to_string(),
                shown(deviations.launch),
                shown(Some(known.launch)),
                shown(deviations.block),
                shown(known.block),
            ]);
        }
    }
    row
}

fn deviation(one: &Repeats, form: Repeatability, value: f64) -> String {
    let unit = metric(&one.metric).map_or("", |metric| metric.unit);
    match (form, one.scale) {
        (Repeatability::OfCount(_), _) => format!("{value:.2} × √{unit}"),
        (_, Scale::Log) => format!("factor {:.3}", value.exp()),
        (_, Scale::Linear) => format!("{value:.3} {unit}"),
    }
}
