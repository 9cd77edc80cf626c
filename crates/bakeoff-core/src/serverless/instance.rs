//! One instance: how long it takes for a request beside others, what a request costs it, how long it takes to start.
//! It knows nothing of prices and of other instances.
//!
//! The time of a request on an instance has two parts: what it waits for elsewhere (the database, the network), and
//! the processor, which the requests of the instance share. A share of a processor stretches the second part alone.
//! With shared processors the mean time depends on the mean service time alone and not on its distribution [L.
//! Kleinrock, Queueing Systems II, Wiley 1976, section 4.4; the insensitivity of processor sharing], so exponential
//! service is no further assumption for it.

use super::queue::Rates;
use crate::usl::Law;

/// What a request of the brief's mix takes, as measured on one processor for each process.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// CPU time, in s.
    pub cpu_s: f64,
    /// Time off the processor when it is alone, in s.
    pub off_cpu_s: f64,
    /// The throughput of one process by the requests in flight, in 1/s, as the closed loop measured it; none: by the
    /// two figures above alone.
    pub law: Option<Law>,
    /// Up to how many requests in flight the law was measured; beyond, the throughput stays.
    pub law_until: f64,
}

/// What a platform gives an instance, and what a contender makes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Processors, also a part of one.
    pub vcpu: f64,
    /// Requests at a time at most.
    pub concurrency: u32,
    /// From its start until it serves, in s.
    pub start_s: f64,
}

/// An instance, ready for a simulation.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Completions a second by the requests in flight, from 0 to the most.
    pub(super) rates: Rates,
    /// CPU time of a request, in s of a whole processor.
    pub(super) cpu_s: f64,
    /// Processors.
    pub(super) vcpu: f64,
    /// From its start until it serves, in s.
    pub(super) start_s: f64,
}

impl Instance {
    /// An instance of that size which serves these requests. It has a process for each whole or begun processor.
    #[must_use]
    pub fn new(request: &Request, size: &Size) -> Instance {
        let processes = size.vcpu.ceil().max(1.0);
        let share = (size.vcpu / processes).clamp(1e-6, 1.0);
        let most = (f64::from(size.concurrency) / processes).ceil().max(1.0) as usize;
        let of_process = times_of_process(request, share, most);
        let time = |n: f64| {
            let on_each = (n / processes).max(1.0);
            let below = (on_each as usize).min(most) - 1;
            let above = (below + 1).min(most - 1);
            of_process[below] + (of_process[above] - of_process[below]) * (on_each - 1.0 - below as f64)
        };
        let of = (0..=size.concurrency.max(1)).map(|n| match n {
            0 => 0.0,
            n => f64::from(n) / time(f64::from(n)),
        });
        Instance {
            rates: Rates::new(of.collect()),
            cpu_s: request.cpu_s,
            vcpu: size.vcpu,
            start_s: size.start_s,
        }
    }

    /// An instance with one place and exponential service, as a server of M/M/c: for tests of the simulations against
    /// closed forms.
    #[must_use]
    pub fn single(service_rate: f64) -> Instance {
        let request = Request {
            cpu_s: 1.0 / service_rate,
            off_cpu_s: 0.0,
            law: None,
            law_until: 0.0,
        };
        let size = Size {
            vcpu: 1.0,
            concurrency: 1,
            start_s: 1.0,
        };
        Instance::new(&request, &size)
    }

    /// Requests at a time at most.
    #[must_use]
    pub fn concurrency(&self) -> u32 {
        self.rates.places() as u32
    }

    /// Mean time of a request on the instance beside `n` − 1 others, in s; `n` from 1 to the most.
    #[must_use]
    pub fn time_s(&self, n: u32) -> f64 {
        let n = n.clamp(1, self.concurrency());
        f64::from(n) / self.rates.at(n as usize)
    }

    /// Requests a second of an instance at which an autoscaler that aims at these shares of processors and places wants
    /// exactly one.
    #[must_use]
    pub fn rate_at_targets(&self, cpu_target: f64, concurrency_target: f64) -> f64 {
        let by_cpu = self.vcpu * cpu_target / self.cpu_s;
        let by_places = self
            .rates
            .of_field(1.0, f64::from(self.concurrency()) * concurrency_target);
        by_cpu.min(by_places)
    }

