//! Waiting lines in closed form: M/M/c, which the simulations are held against, and the stationary state of a field of
//! instances whose rate depends on the requests in flight. No randomness, no time: what changes over a day is
//! [`super::seconds`]'s.
//!
//! The field is a birth-death process [L. Kleinrock, Queueing Systems I, Wiley 1975, chapter 3]: requests arrive at
//! rate λ, and `m` requests on `n` instances, evenly spread, are served at rate µ(m), so that the probability of `m` is
//! proportional to ∏ λ/µ(i), i = 1 … m. With more requests than places the rate stays and the rest waits in one line,
//! whose length is geometric, as in M/M/c.

/// A waiting line with `servers` servers, Poisson arrivals at `arrival_rate` and exponential service at `service_rate`
/// each, both in 1/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ManyServers {
    /// λ, in 1/s.
    pub arrival_rate: f64,
    /// µ of one server, in 1/s.
    pub service_rate: f64,
    /// c.
    pub servers: u32,
}

impl ManyServers {
    /// The share of the time for which a server is busy, 0 and up; from 1 on the line grows without end.
    #[must_use]
    pub fn utilization(&self) -> f64 {
        self.arrival_rate / (self.service_rate * f64::from(self.servers))
    }

    /// The probability that a request waits [A. K. Erlang, 1917: formula C, by way of B and its recursion].
    #[must_use]
    pub fn waiting_probability(&self) -> f64 {
        let (offered, busy) = (self.arrival_rate / self.service_rate, self.utilization());
        if busy >= 1.0 {
            return 1.0;
        }
        let blocking = (1..=self.servers).fold(1.0, |before, servers| {
            offered * before / (f64::from(servers) + offered * before)
        });
        blocking / (1.0 - busy * (1.0 - blocking))
    }

    /// The mean time that a request waits for a server, those included that do not, in s; infinite at full load.
    #[must_use]
    pub fn mean_wait_s(&self) -> f64 {
        let free = f64::from(self.servers) * self.service_rate - self.arrival_rate;
        if free <= 0.0 {
            f64::INFINITY
        } else {
            self.waiting_probability() / free
        }
    }

    /// The time within which a share `q` of the requests gets a server, in s; 0 where that many do not wait.
    #[must_use]
    pub fn wait_quantile_s(&self, q: f64) -> f64 {
        let (waits, late) = (self.waiting_probability(), 1.0 - q);
        let free = f64::from(self.servers) * self.service_rate - self.arrival_rate;
        if late >= waits {
            0.0
        } else {
            (waits / late).ln() / free
        }
    }
}

/// The stationary state of a field of instances.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Stationary {
    /// Mean requests on instances.
    pub(super) in_flight: f64,
    /// Mean requests in the line.
    pub(super) waiting: f64,
    /// The share of the requests that wait.
    pub(super) waits: f64,
    /// The rate of the exponential waiting time of those that do, in 1/s.
    pub(super) wait_rate: f64,
    /// The share of the time in which every place is taken and none waits.
    pub(super) full: f64,
    /// Mean instances with a request.
    pub(super) busy: f64,
    /// The share of the requests that find an instance without a request.
    pub(super) find_idle: f64,
}

/// What one instance does with `n` requests at a time, for the stationary state of many.
#[derive(Debug, Clone)]
pub(super) struct Rates {
    /// Completions a second with n in flight, from 0 to the most.
    of: Vec<f64>,
    /// ∫ ln X(u) du from 0 to n, with X linear between whole numbers.
    log_integral: Vec<f64>,
}

/// With at most this many places the probabilities are summed one by one; with more they are integrated, since a step
/// of one request changes nothing.
const SUMMED: f64 = 2_000.0;

/// A probability below e to the power of this, of the highest, counts as none.
const NEGLIGIBLE: f64 = -40.0;

/// Panels of an integration.
const PANELS: u32 = 64;

impl Rates {
    /// The rates by the requests in flight, from 0; at least those of 0 and 1, all above 0 but the first.
    pub(super) fn new(of: Vec<f64>) -> Rates {
        let mut log_integral = vec![0.0];
        for pair in of.windows(2) {
            let before = log_integral.last().copied().unwrap_or(0.0);
            log_integral.push(before + log_segment(pair[0], pair[1], 1.0));
        }
        Rates { of, log_integral }
    }

    /// The most requests at a time.
    pub(super) fn places(&self) -> usize {
        self.of.len() - 1
    }

    /// Completions a second with `n` in flight, `n` at most [`Rates::places`].
    pub(super) fn at(&self, n: usize) -> f64 {
        self.of[n]
    }

    /// Completions a second with every place taken.
    pub(super) fn full(&self) -> f64 {
        self.of[self.places()]
    }

