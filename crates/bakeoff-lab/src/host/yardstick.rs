//! A yardstick of the machine's speed: one fixed piece of the work that servers do, timed where they run. A host that gives its processors to others slows them
//! down without a word in any counter; plain arithmetic hardly feels it, what lives in caches does. So the piece parses, sorts, hashes and writes a
//! document. Deliberately no figure of any contender: it tells whether two figures were measured on the same machine.

use crate::cores::pin_this_thread;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Orders in the document.
const ORDERS: u32 = 400;

/// Pieces of a look; the middle one counts, so that an interruption does not.
const PIECES: usize = 7;

/// As many trials must have been seen before one can be called slow.
const FEWEST: usize = 5;

/// How the machine's speed went in a run.
#[derive(Debug, Default)]
pub(crate) struct Yardstick {
    seen_ms: Mutex<Vec<f64>>,
}

impl Yardstick {
    /// What the piece takes on these processors now, in ms; none where no thread could be had.
    pub(crate) fn look_ms(cores: &[usize]) -> Option<f64> {
        let looked = thread::scope(|scope| {
            let look = scope.spawn(|| {
                pin_this_thread(cores);
                let text = document();
                let mut pieces: Vec<f64> = (0..PIECES).map(|_| timed_ms(&text)).collect();
                pieces.sort_by(f64::total_cmp);
                pieces[PIECES / 2]
            });
            look.join()
        });
        looked.ok()
    }

    /// Notes a trial's, and says how many times as long it took as in the middle of the trials before; none while they are few.
    pub(crate) fn times_as_long(&self, look_ms: f64) -> Option<f64> {
        let mut seen = self.seen_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let place = seen.partition_point(|one| *one < look_ms);
        let before = (seen.len() >= FEWEST).then(|| look_ms / seen[seen.len() / 2]);
        seen.insert(place, look_ms);
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

/// Parses the document, groups it by its words, and hashes what is written of that.
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
        assert!(Yardstick::look_ms(&[0]).is_some_and(|ms| ms > 0.0));
    }

    #[test]
    fn a_slow_trial_is_told_by_those_before_it() {
        let yardstick = Yardstick::default();
        for ms in [2.0, 1.0, 3.0, 2.0, 2.0] {
            assert_eq!(yardstick.times_as_long(ms), None);
        }
        assert_eq!(yardstick.times_as_long(5.0), Some(2.5));
        assert_eq!(yardstick.times_as_long(1.0), Some(0.5));
    }
}
