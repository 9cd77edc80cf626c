//! What an autoscaler decides: how many instances it wants from what it saw, and how long it keeps those that it does
//! not want any more. Both simulations use it, so they differ in how they see and not in what follows. It starts and
//! stops nothing itself.

use super::instance::Instance;
use super::policy::Policy;
use std::collections::VecDeque;

/// An autoscaler at work, second by second.
#[derive(Debug)]
pub(super) struct Scaler {
    policy: Policy,
    /// Processors of an instance.
    vcpu: f64,
    /// Requests that an instance takes at a time.
    places: f64,
    /// Requests and busy processors of the last seconds.
    seen: VecDeque<(f64, f64)>,
    sums: (f64, f64),
    /// (second, wanted), wanted falling: the highest of the kept time comes first.
    kept: VecDeque<(u32, u32)>,
}

/// How many instances there should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Fewer: start what lacks.
    pub(super) at_least: u32,
    /// More: stop what is too many.
    pub(super) at_most: u32,
}

impl Scaler {
    pub(super) fn new(policy: &Policy, instance: &Instance) -> Scaler {
        Scaler {
            policy: *policy,
            vcpu: instance.vcpu,
            places: f64::from(instance.concurrency()),
            seen: VecDeque::new(),
            sums: (0.0, 0.0),
            kept: VecDeque::new(),
        }
    }

    /// Takes what a second had on average: requests on instances and in the line, and busy processors. `second` is the
    /// number of seconds so far; a decision where it is time for one.
    pub(super) fn see(&mut self, second: u32, requests: f64, busy_cpus: f64) -> Option<Wanted> {
        self.seen.push_back((requests, busy_cpus));
        self.sums = (self.sums.0 + requests, self.sums.1 + busy_cpus);
        while self.seen.len() > self.policy.window_s as usize {
            let (requests, busy_cpus) = self.seen.pop_front().unwrap_or_default();
            self.sums = (self.sums.0 - requests, self.sums.1 - busy_cpus);
        }
        second.is_multiple_of(self.policy.period_s).then(|| {
            let wanted = self.wanted();
            Wanted {
                at_least: wanted,
                at_most: self.keep(second, wanted),
            }
        })
    }

    /// The documented formula: the higher of busy processors ÷ (processors × target) and requests ÷ (places × target),
    /// both means of the window, rounded up.
    fn wanted(&self) -> u32 {
        let seconds = self.seen.len().max(1) as f64;
        let by_requests = self.sums.0 / seconds / (self.places * self.policy.concurrency_target);
        let by_cpu = self.sums.1 / seconds / (self.vcpu * self.policy.cpu_target);
        // A sum of many terms that is a whole number but for its last bits is that number.
        let wanted = (by_requests.max(by_cpu) - 1e-6).ceil().max(0.0) as u32;
        wanted.clamp(self.policy.min_instances, self.policy.max_instances)
    }

    /// The most instances that were wanted within the time for which an instance is kept, `wanted` included.
    pub(super) fn keep(&mut self, second: u32, wanted: u32) -> u32 {
        while self.kept.back().is_some_and(|(_, earlier)| *earlier <= wanted) {
            self.kept.pop_back();
        }
        self.kept.push_back((second, wanted));
        while self
            .kept
            .front()
            .is_some_and(|(at, _)| at + self.policy.idle_s < second)
        {
            self.kept.pop_front();
        }
        self.kept.front().map_or(wanted, |(_, most)| *most)
    }

    /// How many instances start at once because `pending` requests wait, with that many starting and in all.
    pub(super) fn demanded(&self, pending: f64, starting: u32, all: u32) -> u32 {
        let needed = (pending / self.places - 1e-9).ceil().max(0.0) as u32;
        needed
            .saturating_sub(starting)
            .min(self.policy.max_instances.saturating_sub(all))
    }
}

#[cfg(test)]
mod tests {
    use super::{Scaler, Wanted};
    use crate::serverless::instance::{Instance, Request, Size};
    use crate::serverless::policy::Policy;

    fn scaler() -> Scaler {
        let request = Request {
            cpu_s: 0.01,
            off_cpu_s: 0.0,
            law: None,
            law_until: 0.0,
        };
        let size = Size {
            vcpu: 2.0,
            concurrency: 10,
            start_s: 1.0,
        };
        let policy = Policy {
            cpu_target: 0.6,
            concurrency_target: 0.5,
            period_s: 5,
            min_instances: 0,
            max_instances: 8,
            idle_s: 100,
            ..Policy::fixed(0)
        };
        Scaler::new(&policy, &Instance::new(&request, &size))
    }

    #[test]
    fn the_busier_of_the_two_decides_and_the_limit_holds() {
        let after = |requests: f64, busy_cpus: f64| {
            let mut scaler = scaler();
            let decisions = (1..=60).filter_map(|second| scaler.see(second, requests, busy_cpus));
            decisions.last().map(|wanted| wanted.at_least)
        };
        assert_eq!(after(0.0, 0.0), Some(0));
        // 21 ÷ (10 × 0.5) = 4.2; 3.5 ÷ (2 × 0.6) = 2.9.
        assert_eq!(after(21.0, 3.5), Some(5));
        assert_eq!(after(4.0, 3.5), Some(3));
        assert_eq!(after(1e6, 0.0), Some(8));
    }

    #[test]
    fn what_was_wanted_is_kept_for_a_while() {
        let mut scaler = scaler();
        for second in 1..=60 {
            scaler.see(second, 20.0, 0.0);
        }
        let mut at_most = Vec::new();
        for second in 61..=400 {
            if let Some(Wanted { at_most: most, .. }) = scaler.see(second, 0.0, 0.0) {
                at_most.push((second, most));
            }
        }
        let kept = at_most.iter().rfind(|(_, most)| *most == 4);
        // Four were wanted last while a window still had their requests.
        assert!(
            kept.is_some_and(|(second, _)| (150..=215).contains(second)),
            "{kept:?}"
        );
        assert_eq!(at_most.last(), Some(&(400, 0)));
    }

    #[test]
    fn requests_that_wait_start_what_holds_them() {
        let scaler = scaler();
        assert_eq!(scaler.demanded(0.0, 0, 0), 0);
        assert_eq!(scaler.demanded(1.0, 0, 0), 1);
        assert_eq!(scaler.demanded(10.0, 1, 1), 0);
        assert_eq!(scaler.demanded(25.0, 1, 1), 2);
        assert_eq!(scaler.demanded(1e3, 0, 6), 2);
    }
}
