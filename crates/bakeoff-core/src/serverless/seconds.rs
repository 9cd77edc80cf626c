//! The simulation in steps of a second, for any number of instances: within a second the field of instances is in the
//! stationary state of its waiting line ([`super::queue`]); where it cannot serve what arrives, and until it has
//! caught up, requests flow through line and instances as a fluid. Starting, stopping and the decisions of the
//! autoscaler are those of [`super::requests`]. Its time does not depend on the requests.

use super::instance::Instance;
use super::line::Line;
use super::queue::Stationary;
use super::scaler::{Scaler, Wanted};
use super::setup::Setup;
use super::tally::{Outcome, Tally};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;
use std::f64::consts::TAU;

/// Simulates second by second; the same seed gives the same outcome to the last bit.
#[must_use]
pub fn by_seconds(setup: &Setup, seed: u64) -> Outcome {
    let mut simulation = Simulation::new(setup, seed);
    for second in 0..setup.warm_up_s + setup.seconds {
        if second == setup.warm_up_s {
            simulation.begin_to_count();
        }
        simulation.step(second);
    }
    simulation.note_waits();
    simulation.tally.outcome(setup.step_s)
}

/// Up to this mean a number of arrivals is drawn exactly; above, from the normal distribution with its variance.
const DRAWN_EXACTLY: f64 = 50.0;

/// The distance of two waiting times that are noted of a stationary state, in mean waits of those that wait, and how
/// many there are: beyond the last one lies one in 160,000.
const WAITS_APART: f64 = 0.05;
const WAITS_NOTED: u32 = 240;

/// Parts of a second in which requests flow as a fluid.
const PARTS: u32 = 10;

/// The rate of a day stays for this long, in s.
const MINUTE_S: u32 = 60;

/// How far the requests on instances may lie from the stationary state to be in it, as a share.
const CAUGHT_UP: f64 = 0.1;

/// What a second had.
struct Seen {
    /// Mean requests on instances and in the line.
    requests: f64,
    /// Requests that were completed.
    completed: f64,
}

struct Simulation<'s> {
    setup: &'s Setup,
    instance: &'s Instance,
    random: ChaCha8Rng,
    scaler: Scaler,
    /// Instances that serve.
    ready: u32,
    /// When instances that start become ready, and how many.
    starting: VecDeque<(f64, u32)>,
    starting_instances: u32,
    line: Line,
    /// Requests on instances.
    in_flight: f64,
    /// The state that was computed last, with the instances and the rate that it is of.
    state: Option<(f64, f64, Option<Stationary>)>,
    /// Requests of that state whose waiting times are not yet noted.
    in_state: f64,
    /// The time of a request that is alone on an instance, in s.
    alone_s: f64,
    /// The rate of this minute, in 1/s.
    rate: f64,
    /// The second one of a pair of random numbers.
    second_normal: Option<f64>,
    tally: Tally,
}