    /// Completions a second of instances that have `requests` in flight together, evenly spread.
    pub(super) fn of_field(&self, instances: f64, requests: f64) -> f64 {
        if instances <= 0.0 {
            return 0.0;
        }
        let of_one = (requests / instances).clamp(0.0, self.places() as f64);
        instances * self.between(of_one)
    }

    /// Completions a second of one instance, also between whole numbers.
    fn between(&self, n: f64) -> f64 {
        let below = (n as usize).min(self.places() - 1);
        self.of[below] + (self.of[below + 1] - self.of[below]) * (n - below as f64)
    }

    /// ∫ ln X(u) du from 0 to `n`.
    fn log_until(&self, n: f64) -> f64 {
        let below = (n as usize).min(self.places() - 1);
        let part = n - below as f64;
        self.log_integral[below] + log_segment(self.of[below], self.between(n), part)
    }

    /// The stationary state of `instances` at `arrival_rate` in 1/s; none where they cannot serve it.
    pub(super) fn stationary(&self, instances: f64, arrival_rate: f64) -> Option<Stationary> {
        let capacity = instances * self.full();
        if arrival_rate >= capacity || instances <= 0.0 {
            return None;
        }
        let mut sums = Sums::default();
        if instances * self.places() as f64 <= SUMMED {
            self.sum(instances, arrival_rate, &mut sums);
        } else {
            self.integrate(instances, arrival_rate, &mut sums);
        }
        Some(sums.stationary(instances, self.places() as f64, arrival_rate, capacity))
    }

    /// Sums the probabilities of 0 requests to all places.
    fn sum(&self, instances: f64, arrival_rate: f64, sums: &mut Sums) {
        let places = (instances * self.places() as f64).round() as u32;
        let mut weight: f64 = 1.0;
        for m in 0..=places {
            let m = f64::from(m);
            if m > 0.0 {
                weight *= arrival_rate / (instances * self.between(m / instances));
            }
            if weight > 1e250 {
                sums.scale(1e-250);
                weight *= 1e-250;
            }
            sums.add(m, weight, instances);
            if m > arrival_rate / self.full() && weight < NEGLIGIBLE.exp() * sums.weight {
                return;
            }
        }
        sums.last = weight;
    }

    /// Integrates the same over the requests of one instance: the sum of logarithms is an integral, with half of the
    /// first and of the last term [Euler-Maclaurin], which gives 1/√µ as a factor.
    fn integrate(&self, instances: f64, arrival_rate: f64, sums: &mut Sums) {
        let of_one = arrival_rate / instances;
        let most = self.places() as f64;
        let log = |n: f64| instances * (n * of_one.ln() - self.log_until(n)) - 0.5 * self.between(n).ln();
        let peak = self.inverse(of_one);
        let highest = log(peak);
        let small = |n: f64| log(n) - highest < NEGLIGIBLE;
        let (mut low, mut high) = (peak * 1e-9, most);
        if small(low) {
            low = border(low, peak, small);
        }
        if small(high) {
            high = border(high, peak, small);
        }
        // A kink of the rates lies at 1 request; the parts beside it are integrated apart.
        let parts = [low, 1.0_f64.clamp(low, high), high];
        for part in parts.windows(2) {
            let width = (part[1] - part[0]) / f64::from(PANELS);
            for step in 0..=PANELS {
                let n = part[0] + f64::from(step) * width;
                let simpson = match step {
                    0 | PANELS => 1.0,
                    odd if odd % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                let weight = (log(n) - highest).exp() * simpson * width / 3.0 * instances;
                sums.add(n * instances, weight, instances);
            }
        }
        sums.last = (log(most) - highest).exp();
    }

    /// The requests in flight at which an instance completes `rate` a second.
    fn inverse(&self, rate: f64) -> f64 {
        let above = self.of.iter().position(|of| *of > rate).unwrap_or(self.places());
        let below = above.saturating_sub(1);
        let step = self.of[above] - self.of[below];
        below as f64 + (rate - self.of[below]) / step.max(f64::MIN_POSITIVE)
    }
}

/// ∫ ln x over a segment of that width on which x goes from `from` to `to`.
fn log_segment(from: f64, to: f64, width: f64) -> f64 {
    let x_ln_x = |x: f64| if x > 0.0 { x * x.ln() } else { 0.0 };
    let change = to - from;
    if change.abs() <= 1e-9 * from.max(to) {
        return width * from.max(to).max(f64::MIN_POSITIVE).ln();
    }
    width * ((x_ln_x(to) - x_ln_x(from)) / change - 1.0)
}

/// Where a probability becomes negligible between `out`, where it is, and `within`, where it is not.
fn border(mut out: f64, mut within: f64, small: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..24 {
        let middle = 0.5 * (out + within);
        if small(middle) {
            out = middle;
        } else {
            within = middle;
        }
    }
    out
}

/// Sums over the states in which nobody waits, each with its weight.
#[derive(Debug, Default)]
struct Sums {
    weight: f64,
    requests: f64,
    busy: f64,
    idle: f64,
    /// The weight of the state in which every place is taken.
    last: f64,
}

impl Sums {
    fn add(&mut self, requests: f64, weight: f64, instances: f64) {
        self.weight += weight;
        self.requests += weight * requests;
        self.busy += weight * requests.min(instances);
        if requests < instances {
            self.idle += weight;
        }
    }

