//! A yardstick of the machine's speed: a fixed piece of server-like work, timed on the servers' processors. A host that
//! gives its processors to others slows them down without a trace in any counter; plain arithmetic hardly shows it,
//! work that lives in caches does. So the piece parses, groups, hashes and writes a document. It is no figure of a
//! contender: it shows whether two figures come from the same machine.

use crate::cores::pin_this_thread;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Orders in the document.
const ORDERS: u32 = 400;

/// Pieces of one measurement; the median counts, so that an interruption does not.
const PIECES: usize = 7;

/// The fewest earlier trials for a comparison.
const MIN_TRIALS: usize = 5;

/// The machine's speed over a run.
#[derive(Debug, Default)]
pub(crate) struct Yardstick {
    sorted_ms: Mutex<Vec<f64>>,
}

impl Yardstick {
    /// The duration of the piece on these processors now, in ms; none when no thread starts.
    pub(crate) fn measure_ms(cores: &[usize]) -> Option<f64> {
        let measured = thread::scope(|scope| {
            let timing = scope.spawn(|| {
                pin_this_thread(cores);
                let text = document();
                let mut pieces: Vec<f64> = (0..PIECES).map(|_| timed_ms(&text)).collect();
                pieces.sort_by(f64::total_cmp);
                pieces[PIECES / 2]
            });
            timing.join()
        });
        measured.ok()
    }

    /// Records the duration of a trial, and returns its ratio to the median of earlier trials; none while these are
    /// few.
    pub(crate) fn slowdown_ratio(&self, trial_ms: f64) -> Option<f64> {
        let mut sorted = self.sorted_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let place = sorted.partition_point(|one| *one < trial_ms);
        let before = (sorted.len() >= MIN_TRIALS).then(|| trial_ms / sorted[sorted.len() / 2]);
        sorted.insert(place, trial_ms);
        before
    }
}

fn timed_ms(text: &str) -> f64 {
    let began = Instant::now();
    black_box(piece(black_box(text)));
    began.elapsed().as_secs_f64() * 1e3
}

fn document() -> String {
    let orders: Vec<String> = (0..ORDERS)
        .map(|id| {
            let price = (id * 7_919) % 10_007;
            format!(
                r#"{{"id":{id},"name":"order {price}","price":{price},"tags":["a{}","b{}"]}}"#,
                id % 13,
                id % 7
            )
        })
        .collect();
    format!("[{}]", orders.join(","))
}

/// Parses the document, groups it by name, and hashes the written groups.
fn piece(text: &str) -> [u8; 32] {
    let orders: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let mut by_name: BTreeMap<&str, Vec<&serde_json::Value>> = BTreeMap::new();
    for order in &orders {
        by_name
            .entry(order["name"].as_str().unwrap_or(""))
            .or_default()
            .push(order);
    }
    let written = serde_json::to_vec(&by_name).unwrap_or_default();
    Sha256::digest(written).into()
}

#[cfg(test)]
mod tests {
    use super::{Yardstick, document, piece};

    #[test]
    fn the_work_is_the_same_every_time() {
        let text = document();
        assert_eq!(piece(&text), piece(&text));
        assert_ne!(piece(&text), piece("[]"));
        assert!(Yardstick::measure_ms(&[0]).is_some_and(|ms| ms > 0.0));
    }

    #[test]
    fn a_slow_trial_is_compared_with_the_median_of_earlier_ones() {
        let yardstick = Yardstick::default();
        for ms in [2.0, 1.0, 3.0, 2.0, 2.0] {
            assert_eq!(yardstick.slowdown_ratio(ms), None);
        }
        assert_eq!(yardstick.slowdown_ratio(5.0), Some(2.5));
        assert_eq!(yardstick.slowdown_ratio(1.0), Some(0.5));
    }
}