impl<'s> Simulation<'s> {
    fn new(setup: &'s Setup, seed: u64) -> Simulation<'s> {
        Simulation {
            setup,
            instance: &setup.instance,
            random: ChaCha8Rng::seed_from_u64(seed),
            scaler: Scaler::new(&setup.policy, &setup.instance),
            ready: setup.policy.min_instances,
            starting: VecDeque::new(),
            starting_instances: 0,
            line: Line::default(),
            in_flight: 0.0,
            state: None,
            in_state: 0.0,
            alone_s: setup.instance.time_s(1),
            rate: 0.0,
            second_normal: None,
            tally: Tally::default(),
        }
    }

    fn begin_to_count(&mut self) {
        self.in_state = 0.0;
        self.tally = Tally::default();
        self.tally.exist(self.existing());
    }

    fn existing(&self) -> u32 {
        self.ready + self.starting_instances
    }

    fn step(&mut self, second: u32) {
        let from = f64::from(second);
        if second.is_multiple_of(MINUTE_S) {
            self.rate = self.setup.rate_at(second);
        }
        let rate = self.rate;
        let arrivals = self.arrivals(rate);
        if arrivals > 0.0 && self.existing() == 0 {
            // The first of n requests that are spread evenly over the second arrives after 1/(n + 1) of it.
            self.start(1, from + 1.0 / (arrivals + 1.0));
            self.scaler.keep(second, self.existing());
        }
        let before = self.ready;
        let (begin, serving) = self.serving(from);
        self.tally.seconds += 1.0;
        self.tally.instance_s += f64::from(self.existing());
        self.tally.starting_s += f64::from(self.existing()) - serving;
        let state = self
            .state(serving, rate)
            .filter(|state| self.has_caught_up(state));
        let seen = match state {
            Some(state) => self.steady(&state, arrivals, rate, second),
            None => self.crowded(before, begin, arrivals, second),
        };
        let busy_cpus = seen.completed * self.instance.cpu_s;
        if let Some(wanted) = self.scaler.see(second + 1, seen.requests, busy_cpus) {
            self.follow(wanted, from + 1.0);
        }
        self.tally.exist(self.existing());
    }

    /// Whether nothing is left of a time in which requests waited.
    fn has_caught_up(&self, state: &Stationary) -> bool {
        let most = state.in_flight * (1.0 + CAUGHT_UP) + 1.0;
        self.line.waiting < 1.0 && self.in_flight <= most
    }

    /// The requests that arrive in a second.
    fn arrivals(&mut self, rate: f64) -> f64 {
        if rate > DRAWN_EXACTLY {
            return (rate + rate.sqrt() * self.normal()).round().max(0.0);
        }
        // The product of uniform numbers until it falls below e^−λ [Knuth, The Art of Computer Programming 2, 3.4.1].
        let (limit, mut product, mut arrivals) = ((-rate).exp(), 1.0, -1.0);
        while product >= limit {
            product *= 1.0 - self.random.random::<f64>();
            arrivals += 1.0;
        }
        arrivals
    }

    /// A standard normal number [G. E. P. Box, M. E. Muller, Annals of Mathematical Statistics 29(2), 1958]; they come
    /// in pairs.
    fn normal(&mut self) -> f64 {
        if let Some(second) = self.second_normal.take() {
            return second;
        }
        let radius = (-2.0 * (1.0 - self.random.random::<f64>()).ln()).sqrt();
        let (sine, cosine) = (self.random.random::<f64>() * TAU).sin_cos();
        self.second_normal = Some(radius * sine);
        radius * cosine
    }

    /// From when on instances serve in the second from `from` on, and how many on average over it.
    fn serving(&mut self, from: f64) -> (f64, f64) {
        let until = from + 1.0;
        let mut serving = f64::from(self.ready);
        let mut begin = if self.ready > 0 { from } else { until };
        while let Some((ready, instances)) = self.starting.front().copied() {
            if ready >= until {
                break;
            }
            self.starting.pop_front();
            self.starting_instances -= instances;
            self.ready += instances;
            serving += f64::from(instances) * (until - ready.max(from));
            begin = begin.min(ready.max(from));
        }
        (begin, serving)
    }

    /// The stationary state, computed anew where instances or rate changed.
    fn state(&mut self, instances: f64, rate: f64) -> Option<Stationary> {
        if let Some((of, at, state)) = self.state
            && of == instances
            && at == rate
        {
            return state;
        }
        self.note_waits();
        let state = self.instance.rates.stationary(instances, rate);
        self.state = Some((instances, rate, state));
        state
    }

    /// Notes the waiting times of the requests that the state had.
    fn note_waits(&mut self) {
        let requests = std::mem::take(&mut self.in_state);
        let Some((_, _, Some(state))) = &self.state else {
            return;
        };
        let waited = requests * state.waits;
        self.tally.placed(0.0, requests - waited);
        if waited < 1e-9 {
            return;
        }
        let mut beyond = 1.0;
        for point in 0..WAITS_NOTED {
            let wait_s = (f64::from(point) + 0.5) * WAITS_APART / state.wait_rate;
            self.tally
                .placed(wait_s, waited * beyond * -(-WAITS_APART).exp_m1());
            beyond *= (-WAITS_APART).exp();
        }
    }

    /// A second in which the instances serve what arrives.
    fn steady(&mut self, state: &Stationary, arrivals: f64, rate: f64, second: u32) -> Seen {
        // Less than a request is left of a line.
        self.in_state += arrivals + std::mem::take(&mut self.line).waiting;
        self.in_flight = state.in_flight;
        self.tally.busy_s += state.busy;
        self.tally.busy_periods += arrivals * state.find_idle;
        self.tally.in_flight_s += state.in_flight;
        // A request that finds every place taken and waits longer than the policy allows starts an instance.
        let patience = (-self.setup.policy.min_pending_s * state.wait_rate).exp();
        let starts_one = -(-rate * state.full * patience).exp_m1();
        if starts_one > 1e-9 && self.random.random::<f64>() < starts_one {
            self.demand(1.0, second);
        }
        let of_mean = if rate > 0.0 { arrivals / rate } else { 1.0 };
        Seen {
            requests: (state.in_flight + state.waiting) * of_mean,
            completed: arrivals,
        }
    }

    /// A second in which the instances do not serve what arrives, or have not caught up: `before` serve until `begin`,
    /// and then all.
    fn crowded(&mut self, before: u32, begin: f64, arrivals: f64, second: u32) -> Seen {
        let part_s = 1.0 / f64::from(PARTS);
        let (mut completed, mut in_system) = (0.0, 0.0);
        for part in 0..PARTS {
            let from = f64::from(second) + f64::from(part) * part_s;
            let serving = f64::from(if from + 0.5 * part_s < begin {
                before
            } else {
                self.ready
            });
            self.place(serving, arrivals * part_s, from, part_s);
            // Requests that are faster than a part come and go within it.
            let done = (self.instance.rates.of_field(serving, self.in_flight) * part_s).min(self.in_flight);
            self.in_flight -= done;
            completed += done;
            let in_flight_s = (self.in_flight * part_s).max(done * self.alone_s);
            self.tally.in_flight_s += in_flight_s;
            self.tally.busy_s += (serving * part_s).min(in_flight_s);
            in_system += in_flight_s + self.line.waiting * part_s;
        }
        self.demand(self.line.waiting, second);
        Seen {
            requests: in_system,
            completed,
        }
    }

    /// Gives places to requests that arrive within a part of a second, and to those that wait.
    fn place(&mut self, serving: f64, arrive: f64, from: f64, part_s: f64) {
        let passes = self.instance.rates.of_field(serving, f64::INFINITY) * part_s;
        let places = serving * f64::from(self.instance.concurrency());
        // What completes within the part frees its place within it.
        let room = (places - self.in_flight).max(0.0) + passes;
        if self.line.waiting <= 0.0 && arrive <= room {
            self.tally.placed(0.0, arrive);
            self.in_flight += arrive;
        } else {
            self.line.arrive(from, part_s, arrive);
            let placed = room.min(self.line.waiting);
            self.line.place(from, from + part_s, placed, &mut self.tally);
            self.in_flight += placed;
        }
        let most_s = self.setup.policy.wait_most_s;
        self.line.refuse(from + part_s, most_s, &mut self.tally);
    }

    /// Starts instances because requests wait.
    fn demand(&mut self, waiting: f64, second: u32) {
        let demanded = self
            .scaler
            .demanded(waiting, self.starting_instances, self.existing());
        if demanded > 0 {
            self.start(demanded, f64::from(second) + 1.0);
            self.scaler.keep(second, self.existing());
        }
    }

    fn start(&mut self, instances: u32, at: f64) {
        self.starting.push_back((at + self.instance.start_s, instances));
        self.starting_instances += instances;
        self.tally.starts += u64::from(instances);
    }

    fn follow(&mut self, wanted: Wanted, at: f64) {
        let lacking = wanted.at_least.saturating_sub(self.existing());
        if lacking > 0 {
            self.start(lacking, at);
        }
        let surplus = self.existing().saturating_sub(wanted.at_most);
        self.ready -= surplus.min(self.ready);
    }
}