    fn scale(&mut self, by: f64) {
        for sum in [
            &mut self.weight,
            &mut self.requests,
            &mut self.busy,
            &mut self.idle,
            &mut self.last,
        ] {
            *sum *= by;
        }
    }

    /// With the states in which requests wait: each has λ/capacity of the weight of the one before.
    fn stationary(&self, instances: f64, places: f64, arrival_rate: f64, capacity: f64) -> Stationary {
        let load = arrival_rate / capacity;
        let beyond = self.last * load / (1.0 - load);
        let all = self.weight + beyond;
        let waits = (self.last + beyond) / all;
        Stationary {
            in_flight: (self.requests + beyond * instances * places) / all,
            waiting: waits * load / (1.0 - load),
            waits,
            wait_rate: capacity - arrival_rate,
            full: self.last / all,
            busy: (self.busy + beyond * instances) / all,
            find_idle: self.idle / all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ManyServers, Rates};

    #[track_caller]
    fn near(got: f64, want: f64, share: f64) {
        assert!(
            (got - want).abs() <= share * want.abs(),
            "{got} is not within {share} of {want}"
        );
    }

    #[test]
    fn erlang_c_is_that_of_the_tables() {
        let line = |arrival_rate, servers| ManyServers {
            arrival_rate,
            service_rate: 1.0,
            servers,
        };
        // One server: ρ, and ρ/(µ − λ).
        near(line(0.8, 1).waiting_probability(), 0.8, 1e-12);
        near(line(0.8, 1).mean_wait_s(), 4.0, 1e-12);
        // Two servers, 1.5 erlangs: 9/14.
        near(line(1.5, 2).waiting_probability(), 9.0 / 14.0, 1e-12);
        // Ten servers at 8 erlangs: 0.409 [tables of Erlang C].
        near(line(8.0, 10).waiting_probability(), 0.40918, 1e-4);
        assert_eq!(line(3.0, 2).waiting_probability(), 1.0);
        assert!(line(3.0, 2).mean_wait_s().is_infinite());
        near(line(0.8, 1).wait_quantile_s(0.99), 80.0_f64.ln() / 0.2, 1e-12);
        assert_eq!(line(0.8, 1).wait_quantile_s(0.1), 0.0);
    }

    #[test]
    fn a_field_with_one_place_an_instance_is_the_line_of_many_servers() {
        // 50 are summed; 5,000 are integrated.
        for (servers, arrival_rate, within) in [(50, 45.0, 1e-9), (5_000, 4_900.0, 0.01)] {
            let line = ManyServers {
                arrival_rate,
                service_rate: 1.0,
                servers,
            };
            let field = Rates::new(vec![0.0, 1.0]);
            let state = field.stationary(f64::from(servers), arrival_rate).unwrap();
            near(state.waits, line.waiting_probability(), within);
            near(state.in_flight, arrival_rate, 0.001);
            near(state.busy, arrival_rate, 0.001);
            near(state.waiting / arrival_rate, line.mean_wait_s(), within);
        }
        assert_eq!(
            Rates::new(vec![0.0, 1.0]).stationary(10.0, 10.0),
            None,
            "nothing is stationary at full load"
        );
    }

    #[test]
    fn integrals_agree_with_sums_where_instances_share_a_processor() {
        // A request waits 9 ms and computes 1 ms, so an instance completes at most 1,000 a second.
        let shared = |n: u32| f64::from(n) / (0.009 + 0.001 * f64::from(n).max(1.0));
        let rates = Rates::new((0..=20).map(shared).collect());
        for arrival_rate in [20_000.0, 40_000.0, 63_000.0] {
            let mut by_sum = super::Sums::default();
            rates.sum(99.0, arrival_rate, &mut by_sum);
            let mut by_integral = super::Sums::default();
            rates.integrate(99.0, arrival_rate, &mut by_integral);
            let state = |sums: &super::Sums| sums.stationary(99.0, 20.0, arrival_rate, 99.0 * rates.full());
            near(state(&by_integral).in_flight, state(&by_sum).in_flight, 0.002);
            near(state(&by_integral).busy, state(&by_sum).busy, 0.002);
            if state(&by_sum).waits > 1e-6 {
                near(state(&by_integral).waits, state(&by_sum).waits, 0.02);
            }
        }
    }
}
