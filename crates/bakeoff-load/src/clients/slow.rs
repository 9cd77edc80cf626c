//! Clients that are slow on purpose: each sends a valid request one byte at a time, as "slowloris" does [R. Hansen,
//! 2009], and so holds a connection for as long as the server lets it. Latencies are not measured here.

use crate::error::LoadError;
use crate::net::open_files::allow_open_files;
use crate::net::stream::would_block;
use crate::net::target::Target;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Connections that drip, driven by a thread of their own; dropping this closes them.
#[derive(Debug)]
pub struct SlowClients {
    wanted: usize,
    closed: Arc<AtomicUsize>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The outcome for the slow clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlowReport {
    /// Connections that were opened.
    pub opened: usize,
    /// Those that the server closed, or responded on, before it had a whole request, as a request timeout does.
    pub closed: usize,
}

impl SlowClients {
    /// Opens `n` connections and drips one byte every `interval` on each (usually a second). The request is about a
    /// thousand bytes long, so that at one byte a second it takes more than a quarter of an hour.
    ///
    /// # Errors
    /// A connection cannot be opened, or there is no thread.
    pub fn start(target: &Target, n: usize, interval: Duration) -> Result<Self, LoadError> {
        const PATIENCE: Duration = Duration::from_secs(5);
        allow_open_files(n)?;
        let mut open = Vec::with_capacity(n);
        while open.len() < n {
            let socket = TcpStream::connect_timeout(&target.address, PATIENCE)
                .and_then(|socket| socket.set_nodelay(true).map(|()| socket))
                .and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
            let socket = socket.map_err(|error| LoadError::Connections {
                opened: open.len(),
                wanted: n,
                reason: error.to_string(),
            })?;
            open.push(Dripping { socket, at: 0 });
        }
        let closed = Arc::new(AtomicUsize::new(0));
        let (stop, stopped) = channel();
        let (request, counter) = (request(target), Arc::clone(&closed));
        let thread = std::thread::Builder::new().name("slow-clients".to_owned());
        let thread = thread.spawn(move || drip(open, &request, interval, &counter, &stopped));
        Ok(Self {
            wanted: n,
            closed,
            stop: Some(stop),
            thread: Some(thread.map_err(LoadError::system("starting a thread"))?),
        })
    }

    /// The number of connections that the server has closed so far.
    pub fn closed(&self) -> usize {
        self.closed.load(Ordering::Relaxed)
    }

    /// Closes the connections and returns the counts.
    pub fn finish(mut self) -> SlowReport {
        self.end();
        SlowReport {
            opened: self.wanted,
            closed: self.closed(),
        }
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for SlowClients {
    fn drop(&mut self) {
        self.end();
    }
}

/// One connection, and the number of bytes of its request that it has sent.
struct Dripping {
    socket: TcpStream,
    at: usize,
}

/// A valid request with a long head.
fn request(target: &Target) -> Vec<u8> {
    let padding = "x".repeat(1000);
    format!(
        "GET / HTTP/1.1\r\nhost: {}\r\naccept: */*\r\nx-padding: {padding}\r\n\r\n",
        target.host
    )
    .into_bytes()
}

/// Drips until all connections have been closed or the other end of `stopped` is dropped.
fn drip(
    mut open: Vec<Dripping>,
    request: &[u8],
    interval: Duration,
    closed: &AtomicUsize,
    stopped: &Receiver<()>,
) {
    let mut due = Instant::now();
    while !open.is_empty() {
        let before = open.len();
        open.retain_mut(|connection| connection.drips(request));
        closed.fetch_add(before - open.len(), Ordering::Relaxed);
        due += interval;
        match stopped.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl Dripping {
    /// Sends one more byte; false when the server has closed the connection or responded.
    fn drips(&mut self, request: &[u8]) -> bool {
        let is_open = match self.socket.read(&mut [0; 512]) {
            Err(error) => would_block(&error),
            Ok(_) => false,
        };
        if !is_open {
            return false;
        }
        // The last byte is never sent, so that any response of the server came before it had a whole request.
        if self.at == request.len() - 1 {
            return true;
        }
        let byte = &request[self.at..=self.at];
        match self.socket.write(byte) {
            Ok(written) => {
                self.at += written;
                true
            }
            Err(error) => would_block(&error),
        }
    }
}
