//! How the response time changes over a load: the slope of the least-squares line through the responses by the instants
//! at which their requests were due. Where requests come faster than the server responds, each waits longer than the
//! one before, also where there are enough connections that none waits for one. A response costs a few additions.

/// The sums of the line, of one thread or of several merged; seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Trend {
    count: f64,
    due: f64,
    response: f64,
    due_squared: f64,
    response_squared: f64,
    product: f64,
    /// The last request of all: when it was due, and its response time.
    last: (f64, f64),
}

impl Trend {
    /// A request that was due at `due_s` got its response after `response_s`.
    pub(crate) fn note(&mut self, due_s: f64, response_s: f64) {
        self.count += 1.0;
        self.due += due_s;
        self.response += response_s;
        self.due_squared += due_s * due_s;
        self.response_squared += response_s * response_s;
        self.product += due_s * response_s;
        if due_s >= self.last.0 {
            self.last = (due_s, response_s);
        }
    }

    /// Adds another thread's.
    pub(crate) fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.due += other.due;
        self.response += other.response;
        self.due_squared += other.due_squared;
        self.response_squared += other.response_squared;
        self.product += other.product;
        if other.last.0 >= self.last.0 {
            self.last = other.last;
        }
    }

    /// Seconds by which the response time grows a second; 0 where the growth is within the scatter, where the last
    /// response was none of the slow ones (a pause that is over), and where there are too few responses to tell.
    pub(crate) fn growth(&self) -> f64 {
        /// With fewer, one late response is a trend.
        const FEWEST: f64 = 5.0;
        /// Standard errors that a slope must be above 0.
        const SURE: f64 = 3.0;
        if self.count < FEWEST {
            return 0.0;
        }
        let mean = self.response / self.count;
        let spread = self.due_squared - self.due * self.due / self.count;
        let slope = (self.product - self.due * mean) / spread;
        let scatter = (self.response_squared - self.response * mean - slope * slope * spread).max(0.0);
        let error = (scatter / (self.count - 2.0) / spread).sqrt();
        // A spread of 0, of requests that were all due at once, makes the slope no number, and the comparison false.
        if slope > SURE * error && self.last.1 > mean {
            slope
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Trend;

    fn growth(responses: impl Iterator<Item = (f64, f64)>) -> f64 {
        let mut trend = Trend::default();
        responses.for_each(|(due, response)| trend.note(due, response));
        trend.growth()
    }

    #[test]
    fn only_responses_that_grow_with_the_time_have_a_growth() {
        let due = |n: i32| f64::from(n) / 100.0;
        // One server of 20 a second is offered 100: request n is served after (n + 1)/20 seconds.
        let overload = growth((0..50).map(|n| (due(n), f64::from(n + 1) / 20.0 - due(n))));
        assert!((overload - 4.0).abs() < 1e-9, "{overload}");
        let steady = growth((0..50).map(|n| (due(n), 0.3)));
        let jitter = growth((0..50).map(|n| (due(n), 0.01 + f64::from(n * 7 % 5) / 1e3)));
        let pause = growth((0..50).map(|n| (due(n), if (30..40).contains(&n) { 0.1 } else { 0.001 })));
        let warming = growth((0..50).map(|n| (due(n), 0.1 / f64::from(n + 1))));
        let at_once = growth((0..50).map(|n| (0.5, f64::from(n))));
        let few = growth((0..4).map(|n| (due(n), f64::from(n))));
        assert_eq!([steady, jitter, pause, warming, at_once, few], [0.0; 6]);
    }

    #[test]
    fn threads_add_up() {
        let (mut a, mut b, mut both) = (Trend::default(), Trend::default(), Trend::default());
        for n in 0..20_u32 {
            let (due, response) = (f64::from(n), f64::from(n * n));
            if n % 2 == 0 { &mut a } else { &mut b }.note(due, response);
            both.note(due, response);
        }
        a.add(&b);
        assert_eq!(a, both);
    }
}
