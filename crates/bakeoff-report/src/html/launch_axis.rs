//! The x axis of a contender's launches: on the left the seconds of the warm-up, on the right the blocks of the run, in
//! which it was measured. It draws nothing.

use super::axis::{Axis, Tick};
use bakeoff_core::words::number::Quantity;

/// Where the seconds end and the blocks begin, in percent of the axis.
const SECONDS_TO: f64 = 54.0;
const BLOCKS_FROM: f64 = 60.0;
/// Labels of seconds end here, so that the first block has room for its own.
const LABELS_TO: f64 = 48.0;
/// Room beyond the last window, as a factor.
const ROOM: f64 = 1.02;
/// About how many blocks have a label.
const LABELLED_BLOCKS: u32 = 4;

/// The axis of one chart; its places are in percent of the chart.
pub(super) struct LaunchAxis {
    seconds: Axis,
    blocks: u32,
}

impl LaunchAxis {
    /// For warm-ups of at most `last_s` seconds, and `blocks` blocks of the run.
    pub(super) fn new(last_s: f64, blocks: u32) -> LaunchAxis {
        LaunchAxis {
            seconds: Axis::from_zero(last_s * ROOM),
            blocks: blocks.max(1),
        }
    }

    /// The whole axis, on which the places lie.
    pub(super) fn whole() -> Axis {
        Axis::linear(0.0, 100.0)
    }

    /// The place of an instant of the warm-up.
    pub(super) fn second(&self, at_s: f64) -> f64 {
        self.seconds.percent(at_s) * SECONDS_TO / 100.0
    }

    /// The place of a block, counted from 0.
    pub(super) fn block(&self, block: u32) -> f64 {
        self.edge(f64::from(block) + 0.5)
    }

    /// From the left edge of one block to the right edge of another.
    pub(super) fn blocks(&self, first: u32, last: u32) -> (f64, f64) {
        (self.edge(f64::from(first)), self.edge(f64::from(last) + 1.0))
    }

    /// The part of the axis that has the blocks.
    pub(super) const fn measured() -> (f64, f64) {
        (BLOCKS_FROM, 100.0)
    }

    fn edge(&self, blocks: f64) -> f64 {
        BLOCKS_FROM + (100.0 - BLOCKS_FROM) * (blocks / f64::from(self.blocks)).clamp(0.0, 1.0)
    }

    /// Labelled seconds and blocks, as many as have room.
    pub(super) fn ticks(&self) -> Vec<Tick> {
        let seconds = self.seconds.round_values().into_iter();
        let seconds = seconds.map(|at_s| (self.second(at_s), Quantity::new(at_s, "").as_set_bare()));
        let step = self.blocks.div_ceil(LABELLED_BLOCKS);
        let labelled = (1..=self.blocks).filter(|number| *number == 1 || number % step == 0);
        let blocks = labelled.map(|number| (self.block(number - 1), number.to_string()));
        let places: Vec<(f64, String)> = seconds
            .filter(|(place, _)| *place <= LABELS_TO)
            .chain(blocks)
            .collect();
        let label = |place: f64| {
            let own = places.iter().find(|(at, _)| (at - place).abs() < 1e-9);
            own.map_or_else(String::new, |(_, label)| label.clone())
        };
        LaunchAxis::whole().chart_ticks(places.iter().map(|(place, _)| *place).collect(), label)
    }
}

#[cfg(test)]
mod tests {
    use super::LaunchAxis;

    #[test]
    fn seconds_come_before_blocks_and_each_block_has_its_place() {
        for (last_s, blocks) in [(2.5, 15), (180.0, 6), (0.0, 1), (60.0, 40)] {
            let axis = LaunchAxis::new(last_s, blocks);
            assert!(axis.second(last_s) < LaunchAxis::measured().0);
            let places: Vec<f64> = (0..blocks).map(|block| axis.block(block)).collect();
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
            assert!(places.iter().all(|place| (60.0..100.0).contains(place)));
            let (from, to) = axis.blocks(0, blocks - 1);
            assert_eq!((from, to), LaunchAxis::measured());
            let ticks = axis.ticks();
            assert!(
                ticks.iter().any(|tick| tick.label == "1"),
                "the first block has its label"
            );
        }
    }
}
