//! How a run divides its time between launches and blocks. Knows no contender and no budget.

/// The deviations of a metric at the two levels, each as a standard deviation on the metric's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Deviations {
    /// Between launches of one contender, blocks apart.
    pub(super) launches: f64,
    /// Between blocks of one launch.
    pub(super) blocks: f64,
}

impl Deviations {
    /// Those of CPU time a request, as known beforehand: the same program started again differs by 3 to 7 %, and the
    /// trials of one launch by more.
    pub(super) const OF_CPU_TIME: Deviations = Deviations {
        launches: 0.05,
        blocks: 0.07,
    };
}

/// The fewest blocks of a launch: one alone does not tell a launch from a block.
const LEAST: u32 = 2;

/// The most blocks of a launch: a launch that drifts is found by then, and two levels need launches.
const MOST: u32 = 5;

/// The number of blocks of each launch with which a given time brings the least error:
/// √((cost of a launch ÷ cost of a block) × (variance of blocks ÷ variance of launches)) [Kalibera & Jones, ISMM 2013].
pub(super) fn blocks_of_a_launch(launch_s: f64, block_s: f64, deviations: Deviations) -> u32 {
    let variances = (deviations.blocks / deviations.launches).powi(2);
    let best = (launch_s / block_s * variances).sqrt();
    (best.round() as u32).clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::{Deviations, blocks_of_a_launch};

    #[test]
    fn dear_launches_and_noisy_blocks_call_for_more_blocks() {
        let deviations = |blocks, launches| Deviations { launches, blocks };
        // √(10/5 × 4) = 2.8, √(20/5 × 4) = 4, and √(10/5 × 1/4) = 0.7.
        assert_eq!(blocks_of_a_launch(10.0, 5.0, deviations(0.1, 0.05)), 3);
        assert_eq!(blocks_of_a_launch(20.0, 5.0, deviations(0.1, 0.05)), 4);
        assert_eq!(blocks_of_a_launch(10.0, 5.0, deviations(0.05, 0.1)), 2);
        assert_eq!(blocks_of_a_launch(60.0, 1.0, deviations(0.1, 0.05)), 5);
        assert_eq!(blocks_of_a_launch(10.0, 5.0, deviations(0.1, 0.0)), 5);
    }
}
