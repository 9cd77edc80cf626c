//! The search against simulated servers whose highest rate is known in closed form.

use super::{Held, RateSearch};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

/// A queue with one server, Poisson arrivals and exponential service.
struct Queue {
    /// Services a second.
    service_rate: f64,
    random: ChaCha12Rng,
}

impl Queue {
    fn new(service_rate: f64, seed: u64) -> Queue {
        Queue {
            service_rate,
            random: ChaCha12Rng::seed_from_u64(seed),
        }
    }

    fn exponential(&mut self, rate: f64) -> f64 {
        -(1.0 - self.random.random::<f64>()).ln() / rate
    }

    /// Whether at most one in a hundred of the requests of `seconds` stays longer than `limit_s`, after as long at
    /// the same rate [D. V. Lindley's recursion of the waiting time, 1952].
    fn holds(&mut self, rate: f64, seconds: f64, limit_s: f64) -> Held {
        let (mut at, mut waiting) = (0.0, 0.0_f64);
        let (mut all, mut late) = (0_u32, 0_u32);
        while at < 2.0 * seconds {
            let service = self.exponential(self.service_rate);
            if at >= seconds {
                all += 1;
                late += u32::from(waiting + service > limit_s);
            }
            let gap = self.exponential(rate);
            at += gap;
            waiting = (waiting + service - gap).max(0.0);
        }
        if f64::from(late) <= 0.01 * f64::from(all) {
            Held::Yes
        } else {
            Held::No
        }
    }

    /// The rate at which exactly one in a hundred stays longer: time in an M/M/1 system is exponential with rate μ − λ.
    fn highest(&self, limit_s: f64) -> f64 {
        self.service_rate - 100_f64.ln() / limit_s
    }
}

fn search(between: (f64, f64), tries: usize, mut held: impl FnMut(f64) -> Held) -> RateSearch {
    let mut search = RateSearch::between(between.0, between.1);
    for _ in 0..tries {
        let rate = search.next_rate();
        search.learn(rate, held(rate));
    }
    search
}

/// A server whose answers turn around a known rate as steeply as told, and of which one in fifty is wrong.
fn turning(highest: f64, steepness: f64, seed: u64) -> impl FnMut(f64) -> Held {
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    move |rate| {
        let is_held = 0.02 + 0.96 / (1.0 + (rate / highest).powf(steepness));
        if random.random::<f64>() < is_held {
            Held::Yes
        } else {
            Held::No
        }
    }
}

#[test]
fn the_known_rate_lies_in_the_interval() {
    for steepness in [10.0, 20.0, 60.0] {
        let (mut hits, mut width) = (0, 0.0);
        for seed in 0..200 {
            let highest = 300.0 + 8.0 * seed as f64;
            let range = search((200.0, 2_040.0), 7, turning(highest, steepness, seed)).range();
            hits += u32::from(range.low <= highest && highest <= range.high);
            width += (range.high / range.low).ln() / 200.0;
        }
        assert!(hits >= 180, "{steepness}: {hits} of 200");
        assert!(width < 0.6, "{steepness}: {width}");
    }
}

#[test]
fn a_queue_holds_what_the_closed_form_says() {
    // In short tries a queue has not always grown to its full length, so a rate somewhat above the closed form is
    // held; the capacity is never.
    for (service_rate, limit_s, most) in [(500.0, 0.05, 0.18), (2_000.0, 0.05, 0.08), (8_000.0, 0.05, 0.05)] {
        let bias: f64 = (0..40)
            .map(|seed| {
                let mut queue = Queue::new(service_rate, seed);
                let truth = queue.highest(limit_s);
                let between = (service_rate * 0.1, service_rate * 1.02);
                let found = search(between, 7, |rate| queue.holds(rate, 0.4, limit_s)).range();
                (found.value / truth).ln() / 40.0
            })
            .sum();
        assert!(
            (-0.06..most).contains(&bias),
            "{service_rate}/s, {limit_s} s: {bias}"
        );
    }
}

#[test]
fn more_tries_come_nearer_and_are_surer() {
    let mean = |tries| {
        let all = (0..100).map(|seed| {
            let highest = 300.0 + 16.0 * seed as f64;
            let range = search((200.0, 2_040.0), tries, turning(highest, 20.0, seed)).range();
            ((range.value / highest).ln().abs(), (range.high / range.low).ln())
        });
        all.fold((0.0, 0.0), |sum, one| {
            (sum.0 + one.0 / 100.0, sum.1 + one.1 / 100.0)
        })
    };
    let (few, many) = (mean(4), mean(16));
    assert!(many.0 < few.0 && many.1 < few.1, "{few:?} {many:?}");
    assert!(many.0 < 0.05, "{many:?}");
}

#[test]
fn one_wrong_result_does_not_decide() {
    let mut search = RateSearch::between(10.0, 1_000.0);
    for turn in 0..20 {
        let rate = search.next_rate();
        let right = rate <= 200.0;
        let held = if (turn == 1) != right { Held::Yes } else { Held::No };
        search.learn(rate, held);
    }
    let range = search.range();
    assert!(
        range.low < 200.0 && 200.0 < range.high && range.high / range.low < 1.5,
        "{range:?}"
    );
}

#[test]
fn a_server_that_holds_no_rate_is_recognised() {
    let nothing = search((10.0, 100.0), 8, |_| Held::No);
    let everything = search((10.0, 100.0), 8, |_| Held::Yes);
    assert!(nothing.is_at_the_low_end() && !everything.is_at_the_low_end());
    assert!(everything.range().value > 90.0);
}
