//! The line of requests that wait for a place, in groups by the time in which they arrived: first come, first served,
//! and refused when they have waited too long. It knows no instances.

use super::tally::Tally;
use std::collections::VecDeque;

/// Requests that arrived evenly over a time; the first of them have left.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// When the first of them arrived, in s.
    from: f64,
    /// The time over which they arrived, in s.
    width: f64,
    /// Which part of them has left, 0 to 1.
    gone: f64,
    /// All that arrived.
    all: f64,
}

impl Group {
    fn left(&self) -> f64 {
        self.all * (1.0 - self.gone)
    }
}

/// The line.
#[derive(Debug, Default)]
pub(super) struct Line {
    groups: VecDeque<Group>,
    /// Requests that wait.
    pub(super) waiting: f64,
}

/// Parts of a group whose waiting times are noted apart.
const PARTS: u32 = 4;

impl Line {
    /// Requests that arrive evenly over `width` seconds from `from` on.
    pub(super) fn arrive(&mut self, from: f64, width: f64, requests: f64) {
        if requests > 0.0 {
            self.waiting += requests;
            self.groups.push_back(Group {
                from,
                width,
                gone: 0.0,
                all: requests,
            });
        }
    }

    /// Gives places to `places` requests between two times, evenly.
    pub(super) fn place(&mut self, from: f64, until: f64, places: f64, tally: &mut Tally) {
        let mut placed = 0.0;
        while let Some(group) = self.groups.front_mut() {
            let now = group.left().min(places - placed);
            if now <= 0.0 {
                break;
            }
            let part = now / group.all / f64::from(PARTS);
            for index in 0..PARTS {
                let middle = f64::from(index) + 0.5;
                let arrived = group.from + group.width * (group.gone + part * middle);
                let leaves = from + (until - from) * (placed + now / f64::from(PARTS) * middle) / places;
                tally.placed((leaves - arrived).max(0.0), now / f64::from(PARTS));
            }
            placed += now;
            group.gone += now / group.all;
            if group.left() <= 1e-9 * group.all {
                self.groups.pop_front();
            }
        }
        self.waiting = (self.waiting - placed).max(0.0);
        if self.groups.is_empty() {
            self.waiting = 0.0;
        }
    }

    /// Refuses those that have waited longer than `most_s` at a time.
    pub(super) fn refuse(&mut self, at: f64, most_s: f64, tally: &mut Tally) {
        while let Some(group) = self.groups.front_mut() {
            let late = ((at - most_s - group.from) / group.width).clamp(group.gone, 1.0);
            let refused = group.all * (late - group.gone);
            tally.refused += refused;
            self.waiting = (self.waiting - refused).max(0.0);
            group.gone = late;
            if late < 1.0 {
                break;
            }
            self.groups.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;
    use crate::serverless::tally::Tally;

    #[test]
    fn the_first_come_are_served_first_and_the_late_are_refused() {
        let (mut line, mut tally) = (Line::default(), Tally::default());
        line.arrive(0.0, 1.0, 100.0);
        line.arrive(1.0, 1.0, 100.0);
        // In the third second 50 get a place: they arrived from 0 to 0.5 and leave from 2 to 3.
        line.place(2.0, 3.0, 50.0, &mut tally);
        tally.seconds = 3.0;
        let outcome = tally.outcome(0.1);
        assert!((outcome.wait_mean_s - 2.25).abs() < 1e-9, "{outcome:?}");
        assert!((line.waiting - 150.0).abs() < 1e-9);
        // After 3 s at most, those are late at 3.75 s that arrived before 0.75 s.
        line.refuse(3.75, 3.0, &mut tally);
        assert!((tally.refused - 25.0).abs() < 1e-9);
        assert!((line.waiting - 125.0).abs() < 1e-9);
        line.place(3.75, 4.0, 1_000.0, &mut tally);
        assert_eq!(line.waiting, 0.0);
    }
}
