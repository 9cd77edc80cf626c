//! The simulation request by request: a chain of events in continuous time. Between two events that are due at a fixed
//! time (the next second, an instance that becomes ready, a request that has waited too long) arrivals and completions
//! are exponential, so the next of them is drawn from the sum of their rates [D. T. Gillespie, Journal of Physical
//! Chemistry 81(25), 1977]. It takes time in proportion to the requests; [`super::seconds`] does not.

use super::instance::Instance;
use super::pool::Pool;
use super::scaler::{Scaler, Wanted};
use super::setup::Setup;
use super::tally::{Outcome, Tally};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::VecDeque;

/// Simulates every request; the same seed gives the same outcome to the last bit.
#[must_use]
pub fn by_requests(setup: &Setup, seed: u64) -> Outcome {
    let mut simulation = Simulation::new(setup, seed);
    while simulation.now < simulation.end {
        simulation.step();
    }
    simulation.tally.outcome(setup.step_s)
}

struct Simulation<'s> {
    setup: &'s Setup,
    instance: &'s Instance,
    random: ChaCha8Rng,
    now: f64,
    end: f64,
    pool: Pool<'s>,
    scaler: Scaler,
    /// When each instance that starts becomes ready.
    starting: VecDeque<f64>,
    /// When each request that waits arrived.
    line: VecDeque<f64>,
    /// Requests a second.
    arrival_rate: f64,
    /// The next whole second.
    second: u32,
    /// When the line is looked at next; none while nobody waits.
    look_at_line: Option<f64>,
    /// Requests in the system × seconds, and completions, since the last whole second.
    of_second: (f64, f64),
    tally: Tally,
}

impl<'s> Simulation<'s> {
    fn new(setup: &'s Setup, seed: u64) -> Simulation<'s> {
        let mut pool = Pool::new(&setup.instance.rates);
        for _ in 0..setup.policy.min_instances {
            pool.add();
        }
        Simulation {
            setup,
            instance: &setup.instance,
            random: ChaCha8Rng::seed_from_u64(seed),
            now: 0.0,
            end: f64::from(setup.warm_up_s + setup.seconds),
            pool,
            scaler: Scaler::new(&setup.policy, &setup.instance),
            starting: VecDeque::new(),
            line: VecDeque::new(),
            arrival_rate: setup.rate_at(0),
            second: 1,
            look_at_line: None,
            of_second: (0.0, 0.0),
            tally: Tally::default(),
        }
    }

    fn step(&mut self) {
        let rate = self.arrival_rate + self.pool.rate;
        let until = self.next_due();
        // ln of (0, 1], so that no time is infinite.
        let after = -(1.0 - self.random.random::<f64>()).ln() / rate.max(1e-12);
        if self.now + after >= until {
            self.pass(until);
            self.due();
            return;
        }
        self.pass(self.now + after);
        let at = self.random.random::<f64>() * rate;
        if at < self.arrival_rate {
            self.arrive();
        } else {
            self.complete(at - self.arrival_rate);
        }
    }

    /// The next event at a fixed time.
    fn next_due(&self) -> f64 {
        // Plain comparisons: this is the hottest line of a simulation.
        let mut due = f64::from(self.second);
        if let Some(ready) = self.starting.front() {
            due = due.min(*ready);
        }
        if let Some(arrived) = self.line.front() {
            due = due.min(arrived + self.setup.policy.wait_most_s);
        }
        if let Some(look) = self.look_at_line {
            due = due.min(look);
        }
        due.max(self.now)
    }

    fn existing(&self) -> u32 {
        self.pool.instances + self.starting.len() as u32
    }

    fn pass(&mut self, until: f64) {
        let seconds = until - self.now;
        let (in_flight, waiting) = (self.pool.in_flight as f64, self.line.len() as f64);
        self.of_second.0 += (in_flight + waiting) * seconds;
        self.tally.seconds += seconds;
        self.tally.instance_s += f64::from(self.existing() + self.pool.ending_instances) * seconds;
        self.tally.starting_s += self.starting.len() as f64 * seconds;
        self.tally.busy_s += f64::from(self.pool.busy) * seconds;
        self.tally.in_flight_s += in_flight * seconds;
        self.now = until;
    }

    fn arrive(&mut self) {
        if self.pool.has_room() {
            self.place(0.0);
            return;
        }
        self.line.push_back(self.now);
        if self.setup.policy.min_pending_s <= 0.0 || self.existing() == 0 {
            self.look_at_the_line();
        } else if self.look_at_line.is_none() {
            self.look_at_line = Some(self.now + self.setup.policy.min_pending_s);
        }
    }

    fn place(&mut self, waited_s: f64) {
        let had_none = self.pool.take();
        self.tally.busy_periods += f64::from(u8::from(had_none));
        self.tally.placed(waited_s, 1.0);
    }

    fn complete(&mut self, at: f64) {
        self.pool.finish(at);
        self.of_second.1 += 1.0;
        self.fill();
    }

    /// Gives places to requests that wait, the first come first.
    fn fill(&mut self) {
        while self.pool.has_room() {
            let Some(arrived) = self.line.pop_front() else {
                return;
            };
            self.place(self.now - arrived);
        }
    }

    /// Everything that is due now.
    fn due(&mut self) {
        while self.starting.front().is_some_and(|ready| *ready <= self.now) {
            self.starting.pop_front();
            self.pool.add();
            self.fill();
        }
        let most = self.setup.policy.wait_most_s;
        while self
            .line
            .front()
            .is_some_and(|arrived| arrived + most <= self.now)
        {
            self.line.pop_front();
            self.tally.refused += 1.0;
        }
        if self.look_at_line.is_some_and(|at| at <= self.now) {
            self.look_at_the_line();
        }
        if self.now >= f64::from(self.second) {
            self.end_second();
        }
    }

    /// Starts what the requests that wait need, and comes back while some do.
    fn look_at_the_line(&mut self) {
        let (pending, starting) = (self.line.len() as f64, self.starting.len() as u32);
        let demanded = self.scaler.demanded(pending, starting, self.existing());
        self.start(demanded);
        if demanded > 0 {
            self.scaler.keep(self.second, self.existing());
        }
        let again = self.setup.policy.min_pending_s;
        self.look_at_line = (again > 0.0 && !self.line.is_empty()).then_some(self.now + again);
    }

    fn start(&mut self, instances: u32) {
        for _ in 0..instances {
            self.starting.push_back(self.now + self.instance.start_s);
        }
        self.tally.starts += u64::from(instances);
        self.tally.exist(self.existing());
    }

    fn end_second(&mut self) {
        self.pool.refresh();
        let (requests, completed) = std::mem::take(&mut self.of_second);
        let decision = self
            .scaler
            .see(self.second, requests, completed * self.instance.cpu_s);
        if let Some(wanted) = decision {
            self.follow(wanted);
        }
        if self.second == self.setup.warm_up_s {
            self.tally = Tally::default();
        }
        self.tally.exist(self.existing());
        self.arrival_rate = self.setup.rate_at(self.second);
        self.second += 1;
    }

    fn follow(&mut self, wanted: Wanted) {
        self.start(wanted.at_least.saturating_sub(self.existing()));
        while self.existing() > wanted.at_most && self.pool.instances > 0 {
            self.pool.remove();
        }
    }
}
