//! The table of metrics, by criterion. It has only metrics that the lab measures, and those that earlier versions
//! measured in stored runs.

mod architecture;
mod extensibility;
mod learning;
mod scalability;
mod speed;
mod universality;

use super::{Column, Metric};

/// The parts in the order in which a reader sees them.
const PARTS: [&[Metric]; 6] = [
    speed::ROWS,
    scalability::ROWS,
    universality::ROWS,
    extensibility::ROWS,
    architecture::ROWS,
    learning::ROWS,
];

/// Every metric that the lab measures, or that earlier versions measured.
pub const METRICS: &[Metric] = &ALL;

const ALL: [Metric; count()] = joined();

const fn count() -> usize {
    let (mut part, mut count) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
}

const fn joined() -> [Metric; count()] {
    let mut all = [PARTS[0][0]; count()];
    let (mut part, mut at) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            (row, at) = (row + 1, at + 1);
        }
        part += 1;
    }
    all
}

/// The row of that id, if there is one.
#[must_use]
pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.id == id)
}

/// The metrics of the short tables of a report with their columns, in the order of the columns.
#[must_use]
pub fn columns() -> Vec<(&'static Metric, Column)> {
    let with_column = METRICS.iter().filter_map(|metric| Some((metric, metric.column?)));
    let mut columns: Vec<_> = with_column.collect();
    columns.sort_by_key(|(_, column)| column.place);
    columns
}

#[cfg(test)]
mod tests {
    use super::METRICS;
    use crate::metric::Repeatability;

    #[test]
    fn what_earlier_versions_measured_keeps_its_row() {
        let earlier = METRICS.iter().filter(|metric| metric.is_of_earlier_versions());
        let ids: Vec<&str> = earlier.map(|metric| metric.id).collect();
        assert_eq!(ids, ["cognitive_complexity", "api_surface"]);
    }

    #[test]
    fn what_is_exact_varies_at_no_level_and_all_else_does() {
        for metric in METRICS {
            let levels = metric.levels;
            let together = levels.launch.hypot(levels.block.unwrap_or(0.0));
            let is_exact = metric.repeatability == Repeatability::Exact;
            assert_eq!(is_exact, together == 0.0, "{}", metric.id);
            assert!(levels.is_once() || !levels.needs_launches, "{}", metric.id);
        }
    }
}
