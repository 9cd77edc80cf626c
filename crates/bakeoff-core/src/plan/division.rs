//! How a run divides its time between launches and blocks. Knows no contender and no budget.

use crate::metric::metric;

/// The metric whose deviations decide: the one that most of a run's comparisons rest on.
const METRIC: &str = "cpu_us_per_request";

/// The deviations of a metric at the two levels, each as a standard deviation on the metric's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Deviations {
    /// Between launches of one contender, blocks apart.
    pub(super) launches: f64,
    /// Between blocks of one launch.
    pub(super) blocks: f64,
}

impl Deviations {
    /// Those of CPU time a request, as its row knows them beforehand; equal where the row has none.
    pub(super) fn of_cpu_time() -> Deviations {
        let known = metric(METRIC).and_then(|metric| Some((metric.levels.launch, metric.levels.block?)));
        let (launches, blocks) = known.unwrap_or((1.0, 1.0));
        Deviations { launches, blocks }
    }
}

/// The fewest blocks of a launch: one alone does not tell a launch from a block.
const LEAST: u32 = 2;

/// The most blocks of a launch: a full answer takes less than 20 minutes for eight contenders, and further rounds serve
/// those that can still become the choice better than further blocks of all.
const MOST: u32 = 3;

/// The number of blocks of each launch with which a given time brings the least error:
/// √((cost of a launch ÷ cost of a block) × (variance of blocks ÷ variance of launches)) [Kalibera & Jones, ISMM 2013].
pub(super) fn blocks_of_a_launch(launch_s: f64, block_s: f64, deviations: Deviations) -> u32 {
    let variances = (deviations.blocks / deviations.launches).powi(2);
    let best = (launch_s / block_s * variances).sqrt();
    (best.round() as u32).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::{Deviations, LEAST, MOST, blocks_of_a_launch};

    #[test]
    fn dear_launches_and_noisy_blocks_call_for_more_blocks() {
        let deviations = |blocks, launches| Deviations { launches, blocks };
        // √(10/5 × 4) = 2.8, √(10/5 × 2) = 2, and √(10/5 × 1/4) = 0.7.
        assert_eq!(blocks_of_a_launch(10.0, 5.0, deviations(0.1, 0.05)), 3);
        assert_eq!(
            blocks_of_a_launch(10.0, 5.0, deviations(0.1, 0.1 / 2.0_f64.sqrt())),
            2
        );
        assert_eq!(blocks_of_a_launch(10.0, 5.0, deviations(0.05, 0.1)), LEAST);
        assert_eq!(blocks_of_a_launch(60.0, 1.0, deviations(0.1, 0.05)), MOST);
        assert_eq!(blocks_of_a_launch(10.0, 5.0, deviations(0.1, 0.0)), MOST);
    }

    #[test]
    fn the_row_of_cpu_time_knows_both_deviations() {
        let known = Deviations::of_cpu_time();
        assert!(
            known.launches > 0.0
                && known.blocks > 0.0
                && known
                    != Deviations {
                        launches: 1.0,
                        blocks: 1.0
                    }
        );
    }
}
