//! Which connection takes the next request: the one that has been idle longest, so that all are used in turn and kept
//! alive; a closed one only when none is idle.

use crate::connection::{Connection, Phase};
use std::collections::VecDeque;

/// The connections that can take a request, by their index.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// May hold connections that were closed since; they are passed over when their turn comes.
    idle: VecDeque<usize>,
    closed: VecDeque<Resting>,
}

/// A closed connection, and until when it is not to be made again.
#[derive(Debug, Clone, Copy)]
struct Resting {
    index: usize,
    until_ns: u64,
}

/// When a request can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Free {
    /// Now, by this connection.
    Now(usize),
    /// Not before this instant.
    At(u64),
    /// When an answer comes.
    Later,
}

impl Pool {
    pub(crate) fn with_capacity(connections: usize) -> Self {
        Self {
            idle: VecDeque::with_capacity(connections + 1),
            closed: VecDeque::with_capacity(connections + 1),
        }
    }

    /// The connection has become idle.
    pub(crate) fn put_idle(&mut self, index: usize) {
        self.idle.push_back(index);
    }

    /// The connection has been closed and is not to be made again before `until_ns`.
    pub(crate) fn put_closed(&mut self, index: usize, until_ns: u64) {
        self.closed.push_back(Resting { index, until_ns });
    }

    /// Which connection would take a request at `now_ns`.
    pub(crate) fn free(&mut self, connections: &[Connection], now_ns: u64) -> Free {
        while let Some(&index) = self.idle.front() {
            if connections[index].phase == Phase::Idle {
                return Free::Now(index);
            }
            self.idle.pop_front();
        }
        match self.closed.front() {
            Some(resting) if resting.until_ns <= now_ns => Free::Now(resting.index),
            Some(resting) => Free::At(resting.until_ns),
            None => Free::Later,
        }
    }

    /// Whether there may be a connection that can take a request.
    pub(crate) fn may_be_free(&self) -> bool {
        !(self.idle.is_empty() && self.closed.is_empty())
    }

    /// Takes the connection that [`Pool::free`] named.
    pub(crate) fn take(&mut self, index: usize) {
        if self.idle.front() == Some(&index) {
            self.idle.pop_front();
        } else {
            let taken = self.closed.pop_front();
            debug_assert!(
                taken.is_some_and(|resting| resting.index == index),
                "only what was named is taken"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Free, Pool};
    use crate::connection::{Connection, Phase};

    #[test]
    fn idle_connections_are_used_in_turn_and_closed_ones_last() {
        let mut connections: Vec<Connection> = (0..4).map(|_| Connection::new()).collect();
        let mut pool = Pool::with_capacity(4);
        pool.put_closed(3, 50);
        for index in [0, 1, 2] {
            connections[index].phase = Phase::Idle;
            pool.put_idle(index);
        }
        // The second is closed by the server while it waits.
        connections[1].phase = Phase::Closed;
        pool.put_closed(1, 0);
        for expected in [0, 2] {
            assert_eq!(pool.free(&connections, 10), Free::Now(expected));
            pool.take(expected);
        }
        assert_eq!(pool.free(&connections, 10), Free::At(50));
        for expected in [3, 1] {
            assert_eq!(pool.free(&connections, 50), Free::Now(expected));
            pool.take(expected);
        }
        assert_eq!(pool.free(&connections, 50), Free::Later);
    }
}
