//! Which connection takes the next request: the one that has been idle longest, so that all are used and none reaches
//! the server's idle timeout unnecessarily; a closed one only when none is idle.

use crate::engine::connection::{Connection, ConnectionPhase};
use std::collections::VecDeque;

/// The connections that can take a request, by index.
#[derive(Debug, Default)]
pub(crate) struct ConnectionPool {
    /// May hold connections that were closed since: removing them at once would cost a search, so they are
    /// skipped when they reach the front.
    idle: VecDeque<usize>,
    closed: VecDeque<ClosedConnection>,
}

/// A closed connection, and the instant before which it is not made again.
#[derive(Debug, Clone, Copy)]
struct ClosedConnection {
    index: usize,
    until_ns: u64,
}

/// When a connection can take a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextFree {
    /// Now, by this connection.
    Now(usize),
    /// Not before this instant.
    At(u64),
    /// When a response comes.
    Later,
}

impl ConnectionPool {
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
        self.closed.push_back(ClosedConnection { index, until_ns });
    }

    /// The connection that would take a request at `now_ns`.
    pub(crate) fn free(&mut self, connections: &[Connection], now_ns: u64) -> NextFree {
        while let Some(&index) = self.idle.front() {
            if connections[index].phase == ConnectionPhase::Idle {
                return NextFree::Now(index);
            }
            self.idle.pop_front();
        }
        // Making a connection costs a round trip, so a closed one is used only when no idle one is left.
        match self.closed.front() {
            Some(closed) if closed.until_ns <= now_ns => NextFree::Now(closed.index),
            Some(closed) => NextFree::At(closed.until_ns),
            None => NextFree::Later,
        }
    }

    /// Whether there may be a connection that can take a request.
    pub(crate) fn may_be_free(&self) -> bool {
        !(self.idle.is_empty() && self.closed.is_empty())
    }

    /// Takes the connection that [`ConnectionPool::free`] returned.
    pub(crate) fn take(&mut self, index: usize) {
        if self.idle.front() == Some(&index) {
            self.idle.pop_front();
        } else {
            let taken = self.closed.pop_front();
            debug_assert!(
                taken.is_some_and(|closed| closed.index == index),
                "only the connection that `free` returned is taken"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectionPool, NextFree};
    use crate::engine::connection::{Connection, ConnectionPhase};

    #[test]
    fn idle_connections_are_used_in_turn_and_closed_ones_last() {
        let mut connections: Vec<Connection> = (0..4).map(|_| Connection::new()).collect();
        let mut pool = ConnectionPool::with_capacity(4);
        pool.put_closed(3, 50);
        for index in [0, 1, 2] {
            connections[index].phase = ConnectionPhase::Idle;
            pool.put_idle(index);
        }
        // The server closes the second while it waits.
        connections[1].phase = ConnectionPhase::Closed;
        pool.put_closed(1, 0);
        for expected in [0, 2] {
            assert_eq!(pool.free(&connections, 10), NextFree::Now(expected));
            pool.take(expected);
        }
        assert_eq!(pool.free(&connections, 10), NextFree::At(50));
        for expected in [3, 1] {
            assert_eq!(pool.free(&connections, 50), NextFree::Now(expected));
            pool.take(expected);
        }
        assert_eq!(pool.free(&connections, 50), NextFree::Later);
    }
}