    /// Requests a second with all places taken.
    #[must_use]
    pub fn capacity_rps(&self) -> f64 {
        self.rates.full()
    }
}

/// Mean time of a request on a process with a share of a processor, in s, by the requests in flight from 1 to `most`.
fn times_of_process(request: &Request, share: f64, most: usize) -> Vec<f64> {
    match &request.law {
        // The measured law, its part on the processor stretched. It never beats the processor.
        Some(law) => (1..=most)
            .map(|n| {
                let n = n as f64;
                let measured = n / law.rate(n.min(request.law_until.max(1.0)));
                let on_cpu = (measured - request.off_cpu_s).max(request.cpu_s);
                let stretched = request.off_cpu_s + on_cpu / share;
                stretched.max(n * request.cpu_s / share)
            })
            .collect(),
        None => shared_processor(request.cpu_s / share, request.off_cpu_s, most),
    }
}

/// Mean time of a request where each of `n` requests alternates between a wait and one shared processor, in s:
/// mean value analysis [M. Reiser, S. S. Lavenberg, Journal of the ACM 27(2), 1980].
fn shared_processor(cpu_s: f64, off_cpu_s: f64, most: usize) -> Vec<f64> {
    let mut there = 0.0;
    (1..=most)
        .map(|n| {
            let on_cpu = cpu_s * (1.0 + there);
            let time = off_cpu_s + on_cpu;
            there = n as f64 / time * on_cpu;
            time
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Instance, Request, Size};
    use crate::usl::Law;

    fn instance(cpu_ms: f64, off_cpu_ms: f64, vcpu: f64, concurrency: u32) -> Instance {
        let request = Request {
            cpu_s: cpu_ms / 1e3,
            off_cpu_s: off_cpu_ms / 1e3,
            law: None,
            law_until: 0.0,
        };
        let size = Size {
            vcpu,
            concurrency,
            start_s: 1.0,
        };
        Instance::new(&request, &size)
    }

    #[test]
    fn a_share_of_a_processor_stretches_what_computes_and_not_what_waits() {
        let whole = instance(2.0, 8.0, 1.0, 80);
        assert!((whole.time_s(1) - 0.010).abs() < 1e-12);
        let quarter = instance(2.0, 8.0, 0.25, 80);
        assert!((quarter.time_s(1) - 0.016).abs() < 1e-12);
        // Many at a time are as fast as the processor.
        assert!((whole.capacity_rps() / 500.0 - 1.0).abs() < 0.001);
        assert!((quarter.capacity_rps() / 125.0 - 1.0).abs() < 0.001);
        let two = instance(2.0, 8.0, 2.0, 160);
        assert!((two.capacity_rps() / 1000.0 - 1.0).abs() < 0.001);
        assert!((two.time_s(2) - 0.010).abs() < 1e-12);
    }

    #[test]
    fn what_only_waits_takes_as_long_beside_others() {
        let waits = instance(1e-9, 100.0, 1.0, 10);
        assert!((waits.time_s(10) - 0.1).abs() < 1e-6);
        assert!((waits.capacity_rps() - 100.0).abs() < 1e-3);
    }

    #[test]
    fn a_measured_law_is_kept_on_a_whole_processor_and_never_beats_the_processor() {
        let law = Law {
            one: 400.0,
            contention: 0.5,
            coherency: 0.001,
        };
        let mut request = Request {
            cpu_s: 0.001,
            off_cpu_s: 0.0015,
            law: Some(law),
            law_until: 40.0,
        };
        let size = Size {
            vcpu: 1.0,
            concurrency: 40,
            start_s: 1.0,
        };
        let measured = Instance::new(&request, &size);
        for n in [1, 2, 10, 40] {
            let want = f64::from(n) / law.rate(f64::from(n));
            assert!((measured.time_s(n) - want).abs() < 1e-12, "{n}");
        }
        request.cpu_s = 0.002;
        assert!(Instance::new(&request, &size).capacity_rps() <= 500.0 + 1e-9);
    }
}
